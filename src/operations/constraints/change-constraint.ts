import {objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {name, tableName} from '../fields.ts'
import {subjectOf} from '../subject.ts'

/** Checks existing rows against a constraint created with `notValid`. */
export interface ValidateConstraint {
  readonly kind: 'validateConstraint'
  readonly table: string
  readonly name: string
}

export interface RenameConstraint {
  readonly kind: 'renameConstraint'
  readonly table: string
  readonly name: string
  readonly to: string
}

export const validateConstraint: OperationDefinition<ValidateConstraint> = {
  kind: 'validateConstraint',
  parameters: ['table', 'name'],
  fields: {table: tableName, name},
  sql: ({table, name: own}, {capabilities, quote, list}) =>
    capabilities.notValid
      ? [`alter table ${quote(table)} validate constraint ${list([own])}`]
      : unsupported('validating a constraint is only supported on PostgreSQL'),
  // A validated constraint does not have to be invalidated again.
  inverse: () => [],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', `${table}.${own}`)}),
  change: 'alters',
  stage: 'createForeignKey',
  subject: subjectOf('constraint'),
  describe: 'constraint not validated:',
  written: ['table'],
}

export const renameConstraint: OperationDefinition<RenameConstraint> = {
  kind: 'renameConstraint',
  parameters: ['table', 'name', 'to'],
  fields: {table: tableName, name, to: name},
  sql: ({table, name: own, to}, {capabilities, quote, list}) =>
    capabilities.renamesConstraints
      ? [`alter table ${quote(table)} rename constraint ${list([own])} to ${list([to])}`]
      : unsupported('renaming a constraint is only supported on PostgreSQL; drop and recreate it'),
  inverse: (record) => [{...record, name: record.to, to: record.name}],
  effects: ({table, name: own, to}) => ({
    reads: objects('table', table),
    writes: objects('constraint', `${table}.${own}`, `${table}.${to}`),
  }),
  change: 'renames',
  stage: 'dropIndex',
  subject: subjectOf('constraint'),
  describe: 'renamed constraint',
  written: ['table'],
}
