import {irreversible, objects} from '../definition.ts'
import type {OperationDefinition, SqlContext} from '../definition.ts'
import {defaultField} from '../columns/column.ts'
import type {DefaultValue} from '../columns/column.ts'
import {checkShape} from '../constraints/constraint.ts'
import {flag, listOf, name, object, optional, text} from '../fields.ts'
import type {Shape} from '../fields.ts'
import {onPostgres} from '../postgres-only.ts'
import {without} from '../../util/objects.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

/** A domain as data, without its name. */
export interface DomainDefinition {
  readonly type: string
  readonly notNull?: true
  readonly default?: DefaultValue
  readonly collation?: string
  readonly checks?: readonly {readonly expression: string; readonly name?: string}[]
}

export interface CreateDomain extends DomainDefinition {
  readonly kind: 'createDomain'
  readonly name: string
}

export interface DropDomain {
  readonly kind: 'dropDomain'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
  readonly was?: DomainDefinition
}

const {expression, name: checkName} = checkShape
const check = object<{readonly expression: string; readonly name?: string}>('a check', {expression, name: checkName})

export const domainShape: Shape<DomainDefinition> = {
  type: text('a type'),
  notNull: flag,
  default: optional(defaultField),
  collation: optional(text('a collation')),
  checks: optional(listOf(check, 'checks')),
}

/** Writes `create domain`. */
export function createDomainSql(own: string, domain: DomainDefinition, context: SqlContext): string {
  const {quote, list} = context
  const {type, notNull, collation, default: value, checks = []} = domain
  return [
    `create domain ${quote(own)} as ${context.type(type)}`,
    ...(collation === undefined ? [] : [`collate ${quote(collation)}`]),
    ...(value === undefined ? [] : [`default ${context.default(value)}`]),
    ...(notNull ? ['not null'] : []),
    ...checks.map(
      (constraint) =>
        `${constraint.name === undefined ? '' : `constraint ${list([constraint.name])} `}check (${constraint.expression})`,
    ),
  ].join(' ')
}

export const createDomain: OperationDefinition<CreateDomain> = {
  kind: 'createDomain',
  parameters: ['name', 'type'],
  fields: {name, ...domainShape},
  sql: (record, context) => onPostgres(context, 'domains', () => [createDomainSql(record.name, record, context)]),
  inverse: (record) => [{kind: 'dropDomain', name: record.name, was: without(record, 'kind', 'name')}],
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  change: 'adds',
  stage: 'createEnum',
  subject: subjectOf('type'),
  describe: 'added domain',
  written: ['type'],
}

export const dropDomain: OperationDefinition<DropDomain> = {
  kind: 'dropDomain',
  parameters: ['name'],
  fields: {name, ifExists: flag, cascade: flag, was: optional(object('a domain', domainShape))},
  sql: ({name: own, ifExists, cascade}, context) =>
    onPostgres(context, 'domains', () => [
      `drop domain ${ifExists ? 'if exists ' : ''}${context.quote(own)}${cascade ? ' cascade' : ''}`,
    ]),
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous domain definition is missing; pass it as `was`')
      : [{kind: 'createDomain', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  losesData: ({name: own, cascade}) => (cascade ? `every column of the type ${own}` : undefined),
  change: 'removes',
  stage: 'dropEnum',
  subject: subjectOf('type'),
  describe: 'removed domain',
  written: ['type'],
  oneWay: withoutWas,
}
