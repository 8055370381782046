import type {CheckDef, DatabaseTable, ForeignKey, IndexDef, TableDifference} from '@mikro-orm/sql'
import type {Capabilities} from '../../dialects/capabilities.ts'
import {dialects} from '../../dialects/dialects.ts'
import type {ColumnDefinition} from '../../operations/columns/column.ts'
import type {Constraint} from '../../operations/constraints/constraint.ts'
import type {Operation} from '../../operations/operation.ts'
import {without} from '../../util/objects.ts'
import {checkOf, foreignKeyOf, primaryKeyOf} from '../../catalogue/definitions/constraints.ts'
import {mentions} from '../../catalogue/creation.ts'
import {columnOf, isOfColumn} from '../../catalogue/definitions/column.ts'
import {indexOf, inTable} from '../../catalogue/definitions/index.ts'
import {createByStatement, dropByStatement, tableNameOf} from '../../catalogue/definitions/table.ts'
import {generationOf, produceChangedColumns, withoutRenumbering} from './columns.ts'
import {changePartitions} from './partitions.ts'
import {policyOf} from './policies.ts'
import type {Producing} from './producing.ts'
import {createTriggers, dropTriggers} from './triggers.ts'

const literal = /'(?:[^'\\]|\\.|'')*'/gs

/** Recreates the indexes and checks of a table that are dropped together with columns, although they stay. */
function recreateUsers(difference: TableDifference, capabilities: Capabilities): void {
  const {fromTable, toTable, changedColumns, addedColumns, removedColumns, ...parts} = difference
  const {addedIndexes, removedIndexes, addedChecks, removedChecks} = parts
  const recomputed = Object.values(changedColumns)
    .filter((changed) => generationOf(changed, capabilities) !== 'kept')
    .map(({column}) => column.name)
  const dropsColumns = [recomputed, Object.keys(addedColumns), Object.keys(removedColumns)].some(
    ({length}) => length > 0,
  )
  if (!dropsColumns) return
  const after = new Map(toTable.getIndexes().map((index) => [index.keyName, index]))
  for (const index of fromTable.getIndexes()) {
    const same = after.get(index.keyName)
    const isUser = index.columnNames.some((name) => recomputed.includes(name))
    if (!isUser || index.primary || same === undefined || Object.hasOwn(removedIndexes, index.keyName)) continue
    removedIndexes[index.keyName] = index
    addedIndexes[index.keyName] = same
  }
  const columns = fromTable.getColumns().map(({name}) => name)
  for (const check of fromTable.getChecks()) {
    const same = toTable.getChecks().find(({name}) => name === check.name)
    const expression = checkOf(check).expression.replaceAll(literal, '')
    const used = columns.filter((name) => mentions(expression, name))
    const isUser =
      used.some((name) => recomputed.includes(name)) || (used.length === 0 && !capabilities.keepsConstantChecks)
    if (!isUser || same === undefined || Object.hasOwn(removedChecks, check.name)) continue
    removedChecks[check.name] = check
    addedChecks[check.name] = same
  }
}

/** A check that is part of a column is dropped by redefining the column. */
function changeColumnChecks({fromTable, toTable, changedColumns, removedChecks}: TableDifference): void {
  for (const [name, check] of Object.entries(removedChecks)) {
    const [fromColumn, column] = [fromTable.getColumn(name), toTable.getColumn(name)]
    if (fromColumn === undefined || !isOfColumn(check, fromTable)) continue
    delete removedChecks[name]
    if (column === undefined) continue
    const changed = Object.hasOwn(changedColumns, name) ? changedColumns[name] : undefined
    const changedProperties = new Set([...(changed?.changedProperties ?? []), 'check'])
    changedColumns[name] = {oldColumnName: name, fromColumn, column, changedProperties}
  }
}

