import type {DatabaseSchema, SchemaDifference} from '@mikro-orm/sql'
import {creationOf} from '../catalogue/creation.ts'
import type {Creation} from '../catalogue/creation.ts'
import {readSnapshot} from '../catalogue/snapshot/read.ts'
import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {duplicateChecksOf} from '../catalogue/duplicate-checks.ts'
import {unsupportedNames} from '../catalogue/unsupported-names.ts'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import type {CreationFailure, Realised} from '../rehearsal/realise.ts'
import {partitionedOtherwise, reconcile} from './reconcile.ts'
import type {Catalogues} from './catalogue-comparison.ts'
import {addLeftSchemas, hasTablesElsewhere} from './left-schemas.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {sqlContext} from '../sql/context.ts'
import {runComparators} from './comparators/all.ts'
import type {ComparatorName} from './comparators/all.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import {filterSchemas, isChosen} from './filters.ts'
import type {Filters} from '../config/autogenerate.ts'
import {askAboutColumns} from './column-hooks.ts'
import type {CompareColumn, CustomComparator} from '../config/autogenerate.ts'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import {produceDifference} from './produce/produce.ts'
import {Stages} from './produce/stages.ts'
import {inOtherDatabases} from '../catalogue/other-databases.ts'
import {databaseSchema, targetSchema} from '../catalogue/read.ts'
import {parsePlace, UnknownAnswerError} from './renames/answers.ts'
import type {Answers} from './renames/answers.ts'
import {questionsAboutEnums, removedValues} from './renames/enum-value.ts'
import {questionsOf, undoGuesses} from './renames/questions.ts'
import type {Question} from './renames/questions.ts'
import {recomputeUsers} from './recompute.ts'
import {settleTableUniques} from './table-uniques.ts'
import {leaveUnknown} from './unknown.ts'
import type {IsKnown, UnknownObject} from './unknown.ts'

/** The differences between entities and a database. */
export interface Comparison {
  readonly operations: readonly Operation[]
  /** Unanswered questions; their objects are dropped and added. */
  readonly questions: readonly Question[]
  /** Objects that exist only in the database and do not belong to the project. */
  readonly unknown: readonly UnknownObject[]
  /** Differences that no operation resolves, and objects that MikroORM cannot create in this database. */
  readonly omitted: readonly CreationFailure[]
  /** Whether catalogues were compared, so that a difference is one. */
  readonly isReconciled: boolean
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
  /** The schemas that renamed tables have left. */
  readonly leftSchemas?: readonly string[]
  /** Whether a comparator is enabled. */
  readonly isOn: (comparator: ComparatorName) => boolean
  readonly customComparators?: readonly CustomComparator[] | undefined
  readonly compareType?: CompareColumn | undefined
  readonly compareDefault?: CompareColumn | undefined
  /** Creates the entities' schema in an empty database; without it, only MikroORM's comparison is used. */
  readonly realise?: ((wanted: WantedSchema) => Promise<Realised | undefined>) | undefined
}

/** The schema to create in an empty database. */
export interface WantedSchema {
  readonly creation: Creation
  readonly schemas: readonly string[]
  readonly live: Snapshot
}

