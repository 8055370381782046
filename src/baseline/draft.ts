import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'
import type {Operation} from '../operations/operation.ts'
import {stages} from '../operations/stage.ts'
import {ownerOf} from './definitions.ts'
import type {Definitions, StagedOperation} from './definitions.ts'
import type {DatabaseSource} from './source.ts'
import {createdBy, tryOut} from './trial.ts'
import type {Laboratory, Refusal} from './trial.ts'

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
  const inServersWords = new Set([...source.definitions.keys()].filter((owner) => !described.has(owner)))
  for (;;) {
    const chosen = chosenFrom(source, described, inServersWords)
    const trial = await tryOut(
      chosen.map(({operation}) => operation),
      laboratory,
    )
    const differences = differencesOf(source.objects, trial.result.objects)
    const owners = new Map(chosen.map(({operation, owner}) => [operation, owner]))
    const wrong = [
      ...trial.refused.map(({operation}) => owners.get(operation) ?? ''),
      ...differences.map((difference) => ownerOfDifference(difference, source)),
    ].filter((owner) => source.definitions.has(owner) && !inServersWords.has(owner))
    if (wrong.length > 0) {
      for (const owner of wrong) inServersWords.add(owner)
      continue
    }
    if (differences.length + trial.refused.length > 0)
      return {operations: trial.done, differences, refused: trial.refused}
    const created = await createdBy(trial.done, laboratory)
    return {operations: trial.done, differences: differencesOf(source.objects, created.objects), refused: []}
  }
}

interface OwnedOperation extends StagedOperation {
  readonly owner: string
}

/** Returns the operations of all objects in the order of their stages. */
function chosenFrom(
  {definitions}: DatabaseSource,
  described: Definitions,
  inServersWords: ReadonlySet<string>,
): readonly OwnedOperation[] {
  const all = [...definitions.keys()].flatMap((owner) =>
    ((inServersWords.has(owner) ? definitions : described).get(owner) ?? []).map((staged) => ({...staged, owner})),
  )
  return stages.flatMap((stage) => all.filter((staged) => staged.stage === stage))
}

function ownerOfDifference({before, after}: SnapshotDifference, {parents}: DatabaseSource): string {
  const object = before ?? after
  return object === undefined ? '' : ownerOf(object, parents)
}
