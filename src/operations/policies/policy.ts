import {expressionsOn, irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {boolean, flag, name, names, object, oneOf, optional, sqlText, tableName} from '../fields.ts'
import type {Shape} from '../fields.ts'
import {onPostgres} from '../postgres-only.ts'
import {without} from '../../util/objects.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

/** A policy as data, without its name and table. */
interface PolicyDefinition {
  /** The command; `all` by default. */
  readonly for?: 'all' | 'select' | 'insert' | 'update' | 'delete'
  /** The roles; `public` by default. */
  readonly to?: readonly string[]
  readonly using?: string
  readonly check?: string
  readonly restrictive?: true
}

export interface CreatePolicy extends PolicyDefinition {
  readonly kind: 'createPolicy'
  readonly table: string
  readonly name: string
}

export interface DropPolicy {
  readonly kind: 'dropPolicy'
  readonly table: string
  readonly name: string
  readonly ifExists?: true
  readonly was?: PolicyDefinition
}

/** Enables or disables row-level security of a table. */
export interface SetRowLevelSecurity {
  readonly kind: 'setRowLevelSecurity'
  readonly table: string
  readonly enabled?: boolean
  /** Whether it also applies to the table's owner. */
  readonly forced?: boolean
}

const shape: Shape<PolicyDefinition> = {
  for: optional(oneOf('all', 'select', 'insert', 'update', 'delete')),
  to: optional(names),
  using: optional(sqlText),
  check: optional(sqlText),
  restrictive: flag,
}
const things = 'rowLevelSecurity'

export const createPolicy: OperationDefinition<CreatePolicy> = {
  kind: 'createPolicy',
  parameters: ['table', 'name'],
  fields: {table: tableName, name, ...shape},
  sql: (record, context) =>
    onPostgres(context, things, () => {
      const {quote, list} = context
      const {table, to = [], using, check, restrictive} = record
      // MikroORM's statement belongs to an undeclared part of PostgreSQL's schema helper.
      return [
        [
          `create policy ${list([record.name])} on ${quote(table)}`,
          ...(restrictive ? ['as restrictive'] : []),
          ...(record.for === undefined ? [] : [`for ${record.for}`]),
          ...(to.length === 0 ? [] : [`to ${to.map((role) => (role === 'public' ? role : list([role]))).join(', ')}`]),
          ...(using === undefined ? [] : [`using (${using})`]),
          ...(check === undefined ? [] : [`with check (${check})`]),
        ].join(' '),
      ]
    }),
  inverse: ({table, name: own, ...rest}) => [{kind: 'dropPolicy', table, name: own, was: without(rest, 'kind')}],
  effects: ({table, name: own, using, check}) => ({
    reads: objects('table', table),
    writes: objects('policy', `${table}.${own}`),
    texts: expressionsOn(table, using, check),
  }),
  change: 'adds',
  stage: 'createPolicy',
  subject: subjectOf('policy'),
  describe: 'added policy',
  written: ['table'],
}

export const dropPolicy: OperationDefinition<DropPolicy> = {
  kind: 'dropPolicy',
  parameters: ['table', 'name'],
  fields: {table: tableName, name, ifExists: flag, was: optional(object('a policy', shape))},
  sql: ({table, name: own, ifExists}, context) =>
    onPostgres(context, things, () => [
      `drop policy ${ifExists ? 'if exists ' : ''}${context.list([own])} on ${context.quote(table)}`,
    ]),
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('the previous policy definition is missing; pass it as `was`')
      : [{kind: 'createPolicy', table, name: own, ...was}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('policy', `${table}.${own}`)}),
  change: 'removes',
  stage: 'dropPolicy',
  subject: subjectOf('policy'),
  describe: 'removed policy',
  written: ['table'],
  oneWay: withoutWas,
}

export const setRowLevelSecurity: OperationDefinition<SetRowLevelSecurity> = {
  kind: 'setRowLevelSecurity',
  parameters: ['table'],
  fields: {table: tableName, enabled: optional(boolean), forced: optional(boolean)},
  sql: ({table, enabled, forced}, context) =>
    onPostgres(context, things, () => {
      const alter = `alter table ${context.quote(table)}`
      return [
        ...(enabled === undefined ? [] : [`${alter} ${enabled ? 'enable' : 'disable'} row level security`]),
        ...(forced === undefined ? [] : [`${alter} ${forced ? 'force' : 'no force'} row level security`]),
      ]
    }),
  inverse: ({table, enabled, forced}) => [
    {
      kind: 'setRowLevelSecurity',
      table,
      ...(enabled !== undefined && {enabled: !enabled}),
      ...(forced !== undefined && {forced: !forced}),
    },
  ],
  effects: ({table}) => ({reads: [], writes: objects('table', table)}),
  change: 'alters',
  stage: 'createPolicy',
  subject: ({table}) => ({type: 'row security', table}),
  describe: 'changed row-level security of',
  written: ['table'],
}
