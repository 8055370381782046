import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {unstampTargets} from '../graph/unstamp.ts'
import type {AppliedRevision} from '../runner/state/store.ts'
import {contentIdOf} from '../script/content-id.ts'
import {hasContentId} from '../script/former-name.ts'
import type {OpenDatabase} from './databases.ts'
import {appliedSetOf} from './database-state.ts'
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
  /** Set if it was applied without operations. */
  readonly wasEmpty?: true
  /** The targets of a stamp that removes it alone from the version table, after which an upgrade applies it as it is now. */
  readonly unstamp?: readonly string[]
  /** Set if git has the applied text. */
  readonly isInGit?: true
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/** The applied revisions whose files have another text than when they were applied; line endings are ignored. */
export interface ChangedFiles {
  /** Those that do something else, as far as is known. */
  readonly edited: readonly EditedRevision[]
  /** Those that do the same: only formatting, comments, types or parents were changed. */
  readonly reformatted: readonly EditedRevision[]
}

type StateOf = Pick<RecordedState, 'name' | 'state'>

/** The applied revisions to compare with their files. */
interface Compared {
  /** Whether to compare only the heads of each database. */
  readonly onlyHeads?: boolean
}

/** Compares the files with the applied revisions, and opens the databases only if a text differs. */
export async function changedFiles(
  context: RunContext<ScriptProject>,
  databases: readonly StateOf[],
  compared: Compared = {},
): Promise<ChangedFiles> {
  const {project} = context
  const changed = await changedIn(project, databases, compared)
  if (changed.length === 0) return {edited: [], reformatted: []}
  return withDatabases(context, async (open) => changedFilesOf(project, open, compared))
}

/** Compares the files with the applied revisions. */
export async function changedFilesOf(
  project: ScriptProject,
  databases: readonly OpenDatabase[],
  compared: Compared = {},
): Promise<ChangedFiles> {
  const edited: EditedRevision[] = []
  const reformatted: EditedRevision[] = []
  for (const {database, row, change} of await changedIn(project, databases, compared))
    if (await doesTheSame(project, database, row)) reformatted.push(change)
    else edited.push({...change, ...(await waysOf(project, database, row))})
  return {edited, reformatted}
}

/** Returns what helps to get the edit of an applied revision to the databases. */
async function waysOf(
  project: ScriptProject,
  database: OpenDatabase,
  row: AppliedRevision,
): Promise<Pick<EditedRevision, 'wasEmpty' | 'unstamp' | 'isInGit'>> {
  const {graph} = project.scripts
  const wasEmpty = await wasAppliedEmpty(project, row)
  const applied = appliedSetOf(graph, database)
  // With several databases or tenants, the stamp that is right for one might change the others.
  const isOnly = database.name === undefined && database.tenant === undefined
  const isStampable = wasEmpty && isOnly && [...applied].every((id) => graph.has(id))
  const targets = isStampable ? unstampTargets(graph, applied, row.revision) : undefined
  const isInGit = await hasText(project, row.contentId)
  return {...(wasEmpty && {wasEmpty}), ...(targets && {unstamp: targets}), ...(isInGit && {isInGit})}
}

/** Returns whether a revision had no operations when it was applied. */
export async function wasAppliedEmpty(
  {scripts}: ScriptProject,
  {revision, operationsId}: AppliedRevision,
): Promise<boolean> {
  const {isWithoutOperations} = await import('../script/operations-id.ts')
  return operationsId !== undefined && isWithoutOperations(scripts.graph.get(revision), operationsId)
}

async function hasText(project: ScriptProject, contentId: string): Promise<boolean> {
  const {openProjectRepository} = await import('./repository.ts')
  try {
    const repository = await openProjectRepository(project)
    return await repository.has(contentId)
  } catch (error) {
    if (error instanceof MigError) return false
    throw error
  }
}

/**
 * Returns whether the file of an applied revision does what was applied, although its text differs, and its parents may. Runs
 * the revision's code without a database.
 */
export async function doesTheSame(
  project: ScriptProject,
  {session, name, tenant}: Pick<OpenDatabase, 'session' | 'name' | 'tenant'>,
  {revision, operationsId, downRevisions: recorded}: AppliedRevision,
): Promise<boolean> {
  if (operationsId === undefined) return false
  const [{operationsIdOf}, {revisionsOf}] = await Promise.all([
    import('../script/operations-id.ts'),
    import('./migrate.ts'),
  ])
  const {graph, load} = revisionsOf(project)
  const registry = await project.registry()
  const context = {dialect: session.dialect, database: name, tenant, x: {}, offline: true, rehearsing: false, registry}
  try {
    const upgrade = await load(graph.get(revision), 'upgrade', context)
    const dependencies = graph.dependencies(revision)
    const places = [upgrade.revision, upgrade.revision.after(recorded.filter((id) => !dependencies.includes(id)))]
    for (const place of places)
      if ((await operationsIdOf({...upgrade, revision: place}, load, context)) === operationsId) return true
    return false
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
  {onlyHeads = false}: Compared,
): Promise<readonly Change<Database>[]> {
  const rows = databases.flatMap((database) =>
    database.state.applied
      .filter(({revision, isHead}) => graph.has(revision) && (isHead || !onlyHeads))
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
