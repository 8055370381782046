import type {RevisionId} from '../graph/revision.ts'
import type {AppliedRevision} from '../runner/state/store.ts'
import {contentIdOf} from '../script/content-id.ts'
import {hasContentId} from '../script/former-name.ts'
import type {OpenDatabase} from './databases.ts'
import {withDatabases} from './databases.ts'
import type {ScriptProject} from './project.ts'
import type {RecordedState} from './recorded-states.ts'
import type {RunContext} from './run-context.ts'

/** An applied revision whose file has another text than when it was applied. */
export interface EditedRevision {
  readonly revision: RevisionId
  readonly file: string
  /** The git blob ids of the applied text and of the current file. */
  readonly applied: string
  readonly now: string
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/** The applied revisions whose files have another text than when they were applied; line endings are ignored. */
export interface ChangedFiles {
  /** Those that do something else, as far as is known. */
  readonly edited: readonly EditedRevision[]
  /** Those that do the same: only formatting, comments or types were changed. */
  readonly reformatted: readonly EditedRevision[]
}

type StateOf = Pick<RecordedState, 'name' | 'state'>

/** Compares the files with the applied revisions, and opens the databases only if a text differs. */
export async function changedFiles(
  context: RunContext<ScriptProject>,
  databases: readonly StateOf[],
): Promise<ChangedFiles> {
  const {project} = context
  const changed = await changedIn(project, databases)
  if (changed.length === 0) return {edited: [], reformatted: []}
  return withDatabases(context, async (open) => changedFilesOf(project, open))
}

/** Compares the files with the applied revisions. */
export async function changedFilesOf(
  project: ScriptProject,
  databases: readonly OpenDatabase[],
): Promise<ChangedFiles> {
  const edited: EditedRevision[] = []
  const reformatted: EditedRevision[] = []
  for (const {database, row, change} of await changedIn(project, databases))
    if (await doesTheSame(project, database, row)) reformatted.push(change)
    else edited.push(change)
  return {edited, reformatted}
}

/**
 * Returns whether the file of an applied revision does what was applied, although its text differs. Runs the revision's code
 * without a database.
 */
export async function doesTheSame(
  project: ScriptProject,
  {session, name, tenant}: Pick<OpenDatabase, 'session' | 'name' | 'tenant'>,
  {revision, operationsId}: AppliedRevision,
): Promise<boolean> {
  if (operationsId === undefined) return false
  const [{operationsIdOf}, {revisionsOf}] = await Promise.all([
    import('../script/operations-id.ts'),
    import('./migrate.ts'),
  ])
  const {graph, load} = revisionsOf(project)
  const registry = await project.registry()
  const context = {dialect: session.dialect, database: name, tenant, x: {}, offline: true, registry}
  try {
    const upgrade = await load(graph.get(revision), 'upgrade', context)
    return (await operationsIdOf(upgrade, load, context)) === operationsId
  } catch {
    // Code that cannot be loaded does not do what was applied.
    return false
  }
}

interface Change<Database extends StateOf> {
  readonly database: Database
  readonly row: AppliedRevision
  readonly change: EditedRevision
}

async function changedIn<Database extends StateOf>(
  {tree, scripts: {graph}, known}: ScriptProject,
  databases: readonly Database[],
): Promise<readonly Change<Database>[]> {
  const rows = databases.flatMap((database) =>
    database.state.applied
      .filter(({revision}) => graph.has(revision))
      .filter(({revision, contentId}) => known?.find(graph.get(revision).file, contentId) === undefined)
      .map((row) => ({database, row})),
  )
  const texts = await tree.read(rows.map(({row}) => graph.get(row.revision).file))
  return rows.flatMap(({database, row}, i) => {
    const text = texts[i] ?? ''
    const now = contentIdOf(text)
    const {revision, contentId: applied} = row
    if (applied === '' || hasContentId(text, applied)) return []
    const named = database.name === undefined ? {} : {database: database.name}
    return [{database, row, change: {revision, file: graph.get(revision).file, applied, now, ...named}}]
  })
}
