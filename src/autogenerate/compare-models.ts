import {compareSchemas} from './compare.ts'
import type {CompareOptions, Comparison} from './compare.ts'
import {detectedBy} from './describe.ts'
import type {Detected} from './describe.ts'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import type {Answers} from './renames/answers.ts'
import type {Question} from './renames/questions.ts'
import type {IsKnown, UnknownObject} from './unknown.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import {splitName} from '../operations/names.ts'
import {lossesOf} from '../sql/losses/sentences.ts'
import {answersOf} from './renames/given-answers.ts'
import type {AnswerOptions} from './renames/given-answers.ts'
import {AmendAppliedError, NoEntitiesError, NotAtHeadsError, OnlyTenantEntitiesError} from '../rehearsal/errors.ts'
import {comparedDatabase, hasEntities, hasOnlyTenantEntities, tablesOfNoTenant} from '../catalogue/compared-database.ts'
import {comparisonSettings} from './comparison-settings.ts'
import {appliedSetOf} from '../engine/database-state.ts'
import {withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {contextOf} from '../engine/run-context.ts'
import {hasBaseline, knownByHistory, managedByHand} from './known-by-history.ts'
import {refusePartiallyApplied} from '../engine/migrate.ts'
import {openScripts} from '../engine/project.ts'
import type {ScriptProject} from '../engine/project.ts'
import {withScratch} from '../rehearsal/scratch.ts'
import {dropNoops} from './drop-noops.ts'
import {realiseFor} from './realise-entities.ts'
import {knownBefore} from './renames/known-before.ts'
import {renameOperations} from './renames/rename-operations.ts'
import {applyRenames} from './renames/apply-renames.ts'
import {rehearse} from '../rehearsal/rehearse.ts'
import type {Session} from '../runner/connection/session.ts'

export interface CompareModelsOptions extends DatabaseOptions, AnswerOptions {
  /** Whether the database may have applied revisions that are missing from the files. */
  readonly allowUnknown?: boolean | undefined
  /**
   * Whether to replay the history on a scratch database instead of comparing with the project's database. If false, no
   * scratch database is used at all, not even an empty one for the entities.
   */
  readonly scratch?: boolean | undefined
  /** Asks whether objects were renamed, for questions without a given answer. */
  readonly ask?: ((questions: readonly Question[]) => Promise<Answers>) | undefined
}

/** The differences between the entities and one database. */
export interface ModelDifference {
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly detected: readonly Detected[]
  /** The operations that bring the database in line with the entities, in order. */
  readonly operations: readonly Operation[]
  /** Unanswered questions about renames; the old object is dropped and the new one added. */
  readonly questions: readonly Question[]
  /** Objects that exist only in the database, were not created by a revision, and are left alone. */
  readonly unknown: readonly UnknownObject[]
  /** Differences that no operation resolves, and objects that MikroORM cannot create here, with the reasons. */
  readonly omitted: readonly string[]
  /** The data lost when the operations are run. */
  readonly losesData: readonly string[]
}

/**
 * Compares the entities with the result of the revision history, in the project's database or in a scratch database.
 *
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, UNKNOWN_ANSWER, RENAME_REFUSED
 */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return compareProject(await openScripts(options), options)
}

/** As `compareModels`, for a loaded project. */
export async function compareProject(
  project: ScriptProject,
  options: CompareModelsOptions,
): Promise<readonly ModelDifference[]> {
  return withCompared(project, options, async (databases) => compareEach(project, options, databases))
}

/** A database with entities, and what is known of its history. */
export interface ComparedProjectDatabase {
  readonly database: OpenDatabase
  readonly isKnown: IsKnown
}

/**
 * Opens the databases with entities and calls `use`: the project's own, or scratch databases on which the history is
 * replayed.
 *
 * @param amended a revision that is left out of the history and must not be applied
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, AMEND_APPLIED
 */
export async function withCompared<Result>(
  project: ScriptProject,
  options: CompareModelsOptions,
  use: (databases: readonly ComparedProjectDatabase[]) => Promise<Result>,
  amended?: RevisionId,
): Promise<Result> {
  const compare: typeof use = async (databases) => {
    if (project.settings.tenants === undefined) refuseOnlyTenants(databases)
    return use(databases)
  }
  // Every tenant matches the history, so no tenant's schema is read.
  if (options.scratch || project.settings.tenants !== undefined)
    return withScratch(contextOf(project, options), async (databases) =>
      compare(databases.map((database) => ({database, isKnown: knownOnScratch(project, options, database)}))),
    )
  return withDatabases(contextOf(project, options), async (databases) => {
    const compared = databases.filter(({session}) => hasEntities(session.em))
    if (compared.length === 0) throw new NoEntitiesError()
    for (const database of compared) {
      refusePartiallyApplied(database)
      refuseElsewhere(project.scripts.graph, database, amended, options.allowUnknown)
    }
    return compare(compared.map((database) => ({database, isKnown: knownByHistory(project, options, database)})))
  })
}

/** @throws MigError NO_ENTITIES */
function refuseOnlyTenants(databases: readonly ComparedProjectDatabase[]): void {
  if (databases.some(({database}) => hasOnlyTenantEntities(database.session.em))) throw new OnlyTenantEntitiesError()
}

/**
 * Everything on a scratch database comes from the history, or was there before it; only operations tell what is not
 * managed by hand.
 */
