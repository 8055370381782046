import {irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, object, optional, sqlText} from '../fields.ts'
import type {Shape} from '../fields.ts'
import {onPostgres} from '../postgres-only.ts'
import {without} from '../../util/objects.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

/** A materialised view as data, without its name. Its indexes are created with `op.createIndex`. */
interface MaterializedView {
  readonly definition: string
  /** Creates it empty, to be filled by `op.refreshMaterializedView`. */
  readonly withNoData?: true
}

export interface CreateMaterializedView extends MaterializedView {
  readonly kind: 'createMaterializedView'
  readonly name: string
}

export interface DropMaterializedView {
  readonly kind: 'dropMaterializedView'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
  readonly was?: MaterializedView
}

export interface RefreshMaterializedView {
  readonly kind: 'refreshMaterializedView'
  readonly name: string
  /** Allows reads during the refresh; requires a unique index. */
  readonly concurrently?: true
}

const shape: Shape<MaterializedView> = {definition: sqlText, withNoData: flag}
const things = 'materializedViews'

export const createMaterializedView: OperationDefinition<CreateMaterializedView> = {
  kind: 'createMaterializedView',
  parameters: ['name', 'definition'],
  fields: {name, ...shape},
  sql: ({name: own, definition, withNoData}, context) =>
    onPostgres(context, things, () => {
      const query = definition.trim().replace(/;$/, '')
      return [`create materialized view ${context.quote(own)} as ${query} with ${withNoData ? 'no ' : ''}data`]
    }),
  inverse: (record) => [{kind: 'dropMaterializedView', name: record.name, was: without(record, 'kind', 'name')}],
  effects: (record) => ({reads: [], writes: objects('view', record.name), texts: [record.definition]}),
  change: 'adds',
  stage: 'createView',
  subject: subjectOf('view'),
  describe: 'added materialised view',
  written: ['view', 'text'],
}

export const dropMaterializedView: OperationDefinition<DropMaterializedView> = {
  kind: 'dropMaterializedView',
  parameters: ['name'],
  fields: {name, ifExists: flag, cascade: flag, was: optional(object('a materialised view', shape))},
  sql: ({name: own, ifExists, cascade}, context) =>
    onPostgres(context, things, () => [
      `drop materialized view ${ifExists ? 'if exists ' : ''}${context.quote(own)}${cascade ? ' cascade' : ''}`,
    ]),
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous view definition is missing; pass it as `was`')
      : [{kind: 'createMaterializedView', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('view', record.name)}),
  change: 'removes',
  stage: 'dropView',
  subject: subjectOf('view'),
  describe: 'removed materialised view',
  written: ['view'],
  oneWay: withoutWas,
}

export const refreshMaterializedView: OperationDefinition<RefreshMaterializedView> = {
  kind: 'refreshMaterializedView',
  parameters: ['name'],
  fields: {name, concurrently: flag},
  sql: ({name: own, concurrently = false}, context) =>
    onPostgres(context, things, () => [
      `refresh materialized view ${concurrently ? 'concurrently ' : ''}${context.quote(own)}`,
    ]),
  // The contents are derived from the tables.
  inverse: () => [],
  effects: (record) => ({reads: [], writes: objects('view', record.name)}),
  change: 'rows',
  stage: 'createView',
  subject: subjectOf('view'),
  describe: 'outdated materialised view',
  written: ['view'],
}
