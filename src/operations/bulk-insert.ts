import {columnsOf, irreversible, objects} from './definition.ts'
import type {OperationDefinition, SqlContext} from './definition.ts'
import {UnfitValue} from './errors.ts'
import {tableName} from './fields.ts'
import type {Field} from './fields.ts'
import {recordOf} from './record.ts'
import {valueSource} from './source.ts'

/** A row, by column name. */
export type Row = Readonly<Record<string, unknown>>

/** Inserts rows. A column that is missing or undefined in a row gets its default. */
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
  sql: ({table, rows}, context) =>
    runsOfColumns(rows).flatMap(({columns, rows: run}) => {
      const {quote, list, literal} = context
      if (columns.length === 0) return run.map(() => `insert into ${quote(table)} ${defaultRow(context)}`)
      const tuples = run.map((row) => `(${columns.map((column) => rowLiteral(row[column], literal)).join(', ')})`)
      const words = `insert into ${quote(table)} (${list(columns)}) values`
      return batches(tuples, rowsPerInsert).map((batch) => `${words} ${batch.join(', ')}`)
    }),
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
  return [...new Set(rows.flatMap(columnsOfRow))]
}

function columnsOfRow(row: Row): readonly string[] {
  return Object.keys(row).filter((column) => row[column] !== undefined)
}

/** Returns consecutive rows with the same columns, together: SQLite has no word for the default of one value. */
function runsOfColumns(rows: readonly Row[]): readonly {readonly columns: readonly string[]; readonly rows: Row[]}[] {
  const runs: {readonly columns: readonly string[]; readonly names: string; readonly rows: Row[]}[] = []
  for (const row of rows) {
    const columns = columnsOfRow(row)
    const names = JSON.stringify(columns.toSorted())
    const last = runs.at(-1)
    if (last?.names === names) last.rows.push(row)
    else runs.push({columns, names, rows: [row]})
  }
  return runs
}

/** Returns the end of an INSERT without values. */
function defaultRow({dialect}: SqlContext): string {
  switch (dialect) {
    case 'postgresql':
    case 'sqlite':
      return 'default values'
    case 'mysql':
    case 'mariadb':
      return '() values ()'
  }
}

/** Writes a value as MikroORM does, converting values that it does not support. */
function rowLiteral(value: unknown, literal: SqlContext['literal']): string {
  if (value === null) return 'null'
  // MikroORM treats an array as a list of values; a column receives it as JSON, like an object.
  if (Array.isArray(value)) return literal(JSON.stringify(value))
  if (value instanceof Uint8Array) return literal(Buffer.from(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return literal(String(value))
  return literal(value)
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(items.length / size)}, (_, i) => items.slice(i * size, (i + 1) * size))
}
