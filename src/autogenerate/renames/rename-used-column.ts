import type {DatabaseTable} from '@mikro-orm/sql'
import {columnOf} from '../../catalogue/definitions/column.ts'
import {checkOf} from '../../catalogue/definitions/constraints.ts'
import {indexOf} from '../../catalogue/definitions/index.ts'
import {createByStatement, dropByStatement, tableNameOf} from '../../catalogue/definitions/table.ts'
import type {SqlContext} from '../../operations/definition.ts'
import type {Operation} from '../../operations/operation.ts'
import {without} from '../../util/objects.ts'
import {renameInExpression} from './identifiers.ts'

/** The checks and generated columns of a table that mention a column, with the indexes on those columns. */
interface Users {
  readonly checks: readonly string[]
  readonly columns: readonly string[]
  readonly indexes: readonly string[]
}

/** Returns the checks and generated columns that MySQL requires to be dropped before a column is renamed. */
export function usersOf(table: DatabaseTable, column: string, {capabilities, dialect}: SqlContext): Users {
  if (capabilities.renamesUsedColumns) return {checks: [], columns: [], indexes: []}
  const uses = (text: string): boolean => renameInExpression(text, column, `${column}_`) !== text
  const columns = table
    .getColumns()
    .filter((other) => uses(columnOf(other, table, dialect).generated?.as ?? ''))
    .map(({name}) => name)
  return {
    checks: table
      .getChecks()
      .filter((check) => uses(checkOf(check).expression))
      .map(({name}) => name),
    columns,
    indexes: table
      .getIndexes()
      .filter(({columnNames, primary}) => !primary && columnNames.some((name) => columns.includes(name)))
      .map(({keyName}) => keyName),
  }
}

/** Returns the operations that drop the users of a column, as the table defines them now. */
export function dropUsers(table: DatabaseTable, users: Users, context: SqlContext): readonly Operation[] {
  const name = tableNameOf(table, context)
  const {checks, columns, indexes} = partsOf(table, users)
  return [
    ...checks.map((check): Operation => {
      const was = {type: 'check', ...without(checkOf(check), 'name')} as const
      return {kind: 'dropConstraint', table: name, name: check.name, was}
    }),
    ...indexes.map((index): Operation => {
      const part = indexOf(index, context.dialect)
      switch (part.kind) {
        case 'statement':
          return dropByStatement(index, table, context)
        case 'unique': {
          const was = {type: 'unique', ...without(part.unique, 'name')} as const
          return {kind: 'dropConstraint', table: name, name: index.keyName, was}
        }
        case 'index':
          return {kind: 'dropIndex', name: index.keyName, table: name, was: without(part.index, 'name')}
      }
    }),
    ...columns.map((column): Operation => {
      const was = columnOf(column, table, context.dialect)
      return {kind: 'dropColumn', table: name, column: column.name, was}
    }),
  ]
}

/** Returns the operations that create the users of a column, as the table defines them now. */
export function createUsers(table: DatabaseTable, users: Users, context: SqlContext): readonly Operation[] {
  const name = tableNameOf(table, context)
  const {checks, columns, indexes} = partsOf(table, users)
  const order = table.getColumns().map((column) => column.name)
  return [
    ...columns.map((column): Operation => {
      const after = order[order.indexOf(column.name) - 1]
      const definition = columnOf(column, table, context.dialect)
      return {kind: 'addColumn', table: name, column: column.name, definition, ...(after !== undefined && {after})}
    }),
    ...indexes.map((index): Operation => {
      const part = indexOf(index, context.dialect)
      switch (part.kind) {
        case 'statement':
          return createByStatement(index, table, context)
        case 'unique':
          return {kind: 'createUniqueConstraint', table: name, ...part.unique}
        case 'index':
          return {kind: 'createIndex', table: name, ...part.index}
      }
    }),
    ...checks.map((check): Operation => ({kind: 'createCheckConstraint', table: name, ...checkOf(check)})),
  ]
}

function partsOf(table: DatabaseTable, {checks, columns, indexes}: Users) {
  return {
    checks: table.getChecks().filter(({name}) => checks.includes(name)),
    columns: table.getColumns().filter(({name}) => columns.includes(name)),
    indexes: table.getIndexes().filter(({keyName}) => indexes.includes(keyName)),
  }
}

/** Renames a column in the checks, generated columns and indexes of a table, as the server does. */
export function renameWithin(table: DatabaseTable, from: string, to: string): void {
  const rename = (name: string): string => (name === from ? to : name)
  const inText = (text: string): string => renameInExpression(text, from, to)
  for (const column of table.getColumns()) {
    table.removeColumn(column.name)
    column.name = rename(column.name)
    if (column.generated !== undefined) column.generated = inText(column.generated)
    table.addColumn(column)
  }
  for (const index of table.getIndexes()) {
    index.columnNames = index.columnNames.map(rename)
    if (index.columns !== undefined)
      index.columns = index.columns.map((column) => ({...column, name: rename(column.name)}))
    if (index.expression !== undefined) index.expression = inText(index.expression)
  }
  for (const check of table.getChecks()) {
    if (typeof check.expression === 'string') check.expression = inText(check.expression)
    if (check.definition !== undefined) check.definition = inText(check.definition)
  }
}
