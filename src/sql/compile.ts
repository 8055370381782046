import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {SqlResult} from '../operations/definition.ts'
import {OperationNotSupportedError} from '../operations/errors.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {Recorded} from '../operations/operations.ts'
import {definitionOf} from '../operations/registry.ts'
import {splitStatements} from './split.ts'
import type {Statement, Transactionality} from './statement.ts'

/**
 * Returns the statements of an operation, complete, with all values in them.
 *
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export async function compileRecorded(
  {operation, site, isAlone}: Recorded,
  dialect: Dialect,
  platform: AbstractSqlPlatform,
): Promise<readonly Statement[]> {
  const parts = await partsOf(operation, await sqlOf(operation, dialect, platform), dialect)
  return parts.map(({sql, transactionality}) => ({sql, isAlone, origin: {kind: 'call', site}, transactionality}))
}

/** Returns what the definition of an operation says. */
export async function sqlOf(operation: Operation, dialect: Dialect, platform: AbstractSqlPlatform): Promise<SqlResult> {
  const {sqlContext} = await import('./context.ts')
  return definitionOf(operation).sql(operation as never, sqlContext(dialect, platform))
}

async function partsOf(
  {kind}: Operation,
  result: SqlResult,
  dialect: Dialect,
): Promise<readonly {readonly sql: string; readonly transactionality: Transactionality}[]> {
  if ('unsupported' in result) throw new OperationNotSupportedError(kind, dialect, result.unsupported)
  if ('rebuilds' in result)
    throw new OperationNotSupportedError(kind, dialect, 'the definition of the table is not known')
  if ('text' in result) return splitStatements(result.text, dialect, false)
  const commits = (dialect === 'mysql' || dialect === 'mariadb') && kind !== 'bulkInsert'
  const usual: Transactionality = {kind: commits ? 'commits' : 'inside'}
  return result.map((part) =>
    typeof part === 'string'
      ? {sql: part, transactionality: usual}
      : {sql: part.sql, transactionality: {kind: 'outside', command: part.outside}},
  )
}
