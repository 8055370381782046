import type {Operations, RecordingContext} from '../operations/operations.ts'
import {awaitProject} from '../project-promises.ts'
import {MigError} from '../errors.ts'
import {placeInStack} from '../util/stack.ts'
import type {AutomaticDowngrade} from './automatic-downgrade.ts'
import {contentIdOf} from './content-id.ts'
import {IrreversibleError, RevisionCodeError} from './errors.ts'
import type {FileTree, ModuleExports} from './file-tree.ts'
import {hasEmptyBody, readOpCalls} from './op-calls.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {ScriptRevision} from './revision-file.ts'
import {readSqlSections} from './sql-file.ts'
import type {SqlSection} from './sql-file.ts'
import {functionSuffix} from './file-name.ts'

export type Direction = 'upgrade' | 'downgrade'

/** Code of a revision in one direction. */
type RevisionBody =
  /** `inverse` is derived from the upgrade of a revision without a downgrade. */
  | {readonly kind: 'function' | 'inverse'; readonly run: (op: Operations) => unknown}
  | ({readonly kind: 'sql'} & SqlSection)

/** A loaded revision. */
export interface LoadedRevision {
  readonly revision: ScriptRevision
  /** Absolute path of the file, as it appears in stack traces. */
  readonly path: string
  /** Git blob id of the loaded text. */
  readonly contentId: string
  readonly body: RevisionBody
  /** Returns the code that reverts an upgrade, if it can be derived without side effects; otherwise undefined. */
  readonly reverted?: () => RevisionBody | undefined
}

/**
 * Loads the code of a revision for one direction. Revision code is imported nowhere else.
 *
 * @param context passed to the upgrade when a downgrade is derived from it; with several databases, its database
 *   selects the functions by their suffix
 * @throws MigError REVISION_CODE_FAILED, IRREVERSIBLE, INVALID_REVISION_FILE
 */
export async function loadRevision(
  tree: FileTree,
  revision: ScriptRevision,
  direction: Direction,
  context: RecordingContext,
): Promise<LoadedRevision> {
  const {file} = revision
  const {database, registry} = context
  if (direction === 'downgrade' && revision.irreversible !== undefined)
    throw new IrreversibleError(revision.id, file, revision.irreversible, true)
  const [text = ''] = await tree.read([file])
  const loaded = {revision, path: tree.absolute(file), contentId: contentIdOf(text)}
  if (file.toLowerCase().endsWith('.sql')) {
    const sections = readSqlSections(text, file)
    const section = sections[direction]
    if (section === undefined) throw new IrreversibleError(revision.id, file, undefined)
    const downgrade = revision.irreversible === undefined ? sections.downgrade : undefined
    return {...loaded, body: {kind: 'sql', ...section}, reverted: () => downgrade && {kind: 'sql', ...downgrade}}
  }
  const module = await importRevision(tree, text, file)
  const run = functionOf(module, direction, database, {file, text})
  if (run !== undefined) {
    const reverted = (): RevisionBody | undefined => declarativeDowngrade(module, text, context, revision)
    return {...loaded, body: {kind: 'function', run}, reverted}
  }
  const upgrade = functionOf(module, 'upgrade', database, {file, text})
  if (upgrade === undefined) throw new IrreversibleError(revision.id, file, undefined)
  const inverse = await inverseOf(upgrade, revision, registry)
  await inverse.check(context)
  return {...loaded, body: {kind: 'inverse', run: async (op) => inverse.run(op)}}
}

/** Returns the code that reverts an upgrade, if the upgrade consists of `op` calls only. */
function declarativeDowngrade(
  module: ModuleExports,
  text: string,
  {database, registry}: RecordingContext,
  revision: ScriptRevision,
): RevisionBody | undefined {
  const {file, irreversible} = revision
  if (irreversible !== undefined || database !== undefined) return undefined
  const run = functionOf(module, 'downgrade', database, {file, text})
  if (readOpCalls(text, run === undefined ? 'upgrade' : 'downgrade')?.isDeclarative !== true) return undefined
  if (run !== undefined) return {kind: 'function', run}
  const upgrade = functionOf(module, 'upgrade', database, {file, text})
  return upgrade && {kind: 'inverse', run: async (op) => (await inverseOf(upgrade, revision, registry)).run(op)}
}

/** Imported on demand: it loads the definitions of all operations, and most callers need no inverse. */
async function inverseOf(
  upgrade: (op: Operations) => unknown,
  {id, file}: ScriptRevision,
  registry: OperationRegistry,
): Promise<AutomaticDowngrade> {
  const {automaticDowngrade} = await import('./automatic-downgrade.ts')
  return automaticDowngrade(
    upgrade,
    `The upgrade of revision ${id}`,
    (why) => new IrreversibleError(id, file, why),
    registry,
  )
}

/** Returns the function for a direction; a downgrade is optional, and an empty one counts as missing. */
function functionOf(
  module: ModuleExports,
  direction: Direction,
  database: string | undefined,
  {file, text}: {readonly file: string; readonly text: string},
): ((op: Operations) => unknown) | undefined {
  const names = database === undefined ? [direction] : [`${direction}${functionSuffix(database)}`, direction]
  const name = names.find((exported) => module[exported] !== undefined)
  const run = name === undefined ? undefined : module[name]
  if (direction === 'downgrade' && (name === undefined || isEmpty(run, name, text))) return undefined
  if (typeof run !== 'function') throw new RevisionCodeError(file, `it exports no function ${names.join(' or ')}`)
  return run as (op: Operations) => unknown
}

/**
 * Returns whether a function has no body, not even a comment that says that there is nothing to do. Bundlers remove comments,
 * so the text of the revision counts where it has the function.
 */
function isEmpty(run: unknown, name: string, text: string): boolean {
  if (typeof run !== 'function') return false
  return hasEmptyBody(text, name) ?? /\{\s*\}$/.test(Function.prototype.toString.call(run))
}

/** Loads the code of a revision for one direction. */
export type LoadRevision = (
  revision: ScriptRevision,
  direction: Direction,
  context: RecordingContext,
) => Promise<LoadedRevision>

/** Returns a loader that loads a revision on every call. */
export function loadEach(tree: FileTree): LoadRevision {
  return async (revision, direction, context) => loadRevision(tree, revision, direction, context)
}

/** Returns a loader that loads each revision once. */
export function loadOnce(tree: FileTree): LoadRevision {
  const load = loadEach(tree)
  const loaded = new Map<string, Promise<LoadedRevision>>()
  return async (revision, direction, context) => {
    const key = JSON.stringify([revision.id, direction, context.database])
    const known = loaded.get(key) ?? load(revision, direction, context)
    loaded.set(key, known)
    return known
  }
}

async function importRevision(tree: FileTree, text: string, file: string): Promise<ModuleExports> {
  try {
    return await awaitProject(file, async () => tree.import(file, text))
  } catch (error) {
    if (error instanceof MigError) throw error
    const reason = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error)
    throw new RevisionCodeError(placeInStack(error, tree.absolute(file), file), reason, error)
  }
}
