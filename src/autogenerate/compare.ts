import type {DatabaseSchema, SchemaDifference} from '@mikro-orm/sql'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {sqlContext} from '../sql/context.ts'
import {runComparators} from './comparators/all.ts'
import type {ComparatorName} from './comparators/all.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import {filterSchemas} from './filters.ts'
import type {Filters} from '../config/autogenerate.ts'
import {askAboutColumns} from './column-hooks.ts'
import type {CompareColumn, CustomComparator} from '../config/autogenerate.ts'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import {produceDifference} from './produce/produce.ts'
import {Stages} from './produce/stages.ts'
import {databaseSchema, targetSchema} from '../catalogue/read.ts'
import {parsePlace, parseRename, UnknownAnswerError} from './renames/answers.ts'
import type {Answers} from './renames/answers.ts'
import {applyRenames} from './renames/apply.ts'
import {questionsOf, undoGuesses} from './renames/questions.ts'
import type {Question} from './renames/questions.ts'
import {leaveUnknown} from './unknown.ts'
import type {IsKnown, UnknownObject} from './unknown.ts'

/** The differences between entities and a database, as MikroORM's difference and as operations. */
export interface Comparison {
  readonly difference: SchemaDifference
  /** The schema of the database, with renames applied. */
  readonly live: DatabaseSchema
  readonly operations: readonly Operation[]
  /** Unanswered questions; their objects are dropped and added. */
  readonly questions: readonly Question[]
  /** Objects that exist only in the database and do not belong to the project. */
  readonly unknown: readonly UnknownObject[]
}

export interface CompareOptions {
  /** The operation registry of the project. */
  readonly registry: OperationRegistry
  /** Whether a table belongs to mig itself. */
  readonly isOwn: (table: string, schema: string | undefined) => boolean
  readonly isKnown: IsKnown
  readonly answers: Answers
  readonly filters: Filters
  /** Whether the comparison is for tenant schemas, which are all alike. */
  readonly isForTenants?: boolean
  /** Whether a comparator is enabled. */
  readonly isOn: (comparator: ComparatorName) => boolean
  readonly customComparators?: readonly CustomComparator[] | undefined
  readonly compareType?: CompareColumn | undefined
  readonly compareDefault?: CompareColumn | undefined
  /** The tables to compare, without their schemas; all when omitted. */
  readonly tables?: readonly string[]
}

/**
 * Compares the schema that entities describe with the schema of a database.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export async function compareSchemas(database: ComparedDatabase, options: CompareOptions): Promise<Comparison> {
  const {mikro, platform, dialect} = database
  const {isOwn, answers, filters, tables} = options
  const context = sqlContext(dialect, platform)
  const target = targetSchema(database, options.isForTenants ?? false)
  const live = await databaseSchema(database, target.getNamespaces(), tables)
  live.setTables(live.getTables().filter(({name, schema}) => !isOwn(name, schema)))
  if (tables !== undefined) target.setTables(target.getTables().filter(({name}) => tables.includes(name)))
  filterSchemas(live, target, filters, context)
  const stages = new Stages(options.registry)
  const before = new Set(live.getTables().map((table) => tableNameOf(table, context)))
  const hasTable = (name: string): boolean => before.has(name)
  const renames = answers.renames.map((text) => parseRename(text, hasTable))
  if (tables === undefined) applyRenames(renames, live, target, {context, stages})
  const isDropped = (name: string): boolean => answers.drops.includes(name)
  const unknown = await leaveUnknown(live, target, options.isKnown, isDropped, context)
  const comparator = new mikro.SchemaComparator(platform)
  const difference = comparator.compare(live, target)
  undoGuesses(difference)
  const input = {database, live, target, difference, context, stages}
  await runComparators(input, options.isOn)
  askAboutColumns(input, options.compareType, options.compareDefault)
  for (const compare of options.customComparators ?? []) {
    const query = async <Row>(sql: string): Promise<readonly Row[]> => database.query<Row>(sql)
    stages.addAt('custom', ...(await compare({live, target, difference, dialect, query})))
  }
  if (tables === undefined) refuseStaleDrops(answers, difference, hasTable)
  const questions = questionsOf(difference, comparator, context, isDropped)
  produceDifference(difference, {context, stages, mikro})
  return {difference, live, operations: stages.inOrder(dialect), questions, unknown}
}

/** @throws MigError UNKNOWN_ANSWER */
function refuseStaleDrops({drops}: Answers, difference: SchemaDifference, hasTable: (name: string) => boolean): void {
  const gone = [
    ...Object.keys(difference.removedTables),
    ...Object.keys(difference.removedViews),
    ...Object.keys(difference.removedRoutines),
    ...difference.removedNativeEnums.map(({name}) => name),
    ...difference.removedNamespaces,
    ...Object.entries(difference.changedTables).flatMap(([table, {removedColumns}]) =>
      Object.keys(removedColumns).map((column) => `${table}.${column}`),
    ),
  ]
  for (const text of drops) {
    const {table, column} = parsePlace(text, hasTable)
    const name = column === undefined ? table : `${table}.${column}`
    if (!gone.some((removed) => removed === name || removed.replace(/^public\./, '') === name))
      throw new UnknownAnswerError(text, `no ${column === undefined ? 'table' : 'column'} ${name} was removed`, gone)
  }
}
