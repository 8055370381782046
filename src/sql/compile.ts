import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {dialects} from '../dialects/dialects.ts'
import type {Transactionality} from '../dialects/statement-part.ts'
import type {SqlContext, SqlResult} from '../operations/definition.ts'
import {OperationNotSupportedError} from '../operations/errors.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {Recorded} from '../operations/operations.ts'
import {definitionOf} from '../operations/registry.ts'
import type {Catalogue, RebuildOptions} from './sqlite/rebuild.ts'
import type {Statement} from './statement.ts'

type Part = Pick<Statement, 'sql' | 'transactionality' | 'requires'>

/**
 * Returns the statements of an operation, complete, with all values in them.
 *
 * @param catalogue asks the database for the definition of a table that SQLite must make anew
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export async function compileRecorded(
  recorded: Recorded,
  dialect: Dialect,
  platform: AbstractSqlPlatform,
  catalogue?: Catalogue,
): Promise<readonly Statement[]> {
  return compileBatch([recorded], dialect, platform, catalogue)
}

/**
 * Divides operations into what is compiled and run together: on SQLite, consecutive changes of one table, which is made
 * anew once for all of them; anywhere else, each operation by itself. A batch is compiled when those before it have run.
 */
export function batchesOf(recorded: readonly Recorded[], dialect: Dialect): readonly (readonly Recorded[])[] {
  const batches: Recorded[][] = []
  let table: string | undefined
  for (const one of recorded) {
    const own = dialects[dialect].capabilities.rebuildsTables ? changedTable(one.operation) : undefined
    const last = batches.at(-1)
    if (own !== undefined && own === table && last?.at(-1)?.isAlone === one.isAlone) last?.push(one)
    else batches.push([one])
    table = own
  }
  return batches
}

/**
 * Returns the statements of a batch.
 *
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export async function compileBatch(
  batch: readonly Recorded[],
  dialect: Dialect,
  platform: AbstractSqlPlatform,
  catalogue?: Catalogue,
): Promise<readonly Statement[]> {
  const {sqlContext} = await import('./context.ts')
  const context = sqlContext(dialect, platform)
  const [first] = batch
  if (first === undefined) return []
  const {site, isAlone} = first
  const operations = batch.map(({operation}) => operation)
  if (dialects[dialect].capabilities.rebuildsTables && (await needRebuild(operations, context, catalogue))) {
    const parts = await rebuildParts(operations, context, catalogue)
    return parts.map((part) => ({...part, isAlone, origin: {kind: 'call', site}}))
  }
  const parts = batch.map(async (one) => {
    const written = await partsOf(
      one.operation,
      definitionOf(one.operation).sql(one.operation as never, context),
      dialect,
    )
    return written.map((part): Statement => ({...part, isAlone: one.isAlone, origin: {kind: 'call', site: one.site}}))
  })
  return (await Promise.all(parts)).flat()
}

/**
 * Tells whether operations may make a table of SQLite anew, for which foreign keys must be off before the transaction
 * begins.
 */
export async function mayRebuild(
  recorded: readonly Recorded[],
  dialect: Dialect,
  platform: AbstractSqlPlatform,
): Promise<boolean> {
  if (!dialects[dialect].capabilities.rebuildsTables) return false
  const {sqlContext} = await import('./context.ts')
  const context = sqlContext(dialect, platform)
  return recorded.some(
    ({operation}) => rebuilds(operation, context) || single(operation).some(({kind}) => kind === 'dropColumn'),
  )
}

/** The operations that SQLite can do while it makes a table anew. */
const changes: ReadonlySet<string> = new Set([
  ...['addColumn', 'dropColumn', 'alterColumn', 'createForeignKey', 'createCheckConstraint'],
  ...['createPrimaryKey', 'dropPrimaryKey', 'dropConstraint'],
])

function changedTable(operation: Operation): string | undefined {
  // A unique constraint is an index on SQLite.
  if (operation.kind === 'dropConstraint' && (operation.type ?? operation.was?.type) === 'unique') return undefined
  return changes.has(operation.kind) && 'table' in operation ? operation.table : undefined
}

function isChange(operation: Operation): boolean {
  return changedTable(operation) !== undefined
}

