import {compareSchemas} from '../autogenerate/compare.ts'
import type {CompareOptions, Comparison} from '../autogenerate/compare.ts'
import {detectedBy} from '../autogenerate/describe.ts'
import type {Detected} from '../autogenerate/describe.ts'
import type {ComparedDatabase} from '../autogenerate/mikro.ts'
import type {Answers} from '../autogenerate/renames/answers.ts'
import type {Question} from '../autogenerate/renames/questions.ts'
import {mayBeIdle, settle} from '../autogenerate/settle.ts'
import type {Settled} from '../autogenerate/settle.ts'
import {comparatorNames} from '../autogenerate/comparators/all.ts'
import {InvalidConfigError} from '../config/errors.ts'
import type {Settings} from '../config/schema.ts'
import type {UnknownObject} from '../autogenerate/unknown.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import {splitName} from '../operations/names.ts'
import {definitionOf} from '../operations/registry.ts'
import {CommandFailure} from '../runner/command.ts'
import {lockTableOf} from '../runner/tables.ts'
import {sqlContext} from '../sql/context.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {messageOf} from '../util/thrown.ts'
import {answersOf} from './answers.ts'
import type {AnswerOptions} from './answers.ts'
import {NoEntitiesError, NotAtHeadsError} from './autogenerate-errors.ts'
import {appliedSetOf, tableNamesOf, withDatabases} from './databases.ts'
import type {DatabaseOptions, OpenDatabase} from './databases.ts'
import {knownByHistory} from './known.ts'
import {refuseHalfApplied} from './migrate.ts'
import {comparedDatabase} from './compared-database.ts'
import {openScripts} from './project.ts'
import type {ScriptProject} from './project.ts'
import {rehearseInTransaction} from './rehearse.ts'
import {rehearseOnCopy} from './rehearse-copy.ts'
import {withScratch} from './scratch.ts'

export interface CompareModelsOptions extends DatabaseOptions, AnswerOptions {
  /** Whether the history is replayed on a database made for it, instead of asking the one of the project. */
  readonly scratch?: boolean | undefined
  /** Asks whether things were renamed that nothing was said about. */
  readonly ask?: ((questions: readonly Question[]) => Promise<Answers>) | undefined
}

/** What entities and one database differ in. */
export interface ModelDifference {
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly detected: readonly Detected[]
  /** What makes the database be as the entities say, in order. */
  readonly operations: readonly Operation[]
  /** Renames that nobody has answered: what is gone is dropped, and what has come is added. */
  readonly questions: readonly Question[]
  /** What is in the database only, was not made by a revision, and is left alone. */
  readonly unknown: readonly UnknownObject[]
  /** What looks different and is not: making it anew changes nothing, so it was left out. */
  readonly unstable: readonly string[]
  /** What still looks different after the operations. */
  readonly unsettled: readonly string[]
  /** What is lost when the operations are run. */
  readonly losesData: readonly string[]
}

/**
 * Compares the entities with what the history of revisions makes, in the database of the project or in one made for it.
 *
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, UNKNOWN_ANSWER
 */
export async function compareModels(options: CompareModelsOptions): Promise<readonly ModelDifference[]> {
  return compareProject(await openScripts(options), options)
}

/** As `compareModels`, of a project that was read. */
export async function compareProject(
  project: ScriptProject,
  options: CompareModelsOptions,
): Promise<readonly ModelDifference[]> {
  // Tenants are all as the history makes them: none of them is looked at.
  if (options.scratch || project.settings.tenants !== undefined)
    return withScratch(project, options, async (database) => differenceOf(project, options, database, async () => true))
  return withDatabases(project, options, async (databases) => {
    const results: ModelDifference[] = []
    for (const database of databases) {
      refuseHalfApplied(database)
      refuseElsewhere(project.scripts.graph, database)
      const isKnown = knownByHistory(project, options, database)
      results.push(await differenceOf(project, options, database, isKnown))
    }
    return results
  })
}

