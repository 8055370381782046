import type {DatabaseSchema, DatabaseTable, ForeignKey, SchemaDifference} from '@mikro-orm/sql'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {foreignKeyOf} from '../../catalogue/definitions/constraints.ts'
import {columnsOfIndex} from '../../operations/indexes/index-definition.ts'
import type {Operation} from '../../operations/operation.ts'
import type {Stage} from '../../operations/stage.ts'
import {without} from '../../util/objects.ts'
import type {Producing} from './producing.ts'
import type {Stages} from './stages.ts'

/** A foreign key that stays, and the columns of a table that must be indexed for it. */
interface KeptKey {
  readonly key: ForeignKey
  /** The table of the key. */
  readonly owner: string
  readonly columns: readonly string[]
  /** Whether the table is the one that the key references. */
  readonly isReferenced: boolean
}

/**
 * Keeps an index for each foreign key at any time, where a database requires one: the index that takes the place of
 * another is created before that is dropped, and an index without a successor stays.
 */
export function keepKeyIndexes({changedTables, fromSchema}: SchemaDifference, producing: Producing): void {
  const {context, stages} = producing
  if (!context.capabilities.keysNeedIndexes) return
  for (const {fromTable} of Object.values(changedTables)) {
    const table = tableNameOf(fromTable, context)
    for (const kept of keptKeys(fromTable, fromSchema, producing)) keepIndex(kept, table, fromTable, stages)
  }
}

function keptKeys(table: DatabaseTable, schema: DatabaseSchema, {context, stages}: Producing): readonly KeptKey[] {
  const name = tableNameOf(table, context)
  const gone = stages
    .at('dropForeignKey')
    .flatMap((operation) => ('table' in operation && 'name' in operation ? `${operation.table}.${operation.name}` : []))
  return schema.getTables().flatMap((other) => {
    const owner = tableNameOf(other, context)
    return Object.values(other.getForeignKeys())
      .filter(({constraintName}) => !gone.includes(`${owner}.${constraintName}`))
      .flatMap((key): KeptKey[] => [
        ...(owner === name ? [{key, owner, columns: key.columnNames, isReferenced: false}] : []),
        ...(key.referencedTableName === name
          ? [{key, owner, columns: key.referencedColumnNames, isReferenced: true}]
          : []),
      ])
  })
}

function keepIndex(kept: KeptKey, table: string, from: DatabaseTable, stages: Stages): void {
  const {key, owner, columns} = kept
  const onTable = (...names: readonly Stage[]): readonly Operation[] =>
    names.flatMap((stage) => stages.at(stage)).filter((operation) => isOn(operation, table))
  const drops = onTable('dropIndex', 'dropPrimaryKey')
  const dropped = drops.filter((operation) => isFor(indexedBy(operation), columns))
  if (dropped.length === 0) return
  const names = new Set(drops.flatMap(nameOf))
  const isKeyDropped = drops.some(({kind}) => kind === 'dropPrimaryKey')
  const isCovered = from
    .getIndexes()
    .some(
      ({keyName, primary, columnNames}) =>
        !(primary ? isKeyDropped : names.has(keyName)) && isFor(columnNames, columns),
    )
  const isEarly = onTable('dropIndex').some((operation) => isFor(createdBy(operation), columns))
  if (isCovered || isEarly) return
  const created = onTable('createIndex', 'createPrimaryKey').find((operation) => isFor(createdBy(operation), columns))
  if (created === undefined) return leaveIndex(kept, table, dropped, stages)
  const isPossible = createdBy(created).every((column) => from.getColumn(column) !== undefined)
  if (created.kind !== 'createPrimaryKey' && isPossible && !nameOf(created).some((name) => names.has(name))) {
    stages.replace('dropIndex', [created, ...stages.at('dropIndex')])
    stages.replace(
      'createIndex',
      stages.at('createIndex').filter((operation) => operation !== created),
    )
    return
  }
  const definition = foreignKeyOf(key)
  const was = {type: 'foreignKey', ...without(definition, 'name')} as const
  stages.add({kind: 'dropConstraint', table: owner, name: key.constraintName, was})
  stages.add({kind: 'createForeignKey', table: owner, ...definition})
}

/** Leaves an index, or replaces a unique one with the index that the database would create for the key. */
function leaveIndex({key, isReferenced}: KeptKey, table: string, dropped: readonly Operation[], stages: Stages): void {
  const plain = dropped.find((operation) => operation.kind === 'dropIndex' && !operation.was?.unique)
  const left = isReferenced ? dropped.find(({kind}) => kind !== 'dropPrimaryKey') : plain
  if (left !== undefined)
    stages.replace(
      'dropIndex',
      stages.at('dropIndex').filter((operation) => operation !== left),
    )
  else if (!isReferenced) {
    const index = {kind: 'createIndex', table, columns: key.columnNames, name: key.constraintName} as const
    stages.replace('dropIndex', [index, ...stages.at('dropIndex')])
  }
}

function isOn(operation: Operation, table: string): boolean {
  return 'table' in operation && operation.table === table
}

/** Returns whether an index serves a foreign key: the columns of the key come first. */
function isFor(indexed: readonly string[], columns: readonly string[]): boolean {
  return columns.every((column, i) => indexed[i] === column)
}

function nameOf(operation: Operation): readonly string[] {
  return 'name' in operation && typeof operation.name === 'string' ? [operation.name] : []
}

/** Returns the columns of an index that an operation drops. */
function indexedBy(operation: Operation): readonly string[] {
  if (operation.kind === 'dropIndex') return operation.was === undefined ? [] : columnsOfIndex(operation.was)
  if (operation.kind === 'dropPrimaryKey') return operation.was?.columns ?? []
  return operation.kind === 'dropConstraint' && operation.was?.type === 'unique' ? operation.was.columns : []
}

/** Returns the columns of an index that an operation creates. */
function createdBy(operation: Operation): readonly string[] {
  if (operation.kind === 'createIndex') return columnsOfIndex(operation)
  return operation.kind === 'createUniqueConstraint' || operation.kind === 'createPrimaryKey' ? operation.columns : []
}
