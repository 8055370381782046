import type {DatabaseTable, IndexDef} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {joinName, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {TableDefinition} from '../../operations/tables/table.ts'
import {columnOf, isOfColumn} from './column.ts'
import {checkOf, foreignKeyOf, primaryKeyOf} from './constraints.ts'
import {indexOf} from './index.ts'

/** A table as `op.createTable` creates it, and the operations that must follow for everything it does not cover. */
export interface DescribedTable {
  readonly table: string
  readonly definition: TableDefinition
  /** Indexes that only a statement defines. */
  readonly statements: readonly Operation[]
}

/** Returns the name of a table as operations use it: qualified unless it is in the default schema. */
export function tableNameOf(
  {name, schema}: Pick<DatabaseTable, 'name' | 'schema'>,
  {platform}: Pick<SqlContext, 'platform'>,
): string {
  const isDefault = schema === undefined || schema === '' || schema === platform.getDefaultSchemaName()
  return joinName(isDefault ? undefined : schema, name)
}

/** Converts a MikroORM table, of an entity or a database, to its operation form. */
export function describeTable(table: DatabaseTable, context: SqlContext): DescribedTable {
  const {dialect, platform} = context
  const name = tableNameOf(table, context)
  const columns = Object.fromEntries(
    table.getColumns().map((column) => [column.name, columnOf(column, table, dialect)]),
  )
  const defaultName = platform.getDefaultPrimaryName(table.name, table.getPrimaryKey()?.columnNames ?? [])
  const primaryKey = primaryKeyOf(table, dialect, defaultName)
  const others = table.getIndexes().filter(({primary}) => !primary)
  const parts = others.map((index) => indexOf(index, dialect))
  const unique = parts.flatMap((part) => (part.kind === 'unique' ? part.unique : []))
  const indexes = parts.flatMap((part) => (part.kind === 'index' ? part.index : []))
  const foreignKeys = Object.values(table.getForeignKeys()).map(foreignKeyOf)
  const checks = table
    .getChecks()
    .filter((check) => !isOfColumn(check, table))
    .map(checkOf)
  const partitionBy = table.getPartitioning()?.definition
  return {
    table: name,
    definition: {
      columns,
      ...(primaryKey && {primaryKey}),
      ...(unique.length > 0 && {unique}),
      ...(foreignKeys.length > 0 && {foreignKeys}),
      ...(checks.length > 0 && {checks}),
      ...(indexes.length > 0 && {indexes}),
      ...(table.comment && {comment: table.comment}),
      ...(partitionBy !== undefined && dialects[dialect].capabilities.partitions && {partitionBy}),
    },
    statements: others
      .filter((_, i) => parts[i]?.kind === 'statement')
      .map((index) => createByStatement(index, table, context)),
  }
}

/** Returns the operation that creates an index which only a statement of MikroORM or the entity defines. */
export function createByStatement(index: IndexDef, table: DatabaseTable, context: SqlContext): Operation {
  const sql = statementOf(index, table, context)
  return {kind: 'execute', sql, parameters: [], inverse: dropStatement(index, table, context)}
}

/** Returns the operation that drops such an index. */
export function dropByStatement(index: IndexDef, table: DatabaseTable, context: SqlContext): Operation {
  const inverse = statementOf(index, table, context)
  return {kind: 'execute', sql: dropStatement(index, table, context), parameters: [], inverse}
}

function statementOf(index: IndexDef, table: DatabaseTable, {helper}: SqlContext): string {
  return helper.createIndex(index, table).trim().replace(/;$/, '')
}

function dropStatement({keyName}: IndexDef, table: DatabaseTable, context: SqlContext): string {
  const {dialect, quote, list} = context
  const name = tableNameOf(table, context)
  if (dialects[dialect].capabilities.indexesPerTable) return `drop index ${list([keyName])} on ${quote(name)}`
  return `drop index ${quote(joinName(splitName(name).schema, keyName))}`
}
