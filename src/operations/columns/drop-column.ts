import {columnsOf, irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {columnName, flag, optional, tableName} from '../fields.ts'
import {plainColumnField} from './column.ts'
import type {ColumnDefinition} from './column.ts'
import {columnSubject} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface DropColumn {
  readonly kind: 'dropColumn'
  readonly table: string
  readonly column: string
  readonly ifExists?: true
  readonly cascade?: true
  /** The previous definition, required to undo the drop. */
  readonly was?: ColumnDefinition
}

export const dropColumn: OperationDefinition<DropColumn> = {
  kind: 'dropColumn',
  parameters: ['table', 'column'],
  fields: {table: tableName, column: columnName, ifExists: flag, cascade: flag, was: optional(plainColumnField)},
  sql: ({table, column, ifExists, cascade}, {capabilities, quote, list}) => {
    if (cascade && !capabilities.cascade) return unsupported('`cascade` is only supported on PostgreSQL')
    if (ifExists && !capabilities.columnIfExists) return unsupported('`ifExists` is not supported for columns')
    const words = `drop column ${ifExists ? 'if exists ' : ''}${list([column])}${cascade ? ' cascade' : ''}`
    return [`alter table ${quote(table)} ${words}`]
  },
  inverse: ({table, column, was}) =>
    was === undefined
      ? irreversible('the previous column definition is missing; pass it as `was`')
      : [{kind: 'addColumn', table, column, definition: was}],
  effects: ({table, column}) => ({reads: objects('table', table), writes: columnsOf(table, [column])}),
  // The values of a generated column can be recomputed.
  losesData: ({table, column, was}) => (was?.generated === undefined ? `the values in ${table}.${column}` : undefined),
  rebuild: {
    table: ({table}) => table,
    change: ({column}) => ({type: 'drop column', column}),
    droppedColumn: ({column}) => column,
  },
  change: 'removes',
  stage: 'dropColumn',
  subject: columnSubject,
  describe: 'removed column',
  written: ['table', 'column'],
  oneWay: withoutWas,
}
