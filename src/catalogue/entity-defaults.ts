import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'

/** A property of an entity, with the SQL that MikroORM derives from its default. */
interface Property {
  readonly default?: unknown
  defaultRaw?: string
  readonly columnTypes?: readonly string[]
}

/**
 * Corrects the SQL of defaults: MikroORM writes objects as `[object Object]`, dates without quotes, and numbers and
 * truth values of JSON columns as values of other types.
 */
export function correctDefaults(em: SqlEntityManager, platform: AbstractSqlPlatform): void {
  for (const {props} of em.getMetadata().getAll().values())
    for (const property of props as readonly Property[]) {
      const {default: value, defaultRaw} = property
      if (value === undefined || value === null || defaultRaw !== String(value)) continue
      const isJson = property.columnTypes?.some((type) => /^jsonb?$/i.test(type))
      if (value instanceof Date) property.defaultRaw = platform.quoteValue(value)
      else if (typeof value === 'object' || isJson)
        property.defaultRaw = `'${JSON.stringify(value).replaceAll("'", "''")}'`
    }
}
