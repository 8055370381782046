import type {DatabaseSchema} from '@mikro-orm/sql'
import {joinName} from '../operations/names.ts'

/** The tables and views that a schema is without because they are in other databases. */
const removed = new WeakMap<DatabaseSchema, readonly string[]>()

/**
 * Removes the tables and views of entities with a schema from that of a database without schemas: there, the schema of
 * an entity is a database of its own, as is the part of its table's name before a dot.
 */
export function removeOtherDatabases(schema: DatabaseSchema): void {
  const isElsewhere = (one: {readonly name: string; readonly schema?: string | undefined}): boolean =>
    (one.schema !== undefined && one.schema !== '' && one.schema !== '*' && one.schema !== schema.name) ||
    one.name.includes('.')
  const found = [...schema.getTables(), ...schema.getViews()].filter(isElsewhere)
  if (found.length === 0) return
  schema.setTables(schema.getTables().filter((table) => !isElsewhere(table)))
  schema.setViews(schema.getViews().filter((view) => !isElsewhere(view)))
  schema.setNamespaces(new Set(schema.name ? [schema.name] : []))
  removed.set(
    schema,
    found.map((one) => joinName(one.schema === schema.name ? undefined : one.schema, one.name)),
  )
}

/** Returns the tables and views that `removeOtherDatabases` has removed from a schema. */
export function inOtherDatabases(schema: DatabaseSchema): readonly string[] {
  return removed.get(schema) ?? []
}
