import {UnfitValue} from '../errors.ts'
import {
  columnName,
  field,
  flag,
  integer,
  listOf,
  mapOf,
  name,
  oneOf,
  optional,
  plainObject,
  printShape,
  readShape,
  sqlText,
  text,
} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'
import {conventionalName} from '../names.ts'
import {valueSource} from '../source.ts'

/** An element of an index: a column name, or an object with options. */
export type IndexElement = string | IndexColumn | IndexExpression

interface IndexOrder {
  readonly sort?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
  readonly collation?: string
  /** The operator class, on PostgreSQL: `jsonb_path_ops`. */
  readonly opclass?: string
}

interface IndexColumn extends IndexOrder {
  readonly column: string
  /** The number of characters to index, on MySQL. */
  readonly length?: number
}

interface IndexExpression extends IndexOrder {
  readonly expression: string
}

/** An index as data, without its table. */
export interface IndexDefinition {
  readonly columns: readonly IndexElement[]
  readonly name: string
  readonly unique?: true
  /** The index method on PostgreSQL (`gin`), or `fulltext` and `spatial` on MySQL. */
  readonly using?: string
  readonly where?: string
  readonly include?: readonly string[]
  readonly nullsNotDistinct?: true
  /** Storage parameters, on PostgreSQL: `{fillfactor: 70}`. */
  readonly with?: Readonly<Record<string, string | number | boolean>>
  readonly tablespace?: string
  /** Ignored by queries, on MySQL and MariaDB. */
  readonly invisible?: true
}

/** Storage parameters. */
export const parametersField = mapOf(
  field<string | number | boolean>('a value', (value) => ['string', 'number', 'boolean'].includes(typeof value)),
  'an object with storage parameters',
)

const order: Shape<IndexOrder> = {
  sort: optional(oneOf('asc', 'desc')),
  nulls: optional(oneOf('first', 'last')),
  collation: optional(name),
  opclass: optional(name),
}
const columnShape: Shape<IndexColumn> = {column: columnName, length: optional(integer), ...order}
const expressionShape: Shape<IndexExpression> = {expression: sqlText, ...order}

const expects = 'a column, {column: …} or {expression: …}'

const element: Field<IndexElement> = {
  expects,
  read: (value) => {
    if (typeof value === 'string') return columnName.read(value)
    const given = plainObject(value, expects)
    if ('expression' in given) return readShape(expressionShape, given)
    if (!('column' in given)) throw new UnfitValue(expects, value)
    return readShape(columnShape, given)
  },
  print: (value) =>
    typeof value === 'string'
      ? valueSource(value)
      : 'expression' in value
        ? printShape(expressionShape, value)
        : printShape(columnShape, value),
}

export const indexShape: Shape<IndexDefinition> = {
  columns: listOf(element, 'the columns of an index'),
  name,
  unique: flag,
  using: optional(text('an index method')),
  where: optional(sqlText),
  include: optional(listOf(columnName, 'column names')),
  nullsNotDistinct: flag,
  with: optional(parametersField),
  tablespace: optional(name),
  invisible: flag,
}

const {name: _, ...unnamed} = indexShape
/** An index whose name is given separately. */
export const unnamedIndexShape: Shape<Omit<IndexDefinition, 'name'>> = unnamed

/** Returns the names of the indexed columns, without expressions. */
export function columnsOfIndex({columns}: {readonly columns: readonly IndexElement[]}): readonly string[] {
  return columns.flatMap((item) => (typeof item === 'string' ? [item] : 'column' in item ? [item.column] : []))
}

/** Returns the expressions of an index. */
export function expressionsOf({columns}: {readonly columns: readonly IndexElement[]}): readonly string[] {
  return columns.flatMap((item) => (typeof item === 'object' && 'expression' in item ? [item.expression] : []))
}

/** Returns the default name of an index. */
export function defaultIndexName(table: string, {columns, unique}: Omit<IndexDefinition, 'name'>): string {
  const parts = columns.map((item) => {
    if (typeof item === 'string') return item
    return 'column' in item ? item.column : item.expression.replaceAll(/\W+/g, '_').replaceAll(/^_|_$/g, '')
  })
  return conventionalName(table, parts, unique ? 'unique' : 'index')
}
