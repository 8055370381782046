import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'

/** An object in the database that neither the entities nor the revisions after a baseline created. */
export interface UnknownObject {
  readonly kind:
    | 'table'
    | 'column'
    | 'index'
    | 'check'
    | 'foreign key'
    | 'view'
    | 'function'
    | 'trigger'
    | 'policy'
    | 'type'
    | 'schema'
  readonly name: string
  /** The new columns of its table that are of its type. */
  readonly similar?: readonly string[]
}

/** Returns whether the history created an object, so that it may be dropped. */
export type IsKnown = (kind: UnknownObject['kind'], name: string) => Promise<boolean>

/**
 * Removes objects from the schema of a database that do not belong to the project, and returns them: no entity describes
 * them, and no revision created them.
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
    similarTo: (item: T) => readonly string[] = () => [],
  ): Promise<T[]> => {
    const kept: T[] = []
    for (const item of items) {
      const name = nameOf(item)
      if (isWanted(item) || mustDrop(name) || (await isKnown(kind, name))) kept.push(item)
      else {
        const similar = similarTo(item)
        left.push({kind, name, ...(similar.length > 0 && {similar})})
      }
    }
    return kept
  }
  const qualified = (object: {readonly name: string; readonly schema?: string | undefined}): string =>
    tableNameOf({name: object.name, schema: object.schema}, context)

  const tables = new Set(target.getTables().map(qualified))
  live.setTables(await compared('table', live.getTables(), qualified, (table) => tables.has(qualified(table))))
  const views = new Set(target.getViews().map(qualified))
  live.setViews(await compared('view', live.getViews(), qualified, (view) => views.has(qualified(view))))
  const routines = new Set(target.getRoutines().map(({name}) => name.toLowerCase()))
  const isEntities = ({name}: {readonly name: string}): boolean => routines.has(name.toLowerCase())
  const kept = await compared('function', live.getRoutines(), qualified, isEntities)
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
  for (const table of target.getTables()) {
    const there = live.getTables().find((one) => qualified(one) === qualified(table))
    if (there !== undefined) await leaveParts(there, table, qualified(table), compared)
  }
  return left.filter((object) => !isOfTrigger(object, live))
}

/** Returns the items of one kind that are compared; the others are recorded as unknown. */
type Compared = <T>(
  kind: UnknownObject['kind'],
  items: readonly T[],
  nameOf: (item: T) => string,
  isWanted: (item: T) => boolean,
  similarTo?: (item: T) => readonly string[],
) => Promise<T[]>

/** Removes what was added by hand to a table of an entity: columns, indexes, constraints, triggers and policies. */
async function leaveParts(live: DatabaseTable, target: DatabaseTable, name: string, compared: Compared): Promise<void> {
  const within = (part: {readonly name: string}): string => `${name}.${part.name}`
  const added = target.getColumns().filter((column) => live.getColumn(column.name) === undefined)
  const columns = await compared(
    'column',
    live.getColumns(),
    within,
    (column) => target.getColumn(column.name) !== undefined,
    ({mappedType: {constructor}}) =>
      added.filter(({mappedType}) => mappedType.constructor === constructor).map((column) => column.name),
  )
  const names = new Set(columns.map((column) => column.name))
  for (const column of live.getColumns()) if (!names.has(column.name)) live.removeColumn(column.name)
  const isLeft = (used: readonly string[]): boolean =>
    used.some((column) => live.getColumn(column) === undefined && !column.includes('.'))
  const indexes = new Set(target.getIndexes().map(({keyName}) => keyName))
  live.setIndexes(
    await compared(
      'index',
      live
        .getIndexes()
        .filter(({columnNames, expression}) => expression !== undefined || !isLeft(columnNames.filter(Boolean))),
      ({keyName}) => `${name}.${keyName}`,
      ({keyName, primary}) => primary || indexes.has(keyName),
    ),
  )
  const checks = new Set(target.getChecks().map((check) => check.name))
  live.setChecks(await compared('check', live.getChecks(), within, (check) => checks.has(check.name)))
  const wantedKeys = new Set(Object.values(target.getForeignKeys()).map(({constraintName}) => constraintName))
  const keys = await compared(
    'foreign key',
    Object.values(live.getForeignKeys()),
    ({constraintName}) => `${name}.${constraintName}`,
    ({constraintName}) => wantedKeys.has(constraintName),
  )
  live.setForeignKeys(Object.fromEntries(keys.map((key) => [key.constraintName, key])))
  live.setTriggers(
    await compared('trigger', live.getTriggers(), within, (trigger) => target.getTrigger(trigger.name) !== undefined),
  )
  const policies = await compared(
    'policy',
    live.getPolicies(),
    within,
    (policy) => target.getPolicy(policy.name) !== undefined,
  )
  live.setPolicies(policies)
  if (policies.length > 0 || target.rlsEnabled) return
  // Row-level security without a policy of an entity was turned on by hand.
  live.rlsEnabled = false
  live.rlsForced = false
}

/** The function of a trigger is dropped with the trigger. */
function isOfTrigger({kind, name}: UnknownObject, live: DatabaseSchema): boolean {
  if (kind !== 'function') return false
  const own = name.slice(name.indexOf('.') + 1)
  return live
    .getTables()
    .some((table) => table.getTriggers().some((trigger) => own === `${table.name}_${trigger.name}_fn`))
}
