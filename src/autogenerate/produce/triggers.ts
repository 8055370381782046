import type {DatabaseTable, SqlTriggerDef} from '@mikro-orm/sql'
import type {CreateTrigger} from '../../operations/triggers/trigger.ts'
import type {Operation} from '../../operations/operation.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {triggerByStatement} from './by-statement.ts'
import type {Producing} from './producing.ts'

export function createTriggers(
  table: DatabaseTable,
  triggers: readonly SqlTriggerDef[],
  {context, stages}: Producing,
): void {
  for (const trigger of triggers) stages.addAt('createTrigger', createOf(table, trigger, context))
}

export function dropTriggers(
  table: DatabaseTable,
  triggers: readonly SqlTriggerDef[],
  {context, stages}: Producing,
): void {
  stages.add(...dropTriggersOf(table, triggers, context))
}

/** Returns the operations that drop triggers. */
export function dropTriggersOf(
  table: DatabaseTable,
  triggers: readonly SqlTriggerDef[],
  context: Producing['context'],
): readonly Operation[] {
  return triggers.flatMap((trigger) => {
    const created = createOf(table, trigger, context)
    if (created.kind !== 'createTrigger') return []
    const {kind: _, table: name, name: own, ...was} = created
    return [{kind: 'dropTrigger', table: name, name: own, was}]
  })
}

function createOf(table: DatabaseTable, trigger: SqlTriggerDef, context: Producing['context']): Operation {
  const {name, timing, events, forEach, body, when, expression} = trigger
  if (expression) return triggerByStatement(expression, {name, table: tableNameOf(table, context)}, context)
  return {
    kind: 'createTrigger',
    table: tableNameOf(table, context),
    name,
    timing,
    events,
    ...(forEach !== 'row' && {forEach}),
    ...(when && {when}),
    body,
  } satisfies CreateTrigger
}
