import type {SqlTriggerDef} from '@mikro-orm/sql'
import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition, SqlContext, StatementsResult} from '../definition.ts'
import {flag, listOf, name, object, oneOf, optional, sqlText, tableName} from '../fields.ts'
import type {Shape} from '../fields.ts'
import {nextTo, splitName} from '../names.ts'
import {dollarQuoted} from '../postgres-only.ts'
import {without} from '../../util/objects.ts'
import {subjectOf} from '../subject.ts'
import {withWas} from '../one-way.ts'

/** A trigger as data, without its name and table. */
interface TriggerDefinition {
  readonly timing: 'before' | 'after' | 'instead of'
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  /** Whether it fires per row or per statement; `row` by default. */
  readonly forEach?: 'row' | 'statement'
  readonly when?: string
  /** The statements to run. On PostgreSQL they become a plpgsql function `<table>_<trigger>_fn`. */
  readonly body?: string
  /** PostgreSQL: an existing function to call, with its arguments: `touch()`. */
  readonly execute?: string
}

export interface CreateTrigger extends TriggerDefinition {
  readonly kind: 'createTrigger'
  readonly table: string
  readonly name: string
}

export interface DropTrigger {
  readonly kind: 'dropTrigger'
  readonly table: string
  readonly name: string
  readonly ifExists?: true
  readonly was?: TriggerDefinition
}

const shape: Shape<TriggerDefinition> = {
  timing: oneOf('before', 'after', 'instead of'),
  events: listOf(oneOf('insert', 'update', 'delete', 'truncate'), 'events'),
  forEach: optional(oneOf('row', 'statement')),
  when: optional(sqlText),
  body: optional(sqlText),
  execute: optional(sqlText),
}

export const createTrigger: OperationDefinition<CreateTrigger> = {
  kind: 'createTrigger',
  parameters: ['table', 'name'],
  fields: {table: tableName, name, ...shape},
  sql: (record, context): StatementsResult => {
    switch (context.dialect) {
      case 'postgresql':
        return postgres(record, context)
      case 'sqlite':
      case 'mysql':
      case 'mariadb':
        return oneForEachEvent(record, context)
    }
  },
  inverse: ({table, name: own, ...rest}) => [{kind: 'dropTrigger', table, name: own, was: without(rest, 'kind')}],
  effects: ({table, name: own, body}) => ({
    reads: objects('table', table),
    writes: [
      ...objects('trigger', `${table}.${own}`),
      ...(body === undefined ? [] : objects('function', functionOf(table, own))),
    ],
  }),
  change: 'adds',
  stage: 'createTrigger',
  subject: subjectOf('trigger'),
  describe: 'added trigger',
  written: ['table'],
}

export const dropTrigger: OperationDefinition<DropTrigger> = {
  kind: 'dropTrigger',
  parameters: ['table', 'name'],
  fields: {table: tableName, name, ifExists: flag, was: optional(object('a trigger', shape))},
  sql: ({table, name: own, ifExists, was}, {dialect, quote, list}): StatementsResult => {
    const words = `drop trigger ${ifExists ? 'if exists ' : ''}`
    switch (dialect) {
      case 'postgresql':
        return [
          `${words}${list([own])} on ${quote(table)}`,
          ...(was?.body === undefined ? [] : [`drop function if exists ${quote(functionOf(table, own))}()`]),
        ]
      case 'sqlite':
      case 'mysql':
      case 'mariadb':
        return namesOf(own, was?.events ?? []).map((trigger) => `${words}${quote(nextTo(table, trigger))}`)
    }
  },
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('the previous trigger definition is missing; pass it as `was`')
      : [{kind: 'createTrigger', table, name: own, ...was}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('trigger', `${table}.${own}`)}),
  change: 'removes',
  stage: 'dropTrigger',
  subject: subjectOf('trigger'),
  describe: 'removed trigger',
  written: ['table'],
  oneWay: withWas,
}

function functionOf(table: string, trigger: string): string {
  return nextTo(table, `${splitName(table).name}_${trigger}_fn`)
}

/** Where a trigger fires on a single event only, MikroORM creates one trigger per event. */
function namesOf(own: string, events: TriggerDefinition['events']): readonly string[] {
  return events.length > 1 ? events.map((event) => `${own}_${event}`) : [own]
}

/** MikroORM's statement changes the line endings of the body, and fails on a body that contains `$$`. */
function postgres(
  {table, name: own, timing, events, forEach = 'row', when, body, execute}: CreateTrigger,
  {quote, list}: SqlContext,
): StatementsResult {
  if ((body === undefined) === (execute === undefined)) return unsupported('pass either `body` or `execute`')
  const called = execute ?? `${quote(functionOf(table, own))}()`
  const isBlock = /^\s*(?:begin|declare|<<)/i.test(body ?? '')
  // The same text as MikroORM's, so that the database of a revision equals one that MikroORM created.
  const block = isBlock ? body : `begin ${body?.trim().replace(/([^;])$/, '$1;')} end;`
  return [
    ...(body === undefined
      ? []
      : [`create or replace function ${called} returns trigger as ${dollarQuoted(block ?? '')} language plpgsql`]),
    `create trigger ${list([own])} ${timing} ${events.join(' or ')} on ${quote(table)} for each ${forEach}` +
      `${when === undefined ? '' : ` when (${when})`} execute function ${called}`,
  ]
}

function oneForEachEvent(record: CreateTrigger, {capabilities, helper, table}: SqlContext): StatementsResult {
  const {name: own, timing, events, forEach = 'row', when, body} = record
  if (body === undefined) return unsupported('the body of the trigger is missing; pass it as `body`')
  if (events.includes('truncate')) return unsupported('triggers on truncate are not supported')
  if (forEach === 'statement') return unsupported('only triggers for each row are supported')
  if (!capabilities.triggerConditions && (timing === 'instead of' || when !== undefined))
    return unsupported('`instead of` and `when` are not supported on MySQL')
  return namesOf(own, events).map((single, i) => {
    const definition: SqlTriggerDef = {
      name: single,
      timing,
      events: [events[i] ?? 'insert'],
      forEach,
      body,
      ...(when !== undefined && {when: `(${when})`}),
    }
    return helper.createTrigger(table(record.table), definition)
  })
}
