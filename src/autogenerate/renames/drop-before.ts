import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import {inOrder, mentions} from '../../catalogue/creation.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import type {ComparedDatabase} from '../../catalogue/compared-database.ts'
import type {SqlContext} from '../../operations/definition.ts'
import type {Operation} from '../../operations/operation.ts'
import {dropView} from '../produce/views.ts'
import {dropTriggersOf} from '../produce/triggers.ts'
import type {IsKnown} from '../unknown.ts'

/**
 * Returns operations that drop the triggers and views whose SQL has a name that is about to change, where the database
 * does not change it. The comparison after the renames finds that they are missing, and creates them again. What neither
 * the entities describe nor a revision created stays.
 *
 * @param names the names of tables and columns before the renames
 */
export async function dropBefore(
  names: readonly string[],
  live: DatabaseSchema,
  target: DatabaseSchema,
  {mikro}: ComparedDatabase,
  context: SqlContext,
  isKnown: IsKnown,
): Promise<readonly Operation[]> {
  const uses = (sql: string): boolean => names.some((name) => mentions(sql, name))
  const described = new Set(target.getTables().flatMap((table) => table.getTriggers().map(({name}) => name)))
  const triggers: Operation[] = []
  for (const table of live.getTables())
    for (const trigger of table.getTriggers()) {
      if (!isAffected(table, trigger, names, uses)) continue
      const isOurs =
        described.has(trigger.name) || (await isKnown('trigger', `${tableNameOf(table, context)}.${trigger.name}`))
      if (isOurs) triggers.push(...dropTriggersOf(table, [trigger], context))
    }
  if (context.capabilities.viewsFollowRenames) return triggers
  const wanted = new Set(target.getViews().map((view) => tableNameOf({name: view.name, schema: view.schema}, context)))
  const views = live
    .getViews()
    .filter((view) => wanted.has(tableNameOf({name: view.name, schema: view.schema}, context)) && uses(view.definition))
  return [
    ...inOrder(views)
      .toReversed()
      .flatMap((view) => dropView(view, {context, mikro})),
    ...triggers,
  ]
}

/** A trigger of a renamed table may be named after it. */
function isAffected(
  table: DatabaseTable,
  {body, when = ''}: {readonly body?: string | undefined; readonly when?: string | undefined},
  names: readonly string[],
  uses: (sql: string) => boolean,
): boolean {
  return names.includes(table.name) || uses(`${body ?? ''} ${when}`)
}
