import {resolve} from 'node:path'
import {contentsOf} from '../autogenerate/autogenerate.ts'
import {comparisonSettings} from '../autogenerate/comparison-settings.ts'
import {comparedDatabase, hasEntities} from '../catalogue/compared-database.ts'
import type {Snapshot} from '../catalogue/snapshot/snapshot.ts'
import type {Directive} from '../config/autogenerate.ts'
import {refusePartiallyApplied} from '../engine/migrate.ts'
import {withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {writeNew} from '../engine/new-revision.ts'
import type {NewRevisionOptions} from '../engine/new-revision.ts'
import {openScripts} from '../engine/project.ts'
import type {ScriptProject} from '../engine/project.ts'
import {contextOf} from '../engine/run-context.ts'
import type {RevisionView} from '../engine/views.ts'
import {inverseOf} from '../operations/inverse.ts'
import type {Operation} from '../operations/operation.ts'
import {splitName} from '../operations/names.ts'
import {contribOf} from '../rehearsal/scratch-extensions.ts'
import type {Session} from '../runner/connection/session.ts'
import {revisionTemplate} from '../script/template.ts'
import {sqlContext} from '../sql/context.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import {listOf} from '../util/text.ts'
import {describedDefinitions} from './described.ts'
import {draftOf} from './draft.ts'
import {loadDump} from './dump.ts'
import {BaselineRefusedError, notProved} from './errors.ts'
import type {DatabaseSource, IsOwn} from './source.ts'
import {onEmptyDatabase, read, withLaboratory} from './trial.ts'
import type {Laboratory} from './trial.ts'

export interface BaselineOptions extends DatabaseOptions, Omit<NewRevisionOptions, 'splice' | 'dependsOn'> {
  /** The path of a dump to use instead of the database. */
  readonly fromSql?: string | undefined
}

/** The baseline of a database. */
export interface WrittenBaseline {
  readonly revision: RevisionView
  /** Objects that it does not create. */
  readonly omitted: readonly string[]
  /** Whether the project has entities to compare with. */
  readonly hasEntities: boolean
}

/**
 * Writes the first revision, which creates the schema that a database has, after proving it on an empty database.
 *
 * @throws MigError BASELINE_REFUSED, BASELINE_DIFFERS, INVALID_DUMP; as `withDatabases` and `writeNew`
 */
export async function writeBaseline(options: BaselineOptions): Promise<WrittenBaseline> {
  const project = await openScripts(options)
  refuseHistory(project)
  return withDatabases(contextOf(project, options), async (databases) => {
    const directives: Directive[] = []
    const omitted: string[] = []
    const isSql = templateOf(project, options) === '.sql'
    for (const database of databases) {
      const draft = await baselineOf(project, database, options)
      omitted.push(...draft.omitted)
      const {name, session} = database
      directives.push({
        database: name,
        dialect: session.dialect,
        upgrade: draft.operations,
        // Otherwise, the downgrade is derived from the upgrade.
        downgrade: isSql ? await revertedBy(project, draft.operations) : [],
      })
    }
    const contents = await contentsOf(project, directives, [], options.isSql ?? false)
    const {message = 'baseline'} = options
    const {revision} = await writeNew(project, {...options, message, contents, isBaseline: true}, [])
    return {revision, omitted, hasEntities: databases.some(({session}) => hasEntities(session.em))}
  })
}

function templateOf({cwd, layout}: ScriptProject, {isSql = false}: BaselineOptions): string {
  return revisionTemplate(resolve(cwd, layout.scriptDirectory), isSql ? 'sql' : undefined).extension
}

async function revertedBy(project: ScriptProject, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const inverse = inverseOf(operations, await project.registry())
  return 'operations' in inverse ? inverse.operations : []
}

/** @throws MigError BASELINE_REFUSED */
function refuseHistory({scripts: {graph}, settings}: ScriptProject): void {
  const revisions = graph.topological
  if (revisions.length > 0)
    throw new BaselineRefusedError(
      `The history already has ${listOf(revisions, 3)}; a baseline is the first revision.`,
      graph.revisions.some(({isBaseline}) => isBaseline)
        ? 'Compare another database with the baseline revision and record it: `mig baseline --verify`.'
        : 'If the database has the schema of these revisions already, record that: `mig stamp heads`.',
      {revisions},
    )
  if (settings.tenants !== undefined)
    throw new BaselineRefusedError(
      'A baseline of tenants is not supported: their schemas are named when a revision runs.',
      'Write the revision by hand with `mig revision -m "baseline"`, and record it with `mig stamp head`.',
    )
}

interface Proved {
  readonly operations: readonly Operation[]
  readonly omitted: readonly string[]
}

/** @throws MigError BASELINE_REFUSED, BASELINE_DIFFERS, INVALID_DUMP */
async function baselineOf(project: ScriptProject, database: OpenDatabase, options: BaselineOptions): Promise<Proved> {
  const {session} = database
  if (options.fromSql === undefined) {
    refuseRecorded(database)
    return prove(project, session, session)
  }
  const file = resolve(project.cwd, options.fromSql)
  const laboratory = await laboratoryOf(project, session, new Map())
  return onScratch(session, async () =>
    onEmptyDatabase(laboratory, async (dumped) => {
      await loadDump(dumped, file, options.fromSql ?? file)
      return prove(project, session, dumped)
    }),
  )
}

/** @throws MigError BASELINE_REFUSED, HALF_APPLIED */
export function refuseRecorded(database: OpenDatabase): void {
  refusePartiallyApplied(database)
  const applied = database.state.applied.map(({revision}) => revision)
  if (applied.length > 0)
    throw new BaselineRefusedError(
      `${database.session.name} already has revisions recorded: ${listOf(applied, 3)}.`,
      'Run `mig status` to see where they are. If they belong to another history, forget them with `mig stamp --purge base`.',
      {applied},
    )
}

/**
 * Returns the operations that create a database, proved on an empty one.
 *
 * @param session the session that empty databases are created with
 * @throws MigError BASELINE_REFUSED, BASELINE_DIFFERS
 */
async function prove(project: ScriptProject, session: Session, described: Session): Promise<Proved> {
  const isOwn = isOwnOf(project, session)
  const source = await read(described, {isOwn})
  refuseEmpty(source, session)
  const laboratory = await laboratoryOf(project, session, source.objects)
  const {registry} = laboratory
  const database = comparedDatabase(described)
  const context = sqlContext(session.dialect, session.platform)
  const definitions = await describedDefinitions(database, context, registry, source)
  const draft = await onScratch(session, async () =>
    withLaboratory(laboratory, async (open) => draftOf(source, definitions, open)),
  )
  if (draft.differences.length + draft.refused.length > 0)
    throw notProved(session.name, draft.differences, draft.refused)
  return {operations: draft.operations, omitted: source.omitted}
}

/**
 * Returns the operations that create the schema of a temporary database, proved on another one; undefined if it has objects
 * that operations cannot create.
 */
export async function schemaOperations(
  project: ScriptProject,
  session: Session,
): Promise<readonly Operation[] | undefined> {
  const source = await read(session, {isOwn: isOwnOf(project, session)})
  if (isEmpty(source, session)) return []
  try {
    const {operations, omitted} = await prove(project, session, session)
    return omitted.length > 0 ? undefined : operations
  } catch (error) {
    if (error instanceof BaselineRefusedError || codeOf(error) === 'BASELINE_DIFFERS') return undefined
    throw error
  }
}

/** @throws MigError BASELINE_REFUSED */
function refuseEmpty(source: DatabaseSource, session: Session): void {
  const {name} = session
  if (isEmpty(source, session))
    throw new BaselineRefusedError(
      `${name} is empty; there is nothing to make a baseline of.`,
      'Check the database of the configuration, or create the first revision with `mig revision -m "…"`.',
    )
}

function isEmpty({objects}: DatabaseSource, {platform}: Session): boolean {
  const own = platform.getDefaultSchemaName()
  return ![...objects.values()].some(
    (object) => object.kind !== 'extension' && !(object.kind === 'schema' && object.name === own),
  )
}

/** Returns whether a table belongs to mig. */
export function isOwnOf(project: ScriptProject, {platform}: Session): IsOwn {
  const {isOwn} = comparisonSettings(project)
  return (table) => {
    const {schema, name} = splitName(table)
    return isOwn(name, schema ?? platform.getDefaultSchemaName())
  }
}

/** Returns the place where operations for a database are tried out. */
export async function laboratoryOf(project: ScriptProject, session: Session, objects: Snapshot): Promise<Laboratory> {
  const {root, settings} = project
  const installed = [...objects.values()].flatMap(({kind, name}) => (kind === 'extension' ? name : []))
  return {
    session,
    root,
    timeout: settings.connectTimeout,
    registry: await project.registry(),
    isOwn: isOwnOf(project, session),
    ...(session.isExclusive && {extensions: await contribOf(installed)}),
  }
}

/** Error codes of servers for a user who may not create databases. */
const notAllowed: readonly string[] = ['42501', 'ER_DBACCESS_DENIED_ERROR']

/** Explains why no empty database can be created. */
export async function onScratch<Result>({name}: Session, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use()
  } catch (error) {
    if (!notAllowed.includes(codeOf(error))) throw error
    throw new BaselineRefusedError(
      `A baseline is proved on an empty database, and the user of ${name} may not create one (${messageOf(error)}).`,
      'Use a user who may create databases, or a copy of the database on a server of your own.',
    )
  }
}
