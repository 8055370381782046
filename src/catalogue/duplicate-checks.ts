import type {DatabaseSchema} from '@mikro-orm/sql'

/** The checks that a schema is without because others have their names, as `table.name`. */
const removed = new WeakMap<DatabaseSchema, readonly string[]>()

/**
 * Removes each check of a table whose name another check has, such as the one that MikroORM adds for the values of an
 * enum: constraints are known by name.
 *
 * @param foldsCase whether names that differ only in case are the same
 */
export function removeDuplicateChecks(schema: DatabaseSchema, foldsCase: boolean): void {
  const found: string[] = []
  for (const table of schema.getTables()) {
    const names = new Set<string>()
    const isFirst = ({name}: {readonly name: string}): boolean => {
      const key = foldsCase ? name.toLowerCase() : name
      const isNew = !names.has(key)
      names.add(key)
      return isNew
    }
    const kept = table.getChecks().filter(isFirst)
    if (kept.length === table.getChecks().length) continue
    const others = table.getChecks().filter((check) => !kept.includes(check))
    found.push(...others.map(({name}) => `${table.name}.${name}`))
    table.setChecks(kept)
  }
  removed.set(schema, found)
}

/** Returns the checks that `removeDuplicateChecks` has removed from a schema, as `table.name`. */
export function duplicateChecksOf(schema: DatabaseSchema): readonly string[] {
  return removed.get(schema) ?? []
}