async function differenceOf(
  project: ScriptProject,
  options: CompareModelsOptions,
  {session, name}: OpenDatabase,
  isKnown: CompareOptions['isKnown'],
): Promise<ModelDifference> {
  const database = await comparedDatabase(session, project.root)
  if ([...database.em.getMetadata().getAll()].length === 0) throw new NoEntitiesError()
  const names = tableNamesOf(project)
  const own = new Set([names.versionTable, names.logTable, lockTableOf(names)])
  const compare: CompareOptions = {
    isOwn: (table, schema) =>
      own.has(table) && (names.schema === undefined || schema === undefined || schema === names.schema),
    isKnown,
    isForTenants: project.settings.tenants !== undefined,
    answers: await answersOf(project, options),
    ...comparisonOf(project.settings.autogenerate),
  }
  const first = await compareSchemas(database, compare)
  const {before, asked} = await askedAgain(first, database, compare, options)
  const settled = await settleOn(project, options, session, database, before, asked)
  const {operations} = settled
  return {
    ...settled,
    database: name,
    dialect: session.dialect,
    detected: detectedBy(operations),
    questions: before.questions,
    unknown: before.unknown,
    losesData: operations.flatMap((one) => definitionOf(one).losesData?.(one as never) ?? []),
  }
}

/** Returns what the configuration says about what is compared, and how. */
function comparisonOf(
  settings: Settings['autogenerate'],
): Pick<CompareOptions, 'filters' | 'isOn' | 'customComparators' | 'compareType' | 'compareDefault'> {
  const {comparators, compareType, compareDefault, ...filters} = settings
  const unknown = Object.keys(comparators).find(
    (name) => typeof comparators[name] === 'boolean' && !comparatorNames.some((one) => one === name),
  )
  if (unknown !== undefined)
    throw new InvalidConfigError('autogenerate.comparators', [
      `there is no comparator ${unknown}. ${didYouMean(unknown, comparatorNames, `There are ${listOf(comparatorNames)}.`)}`,
    ])
  return {
    filters,
    isOn: (name) => comparators[name] !== false,
    customComparators: Object.values(comparators).filter((one) => typeof one === 'function'),
    compareType,
    compareDefault,
  }
}

/** Asks what is open, if there is somebody to ask, and compares with the answers. */
async function askedAgain(
  first: Comparison,
  database: ComparedDatabase,
  compare: CompareOptions,
  {ask}: CompareModelsOptions,
): Promise<{readonly before: Comparison; readonly asked: CompareOptions}> {
  if (first.questions.length === 0 || ask === undefined) return {before: first, asked: compare}
  const {renames, drops} = await ask(first.questions)
  const answers = {
    renames: [...compare.answers.renames, ...renames],
    drops: [...compare.answers.drops, ...drops],
  }
  const asked = {...compare, answers}
  return {before: await compareSchemas(database, asked), asked}
}

/** Tries the operations, and leaves out what does nothing. */
async function settleOn(
  {settings}: ScriptProject,
  {onEvent}: CompareModelsOptions,
  session: OpenDatabase['session'],
  database: ComparedDatabase,
  before: Comparison,
  compare: CompareOptions,
): Promise<Settled> {
  const {operations} = before
  if (!mayBeIdle(operations)) return untried(before)
  const use = async (rehearsed: ComparedDatabase): Promise<Settled> => {
    const after = await compareSchemas(rehearsed, {...compare, tables: tablesOf(operations)})
    return settle(before, after, sqlContext(database.dialect, database.platform))
  }
  try {
    return session.dialect === 'mysql' || session.dialect === 'mariadb'
      ? await rehearseOnCopy(session, database, operations, use)
      : await rehearseInTransaction(session, database, operations, settings.tableLockTimeout, use)
  } catch (error) {
    const reason = messageOf(error instanceof CommandFailure ? error.cause : error)
    onEvent?.({kind: 'note', text: `The operations were not tried: ${reason}`})
    return untried(before)
  }
}

const untried = ({operations}: Comparison): Settled => ({operations, unstable: [], unsettled: []})

/** Returns the names, without schemas, of the tables that operations are about. */
function tablesOf(operations: readonly Operation[]): readonly string[] {
  const names = operations.flatMap((one) => {
    if (!('table' in one) || one.table === undefined) return []
    return [splitName(one.table).name, ...(one.kind === 'renameTable' ? [one.to] : [])]
  })
  return [...new Set(names)]
}

/** @throws MigError DATABASE_NOT_AT_HEADS */
function refuseElsewhere(graph: RevisionGraph, database: OpenDatabase): void {
  const applied = appliedSetOf(database)
  const pending = graph.topological.filter((id) => !applied.has(id))
  const unknown = [...applied].filter((id) => !graph.has(id))
  if (pending.length > 0 || unknown.length > 0) throw new NotAtHeadsError(database.session.name, pending, unknown)
}
