import {OperationArgumentError} from './errors.ts'

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** Inserts rows. A column that only some rows have is null in the others. */
export interface BulkInsert {
  readonly kind: 'bulkInsert'
  /** A table, with its schema before a dot where it needs one. */
  readonly table: string
  readonly rows: readonly Row[]
}

export function bulkInsert(table: string, rows: readonly Row[]): BulkInsert {
  if (typeof table !== 'string' || table === '')
    throw new OperationArgumentError('bulkInsert', 'the name of a table', table)
  if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null))
    throw new OperationArgumentError('bulkInsert', 'an array of objects', rows)
  return Object.freeze({kind: 'bulkInsert', table, rows})
}
