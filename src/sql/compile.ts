import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {BulkInsert} from '../operations/bulk-insert.ts'
import {OperationNotSupportedError} from '../operations/errors.ts'
import type {Execute} from '../operations/execute.ts'
import type {Dialect} from '../operations/operation.ts'
import type {Recorded} from '../operations/operations.ts'
import {splitStatements} from './split.ts'
import type {Statement, Transactionality} from './statement.ts'

const inside: Transactionality = {kind: 'inside'}
/** How many rows one INSERT takes. */
const rowsPerInsert = 500

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
  const parts =
    operation.kind === 'execute'
      ? await splitStatements(compileExecute(operation, dialect, platform), dialect, false)
      : compileBulkInsert(operation, platform).map((sql) => ({sql, transactionality: inside}))
  return parts.map(({sql, transactionality}) => ({sql, isAlone, origin: {kind: 'call', site}, transactionality}))
}

function compileExecute({sql, parameters}: Execute, dialect: Dialect, platform: AbstractSqlPlatform): string {
  const text = typeof sql === 'string' ? sql : sql[dialect]
  if (text === undefined) throw new OperationNotSupportedError('execute', dialect, 'it has no text for this dialect')
  return platform.formatQuery(text, parameters)
}

function compileBulkInsert({table, rows}: BulkInsert, platform: AbstractSqlPlatform): readonly string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const target = `${platform.quoteIdentifier(table)} (${columns.map((name) => platform.quoteIdentifier(name)).join(', ')})`
  const tuples = rows.map((row) => `(${columns.map((column) => literal(row[column], platform)).join(', ')})`)
  return batches(tuples, rowsPerInsert).map((batch) => `insert into ${target} values ${batch.join(', ')}`)
}

/** Writes a value as MikroORM does, with what it has no form for in one that it has. */
function literal(value: unknown, platform: AbstractSqlPlatform): string {
  if (value === null || value === undefined) return 'null'
  // An array is a list of values to MikroORM, and here it is one: JSON, as an object is.
  if (Array.isArray(value)) return platform.quoteValue(JSON.stringify(value))
  if (value instanceof Uint8Array) return platform.quoteValue(Buffer.from(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return platform.quoteValue(String(value))
  return platform.quoteValue(value)
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(items.length / size)}, (_, i) => items.slice(i * size, (i + 1) * size))
}
