import type {DatabaseSchema} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'

/** An object in the database that neither the entities nor the history created. */
export interface UnknownObject {
  readonly kind: 'table' | 'view' | 'function' | 'trigger' | 'policy' | 'type' | 'schema'
  readonly name: string
}

/** Returns whether the history created an object, so that it may be dropped. */
export type IsKnown = (kind: UnknownObject['kind'], name: string) => Promise<boolean>

/**
 * Removes objects from the schema of a database that do not belong to the project, and returns them. Views, functions,
 * triggers and policies are left alone entirely if no entity declares any, since they are then managed by hand.
 *
 * @param mustDrop whether the user explicitly asked to drop an object
 */
export async function leaveUnknown(
  live: DatabaseSchema,
  target: DatabaseSchema,
  isKnown: IsKnown,
  mustDrop: (name: string) => boolean,
  context: SqlContext,
): Promise<readonly UnknownObject[]> {
  const left: UnknownObject[] = []
  /** Returns the items that entities declare or that may be dropped; the others are recorded as unknown. */
  const compared = async <T>(
    kind: UnknownObject['kind'],
    items: readonly T[],
    nameOf: (item: T) => string,
    isWanted: (item: T) => boolean,
    mayDrop = true,
  ): Promise<T[]> => {
    const kept: T[] = []
    for (const item of items) {
      const name = nameOf(item)
      if (isWanted(item) || mustDrop(name) || (mayDrop && (await isKnown(kind, name)))) kept.push(item)
      else left.push({kind, name})
    }
    return kept
  }
  const qualified = (object: {readonly name: string; readonly schema?: string | undefined}): string =>
    tableNameOf({name: object.name, schema: object.schema}, context)

  const tables = new Set(target.getTables().map(qualified))
  live.setTables(await compared('table', live.getTables(), qualified, (table) => tables.has(qualified(table))))
  const views = new Set(target.getViews().map(qualified))
  live.setViews(
    await compared('view', live.getViews(), qualified, (view) => views.has(qualified(view)), views.size > 0),
  )
  const routines = new Set(target.getRoutines().map(({name}) => name.toLowerCase()))
  const isEntities = ({name}: {readonly name: string}): boolean => routines.has(name.toLowerCase())
  const kept = await compared('function', live.getRoutines(), qualified, isEntities, routines.size > 0)
  live.getRoutines().splice(0, Number.POSITIVE_INFINITY, ...kept)
  const enums = await compared(
    'type',
    Object.entries(live.getNativeEnums()),
    ([key]) => key,
    ([key]) => target.hasNativeEnum(key),
  )
  live.setNativeEnums(Object.fromEntries(enums))
  const own = context.platform.getDefaultSchemaName()
  const isTheirs = (name: string): boolean => name === own || target.hasNamespace(name)
  live.setNamespaces(new Set(await compared('schema', live.getNamespaces(), (name) => name, isTheirs)))
  return [...left.filter((object) => !isOfTrigger(object, live)), ...leaveParts(live, target, qualified)]
}

/** Removes triggers and policies from all tables if no entity declares any. */
function leaveParts(
  live: DatabaseSchema,
  target: DatabaseSchema,
  qualified: (table: {readonly name: string; readonly schema?: string | undefined}) => string,
): readonly UnknownObject[] {
  const left: UnknownObject[] = []
  const hasTriggers = target.getTables().some((table) => table.getTriggers().length > 0)
  const hasPolicies = target.getTables().some((table) => table.getPolicies().length > 0 || table.rlsEnabled)
  for (const table of live.getTables()) {
    const within = (kind: UnknownObject['kind'], {name}: {readonly name: string}): UnknownObject => ({
      kind,
      name: `${qualified(table)}.${name}`,
    })
    if (!hasTriggers) {
      left.push(...table.getTriggers().map((trigger) => within('trigger', trigger)))
      table.setTriggers([])
    }
    if (hasPolicies) continue
    left.push(...table.getPolicies().map((policy) => within('policy', policy)))
    table.setPolicies([])
    table.rlsEnabled = false
    table.rlsForced = false
  }
  return left
}

/** The function of a trigger is dropped with the trigger. */
function isOfTrigger({kind, name}: UnknownObject, live: DatabaseSchema): boolean {
  if (kind !== 'function') return false
  const own = name.slice(name.indexOf('.') + 1)
  return live
    .getTables()
    .some((table) => table.getTriggers().some((trigger) => own === `${table.name}_${trigger.name}_fn`))
}