function knownOnScratch(project: ScriptProject, options: CompareModelsOptions, database: OpenDatabase): IsKnown {
  const isKnown = knownByHistory(project, options, database)
  if (hasBaseline(project)) return isKnown
  return async (kind, name) => !managedByHand.includes(kind) || isKnown(kind, name)
}

/** Compares open databases with their entities. */
export async function compareEach(
  project: ScriptProject,
  options: CompareModelsOptions,
  databases: readonly ComparedProjectDatabase[],
): Promise<readonly ModelDifference[]> {
  const found: ModelDifference[] = []
  for (const {database, isKnown} of databases) found.push(await differenceOf(project, options, database, isKnown))
  return found
}

/**
 * Returns the settings of a comparison of one database.
 *
 * @throws MigError INVALID_CONFIG, UNKNOWN_ANSWER
 */
export async function compareOptionsOf(
  project: ScriptProject,
  options: CompareModelsOptions,
  {session, name}: OpenDatabase,
  isKnown: IsKnown,
): Promise<CompareOptions> {
  return {
    ...comparisonSettings(project),
    registry: await project.registry(),
    isKnown,
    answers: await answersOf(project, options, name),
    realise: options.scratch === false ? undefined : async (wanted) => realiseFor(project, session, wanted, options),
  }
}

async function differenceOf(
  project: ScriptProject,
  options: CompareModelsOptions,
  opened: OpenDatabase,
  isKnown: IsKnown,
): Promise<ModelDifference> {
  const {session, name} = opened
  const registry = await project.registry()
  const compare = await compareOptionsOf(project, options, opened, isKnown)
  const database = comparedDatabase(session)
  if (compare.isForTenants) noteLeftOut(tablesOfNoTenant(session.em), options)
  const found = await comparedAndAsked(project, session, database, compare, options)
  const {operations, questions, unknown, omitted} = found.isReconciled
    ? found
    : await dropNoops(found, session, database, compare, project.settings.tableLockTimeout)
  return {
    operations,
    database: name,
    dialect: session.dialect,
    detected: detectedBy(operations, registry),
    questions: questions.map((question) => inDatabase(question, name)),
    unknown,
    omitted: omitted.map(({sql, reason}) => `${firstLine(sql)}: ${reason}`),
    losesData: await lossesOf(operations, session.dialect, registry),
  }
}

function noteLeftOut(tables: readonly string[], {onEvent}: CompareModelsOptions): void {
  if (tables.length > 0)
    onEvent?.({
      kind: 'note',
      text: `With tenants, entities with a schema of their own are left out: ${tables.join(', ')}.`,
    })
}

/** With several databases, an answer is prefixed with the name of its database. */
function inDatabase(question: Question, name: string | undefined): Question {
  if (name === undefined) return question
  return {...question, answers: question.answers.map((answer) => answer.replace(' ', ` ${name}/`))}
}

/** Compares, asks the open questions, if `ask` is given, and compares again with the answers. */
async function comparedAndAsked(
  project: ScriptProject,
  session: Session,
  database: ComparedDatabase,
  compare: CompareOptions,
  {ask}: CompareModelsOptions,
): Promise<Comparison> {
  const first = await comparedAfterRenames(project, session, database, compare)
  if (first.questions.length === 0 || ask === undefined) return first
  const {renames, drops} = await ask(first.questions)
  const answers = {
    renames: [...compare.answers.renames, ...renames],
    drops: [...compare.answers.drops, ...drops],
  }
  return comparedAfterRenames(project, session, database, {...compare, answers})
}

/** Compares while the renames are in effect, so that the database itself says what they change. */
async function comparedAfterRenames(
  {settings}: ScriptProject,
  session: Session,
  database: ComparedDatabase,
  compare: CompareOptions,
): Promise<Comparison> {
  const {answers, registry, isForTenants = false} = compare
  const renames = await renameOperations(database, answers.renames, isForTenants, compare.isKnown)
  const leftSchemas = renames.flatMap((one) => (one.kind === 'moveTable' ? (splitName(one.table).schema ?? []) : []))
  const rest = {
    ...compare,
    leftSchemas,
    answers: {...answers, renames: []},
    isKnown: knownBefore(renames, compare.isKnown, database.platform.getDefaultSchemaName()),
  }
  const compared =
    renames.length === 0
      ? await compareSchemas(database, rest)
      : await rehearse(session, settings.tableLockTimeout, async () => {
          await applyRenames(session, renames, registry)
          return compareSchemas(database, rest)
        })
  return {...compared, operations: [...renames, ...compared.operations]}
}

function firstLine(sql: string): string {
  return (sql.trim().split('\n')[0] ?? '').replace(/;$/, '').slice(0, 80)
}

/** @throws MigError DATABASE_NOT_AT_HEADS, AMEND_APPLIED */
function refuseElsewhere(
  graph: RevisionGraph,
  database: OpenDatabase,
  amended: RevisionId | undefined,
  allowUnknown = false,
): void {
  const applied = appliedSetOf(graph, database)
  const {name} = database.session
  if (amended !== undefined && applied.has(amended)) throw new AmendAppliedError(amended, name)
  const pending = graph.topological.filter((id) => !applied.has(id))
  const unknown = allowUnknown ? [] : [...applied].filter((id) => !graph.has(id))
  if (pending.length + unknown.length === 0) return
  const [only = '', ...others] = pending
  const isOnlyHead = graph.has(only) && others.length === 0 && graph.childrenAndDependents(only).length === 0
  const isAmendable = amended === undefined && unknown.length === 0 && isOnlyHead
  throw new NotAtHeadsError(name, pending, unknown, isAmendable)
}
