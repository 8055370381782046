import {existsSync} from 'node:fs'
import {relative, resolve, sep} from 'node:path'
import {hookTypeScript} from '../../config/typescript/module-hooks.ts'
import {dialectsOf} from '../../engine/dialect.ts'
import type {OpenDatabase, WriteOptions} from '../../engine/databases.ts'
import {migrate} from '../../engine/migrate.ts'
import {writeNewRevisions} from '../../engine/new-revision.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {MigrateResult} from '../../engine/results.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RevisionView} from '../../engine/views.ts'
import {headsOf} from '../../graph/applied.ts'
import {planStamp} from '../../graph/plan.ts'
import {readPlanTargets} from '../../graph/target.ts'
import type {Target} from '../../graph/target.ts'
import {listOf} from '../../util/text.ts'
import {InvalidOptionError} from '../errors.ts'
import {ImportRefusedError} from '../../import/errors.ts'
import {migrationsIn, noMigrations} from '../../import/expected-files.ts'
import type {HistoryFolder, Tool} from '../../import/history.ts'
import {readTable} from '../../import/table.ts'
import {toolNamed, toolNames} from '../../import/tools.ts'
import type {ToolName} from '../../import/tools.ts'
import {appliedRevisions} from '../../import/stamped.ts'
import {historyOf, newRevisions, openRevisions} from '../../import/revisions.ts'
import type {History} from '../../import/revisions.ts'
import {completions, stubsOf} from '../../import/stubs.ts'
import type {Stub} from '../../import/stubs.ts'

export interface ImportOptions extends WriteOptions {
  readonly tool: ToolName
  /** The folder of the tool's migrations, relative to the working directory. */
  readonly folder: string
  /** Whether to record as applied what the tool has applied. */
  readonly stamp?: boolean | undefined
  /** The name of the tool's table, with its schema if needed; by default, the tool's default. */
  readonly table?: string | undefined
  /** Called when the revisions are written, before anything is recorded. */
  readonly onWritten?: ((written: ImportedRevisions) => void) | undefined
}

/** A revision that an import could not give a body. */
interface OpenRevision {
  readonly revision: string
  readonly file: string
  readonly reason: string
}

/** The revisions that an import has written. */
export interface ImportedRevisions {
  /** The new revisions, and earlier ones whose body was left open and could be imported now. */
  readonly revisions: readonly RevisionView[]
  /** The new and earlier revisions whose body is left to the user. */
  readonly open: readonly OpenRevision[]
}

export interface ImportResult extends ImportedRevisions {
  /** The result of the stamp, if one was asked for. */
  readonly stamped: MigrateResult | null
}

/** Writes a revision for each migration of another tool that is not imported yet, or was left open. */
export async function importHistory(options: ImportOptions): Promise<ImportResult> {
  if (!toolNames.includes(options.tool))
    throw new InvalidOptionError('importHistory', 'tool', `it must be ${listOf(toolNames, undefined, 'or')}`, [
      'tool',
      'folder',
      'stamp',
      'table',
    ])
  const tool = await toolNamed(options.tool)
  const project = await openScripts(options)
  hookTypeScript(project.root)
  const folder = await folderOf(project, options.folder, tool)
  if (options.stamp === true) await refuseDefault(project, folder, tool, options)
  const migrations = await migrationsIn(folder, tool)
  if (migrations.length === 0) throw noMigrations(options.tool, tool, folder, project.cwd)
  const history = historyOf(options.tool, folder, migrations)
  const stubs = new Map<string, Stub>()
  const revisions = await writeNewRevisions(project, async (scripts) => {
    for (const [id, stub] of await stubsOf(history, scripts, project.tree)) stubs.set(id, stub)
    return [...newRevisions(history, scripts), ...completions(history, stubs)]
  })
  const written = new Map(revisions.map(({revision, file}) => [revision, file]))
  const open = [...openRevisions(history)].flatMap(([revision, reason]) => {
    const file = written.get(revision) ?? stubs.get(revision)?.revision.file
    return file === undefined ? [] : [{revision, file, reason}]
  })
  options.onWritten?.({revisions, open})
  const stamped = options.stamp === true ? await stamp(tool, history, options) : null
  return {revisions, open, stamped}
}

/** @throws MigError IMPORT_REFUSED for a project with several databases, or a folder that does not exist */
async function folderOf(project: ScriptProject, folder: string, {title}: Tool): Promise<HistoryFolder> {
  const path = resolve(project.cwd, folder)
  const shown = relative(project.cwd, path).split(sep).join('/') || '.'
  if (!existsSync(path)) throw new ImportRefusedError(shown, 'it does not exist', 'Check the path of the folder.')
  const [first, ...others] = await dialectsOf(project)
  if (first === undefined || others.length > 0)
    throw new ImportRefusedError(
      shown,
      `the project has several databases, and a history of ${title} is for one`,
      'Import it into a project with one database.',
    )
  return {path, shown, root: project.root, dialect: first.dialect}
}

/** @throws MigError IMPORT_REFUSED where `--stamp` would read the embedded database, which no other tool has used */
async function refuseDefault(
  project: ScriptProject,
  {shown}: HistoryFolder,
  {title}: Tool,
  options: ImportOptions,
): Promise<void> {
  const {em, configured} = contextOf(project, options)
  const [only] = em === undefined ? await configured() : []
  if (only?.kind === 'url' && only.isDefault)
    throw new ImportRefusedError(
      shown,
      `no database is configured in which ${title} has recorded what it applied`,
      `Set \`orm\` in the configuration to the database of ${title}.`,
    )
}

/** Records what the tool has applied; revisions that are recorded already stay. */
async function stamp(tool: Tool, history: History, options: ImportOptions): Promise<MigrateResult> {
  const {table = tool.table} = options
  const targetsOn = async (
    {scripts: {graph}}: ScriptProject,
    {session, state}: OpenDatabase,
  ): Promise<readonly Target[]> => {
    const {name, rows} = await readTable(session, table)
    const applied = appliedRevisions(tool, history, graph, {rows, table: name, database: session.name})
    const recorded = new Set(state.applied.map(({revision}) => revision))
    return readPlanTargets(headsOf(graph, applied).filter((id) => !recorded.has(id)))
  }
  return migrate(options, {
    command: 'stamp',
    resolve: async () => [],
    targetsOn,
    plan: (graph, applied, targets) => (targets.length === 0 ? {steps: []} : planStamp(graph, applied, targets)),
    prepare: async (runner, run, {steps}) => ({
      previews: [],
      // What an open revision gets as its body is no edit of what was applied.
      execute: async () => runner.runStamp(run, steps, {withoutText: new Set(openRevisions(history).keys())}),
    }),
  })
}
