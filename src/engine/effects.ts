import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Effects, SchemaObject} from '../operations/definition.ts'
import type {Operation} from '../operations/operation.ts'
import type {RecordingContext} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {Direction, LoadedRevision} from '../script/load.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {messageOf} from '../util/error-info.ts'
import {dialectsOf} from './dialect.ts'
import type {DatabaseDialect} from './dialect.ts'
import type {ProjectOptions, ScriptProject} from './project.ts'

/** What the upgrade of a revision reads and writes. */
export interface EffectsView {
  readonly writes: readonly SchemaObject[]
  readonly reads: readonly SchemaObject[]
  /** What can be lost. */
  readonly losesData: readonly string[]
  /** Tables whose rows are all written anew. */
  readonly rewrites: readonly string[]
}

/**
 * Returns what finds the effects of revisions: their code is run, without a database, to see what it records.
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
 * Tells whether effects touch an object, by its name: the object itself, what is in it, or, when that is written as a
 * whole, what it is in. `unknown` when it cannot be told.
 */
export function touches({reads, writes}: Pick<Effects, 'reads' | 'writes'>, name: string): boolean | 'unknown' {
  const wanted = name.toLowerCase()
  const isTouched =
    [...reads, ...writes].some((one) => one.kind !== 'unknown' && isIn(one.name.toLowerCase(), wanted)) ||
    writes.some((one) => one.kind !== 'column' && one.kind !== 'unknown' && isIn(wanted, one.name.toLowerCase()))
  return isTouched || (writes.some(({kind}) => kind === 'unknown') ? 'unknown' : false)
}

function isIn(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}

/**
 * Returns what one direction of a revision reads, writes and loses: its code is run without a database.
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
): Promise<EffectsView> {
  const {loadRevision} = await import('../script/load.ts')
  const context = {dialect, database: name, x, offline: true, registry}
  const {body} = await loadRevision(tree, revision, direction, context)
  const {effectsOf, effectsOfText} = await import('../sql/effects/effects.ts')
  const {lossesOf, lossesOfText} = await import('../sql/effects/losses.ts')
  if (body.kind === 'sql')
    return {...(await effectsOfText(body.sql, dialect)), losesData: await lossesOfText(body.sql), rewrites: []}
  const {operations, unknown} = await recordedBy(body, context)
  const {reads, writes} = await effectsOf(operations, dialect, registry)
  return {
    reads,
    writes: [...writes, ...unknown],
    losesData: await lossesOf(operations, dialect, registry),
    rewrites: operations.flatMap((one) => registry.definitionOf(one).rewrites?.(one as never) ?? []),
  }
}

async function recordedBy(
  {run}: Exclude<LoadedRevision['body'], {readonly kind: 'sql'}>,
  context: RecordingContext,
): Promise<{readonly operations: readonly Operation[]; readonly unknown: readonly SchemaObject[]}> {
  const {OperationsRecorder} = await import('../operations/operations.ts')
  const recorder = new OperationsRecorder(context)
  const failure: unknown = await recorder.start(run).then(
    () => undefined,
    (error: unknown) => error,
  )
  const operations = recorder.known.map(({operation}) => operation)
  if (failure === undefined) return {operations, unknown: []}
  const reason =
    failure instanceof MigError && failure.code === 'OFFLINE_QUERY' ? 'it asks the database' : messageOf(failure)
  return {operations, unknown: [{kind: 'unknown', name: `what the revision does after this: ${reason}`}]}
}
