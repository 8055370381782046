import {unsupported} from '../definition.ts'
import type {SqlContext, SqlResult} from '../definition.ts'
import type {AlterColumn, ColumnChange} from './alter-column.ts'
import type {ColumnDefinition} from './column.ts'

/** Alters a column of MySQL, which takes the whole definition for anything but a default. */
export function alterMysql({table, column, set, was = {}}: AlterColumn, context: SqlContext): SqlResult {
  const {quote, list} = context
  if (set.identity) return unsupported('MySQL numbers rows with `autoincrement`')
  const keys = Object.keys(set)
  const value = set.default
  if (keys.length === 1 && value !== undefined) {
    const what = value === null ? 'drop default' : `set default ${context.default(value)}`
    return [`alter table ${quote(table)} alter column ${list([column])} ${what}`]
  }
  const {type, nullable, ...rest} = {...was, ...set}
  if (type === undefined || nullable === undefined)
    return unsupported(
      'MySQL takes the whole column: `was` must say what it was, with `type`, `nullable` and whatever else it had',
    )
  const definition = {type, nullable, ...present(rest)} as ColumnDefinition
  return [`alter table ${quote(table)} modify column ${context.column(column, definition)}`]
}

function present(change: ColumnChange): Partial<ColumnDefinition> {
  const there = Object.entries(change).filter(([, value]) => value !== null && value !== false)
  return Object.fromEntries(there)
}
