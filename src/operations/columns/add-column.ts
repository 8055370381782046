import {columnsOf, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {columnName, flag, optional, oneOf, tableName} from '../fields.ts'
import {plainColumnField} from './column.ts'
import type {ColumnDefinition} from './column.ts'
import {columnCommentSql} from './column-comment.ts'
import {columnRefusal} from './column-sql.ts'
import {columnSubject} from '../subject.ts'

/** Adds a column to the end of a table. */
export interface AddColumn {
  readonly kind: 'addColumn'
  readonly table: string
  readonly column: string
  readonly definition: ColumnDefinition
  readonly ifNotExists?: true
  /** The position of the column, on MySQL. */
  readonly position?: 'first'
  /** The preceding column, on MySQL. */
  readonly after?: string
}

export const addColumn: OperationDefinition<AddColumn> = {
  kind: 'addColumn',
  parameters: ['table', 'column', 'definition'],
  fields: {
    table: tableName,
    column: columnName,
    definition: plainColumnField,
    ifNotExists: flag,
    position: optional(oneOf('first')),
    after: optional(columnName),
  },
  sql: (record, context) => {
    const {table, column, definition, ifNotExists, position, after} = record
    const {capabilities, quote, list} = context
    const refused = columnRefusal(definition, capabilities, false)
    if (refused !== undefined) return refused
    if (ifNotExists && !capabilities.columnIfExists) return unsupported('`ifNotExists` is not supported for columns')
    if ((position ?? after) !== undefined && !capabilities.columnPositions)
      return unsupported('`position` and `after` are only supported on MySQL')
    // SQLite cannot add a stored generated column or a column with a computed default.
    if (capabilities.rebuildsTables && needsRebuild(definition)) return {rebuilds: table}
    const place = after === undefined ? (position === undefined ? '' : ' first') : ` after ${list([after])}`
    const words = `add column ${ifNotExists ? 'if not exists ' : ''}`
    return [
      `alter table ${quote(table)} ${words}${context.column(column, definition)}${place}`,
      ...columnCommentSql(table, column, definition.comment, context),
    ]
  },
  inverse: ({table, column, definition}) => [{kind: 'dropColumn', table, column, was: definition}],
  effects: ({table, column}) => ({reads: objects('table', table), writes: columnsOf(table, [column])}),
  requiresValue: ({definition: {nullable, default: value, generated, identity, autoincrement}}) =>
    !nullable && value === undefined && generated === undefined && identity === undefined && !autoincrement,
  rebuild: {
    table: ({table}) => table,
    change: ({column, definition}, context) => ({type: 'add column', sql: context.column(column, definition)}),
  },
  change: 'adds',
  // The columns that a generated column uses have their types first.
  stage: ({definition: {generated}}) => (generated === undefined ? 'addColumn' : 'alterColumn'),
  subject: columnSubject,
  describe: 'added column',
  written: ['table', 'column'],
}

/** @see https://www.sqlite.org/lang_altertable.html#alter_table_add_column */
function needsRebuild({generated, default: value}: ColumnDefinition): boolean {
  const isComputed = typeof value === 'object' && !/^(?:[-+]?[\d.]+|'(?:[^']|'')*'|null|true|false)$/i.test(value.sql)
  return generated?.stored === true || isComputed
}
