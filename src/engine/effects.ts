import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Effects, SchemaObject} from '../operations/definition.ts'
import type {Operation} from '../operations/operation.ts'
import type {RecordingContext} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {Direction, LoadedRevision} from '../script/load.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {DataChange} from '../sql/losses/data-change.ts'
import {awaitProject} from '../project-promises.ts'
import {messageOf} from '../util/error-info.ts'
import {dialectsOf} from './dialect.ts'
import type {DatabaseDialect} from './dialect.ts'
import type {ProjectOptions, ScriptProject} from './project.ts'

/** The effects of a revision's upgrade. */
export interface EffectsView {
  readonly writes: readonly SchemaObject[]
  readonly reads: readonly SchemaObject[]
  /** Descriptions of possible data loss. */
  readonly losesData: readonly string[]
  /** Tables that are completely rewritten. */
  readonly rewrites: readonly string[]
}

/** The effects of a revision, and what its operations describe as against its SQL. */
export interface RevisionEffects extends EffectsView {
  readonly described: readonly SchemaObject[]
  readonly created: readonly string[]
}

/**
 * Returns a function that computes the effects of a revision by running its code without a database.
 *
 * @throws MigError REVISION_CODE_FAILED
 */
export async function effectsFinder(
  project: ScriptProject,
  options: ProjectOptions,
): Promise<(id: RevisionId) => Promise<EffectsView>> {
  const databases = await dialectsOf(project)
  const {x = {}} = options
  return async (id) => {
    const {tree, scripts} = project
    const registry = await project.registry()
    const found = await Promise.all(
      databases.map(async (database) => effectsOn(tree, scripts.graph.get(id), 'upgrade', database, x, registry)),
    )
    return {
      writes: found.flatMap(({writes}) => writes),
      reads: found.flatMap(({reads}) => reads),
      losesData: found.flatMap(({losesData}) => losesData),
      rewrites: found.flatMap(({rewrites}) => rewrites),
    }
  }
}

/**
 * Returns whether effects touch an object: the object itself, a part of it, or, if written as a whole, its container;
 * `unknown` if the effects are not fully known.
 */
export function touches({reads, writes}: Pick<Effects, 'reads' | 'writes'>, name: string): boolean | 'unknown' {
  const wanted = name.toLowerCase()
  const isTouched =
    [...reads, ...writes].some(({kind, name: touched}) => kind !== 'unknown' && isIn(touched.toLowerCase(), wanted)) ||
    writes.some(
      (object) => object.kind !== 'column' && object.kind !== 'unknown' && isIn(wanted, object.name.toLowerCase()),
    )
  return isTouched || (writes.some(({kind}) => kind === 'unknown') ? 'unknown' : false)
}

function isIn(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}

/**
 * Returns the changes of one direction of a revision that decide about data, computed by running its code without a database.
 *
 * @throws MigError REVISION_CODE_FAILED, IRREVERSIBLE
 */
export async function dataChangesOn(
  tree: FileTree,
  revision: ScriptRevision,
  direction: Direction,
  {name, dialect}: DatabaseDialect,
  x: Readonly<Record<string, string>>,
  registry: OperationRegistry,
): Promise<readonly DataChange[]> {
  const recorded = await recordedOn(tree, revision, direction, {name, dialect}, x, registry)
  if (recorded.kind === 'sql') {
    const {changesOfText} = await import('../sql/losses/changes-of-text.ts')
    return changesOfText(recorded.sql, dialect)
  }
  const {operations} = recorded
  const {changesOfOperations} = await import('../sql/losses/changes-of-operations.ts')
  return changesOfOperations(operations, dialect, registry)
}

/**
 * Returns the effects of one direction of a revision, computed by running its code without a database.
 *
 * @throws MigError REVISION_CODE_FAILED, IRREVERSIBLE
 */
export async function effectsOn(
  tree: FileTree,
  revision: ScriptRevision,
  direction: Direction,
  {name, dialect}: DatabaseDialect,
  x: Readonly<Record<string, string>>,
  registry: OperationRegistry,
): Promise<RevisionEffects> {
  const recorded = await recordedOn(tree, revision, direction, {name, dialect}, x, registry)
  const {effectsOf, effectsOfText} = await import('../sql/effects/effects.ts')
  const {lossesOf, lossesOfText} = await import('../sql/losses/sentences.ts')
  if (recorded.kind === 'sql')
    return {
      created: [],
      ...(await effectsOfText(recorded.sql, dialect)),
      losesData: await lossesOfText(recorded.sql, dialect),
      rewrites: [],
      described: [],
    }
  const {operations, unknown} = recorded
  const {reads, writes, created = []} = await effectsOf(operations, dialect, registry)
  const structured = operations.filter((operation) => registry.definitionOf(operation).text === undefined)
  const {writes: described} = await effectsOf(structured, dialect, registry)
  return {
    described,
    created,
    reads,
    writes: [...writes, ...unknown],
    losesData: await lossesOf(operations, dialect, registry),
    rewrites: operations.flatMap((operation) => registry.definitionOf(operation).rewrites?.(operation as never) ?? []),
  }
}

/** One direction of a revision: its SQL, or the operations that its code records, as far as it runs without a database. */
export type RecordedRevision =
  | {readonly kind: 'sql'; readonly sql: string}
  | {
      readonly kind: 'operations'
      readonly operations: readonly Operation[]
      /** Why later operations are unknown. */
      readonly unknown: readonly SchemaObject[]
    }

/**
 * Returns the operations of one direction of a revision, recorded by running its code without a database.
 *
 * @throws MigError REVISION_CODE_FAILED, IRREVERSIBLE
 */
export async function recordedOn(
  tree: FileTree,
  revision: ScriptRevision,
  direction: Direction,
  {name, dialect}: DatabaseDialect,
  x: Readonly<Record<string, string>>,
  registry: OperationRegistry,
): Promise<RecordedRevision> {
  const {loadRevision} = await import('../script/load.ts')
  const context = {dialect, database: name, x, offline: true, rehearsing: false, registry}
  const {body} = await loadRevision(tree, revision, direction, context)
  if (body.kind === 'sql') return {kind: 'sql', sql: body.sql}
  const recorded = await recordedBy(body, `The ${direction} of revision ${revision.id}`, context)
  return {kind: 'operations', ...recorded}
}

async function recordedBy(
  {run}: Exclude<LoadedRevision['body'], {readonly kind: 'sql'}>,
  code: string,
  context: RecordingContext,
): Promise<{readonly operations: readonly Operation[]; readonly unknown: readonly SchemaObject[]}> {
  const {OperationsRecorder} = await import('../operations/recorder.ts')
  const recorder = new OperationsRecorder(context)
  const failure: unknown = await awaitProject(code, async () => recorder.start(run)).then(
    () => undefined,
    (error: unknown) => error,
  )
  const operations = recorder.known.map(({operation}) => operation)
  if (failure === undefined) return {operations, unknown: []}
  const reason =
    failure instanceof MigError && failure.code === 'OFFLINE_QUERY' ? 'it queries the database' : messageOf(failure)
  return {operations, unknown: [{kind: 'unknown', name: `effects after this point: ${reason}`}]}
}
