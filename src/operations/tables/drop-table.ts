import {irreversible, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, optional, tableName} from '../fields.ts'
import {effectsOfTable} from './create-table.ts'
import {shortenTable} from './shorten-table.ts'
import {completeTable, tableField} from './table.ts'
import type {TableDefinition} from './table.ts'
import {tableSubject} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface DropTable {
  readonly kind: 'dropTable'
  readonly table: string
  readonly ifExists?: true
  readonly cascade?: true
  /** The previous definition, required to undo the drop. */
  readonly was?: TableDefinition
}

export const dropTable: OperationDefinition<DropTable> = {
  kind: 'dropTable',
  parameters: ['table'],
  fields: {table: tableName, ifExists: flag, cascade: flag, was: optional(tableField)},
  shorthand: {
    expand: (record) => (record.was === undefined ? record : {...record, was: completeTable(record.table, record.was)}),
    shorten: (record) => (record.was === undefined ? record : {...record, was: shortenTable(record.table, record.was)}),
  },
  // MikroORM's statement always includes `if exists` and `cascade`, which would drop other objects.
  sql: ({table, ifExists, cascade}, {capabilities, quote}) => {
    if (cascade && !capabilities.cascade) return unsupported('`cascade` is only supported on PostgreSQL')
    return [`drop table ${ifExists ? 'if exists ' : ''}${quote(table)}${cascade ? ' cascade' : ''}`]
  },
  inverse: ({table, was}) =>
    was === undefined
      ? irreversible('the previous table definition is missing; pass it as `was`')
      : [{kind: 'createTable', table, ...was}],
  effects: ({table, was}) => effectsOfTable(table, was),
  losesData: ({table}) => `the rows of ${table}`,
  change: 'removes',
  stage: 'dropTable',
  subject: tableSubject,
  describe: 'removed table',
  written: ['table'],
  oneWay: withoutWas,
}
