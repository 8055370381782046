import {unsupported} from '../definition.ts'
import type {SqlContext, SqlResult} from '../definition.ts'
import type {AlterColumn, ColumnChange} from './alter-column.ts'
import type {ColumnDefinition, DefaultValue} from './column.ts'
import {isLong} from './column-sql.ts'

/** Alters a column on MySQL, which requires the whole definition for any change but a default. */
export function alterMysql({table, column, set, was = {}}: AlterColumn, context: SqlContext): SqlResult {
  const {quote, list, capabilities} = context
  if (set.identity) return unsupported('`identity` is not supported on MySQL; use `autoincrement`')
  const {type, nullable, ...rest} = {...was, ...set}
  const {default: value, ...others} = set
  const isKnown = type !== undefined && nullable !== undefined
  if (value !== undefined && Object.keys(others).length === 0)
    if (!isKnown || capabilities.changesAnyDefault || canStandAlone(value, type, nullable)) {
      const what = value === null ? 'drop default' : `set default ${defaultAlone(value, context)}`
      return [`alter table ${quote(table)} alter column ${list([column])} ${what}`]
    }
  if (!isKnown)
    return unsupported(
      'MySQL redefines the whole column; pass its previous definition as `was`, including `type` and `nullable`',
    )
  const definition = {type, nullable, ...present(rest)} as ColumnDefinition
  return [`alter table ${quote(table)} modify column ${context.column(column, definition, 'keyed')}`]
}

/**
 * Whether MySQL can change a default without the column's definition: it refuses this for long types, and would make a
 * nullable column require a value.
 */
function canStandAlone(value: DefaultValue | null, type: string, nullable: boolean): boolean {
  return !isLong(type) && (value === null ? !nullable : typeof value !== 'object')
}

function defaultAlone(value: DefaultValue, context: SqlContext): string {
  const sql = context.default(value)
  return !context.capabilities.changesAnyDefault && typeof value === 'object' && !sql.startsWith('(') ? `(${sql})` : sql
}

function present(change: ColumnChange): Partial<ColumnDefinition> {
  const entries = Object.entries(change).filter(
    ([key, value]) => value !== null && (value !== false || key === 'default'),
  )
  return Object.fromEntries(entries)
}
