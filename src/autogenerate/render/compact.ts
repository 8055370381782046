import {isDeepStrictEqual} from 'node:util'
import type {ColumnDefinition} from '../../operations/columns/column.ts'
import type {Operation} from '../../operations/operation.ts'
import {defaultIndexName} from '../../operations/indexes/index-definition.ts'
import {conventionalName} from '../../operations/names.ts'
import type {TableDefinition} from '../../operations/tables/table.ts'
import {without} from '../../util/objects.ts'
import {completed} from '../produce/stages.ts'

/**
 * Returns an operation without what `op` fills in by itself: names that follow from the rest, and keys of one column,
 * which stand with the column.
 */
export function compact(operation: Operation): Operation {
  const shorter = shortened(operation)
  return shorter !== operation && isDeepStrictEqual(completed(shorter), completed(operation)) ? shorter : operation
}

function shortened(operation: Operation): Operation {
  switch (operation.kind) {
    case 'createTable':
      return {
        ...without(operation, 'columns', 'primaryKey', 'unique', 'indexes', 'foreignKeys'),
        ...compactTable(operation.table, operation),
      }
    case 'dropTable':
      return operation.was === undefined ? operation : {...operation, was: compactTable(operation.table, operation.was)}
    case 'createIndex':
      return operation.name === defaultIndexName(operation.table, operation)
        ? (without(operation, 'name') as Operation)
        : operation
    case 'createUniqueConstraint':
      return unnamed(operation, conventionalName(operation.table, operation.columns, 'unique'))
    case 'createForeignKey':
      return unnamed(operation, conventionalName(operation.table, operation.columns, 'foreign'))
    default:
      return operation
  }
}

function unnamed<T extends {readonly name?: string}>(one: T, conventional: string): T {
  return one.name === conventional ? (without(one, 'name') as T) : one
}

function compactTable(table: string, definition: TableDefinition): TableDefinition {
  const {columns, primaryKey, unique = [], indexes = [], foreignKeys = []} = definition
  const inlineKey =
    primaryKey?.columns.length === 1 && Object.keys(primaryKey).length === 1 ? primaryKey.columns[0] : undefined
  const plain = unique.map((one) => unnamed(one, conventionalName(table, one.columns, 'unique')))
  const order = Object.keys(columns)
  const isInline = (one: (typeof plain)[number]): boolean => one.columns.length === 1 && Object.keys(one).length === 1
  const inline = plain.filter(isInline).flatMap((one) => one.columns)
  const isAtOnce =
    isDeepStrictEqual(
      inline,
      order.filter((column) => inline.includes(column)),
    ) && plain.findLastIndex(isInline) === inline.length - 1
  const rest = isAtOnce ? plain.filter((one) => !isInline(one)) : plain
  const marked = (name: string, column: ColumnDefinition): ColumnDefinition => ({
    ...column,
    ...(name === inlineKey && {primaryKey: true as const, nullable: false}),
    ...(isAtOnce && inline.includes(name) && {unique: true as const}),
  })
  return {
    ...without(definition, 'primaryKey', 'unique', 'indexes', 'foreignKeys'),
    columns: Object.fromEntries(order.map((name) => [name, marked(name, columns[name] as ColumnDefinition)])),
    ...(primaryKey !== undefined && inlineKey === undefined && {primaryKey}),
    ...(rest.length > 0 && {unique: rest}),
    ...(foreignKeys.length > 0 && {
      foreignKeys: foreignKeys.map((one) => unnamed(one, conventionalName(table, one.columns, 'foreign'))),
    }),
    ...(indexes.length > 0 && {
      indexes: indexes.map((one) =>
        one.name === defaultIndexName(table, one) ? (without(one, 'name') as typeof one) : one,
      ),
    }),
  }
}