/**
 * Compares the schema that entities describe with the schema of a database.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export async function compareSchemas(database: ComparedDatabase, options: CompareOptions): Promise<Comparison> {
  const {mikro, platform, dialect} = database
  const {isOwn, answers, filters, isForTenants = false, leftSchemas = []} = options
  const context = sqlContext(dialect, platform)
  const target = targetSchema(database, isForTenants)
  const unrepresentable = unsupportedIn(target, database, options.filters)
  const catalogues = await readCatalogues(database, context, options)
  const hasMore = async (): Promise<boolean> =>
    leftSchemas.length > 0 ||
    (!isForTenants && (await hasTablesElsewhere(database, [...target.getNamespaces()], options.isKnown, context)))
  if (catalogues !== undefined && unrepresentable.length === 0 && isUpToDate(catalogues, options) && !(await hasMore()))
    return nothing
  const live = await databaseSchema(database, target.getNamespaces())
  live.setTables(live.getTables().filter(({name, schema}) => !isOwn(name, schema)))
  filterSchemas(live, target, filters, context)
  const stages = new Stages(options.registry)
  settleTableUniques(live, target, context)
  const isDropped = (name: string): boolean => answers.drops.includes(name)
  const unknown = await leaveUnknown(live, target, options.isKnown, isDropped, context)
  if (context.capabilities.schemas && !isForTenants)
    await addLeftSchemas(live, target, database, options.isKnown, leftSchemas)
  const comparator = new mikro.SchemaComparator(platform)
  const difference = comparator.compare(live, target)
  undoGuesses(difference)
  const input = {database, live, target, difference, context, stages}
  if (catalogues === undefined)
    for (const table of Object.values(difference.changedTables)) recomputeUsers(table, context)
  else reconcile(input, catalogues)
  const partitions = (catalogues === undefined ? [] : partitionedOtherwise(input, catalogues)).map((table) => ({
    table,
    sql: `the partitioning of ${table}`,
    reason: 'it cannot be changed, the table would have to be rebuilt',
  }))
  await runComparators(input, (name) => options.isOn(name), catalogues !== undefined)
  askAboutColumns(input, options.compareType, options.compareDefault)
  for (const compare of options.customComparators ?? []) {
    const query = async <Row>(sql: string): Promise<readonly Row[]> => database.query<Row>(sql)
    stages.addAt('custom', ...(await compare({live, target, difference, dialect, query})))
  }
  const before = new Set(live.getTables().map((table) => tableNameOf(table, context)))
  const values = removedValues(live, target)
  refuseStaleDrops(answers, difference, values, (name) => before.has(name))
  const questions = [
    ...questionsOf(difference, comparator, context, isDropped),
    ...questionsAboutEnums(live, target, isDropped),
  ]
  produceDifference(difference, {context, stages, mikro})
  const compared = {
    operations: stages.inOrder(dialect),
    questions,
    unknown,
    omitted: [...unrepresentable, ...(catalogues?.failures ?? []), ...partitions],
  }
  return {...compared, isReconciled: catalogues !== undefined}
}

const nothing: Comparison = {operations: [], questions: [], unknown: [], omitted: [], isReconciled: true}

/** Returns what the entities describe and mig cannot tell apart or name. */
function unsupportedIn(
  target: DatabaseSchema,
  {em}: ComparedDatabase,
  filters: CompareOptions['filters'],
): readonly CreationFailure[] {
  const table = undefined
  return [
    ...unsupportedNames(em).map((sql) => ({table, sql, reason: 'MikroORM does not support the name'})),
    ...inOtherDatabases(target)
      .filter((name) => isChosen(name, filters))
      .map((name) => ({table, sql: name, reason: 'it is in another database; list it in `exclude` if that is meant'})),
    ...duplicateChecksOf(target).map((name) => ({
      table,
      sql: `check ${name}`,
      reason: 'another check of the table has the same name; rename one of them',
    })),
  ]
}

/** Reads the catalogue of the database, and what the entities become in an empty one. */
async function readCatalogues(
  database: ComparedDatabase,
  context: SqlContext,
  {realise, isForTenants = false, filters}: CompareOptions,
): Promise<(Catalogues & Pick<Realised, 'failures'>) | undefined> {
  if (realise === undefined) return undefined
  const target = targetSchema(database, isForTenants, (text) => database.platform.quoteValue(text))
  target.setTables(target.getTables().filter((table) => isChosen(tableNameOf(table, context), filters)))
  const schemas = [...target.getNamespaces()]
  const creation = creationOf(target, context)
  const live = await readSnapshot(async (sql) => database.query(sql), context, schemas)
  const realised = await realise({creation, schemas, live})
  return realised && {live, wanted: realised.snapshot, failures: realised.failures}
}

/** Returns whether nothing differs, so that nothing needs to be read in MikroORM's form. */
function isUpToDate(catalogues: Catalogues & Pick<Realised, 'failures'>, options: CompareOptions): boolean {
  const {isOwn, answers, customComparators = [], compareType, compareDefault} = options
  if (customComparators.length > 0 || compareType !== undefined || compareDefault !== undefined) return false
  if (answers.renames.length + answers.drops.length + catalogues.failures.length > 0) return false
  return differencesOf(catalogues.live, catalogues.wanted).every(({before, after}) => {
    const {table = '', kind, name} = before ?? after ?? {kind: 'schema' as const, name: ''}
    const place = splitName(kind === 'table' ? name : table)
    return after === undefined && isOwn(place.name, place.schema)
  })
}

/** @throws MigError UNKNOWN_ANSWER */
function refuseStaleDrops(
  {drops}: Answers,
  difference: SchemaDifference,
  values: readonly string[],
  hasTable: (name: string) => boolean,
): void {
  const gone = [
    ...values,
    ...Object.keys(difference.removedTables),
    ...Object.keys(difference.removedViews),
    ...Object.keys(difference.removedRoutines),
    ...difference.removedNativeEnums.map(({name, schema}) => (schema === undefined ? name : `${schema}.${name}`)),
    ...difference.removedNamespaces,
    ...Object.entries(difference.changedTables).flatMap(([table, changed]) =>
      [
        changed.removedColumns,
        changed.removedIndexes,
        changed.removedChecks,
        changed.removedForeignKeys,
        changed.removedTriggers,
        changed.removedPolicies,
      ]
        .flatMap((removed) => Object.keys(removed))
        .map((part) => `${table}.${part}`),
    ),
  ]
  for (const text of drops) {
    const {table, column} = parsePlace(text, hasTable)
    const name = column === undefined ? table : `${table}.${column}`
    if (!gone.some((removed) => removed === name || removed.replace(/^public\./, '') === name))
      throw new UnknownAnswerError(text, `no ${column === undefined ? 'table' : 'column'} ${name} was removed`, gone)
  }
}
