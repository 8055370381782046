import type {SqlEntityManager} from '@mikro-orm/sql'

/** A name that MikroORM loses, because it keeps objects by name in plain JavaScript objects. */
const lost = '__proto__'

/** Returns the tables and columns of entities whose names MikroORM cannot handle. */
export function unsupportedNames(em: SqlEntityManager): readonly string[] {
  return [...em.getMetadata().getAll().values()].flatMap(({tableName, properties}) => [
    ...(tableName === lost ? [`table ${tableName}`] : []),
    ...Object.values(properties)
      .flatMap(({fieldNames}) => fieldNames)
      .filter((name) => name === lost)
      .map((name) => `column ${tableName}.${name}`),
  ])
}
