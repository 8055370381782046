import {columnsOf, irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {name, optional, tableName} from '../fields.ts'
import {without} from '../../util/objects.ts'
import {splitName} from '../names.ts'
import {primaryKeyField, primaryKeyShape} from './constraint.ts'
import type {PrimaryKey} from './constraint.ts'
import {primaryKeySql} from './constraint-sql.ts'

export interface CreatePrimaryKey extends PrimaryKey {
  readonly kind: 'createPrimaryKey'
  readonly table: string
}

export interface DropPrimaryKey {
  readonly kind: 'dropPrimaryKey'
  readonly table: string
  readonly name?: string
  /** Its columns, for the way back. */
  readonly was?: PrimaryKey
}

export const createPrimaryKey: OperationDefinition<CreatePrimaryKey> = {
  kind: 'createPrimaryKey',
  parameters: ['table', 'columns'],
  fields: {table: tableName, ...primaryKeyShape},
  sql: (record, context) => {
    const {table, deferrable} = record
    if (deferrable && context.capabilities.deferrable !== 'constraints')
      return unsupported('`deferrable` is there on PostgreSQL only')
    if (context.capabilities.rebuildsTables) return {rebuilds: table}
    return [`alter table ${context.quote(table)} add ${primaryKeySql(record, context)}`]
  },
  inverse: ({table, ...key}) => [
    {kind: 'dropPrimaryKey', table, ...(key.name !== undefined && {name: key.name}), was: without(key, 'kind')},
  ],
  effects: ({table, columns, name: own}) => ({
    reads: [...objects('table', table), ...columnsOf(table, columns)],
    writes: objects('constraint', keyOf(table, own)),
  }),
}

export const dropPrimaryKey: OperationDefinition<DropPrimaryKey> = {
  kind: 'dropPrimaryKey',
  parameters: ['table'],
  fields: {table: tableName, name: optional(name), was: optional(primaryKeyField)},
  sql: ({table, name: own}, {capabilities, quote}) => {
    if (capabilities.rebuildsTables) return {rebuilds: table}
    const key =
      capabilities.primaryKeyNames === 'kept' ? `constraint ${quote(own ?? defaultName(table))}` : 'primary key'
    return [`alter table ${quote(table)} drop ${key}`]
  },
  inverse: (record) =>
    record.was === undefined
      ? irreversible('it does not say which columns the key `was` of')
      : [{...without(record, 'was'), ...record.was, kind: 'createPrimaryKey'}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', keyOf(table, own))}),
}

/** What PostgreSQL calls a primary key that was given no name. */
const defaultName = (table: string): string => `${splitName(table).name}_pkey`
const keyOf = (table: string, own: string | undefined): string => `${table}.${own ?? defaultName(table)}`