/** Adds the operations for an existing table that differs. */
export function produceChangedTable(found: TableDifference, producing: Producing): void {
  const difference = withoutRenumbering(found)
  changeColumnChecks(difference)
  const {context, stages} = producing
  recreateUsers(difference, context.capabilities)
  const {fromTable, toTable} = difference
  const table = tableNameOf(toTable, context)
  const counted = Object.values(difference.addedColumns).flatMap((column) =>
    addColumn(column.name, columnOf(column, toTable, context.dialect), table, producing),
  )
  for (const {name} of Object.values(difference.removedColumns)) dropColumn(name, fromTable, table, producing)
  const started = produceChangedColumns(difference, table, producing)
  produceIndexes(difference, table, producing)
  stages.addAt('createPrimaryKey', ...started, ...counted)
  produceConstraints(difference, table, producing)
  dropTriggers(
    fromTable,
    fromTable
      .getTriggers()
      .filter(
        ({name}) => Object.hasOwn(difference.removedTriggers, name) || Object.hasOwn(difference.changedTriggers, name),
      ),
    producing,
  )
  createTriggers(
    toTable,
    [...Object.values(difference.addedTriggers), ...Object.values(difference.changedTriggers)],
    producing,
  )
  producePolicies(difference, table, producing)
  changePartitions(difference, producing)
  if ('changedComment' in difference)
    stages.add({
      kind: 'setTableComment',
      table,
      comment: toTable.comment || null,
      was: fromTable.comment || null,
    })
}

/** Adds the operation for a new column. Returns those that follow once the primary key is there. */
function addColumn(
  column: string,
  definition: ColumnDefinition,
  table: string,
  {context, stages}: Producing,
): readonly Operation[] {
  const add = (added: ColumnDefinition): void => stages.add({kind: 'addColumn', table, column, definition: added})
  const {rebuildsTables, redefinesColumns} = context.capabilities
  if (!definition.autoincrement || !(rebuildsTables || redefinesColumns)) {
    add(definition)
    return []
  }
  if (rebuildsTables) {
    add(without(definition, 'autoincrement'))
    return [{kind: 'alterColumn', table, column, set: {autoincrement: true}, was: {autoincrement: false}}]
  }
  // MySQL requires a key on a column that counts from the start: a unique index named like the column.
  add(definition)
  return [{kind: 'dropIndex', name: column, table, was: {columns: [column], unique: true}}]
}

/** Adds the operations for a column that goes: one that counts must be a key until it does. */
function dropColumn(column: string, owner: DatabaseTable, table: string, {context, stages}: Producing): void {
  const definition = columnOf(owner.getColumn(column)!, owner, context.dialect)
  const {rebuildsTables, redefinesColumns} = context.capabilities
  if (!definition.autoincrement || !(rebuildsTables || redefinesColumns)) {
    stages.add({kind: 'dropColumn', table, column, was: definition})
  } else if (rebuildsTables) {
    const [set, was] = [{autoincrement: false}, {autoincrement: true}]
    stages.addAt('dropPrimaryKey', {kind: 'alterColumn', table, column, set, was})
    stages.add({kind: 'dropColumn', table, column, was: without(definition, 'autoincrement')})
  } else {
    // As for a new one. It goes with the column, and the inverse of that brings it back.
    stages.addAt('dropPrimaryKey', {kind: 'createIndex', name: column, table, columns: [column], unique: true})
    stages.add({kind: 'dropColumn', table, column, was: definition})
  }
}

function produceIndexes(difference: TableDifference, table: string, producing: Producing): void {
  const {context, stages} = producing
  const {renamesConstraints, renamesIndexes} = dialects[context.dialect].capabilities
  const {fromTable, toTable, addedIndexes, removedIndexes, changedIndexes, renamedIndexes} = difference
  const before = new Map(fromTable.getIndexes().map((index) => [index.keyName, index]))
  const changed = Object.entries(changedIndexes)
  const dropped = [...Object.values(removedIndexes), ...changed.flatMap(([name]) => before.get(name) ?? [])]
  for (const index of dropped) {
    const drop = dropIndexOf(index, fromTable, table, producing)
    if (inTable.has(index)) stages.add(drop)
    else stages.addAt(index.primary ? 'dropPrimaryKey' : 'dropIndex', drop)
  }
  for (const index of [...Object.values(addedIndexes), ...Object.values(changedIndexes)])
    stages.addAt(index.primary ? 'createPrimaryKey' : 'createIndex', createIndexOf(index, toTable, table, producing))
  for (const [name, index] of Object.entries(renamedIndexes)) {
    const part = indexOf(index, context.dialect)
    const isConstraint = part.kind === 'unique' && renamesConstraints
    const old = before.get(name)
    if (part.kind === 'statement') {
      if (old !== undefined) stages.addAt('dropIndex', dropIndexOf(old, fromTable, table, producing))
      stages.addAt('createIndex', createIndexOf(index, toTable, table, producing))
    } else if (isConstraint) stages.add({kind: 'renameConstraint', table, name, to: index.keyName})
    else {
      const was =
        part.kind === 'unique' ? {columns: part.unique.columns, unique: true as const} : without(part.index, 'name')
      stages.add({kind: 'renameIndex', name, to: index.keyName, table, ...(!renamesIndexes && {was})})
    }
  }
}

