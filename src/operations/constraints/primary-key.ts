import {columnsOf, irreversible, objects, unsupported} from '../definition.ts'
import type {Description, OperationDefinition} from '../definition.ts'
import {name, optional, tableName} from '../fields.ts'
import {without} from '../../util/objects.ts'
import {splitName} from '../names.ts'
import {primaryKeyField, primaryKeyShape} from './constraint.ts'
import type {PrimaryKey} from './constraint.ts'
import {primaryKeySql} from './constraint-sql.ts'
import {duplicatesIn} from './create-constraint.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface CreatePrimaryKey extends PrimaryKey {
  readonly kind: 'createPrimaryKey'
  readonly table: string
}

export interface DropPrimaryKey {
  readonly kind: 'dropPrimaryKey'
  readonly table: string
  readonly name?: string
  /** The previous columns, required to undo the drop. */
  readonly was?: PrimaryKey
}

export const createPrimaryKey: OperationDefinition<CreatePrimaryKey> = {
  kind: 'createPrimaryKey',
  parameters: ['table', 'columns'],
  fields: {table: tableName, ...primaryKeyShape},
  sql: (record, context) => {
    const {table, deferrable} = record
    if (deferrable && context.capabilities.deferrable !== 'constraints')
      return unsupported('`deferrable` is only supported on PostgreSQL')
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
  rebuild: {
    table: ({table}) => table,
    change: (record, context) => ({type: 'add constraint', sql: primaryKeySql(record, context)}),
  },
  failsOn: ({columns}) => duplicatesIn(columns),
  change: 'adds',
  stage: 'createPrimaryKey',
  subject: subjectOf('primary key'),
  describe: describeKey,
  written: ['table'],
}

export const dropPrimaryKey: OperationDefinition<DropPrimaryKey> = {
  kind: 'dropPrimaryKey',
  parameters: ['table'],
  fields: {table: tableName, name: optional(name), was: optional(primaryKeyField)},
  sql: ({table, name: own}, {capabilities, quote, list}) => {
    if (capabilities.rebuildsTables) return {rebuilds: table}
    const key =
      capabilities.primaryKeyNames === 'kept' ? `constraint ${list([own ?? defaultName(table)])}` : 'primary key'
    return [`alter table ${quote(table)} drop ${key}`]
  },
  inverse: (record) =>
    record.was === undefined
      ? irreversible('the columns of the previous key are missing; pass them as `was`')
      : [{...without(record, 'was'), ...record.was, kind: 'createPrimaryKey'}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', keyOf(table, own))}),
  rebuild: {table: ({table}) => table, change: () => ({type: 'drop primary key'})},
  change: 'removes',
  stage: 'dropPrimaryKey',
  subject: subjectOf('primary key'),
  describe: 'removed primary key',
  written: ['table'],
  oneWay: withoutWas,
}

function describeKey({table, name: own, columns}: CreatePrimaryKey): readonly Description[] {
  return [{what: 'added primary key', name: `${table}.${own ?? `(${columns.join(', ')})`}`}]
}

/** PostgreSQL's default name for a primary key. */
const defaultName = (table: string): string => `${splitName(table).name}_pkey`
const keyOf = (table: string, own: string | undefined): string => `${table}.${own ?? defaultName(table)}`
