import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name} from '../fields.ts'
import {subjectOf} from '../subject.ts'

export interface CreateSchema {
  readonly kind: 'createSchema'
  readonly name: string
  readonly ifNotExists?: true
}

export interface DropSchema {
  readonly kind: 'dropSchema'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
}

export interface RenameSchema {
  readonly kind: 'renameSchema'
  readonly name: string
  readonly to: string
}

const only = 'schemas within a database are only supported on PostgreSQL'

export const createSchema: OperationDefinition<CreateSchema> = {
  kind: 'createSchema',
  parameters: ['name'],
  fields: {name, ifNotExists: flag},
  sql: (record, {capabilities, list}) =>
    capabilities.schemas
      ? [`create schema ${record.ifNotExists ? 'if not exists ' : ''}${list([record.name])}`]
      : unsupported(only),
  inverse: (record) => [{kind: 'dropSchema', name: record.name}],
  effects: (record) => ({reads: [], writes: objects('schema', record.name)}),
  change: 'adds',
  stage: 'createSchema',
  subject: subjectOf('schema'),
  describe: 'added schema',
  written: ['schema'],
}

export const dropSchema: OperationDefinition<DropSchema> = {
  kind: 'dropSchema',
  parameters: ['name'],
  fields: {name, ifExists: flag, cascade: flag},
  sql: ({name: own, ifExists, cascade}, {capabilities, list}) =>
    capabilities.schemas
      ? [`drop schema ${ifExists ? 'if exists ' : ''}${list([own])}${cascade ? ' cascade' : ''}`]
      : unsupported(only),
  inverse: ({name: own, cascade}) =>
    cascade ? irreversible('the objects in the schema are unknown') : [{kind: 'createSchema', name: own}],
  effects: (record) => ({reads: [], writes: objects('schema', record.name)}),
  losesData: ({name: own, cascade}) => (cascade ? `everything in the schema ${own}` : undefined),
  change: 'removes',
  stage: 'dropSchema',
  subject: subjectOf('schema'),
  describe: 'removed schema',
  written: ['schema'],
}

export const renameSchema: OperationDefinition<RenameSchema> = {
  kind: 'renameSchema',
  parameters: ['name', 'to'],
  fields: {name, to: name},
  sql: ({name: own, to}, {capabilities, list}) =>
    capabilities.schemas ? [`alter schema ${list([own])} rename to ${list([to])}`] : unsupported(only),
  inverse: (record) => [{...record, name: record.to, to: record.name}],
  effects: ({name: own, to}) => ({reads: [], writes: objects('schema', own, to)}),
  change: 'renames',
  stage: 'createSchema',
  subject: subjectOf('schema'),
  describe: 'renamed schema',
  written: ['schema', 'schema'],
}
