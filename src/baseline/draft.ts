import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {ObjectKind, SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'
import type {Operation} from '../operations/operation.ts'
import {stages} from '../operations/stage.ts'
import type {Stage} from '../operations/stage.ts'
import {without} from '../util/objects.ts'
import {ownerOf} from './definitions.ts'
import type {Definitions, StagedOperation} from './definitions.ts'
import type {DatabaseSource} from './source.ts'
import {createdBy, tryOut} from './trial.ts'
import type {Laboratory, Refusal, Trial} from './trial.ts'

/** The operations that create a database, and what they do not create as it is. */
export interface Draft {
  readonly operations: readonly Operation[]
  readonly differences: readonly SnapshotDifference[]
  readonly refused: readonly Refusal[]
}

/**
 * Returns the operations that create a database from nothing, proved on an empty database. An object is created by
 * operations where these make exactly that object, and otherwise by the server's own statements.
 */
export async function draftOf(source: DatabaseSource, described: Definitions, laboratory: Laboratory): Promise<Draft> {
  const choice = new Choice(source, described)
  for (;;) {
    const chosen = choice.operations()
    const trial = await tryOut(
      chosen.map(({operation}) => operation),
      laboratory,
    )
    const differences = differencesOf(source.objects, trial.result.objects)
    if (choice.revise(chosen, trial, differences)) continue
    if (differences.length + trial.refused.length > 0)
      return {operations: trial.done, differences, refused: trial.refused}
    const created = await createdBy(trial.done, laboratory)
    return {operations: trial.done, differences: differencesOf(source.objects, created.objects), refused: []}
  }
}

interface OwnedOperation extends StagedOperation {
  readonly owner: string
}

/** The stages of a table's parts that can be in the server's words while the table itself is an operation. */
const parts: ReadonlyMap<ObjectKind | Stage, Stage> = new Map<ObjectKind | Stage, Stage>([
  ['trigger', 'createTrigger'],
  ['rule', 'createTrigger'],
  ['policy', 'createPolicy'],
  ['index', 'createIndex'],
  ['statistics', 'createIndex'],
  ['foreign key', 'createForeignKey'],
  ['createTrigger', 'createTrigger'],
  ['createPolicy', 'createPolicy'],
  ['createForeignKey', 'createForeignKey'],
])

/** Chooses for each object between operations and the server's own statements. */
class Choice {
  readonly #source: DatabaseSource
  readonly #described: Definitions
  /** The objects, or the stages of their parts, that are in the server's words. */
  readonly #inServersWords = new Map<string, Set<Stage> | 'all'>()

  constructor(source: DatabaseSource, described: Definitions) {
    this.#source = source
    this.#described = described
    for (const owner of source.definitions.keys()) if (!described.has(owner)) this.#inServersWords.set(owner, 'all')
  }

  /** Returns the operations of all objects in the order of their stages. */
  operations(): readonly OwnedOperation[] {
    const all = [...this.#source.definitions.keys()].flatMap((owner) =>
      this.#operationsOf(owner).map((staged) => ({...staged, owner})),
    )
    return stages.flatMap((stage) => all.filter((staged) => staged.stage === stage))
  }

  #operationsOf(owner: string): readonly StagedOperation[] {
    const server = this.#source.definitions.get(owner) ?? []
    const described = this.#described.get(owner) ?? []
    const replaced = this.#inServersWords.get(owner)
    if (replaced === undefined) return described
    if (replaced === 'all') return server
    return [
      ...described
        .filter(({stage}) => !replaced.has(stage))
        .map((staged) => (replaced.has('createIndex') ? withoutIndexes(staged) : staged)),
      ...server.filter(
        ({stage}) => replaced.has(stage) || (replaced.has('createTrigger') && stage === 'createRoutine'),
      ),
    ]
  }

  /** Changes the choice for what went wrong; returns whether there was anything to change. */
  revise(chosen: readonly OwnedOperation[], trial: Trial, differences: readonly SnapshotDifference[]): boolean {
    const of = new Map(chosen.map((owned) => [owned.operation, owned]))
    const wrong = [
      ...trial.refused.flatMap(({operation}) => {
        const owned = of.get(operation)
        return owned === undefined ? [] : {owner: owned.owner, part: parts.get(owned.stage)}
      }),
      ...differences.flatMap(({before, after}) => {
        const object = before ?? after
        return object === undefined ? [] : {owner: ownerOf(object, this.#source.parents), part: parts.get(object.kind)}
      }),
    ]
    const earlier = new Map(
      [...this.#inServersWords].map(([owner, replaced]) => [owner, replaced === 'all' ? replaced : new Set(replaced)]),
    )
    for (const {owner, part} of wrong) this.#replace(owner, part, earlier.get(owner))
    return [...this.#inServersWords].some(([owner, replaced]) => sizeOf(replaced) !== sizeOf(earlier.get(owner)))
  }

  #replace(owner: string, part: Stage | undefined, earlier: ReadonlySet<Stage> | 'all' | undefined): void {
    if (!this.#source.definitions.has(owner)) return
    const now = this.#inServersWords.get(owner)
    if (now === 'all') return
    const isTable = (this.#described.get(owner) ?? []).some(({operation}) => operation.kind === 'createTable')
    const isTried = earlier !== undefined && earlier !== 'all' && part !== undefined && earlier.has(part)
    this.#inServersWords.set(owner, !isTable || part === undefined || isTried ? 'all' : new Set([...(now ?? []), part]))
  }
}

function withoutIndexes({stage, operation}: StagedOperation): StagedOperation {
  return operation.kind === 'createTable' ? {stage, operation: without(operation, 'indexes')} : {stage, operation}
}

function sizeOf(replaced: ReadonlySet<Stage> | 'all' | undefined): number {
  return replaced === 'all' ? stages.length + 1 : (replaced?.size ?? 0)
}