/** Returns the operations of a batch of the user's, unless it must not be a rebuild; any other operation is one. */
function single(operation: Operation): readonly Operation[] {
  return operation.kind === 'batchAlterTable' && operation.recreate !== 'never' ? operation.operations : [operation]
}

function rebuilds(operation: Operation, context: SqlContext): boolean {
  return 'rebuilds' in definitionOf(operation).sql(operation as never, context)
}

async function needRebuild(
  operations: readonly Operation[],
  context: SqlContext,
  catalogue: Catalogue | undefined,
): Promise<boolean> {
  if (operations.some((operation) => rebuilds(operation, context))) return true
  if (catalogue === undefined) return false
  for (const operation of operations.flatMap(single)) {
    if (operation.kind !== 'dropColumn') continue
    const {dropNeedsRebuild} = await import('./sqlite/rebuild.ts')
    if (await dropNeedsRebuild(operation.table, operation.column, context, catalogue)) return true
  }
  return false
}

async function rebuildParts(
  operations: readonly Operation[],
  context: SqlContext,
  catalogue: Catalogue | undefined,
): Promise<readonly Part[]> {
  const [first] = operations
  if (first === undefined) return []
  if (catalogue === undefined)
    throw new OperationNotSupportedError(
      first.kind,
      context.dialect,
      'the table has to be made anew, and without the database its definition is not known',
    )
  for (const operation of operations) {
    const result = definitionOf(operation).sql(operation as never, context)
    if ('unsupported' in result)
      throw new OperationNotSupportedError(operation.kind, context.dialect, result.unsupported)
  }
  if (first.kind === 'batchAlterTable') return batchParts(first, context, catalogue)
  const table = changedTable(first) ?? ''
  return rebuilt(table, operations, {}, context, catalogue)
}

/** A batch of the user's can have what is not done by making the table anew: indexes go before it and come after it. */
async function batchParts(
  {table, operations, columnOrder}: Extract<Operation, {readonly kind: 'batchAlterTable'}>,
  context: SqlContext,
  catalogue: Catalogue,
): Promise<readonly Part[]> {
  if (operations.some(({kind}) => kind === 'renameColumn'))
    throw new OperationNotSupportedError(
      'batchAlterTable',
      context.dialect,
      'a column is renamed before or after a batch that makes the table anew, not within it',
    )
  const apart = async (isWanted: (operation: Operation) => boolean): Promise<readonly Part[]> => {
    const wanted = operations.filter((operation) => !isChange(operation) && isWanted(operation))
    const parts = wanted.map(async (one) => partsOf(one, definitionOf(one).sql(one as never, context), context.dialect))
    return (await Promise.all(parts)).flat()
  }
  const options = columnOrder === undefined ? {} : {columnOrder}
  return [
    ...(await apart(({kind}) => kind === 'dropIndex')),
    ...(await rebuilt(table, operations.filter(isChange), options, context, catalogue)),
    ...(await apart(({kind}) => kind !== 'dropIndex')),
  ]
}

async function rebuilt(
  table: string,
  operations: readonly Operation[],
  options: RebuildOptions,
  context: SqlContext,
  catalogue: Catalogue,
): Promise<readonly Part[]> {
  const {rebuildTable} = await import('./sqlite/rebuild.ts')
  const {statements, isReferenced} = await rebuildTable(table, operations, context, catalogue, options)
  return statements.map((sql) => ({
    sql,
    transactionality: {kind: 'inside'},
    ...(isReferenced && {requires: 'foreignKeysOff'}),
  }))
}

async function partsOf({kind}: Operation, result: SqlResult, dialect: Dialect): Promise<readonly Part[]> {
  if ('unsupported' in result) throw new OperationNotSupportedError(kind, dialect, result.unsupported)
  if ('rebuilds' in result) throw new OperationNotSupportedError(kind, dialect, 'the table would have to be made anew')
  if ('text' in result) return dialects[dialect].split(result.text, false)
  const commits = dialects[dialect].capabilities.ddlCommits && kind !== 'bulkInsert'
  const usual: Transactionality = {kind: commits ? 'commits' : 'inside'}
  return result.map((part) =>
    typeof part === 'string'
      ? {sql: part, transactionality: usual}
      : {sql: part.sql, transactionality: {kind: 'outside', command: part.outside}},
  )
}
