import type {DatabaseSchema, DatabaseTable, IndexDef} from '@mikro-orm/sql'
import type {SqlContext} from '../../operations/definition.ts'
import type {Stages} from '../produce/stages.ts'
import {splitName} from '../../operations/names.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'
import {renameEnumValue} from './enum-value.ts'
import {renameInExpression} from './identifiers.ts'
import {createUsers, dropUsers, usersOf} from './rename-used-column.ts'

/**
 * Applies renames to the schema read from a database, so that comparing finds the remaining differences.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function applyRenames(
  renames: readonly Rename[],
  live: DatabaseSchema,
  target: DatabaseSchema,
  {context, stages}: {readonly context: SqlContext; readonly stages: Stages},
): void {
  const find = (schema: DatabaseSchema, name: string): DatabaseTable | undefined =>
    schema.getTables().find((table) => tableNameOf(table, context) === name)
  const ofTables = renames.filter(({column}) => column === undefined)
  for (const {text, table, to} of ofTables) {
    const found = find(live, table)
    const {schema} = splitName(table)
    const plain = splitName(to).name
    const wanted = schema === undefined ? plain : `${schema}.${plain}`
    if (found === undefined || find(target, table) !== undefined)
      throw new UnknownAnswerError(text, `no table ${table} was removed`, goneTables(live, target, context))
    if (find(target, wanted) === undefined || find(live, wanted) !== undefined)
      throw new UnknownAnswerError(text, `no table ${wanted} was added`, goneTables(target, live, context))
    stages.add({kind: 'renameTable', table, to: plain})
    renameTable(found, plain, live, context)
  }
  for (const {text, table: name, column, to} of renames) {
    if (column === undefined) continue
    const table = find(live, name)
    if (table?.getColumn(column) === undefined && Object.hasOwn(live.getNativeEnums(), name)) {
      renameEnumValue({text, table: name, column, to}, live, target, stages)
      continue
    }
    const after = find(target, name)
    if (table?.getColumn(column) === undefined || after === undefined || after.getColumn(column) !== undefined)
      throw new UnknownAnswerError(
        text,
        `no column ${name}.${column} was removed`,
        table && after ? goneColumns(table, after) : [],
      )
    if (after.getColumn(to) === undefined || table.getColumn(to) !== undefined)
      throw new UnknownAnswerError(text, `no column ${name}.${to} was added`, goneColumns(after, table))
    const users = usersOf(table, column, context)
    const dropped = dropUsers(table, users, context)
    renameColumn(table, column, to, live, context)
    const created = createUsers(table, users, context)
    stages.addAt('renameColumn', ...dropped, {kind: 'renameColumn', table: name, column, to}, ...created)
  }
}

function goneTables(from: DatabaseSchema, to: DatabaseSchema, context: SqlContext): readonly string[] {
  const there = new Set(to.getTables().map((table) => tableNameOf(table, context)))
  return from
    .getTables()
    .map((table) => tableNameOf(table, context))
    .filter((name) => !there.has(name))
}

function goneColumns(from: DatabaseTable, to: DatabaseTable): readonly string[] {
  return from
    .getColumns()
    .filter(({name}) => to.getColumn(name) === undefined)
    .map(({name}) => name)
}

function renameTable(table: DatabaseTable, to: string, live: DatabaseSchema, context: SqlContext): void {
  const before = new Set([tableNameOf(table, context), `${table.schema}.${table.name}`])
  // The name is declared readonly in MikroORM, but this schema object belongs to us.
  Object.assign(table, {name: to})
  for (const key of Object.values(table.getForeignKeys())) key.localTableName = table.getShortestName(false)
  for (const referencing of live.getTables())
    for (const key of Object.values(referencing.getForeignKeys()))
      if (before.has(key.referencedTableName)) {
        const {schema} = splitName(key.referencedTableName)
        key.referencedTableName = schema === undefined ? to : `${schema}.${to}`
      }
}

function renameColumn(table: DatabaseTable, from: string, to: string, live: DatabaseSchema, context: SqlContext): void {
  const rename = (name: string): string => (name === from ? to : name)
  const inText = (text: string): string => renameInExpression(text, from, to)
  const columns = table.getColumns()
  for (const column of columns) {
    table.removeColumn(column.name)
    column.name = rename(column.name)
    if (column.generated !== undefined) column.generated = inText(column.generated)
    table.addColumn(column)
  }
  for (const index of table.getIndexes()) renameInIndex(index, rename, inText)
  for (const check of table.getChecks()) {
    if (typeof check.expression === 'string') check.expression = inText(check.expression)
    if (check.definition !== undefined) check.definition = inText(check.definition)
    if (check.columnName !== undefined) check.columnName = rename(check.columnName)
  }
  for (const key of Object.values(table.getForeignKeys())) key.columnNames = key.columnNames.map(rename)
  const names = new Set([tableNameOf(table, context), `${table.schema}.${table.name}`])
  for (const referencing of live.getTables())
    for (const key of Object.values(referencing.getForeignKeys()))
      if (names.has(key.referencedTableName)) key.referencedColumnNames = key.referencedColumnNames.map(rename)
}

function renameInIndex(index: IndexDef, rename: (name: string) => string, inText: (text: string) => string): void {
  index.columnNames = index.columnNames.map(rename)
  if (index.columns !== undefined)
    index.columns = index.columns.map((column) => ({...column, name: rename(column.name)}))
  if (index.include !== undefined) index.include = index.include.map(rename)
  if (index.where !== undefined) index.where = inText(index.where)
  if (index.expression !== undefined) index.expression = inText(index.expression)
}
