import {comment as commentField} from '../constraints/constraint.ts'
import {
  checkShape,
  defaultUniqueName,
  excludeShape,
  foreignKeyShape,
  primaryKeyField,
  uniqueShape,
} from '../constraints/constraint.ts'
import type {Check, Exclude, ForeignKey, PrimaryKey, Unique} from '../constraints/constraint.ts'
import {columnField} from '../columns/column.ts'
import type {ColumnDefinition} from '../columns/column.ts'
import {columnTypes} from '../columns/column-builder.ts'
import {columnSource} from '../columns/column-source.ts'
import type {ColumnBuilder, ColumnTypes} from '../columns/column-builder.ts'
import {UnfitValue} from '../errors.ts'
import {flag, listOf, mapOf, name, object, optional, sqlText, tableName, text} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'
import {defaultIndexName, indexShape, parametersField} from '../indexes/index-definition.ts'
import type {IndexDefinition} from '../indexes/index-definition.ts'
import {without} from '../../util/objects.ts'
import {conventionalName} from '../names.ts'
import {objectSource, prefixed} from '../source.ts'

/** A table as data, without its name. */
export interface TableDefinition {
  readonly columns: Readonly<Record<string, ColumnDefinition>>
  readonly primaryKey?: PrimaryKey
  readonly unique?: readonly Unique[]
  readonly foreignKeys?: readonly ForeignKey[]
  readonly checks?: readonly Check[]
  readonly excludes?: readonly Exclude[]
  readonly indexes?: readonly IndexDefinition[]
  readonly comment?: string
  /** PostgreSQL: the partition key, as SQL: `range (created_at)`. */
  readonly partitionBy?: string
  /** PostgreSQL: the tables to inherit columns from. */
  readonly inherits?: readonly string[]
  readonly unlogged?: true
  readonly temporary?: true
  /** PostgreSQL: storage parameters. */
  readonly with?: Readonly<Record<string, string | number | boolean>>
  readonly tablespace?: string
  /** SQLite. */
  readonly strict?: true
  /** SQLite. */
  readonly withoutRowid?: true
}

/** The columns of a table, in order. */
export type ColumnsCallback = (t: ColumnTypes) => Readonly<Record<string, ColumnBuilder>>

/** An index of a new table, whose name can be omitted. */
const anyIndex = object('an index', {...indexShape, name: optional(name)})

const columnsExpect = 'columns, as in (t) => ({id: t.integer().primaryKey()})'

const columnsField: Field<Readonly<Record<string, ColumnDefinition>>> = {
  expects: columnsExpect,
  read: (value) => {
    const built: unknown = typeof value === 'function' ? (value as ColumnsCallback)(columnTypes) : value
    const columns = mapOf(columnField, columnsExpect).read(built)
    if (Object.keys(columns).length === 0) throw new UnfitValue(columnsExpect, value)
    return columns
  },
  print: (columns) => {
    const body = objectSource(Object.entries(columns).map(([key, column]) => [key, columnSource(column)]))
    const call = prefixed('(t) => (', body)
    return typeof call === 'string' ? call : {...call, close: `${call.close})`}
  },
}

const optionShape: Shape<Omit<TableDefinition, 'columns'>> = {
  primaryKey: optional(primaryKeyField),
  unique: optional(listOf(object('a unique constraint', uniqueShape), 'unique constraints')),
  foreignKeys: optional(listOf(object('a foreign key', foreignKeyShape), 'foreign keys')),
  checks: optional(listOf(object('a check', checkShape), 'checks')),
  excludes: optional(listOf(object('an exclusion constraint', excludeShape), 'exclusion constraints')),
  indexes: optional(listOf(anyIndex, 'indexes')),
  comment: optional(commentField),
  partitionBy: optional(sqlText),
  inherits: optional(listOf(tableName, 'tables')),
  unlogged: flag,
  temporary: flag,
  with: optional(parametersField),
  tablespace: optional(text('a tablespace')),
  strict: flag,
  withoutRowid: flag,
}

export const tableShape: Shape<TableDefinition> = {columns: columnsField, ...optionShape}
export const tableField: Field<TableDefinition> = object('a table', tableShape)

/** Moves keys declared on a column to the table, and names every constraint. */
export function completeTable<T extends TableDefinition>(table: string, definition: T): T {
  const entries = Object.entries(definition.columns)
  const keys = entries.filter(([, column]) => column.primaryKey).map(([key]) => key)
  const unique = [
    ...entries.filter(([, column]) => column.unique).map(([key]): Unique => ({columns: [key]})),
    ...(definition.unique ?? []),
  ].map((constraint) => ({
    ...constraint,
    name: constraint.name ?? defaultUniqueName(table, constraint),
  }))
  const {foreignKeys, checks, excludes, indexes} = definition
  return {
    ...definition,
    columns: Object.fromEntries(entries.map(([key, column]) => [key, without(column, 'primaryKey', 'unique')])),
    ...(keys.length > 0 && definition.primaryKey === undefined && {primaryKey: {columns: keys}}),
    ...(unique.length > 0 && {unique}),
    ...(foreignKeys && {
      foreignKeys: foreignKeys.map((foreignKey) => ({
        ...foreignKey,
        name: foreignKey.name ?? conventionalName(table, foreignKey.columns, 'foreign'),
      })),
    }),
    ...(checks && {checks: numbered(checks, conventionalName(table, [], 'check'))}),
    ...(excludes && {excludes: numbered(excludes, conventionalName(table, [], 'exclude'))}),
    ...(indexes && {indexes: indexes.map((index) => ({...index, name: index.name ?? defaultIndexName(table, index)}))}),
  }
}

/** Names constraints that have no columns to derive a name from, as PostgreSQL does: `t_check`, `t_check1`. */
function numbered<T extends {readonly name?: string}>(items: readonly T[], base: string): readonly T[] {
  let count = 0
  return items.map((item) => (item.name === undefined ? {...item, name: `${base}${count++ || ''}`} : item))
}
