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
      const sql = sqlOf(property, platform)
      if (sql !== undefined) property.defaultRaw = sql
    }
}

function sqlOf(
  {default: value, defaultRaw, columnTypes = []}: Property,
  platform: AbstractSqlPlatform,
): string | undefined {
  if (value instanceof Date) return defaultRaw === value.toString() ? platform.quoteValue(value) : undefined
  const isJson = columnTypes.some((type) => /^jsonb?$/i.test(type))
  const isScalar = (typeof value === 'number' || typeof value === 'boolean') && defaultRaw === value.toString()
  return defaultRaw === '[object Object]' || (isJson && isScalar)
    ? `'${JSON.stringify(value).replaceAll("'", "''")}'`
    : undefined
}
