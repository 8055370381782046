import {columnsOf, irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {columnNames, name, optional, tableName} from '../fields.ts'
import {without} from '../../util/objects.ts'
import {splitName} from '../names.ts'
import {primaryKeySql} from './constraint-sql.ts'

export interface CreatePrimaryKey {
  readonly kind: 'createPrimaryKey'
  readonly table: string
  readonly columns: readonly string[]
  readonly name?: string
}

export interface DropPrimaryKey {
  readonly kind: 'dropPrimaryKey'
  readonly table: string
  readonly name?: string
  /** Its columns, for the way back. */
  readonly was?: readonly string[]
}

export const createPrimaryKey: OperationDefinition<CreatePrimaryKey> = {
  kind: 'createPrimaryKey',
  parameters: ['table', 'columns'],
  fields: {table: tableName, columns: columnNames, name: optional(name)},
  sql: (record, context) =>
    context.dialect === 'sqlite'
      ? {rebuilds: record.table}
      : [`alter table ${context.quote(record.table)} add ${primaryKeySql(record, context)}`],
  inverse: (record) => [{...without(record, 'columns'), kind: 'dropPrimaryKey', was: record.columns}],
  effects: ({table, columns, name: own}) => ({
    reads: [...objects('table', table), ...columnsOf(table, columns)],
    writes: objects('constraint', keyOf(table, own)),
  }),
}

export const dropPrimaryKey: OperationDefinition<DropPrimaryKey> = {
  kind: 'dropPrimaryKey',
  parameters: ['table'],
  fields: {table: tableName, name: optional(name), was: optional(columnNames)},
  sql: ({table, name: own}, {dialect, quote}) => {
    if (dialect === 'sqlite') return {rebuilds: table}
    const key = dialect === 'postgresql' ? `constraint ${quote(own ?? defaultName(table))}` : 'primary key'
    return [`alter table ${quote(table)} drop ${key}`]
  },
  inverse: (record) =>
    record.was === undefined
      ? irreversible('it does not say which columns the key `was` of')
      : [{...without(record, 'was'), kind: 'createPrimaryKey', columns: record.was}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', keyOf(table, own))}),
}

/** What PostgreSQL calls a primary key that was given no name. */
const defaultName = (table: string): string => `${splitName(table).name}_pkey`
const keyOf = (table: string, own: string | undefined): string => `${table}.${own ?? defaultName(table)}`
