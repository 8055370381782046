import {objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {name, tableName} from '../fields.ts'
import {subjectOf} from '../subject.ts'

/** Checks the rows that were there before a constraint that was created with `notValid`. */
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
      : unsupported('only PostgreSQL has constraints that are not valid yet'),
  // A constraint that was found to hold can stay so.
  inverse: () => [],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', `${table}.${own}`)}),
  change: 'alters',
  stage: 'createForeignKey',
  subject: subjectOf('constraint'),
  describe: 'constraint that is not validated:',
  written: ['table'],
}

export const renameConstraint: OperationDefinition<RenameConstraint> = {
  kind: 'renameConstraint',
  parameters: ['table', 'name', 'to'],
  fields: {table: tableName, name, to: name},
  sql: ({table, name: own, to}, {capabilities, quote, list}) =>
    capabilities.renamesConstraints
      ? [`alter table ${quote(table)} rename constraint ${list([own])} to ${list([to])}`]
      : unsupported('only PostgreSQL can rename a constraint; drop it and create it anew'),
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
