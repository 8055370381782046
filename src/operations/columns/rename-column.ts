import {columnsOf, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {columnName, tableName} from '../fields.ts'
import {columnSubject} from '../subject.ts'

export interface RenameColumn {
  readonly kind: 'renameColumn'
  readonly table: string
  readonly column: string
  readonly to: string
}

export const renameColumn: OperationDefinition<RenameColumn> = {
  kind: 'renameColumn',
  parameters: ['table', 'column', 'to'],
  fields: {table: tableName, column: columnName, to: columnName},
  // MikroORM's statement for MySQL repeats the definition and loses properties that it does not know.
  sql: ({table, column, to}, {quote, list}) => [
    `alter table ${quote(table)} rename column ${list([column])} to ${list([to])}`,
  ],
  inverse: (record) => [{...record, column: record.to, to: record.column}],
  effects: ({table, column, to}) => ({reads: objects('table', table), writes: columnsOf(table, [column, to])}),
  change: 'renames',
  stage: 'renameColumn',
  subject: columnSubject,
  describe: ({table, column, to}) => [{what: 'column', name: `${table}.${column}`, more: ` renamed to '${to}'`}],
  written: ['table', 'column', 'column'],
}