function createIndexOf(index: IndexDef, owner: DatabaseTable, table: string, {context}: Producing): Operation {
  if (index.primary)
    return {
      kind: 'createPrimaryKey',
      table,
      ...(primaryKeyOf(owner, context.dialect, defaultNameOf(owner, context)) ?? {columns: index.columnNames}),
    }
  const part = indexOf(index, context.dialect)
  switch (part.kind) {
    case 'statement':
      return createByStatement(index, owner, context)
    case 'unique':
      return {kind: 'createUniqueConstraint', table, ...part.unique}
    case 'index':
      return {kind: 'createIndex', table, ...part.index}
  }
}

function dropIndexOf(index: IndexDef, owner: DatabaseTable, table: string, {context}: Producing): Operation {
  if (index.primary) {
    const was = primaryKeyOf(owner, context.dialect, defaultNameOf(owner, context)) ?? {columns: index.columnNames}
    return {kind: 'dropPrimaryKey', table, ...(was.name !== undefined && {name: was.name}), was}
  }
  const part = indexOf(index, context.dialect)
  switch (part.kind) {
    case 'statement':
      return dropByStatement(index, owner, context)
    case 'unique':
      return {
        kind: 'dropConstraint',
        table,
        name: index.keyName,
        was: {type: 'unique', ...without(part.unique, 'name')},
      }
    case 'index':
      return {kind: 'dropIndex', name: index.keyName, table, was: without(part.index, 'name')}
  }
}

function defaultNameOf(owner: DatabaseTable, {platform}: Producing['context']): string {
  return platform.getDefaultPrimaryName(owner.name, owner.getPrimaryKey()?.columnNames ?? [])
}

function produceConstraints(difference: TableDifference, table: string, {stages}: Producing): void {
  const {fromTable} = difference
  const checks = new Map(fromTable.getChecks().map((check) => [check.name, check]))
  const keys = fromTable.getForeignKeys()
  const drop = (name: string, was: Constraint): Operation => ({kind: 'dropConstraint', table, name, was})
  const changedChecks = Object.values(difference.changedChecks)
  const changedKeys = Object.values(difference.changedForeignKeys)
  const droppedChecks: CheckDef[] = [
    ...Object.values(difference.removedChecks),
    ...changedChecks.flatMap(({name}) => checks.get(name) ?? []),
  ]
  const droppedKeys: ForeignKey[] = [
    ...Object.values(difference.removedForeignKeys),
    ...changedKeys.flatMap(
      ({constraintName}) => (Object.hasOwn(keys, constraintName) ? keys[constraintName] : undefined) ?? [],
    ),
  ]
  for (const check of droppedChecks) stages.add(drop(check.name, {type: 'check', ...without(checkOf(check), 'name')}))
  for (const key of droppedKeys)
    stages.add(drop(key.constraintName, {type: 'foreignKey', ...without(foreignKeyOf(key), 'name')}))
  for (const check of [...Object.values(difference.addedChecks), ...changedChecks])
    stages.add({kind: 'createCheckConstraint', table, ...checkOf(check)})
  for (const key of [...Object.values(difference.addedForeignKeys), ...changedKeys])
    stages.add({kind: 'createForeignKey', table, ...foreignKeyOf(key)})
}

function producePolicies(difference: TableDifference, table: string, {stages}: Producing): void {
  const {addedPolicies, removedPolicies, changedRlsEnabled, changedRlsForced} = difference
  for (const policy of Object.values(removedPolicies)) {
    const {kind: _, table: __, name, ...was} = policyOf(table, policy)
    stages.add({kind: 'dropPolicy', table, name, was})
  }
  if (changedRlsEnabled !== undefined || changedRlsForced !== undefined)
    stages.add({
      kind: 'setRowLevelSecurity',
      table,
      ...(changedRlsEnabled !== undefined && {enabled: changedRlsEnabled}),
      ...(changedRlsForced !== undefined && {forced: changedRlsForced}),
    })
  stages.add(...Object.values(addedPolicies).map((policy) => policyOf(table, policy)))
}
