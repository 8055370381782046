import {irreversible, objects} from '../definition.ts'
import type {OperationDefinition, SqlContext, SqlPart} from '../definition.ts'
import {flag, name, optional, sqlText} from '../fields.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface CreateView {
  readonly kind: 'createView'
  readonly name: string
  /** The query. */
  readonly definition: string
}

/** Replaces the query of a view, without dropping it where the database supports that. */
export interface ReplaceView {
  readonly kind: 'replaceView'
  readonly name: string
  readonly definition: string
  readonly was?: string
  /** Drops the view first: PostgreSQL only replaces a view whose columns stay the same. */
  readonly recreate?: true
}

export interface DropView {
  readonly kind: 'dropView'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
  readonly was?: string
}

export const createView: OperationDefinition<CreateView> = {
  kind: 'createView',
  parameters: ['name', 'definition'],
  fields: {name, definition: sqlText},
  sql: (record, context) => [createSql(record.name, record.definition, context)],
  inverse: (record) => [{kind: 'dropView', name: record.name, was: record.definition}],
  effects: (record) => ({reads: [], writes: objects('view', record.name), texts: [record.definition]}),
  change: 'adds',
  stage: 'createView',
  subject: subjectOf('view'),
  describe: 'added view',
  written: ['view', 'text'],
}

export const replaceView: OperationDefinition<ReplaceView> = {
  kind: 'replaceView',
  parameters: ['name', 'definition'],
  fields: {name, definition: sqlText, was: optional(sqlText), recreate: flag},
  sql: ({name: own, definition, recreate}, context): readonly SqlPart[] => {
    const create = createSql(own, definition, context)
    return recreate || !context.capabilities.replacesViews
      ? [`drop view ${context.quote(own)}`, create]
      : [create.replace('create view', 'create or replace view')]
  },
  inverse: ({name: own, definition, was, recreate}) =>
    was === undefined
      ? irreversible('the previous view definition is missing; pass it as `was`')
      : [{kind: 'replaceView', name: own, definition: was, was: definition, ...(recreate && {recreate})}],
  effects: (record) => ({reads: [], writes: objects('view', record.name), texts: [record.definition]}),
  change: 'alters',
  stage: 'createView',
  subject: subjectOf('view'),
  describe: 'changed view',
  written: ['view', 'text'],
  oneWay: withoutWas,
}

export const dropView: OperationDefinition<DropView> = {
  kind: 'dropView',
  parameters: ['name'],
  fields: {name, ifExists: flag, cascade: flag, was: optional(sqlText)},
  // MikroORM's statement always includes `if exists` and, on PostgreSQL, `cascade`.
  sql: ({name: own, ifExists, cascade}, {capabilities, quote}) => {
    const isCascade = cascade && capabilities.cascade
    return [`drop view ${ifExists ? 'if exists ' : ''}${quote(own)}${isCascade ? ' cascade' : ''}`]
  },
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous view definition is missing; pass it as `was`')
      : [{kind: 'createView', name: own, definition: was}],
  effects: (record) => ({reads: [], writes: objects('view', record.name)}),
  change: 'removes',
  stage: 'dropView',
  subject: subjectOf('view'),
  describe: 'removed view',
  written: ['view'],
  oneWay: withoutWas,
}

function createSql(own: string, definition: string, {quote}: SqlContext): string {
  return `create view ${quote(own)} as ${definition.trim().replace(/;$/, '')}`
}
