import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, optional, tableName} from '../fields.ts'
import {dropIndex} from '../indexes/drop-index.ts'
import {constraintField, constraintTypes} from './constraint.ts'
import type {Constraint, ConstraintType} from './constraint.ts'
import {createOf} from './create-constraint.ts'

export interface DropConstraint {
  readonly kind: 'dropConstraint'
  readonly table: string
  readonly name: string
  /** What type it is of, which MySQL and SQLite must know. */
  readonly type?: ConstraintType
  /** What it was, for the way back. */
  readonly was?: Constraint
  readonly ifExists?: true
  readonly cascade?: true
}

export const dropConstraint: OperationDefinition<DropConstraint> = {
  kind: 'dropConstraint',
  parameters: ['table', 'name'],
  fields: {
    table: tableName,
    name,
    type: optional(constraintTypes),
    was: optional(constraintField),
    ifExists: flag,
    cascade: flag,
  },
  sql: (record, context) => {
    const {capabilities, quote} = context
    const {table, ifExists, cascade} = record
    const type = record.type ?? record.was?.type
    if (!capabilities.dropsByConstraintType)
      return [
        `alter table ${quote(table)} drop constraint ${ifExists ? 'if exists ' : ''}${quote(record.name)}${cascade ? ' cascade' : ''}`,
      ]
    if (type === undefined) return unsupported('it must say what `type` the constraint is of')
    if (type === 'exclude') return unsupported('exclusion constraints are there on PostgreSQL only')
    if (cascade) return unsupported('`cascade` is there on PostgreSQL only')
    if (type === 'unique')
      return dropIndex.sql({kind: 'dropIndex', name: record.name, table, ...(ifExists && {ifExists})}, context)
    if (capabilities.rebuildsTables) return {rebuilds: table}
    if (ifExists && !capabilities.constraintIfExists) return unsupported('MySQL has no `if exists` for constraints')
    const word = type === 'foreignKey' ? 'foreign key' : 'constraint'
    return [`alter table ${quote(table)} drop ${word} ${ifExists ? 'if exists ' : ''}${quote(record.name)}`]
  },
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('it does not say what the constraint `was`')
      : [{...createOf(table, was), name: own}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', `${table}.${own}`)}),
}
