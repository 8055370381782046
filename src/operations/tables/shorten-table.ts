import {isDeepStrictEqual} from 'node:util'
import type {ColumnDefinition} from '../columns/column.ts'
import {defaultUniqueName} from '../constraints/constraint.ts'
import {defaultIndexName} from '../indexes/index-definition.ts'
import {conventionalName} from '../names.ts'
import {without} from '../../util/objects.ts'
import type {TableDefinition} from './table.ts'

/** Returns a table without conventional names, and with single-column keys moved to their column. */
export function shortenTable(table: string, definition: TableDefinition): TableDefinition {
  const {columns, primaryKey, unique = [], indexes = [], foreignKeys = []} = definition
  const inlineKey =
    primaryKey?.columns.length === 1 && Object.keys(primaryKey).length === 1 ? primaryKey.columns[0] : undefined
  const plain = unique.map((constraint) => unnamed(constraint, defaultUniqueName(table, constraint)))
  const order = Object.keys(columns)
  const isInline = (constraint: (typeof plain)[number]): boolean =>
    constraint.columns.length === 1 && Object.keys(constraint).length === 1
  const inline = plain.filter(isInline).flatMap((constraint) => constraint.columns)
  const isAtOnce =
    isDeepStrictEqual(
      inline,
      order.filter((column) => inline.includes(column)),
    ) && plain.findLastIndex(isInline) === inline.length - 1
  const rest = isAtOnce ? plain.filter((constraint) => !isInline(constraint)) : plain
  const marked = (name: string, column: ColumnDefinition): ColumnDefinition => ({
    ...column,
    ...(name === inlineKey && {primaryKey: true as const, nullable: false}),
    ...(isAtOnce && inline.includes(name) && {unique: true as const}),
  })
  return {
    ...without(definition, 'primaryKey', 'unique', 'indexes', 'foreignKeys'),
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, marked(name, column)])),
    ...(primaryKey !== undefined && inlineKey === undefined && {primaryKey}),
    ...(rest.length > 0 && {unique: rest}),
    ...(foreignKeys.length > 0 && {
      foreignKeys: foreignKeys.map((key) => unnamed(key, conventionalName(table, key.columns, 'foreign'))),
    }),
    ...(indexes.length > 0 && {
      indexes: indexes.map((index) =>
        index.name === defaultIndexName(table, index) ? (without(index, 'name') as typeof index) : index,
      ),
    }),
  }
}

/** Returns a constraint without its name if that is the conventional one. */
export function unnamed<T extends {readonly name?: string}>(constraint: T, conventional: string): T {
  return constraint.name === conventional ? (without(constraint, 'name') as T) : constraint
}
