import {child} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isDefault} from './constants.ts'
import type {Item} from './items.ts'
import {anyRows, constantOf} from './row-sets.ts'
import type {SchemaModel} from './schema-model.ts'
import {take} from './sequence-values.ts'

/** The types of such columns, with their options. */
const isCounting = /, counts[,)]|^int4\(serial\b/

/** Returns the column of a table that a database other than PostgreSQL fills with the next number. */
export function countedColumn(model: SchemaModel, table: Item): Item | undefined {
  if (model.rules.isTyped) return undefined
  const columns = model.within(table, 'column')
  const counted = columns.find(({properties}) => isCounting.test((properties['type'] ?? '').replaceAll('.', '')))
  if (counted !== undefined || !model.rules.isLoose) return counted
  const primary = model.within(table, 'constraint').find(({properties}) => properties['type'] === 'primary')
  const ids = JSON.parse(primary?.properties['*columns'] ?? '[]') as readonly string[]
  return ids.length === 1
    ? columns.find(({id, properties}) => id === ids[0] && properties['type']?.startsWith('int4'))
    : undefined
}

/** Whether a value stands for the next number: none, NULL, or zero on MariaDB and MySQL. */
function isCounted(model: SchemaModel, value: Tree | undefined): boolean {
  const constant = constantOf(value)
  return value === undefined || isDefault(value) || constant === null || (constant === '0' && !model.rules.isLoose)
}

/** Notes that rows take the next number of a column, or that their numbers may be those that others would take. */
export function noteCounted(model: SchemaModel, column: Item, values: readonly (Tree | undefined)[]): void {
  if (values.some((value) => isCounted(model, value) || child(value ?? {}, 'A_Const') === undefined))
    take(model, column, false)
  else model.noteRows({table: column.id, change: 'sets', columns: [], rows: anyRows})
}
