import type {DatabaseSchema, SqlEntityManager} from '@mikro-orm/sql'

/** A name that MikroORM loses, because it keeps objects by name in plain JavaScript objects. */
const lost = '__proto__'

/** Returns the tables, columns and foreign keys of entities with a name that MikroORM cannot handle. */
export function unsupportedNames(em: SqlEntityManager): readonly string[] {
  const dotted = dottedTables(em)
  return [...em.getMetadata().getAll().values()].flatMap(({tableName, properties}) => [
    ...(tableName === lost ? [`table ${tableName}`] : []),
    ...Object.values(properties)
      .flatMap(({fieldNames}) => fieldNames)
      .filter((name) => name === lost)
      .map((name) => `column ${tableName}.${name}`),
    ...Object.values(properties).flatMap(({name, targetMeta, createForeignKeyConstraint}) => {
      if (!targetMeta || !createForeignKeyConstraint || !dotted.has(targetMeta.tableName)) return []
      const target = [targetMeta.schema, targetMeta.tableName].filter(Boolean).join('.')
      return [`foreign key of ${tableName}.${name} to ${target}`]
    }),
  ])
}

/** Removes the foreign keys to tables with a dot in their names, which MikroORM takes for a schema and its table. */
export function removeUnsupportedKeys(schema: DatabaseSchema, em: SqlEntityManager): void {
  const dotted = dottedTables(em)
  if (dotted.size === 0) return
  for (const table of schema.getTables()) {
    const keys = Object.entries(table.getForeignKeys())
    table.setForeignKeys(Object.fromEntries(keys.filter(([, key]) => !dotted.has(key.referencedTableName))))
  }
}

function dottedTables(em: SqlEntityManager): ReadonlySet<string> {
  const names = [...em.getMetadata().getAll().values()].map(({tableName}) => tableName)
  return new Set(names.filter((name) => name?.includes('.')))
}
