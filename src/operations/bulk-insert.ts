import {columnsOf, irreversible, objects} from './definition.ts'
import type {OperationDefinition, SqlContext} from './definition.ts'
import {UnfitValue} from './errors.ts'
import {tableName} from './fields.ts'
import type {Field} from './fields.ts'
import {recordOf} from './record.ts'
import {valueSource} from './source.ts'

/** A row, by column name. */
export type Row = Readonly<Record<string, unknown>>

/** Inserts rows. A column that is missing from some rows is null in those. */
export interface BulkInsert {
  readonly kind: 'bulkInsert'
  /** The table name, qualified by its schema if needed. */
  readonly table: string
  readonly rows: readonly Row[]
}

const rowsField: Field<readonly Row[]> = {
  expects: 'an array of objects',
  read: (value) => {
    if (!Array.isArray(value) || !value.every((row) => typeof row === 'object' && row !== null))
      throw new UnfitValue('an array of objects', value)
    // Values of rows belong to the caller and are not frozen.
    return value.map((row: object) => Object.freeze({...row}) as Row)
  },
  print: valueSource,
}

export const bulkInsertDefinition: OperationDefinition<BulkInsert> = {
  kind: 'bulkInsert',
  parameters: ['table', 'rows'],
  fields: {table: tableName, rows: rowsField},
  sql: ({table, rows}, {quote, list, literal}) => {
    const columns = columnsOfRows(rows)
    const target = `${quote(table)} (${list(columns)})`
    const tuples = rows.map(
      (row) =>
        `(${columns.map((column) => rowLiteral(Object.hasOwn(row, column) ? row[column] : null, literal)).join(', ')})`,
    )
    return batches(tuples, rowsPerInsert).map((batch) => `insert into ${target} values ${batch.join(', ')}`)
  },
  inverse: () => irreversible('the inserted rows cannot be identified later'),
  effects: ({table, rows}) => ({reads: objects('table', table), writes: columnsOf(table, columnsOfRows(rows))}),
  change: 'rows',
  stage: 'custom',
  subject: ({table}) => ({type: 'rows', table}),
  describe: 'missing rows of',
  written: ['table'],
}

export function bulkInsert(table: string, rows: readonly Row[]): BulkInsert {
  return recordOf(bulkInsertDefinition, [table, rows])
}

/** The maximum number of rows per INSERT. */
const rowsPerInsert = 500

function columnsOfRows(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

/** Writes a value as MikroORM does, converting values that it does not support. */
function rowLiteral(value: unknown, literal: SqlContext['literal']): string {
  if (value === null || value === undefined) return 'null'
  // MikroORM treats an array as a list of values; a column receives it as JSON, like an object.
  if (Array.isArray(value)) return literal(JSON.stringify(value))
  if (value instanceof Uint8Array) return literal(Buffer.from(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return literal(String(value))
  return literal(value)
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(items.length / size)}, (_, i) => items.slice(i * size, (i + 1) * size))
}
