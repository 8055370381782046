import type {SchemaDifference} from '@mikro-orm/sql'
import {joinName} from '../../operations/names.ts'
import {without} from '../../util/objects.ts'
import {foreignKeyOf} from '../../catalogue/definitions/constraints.ts'
import {nameBeforeRenames} from './before-renames.ts'
import {produceChangedTable} from './changed-table.ts'
import {settleEnums} from './enums.ts'
import {produceRoutines} from './routines.ts'
import {keepKeyIndexes} from './key-indexes.ts'
import type {Producing} from './producing.ts'
import {produceNewTables, produceRemovedTables} from './tables.ts'
import {produceViews} from './views.ts'

/** Adds the operations that resolve a schema difference to the stages. */
export function produceDifference(difference: SchemaDifference, producing: Producing): void {
  const {stages} = producing
  for (const name of difference.newNamespaces) stages.add({kind: 'createSchema', name})
  for (const {items, ...key} of difference.newNativeEnums)
    stages.add({kind: 'createEnum', name: enumName(key, producing), values: items})
  produceRemovedTables(Object.values(difference.removedTables), producing)
  produceNewTables(Object.values(difference.newTables), producing)
  for (const [, table] of Object.entries(difference.changedTables).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    produceChangedTable(table, producing)
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
  nameBeforeRenames(stages)
  settleEnums(producing)
}

/** Drops foreign keys from tables that stay to tables that are dropped. */
function dropOrphanedKeys(
  {orphanedForeignKeys, removedTables, fromSchema}: SchemaDifference,
  {stages}: Producing,
): void {
  for (const key of orphanedForeignKeys) {
    const table = fromSchema.getTable(key.localTableName)
    if (table === undefined || Object.values(removedTables).includes(table)) continue
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
