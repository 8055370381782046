import type {SchemaDifference, TableDifference} from '@mikro-orm/sql'
import {joinName} from '../../operations/names.ts'
import {without} from '../../util/objects.ts'
import {foreignKeyOf} from '../../catalogue/definitions/constraints.ts'
import {produceChangedTable} from './changed-table.ts'
import {settleEnums} from './enums.ts'
import {produceRoutines} from './routines.ts'
import {keepKeyIndexes} from './key-indexes.ts'
import {recreateKeys} from './key-types.ts'
import type {Producing} from './producing.ts'
import {produceNewTables, produceRemovedTables} from './tables.ts'
import {produceViews} from './views.ts'

/** Adds the operations that resolve a schema difference to the stages. */
export function produceDifference(difference: SchemaDifference, producing: Producing): void {
  const {stages} = producing
  for (const name of difference.newNamespaces) stages.add({kind: 'createSchema', name})
  const {enumTypes} = producing.context.capabilities
  for (const {items, ...key} of enumTypes ? difference.newNativeEnums : [])
    stages.add({kind: 'createEnum', name: enumName(key, producing), values: items})
  const changed = Object.entries(difference.changedTables)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, table]) => table)
  // No database can drop all columns of a table that has rows, and nothing of it would stay.
  const replaced = changed.filter(keepsNoColumn)
  const [from, to] = [replaced.map(({fromTable}) => fromTable), replaced.map(({toTable}) => toTable)]
  produceRemovedTables([...Object.values(difference.removedTables), ...from], producing)
  produceNewTables([...Object.values(difference.newTables), ...to], producing)
  for (const table of changed) if (!replaced.includes(table)) produceChangedTable(table, producing)
  produceRoutines(difference, producing)
  produceViews(difference, producing)
  for (const removed of difference.removedNativeEnums)
    stages.add({
      kind: 'dropEnum',
      name: enumName(removed, producing),
      was: 'items' in removed ? (removed.items as readonly string[]) : [],
    })
  for (const name of difference.removedNamespaces) stages.add({kind: 'dropSchema', name})
  dropOrphanedKeys(difference, producing)
  keepKeyIndexes(difference, producing)
  recreateKeys(difference, producing)
  settleEnums(producing)
}

function keepsNoColumn({fromTable, removedColumns}: TableDifference): boolean {
  const columns = fromTable.getColumns()
  return columns.length > 0 && columns.every(({name}) => Object.hasOwn(removedColumns, name))
}

/** Drops foreign keys from tables that stay to tables that are dropped. */
function dropOrphanedKeys(
  {orphanedForeignKeys, removedTables, changedTables, fromSchema}: SchemaDifference,
  {stages}: Producing,
): void {
  const isDropped = (name: string): boolean =>
    Object.values(changedTables).some(
      ({removedForeignKeys, changedForeignKeys}) =>
        Object.hasOwn(removedForeignKeys, name) || Object.hasOwn(changedForeignKeys, name),
    )
  for (const key of orphanedForeignKeys) {
    const table = fromSchema.getTable(key.localTableName)
    if (table === undefined || Object.values(removedTables).includes(table) || isDropped(key.constraintName)) continue
    const {localTableName: name, constraintName} = key
    const was = {type: 'foreignKey', ...without(foreignKeyOf(key), 'name')} as const
    stages.add({kind: 'dropConstraint', table: name, name: constraintName, was})
  }
}

/** Returns the name of an enum as used in operations. */
function enumName(
  {name, schema}: {readonly name: string; readonly schema?: string},
  {context}: Pick<Producing, 'context'>,
): string {
  const isDefault = schema === undefined || schema === '*' || schema === context.platform.getDefaultSchemaName()
  return joinName(isDefault ? undefined : schema, name)
}
