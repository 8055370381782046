import type {AbstractSqlPlatform, DatabaseSchema} from '@mikro-orm/sql'

/**
 * Corrects lookups of tables by name: where a database has schemas, MikroORM takes the table of any schema for the one of
 * the default schema.
 */
export function lookUpTablesExactly(schema: DatabaseSchema, platform: AbstractSqlPlatform): void {
  const own = platform.getDefaultSchemaName()
  if (own === undefined) return
  schema.getTable = (name) =>
    schema.getTables().find((table) => {
      const place = table.schema ?? own
      return `${place}.${table.name}` === name || (place === own && table.name === name)
    })
}
