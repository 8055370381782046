import {createRequire} from 'node:module'
import type * as Mikro from '@mikro-orm/sql'
import type {AbstractSqlPlatform, DatabaseTable, SqlEntityManager} from '@mikro-orm/sql'

/** The package that the SQL drivers of MikroORM share. */
export type MikroSql = typeof Mikro

let path = '@mikro-orm/sql'
const tables = new WeakMap<AbstractSqlPlatform, typeof DatabaseTable>()

/**
 * Returns the package that the SQL drivers of MikroORM share. It is no dependency of mig, because it requires one exact
 * version of MikroORM: the drivers of the project bring it.
 */
export function mikroSql(): MikroSql {
  return createRequire(import.meta.url)(path) as MikroSql
}

/** Makes `mikroSql` return the copy of a project. */
export function useMikroSqlAt(absolutePath: string): void {
  path = absolutePath
}

/** Makes `newTable` use the MikroORM of an entity manager, which need not be installed: it may be part of a bundle. */
export function useMikroSqlOf(em: SqlEntityManager): void {
  const platform = em.getPlatform()
  if (tables.has(platform)) return
  // Without entities, the target schema is empty, and has the class of its tables.
  const generator = Object.assign(platform.getSchemaGenerator(em.getDriver(), em), {getOrderedMetadata: () => []})
  const {constructor} = generator.getTargetSchema().addTable('mig', undefined, undefined)
  tables.set(platform, constructor as typeof DatabaseTable)
}

/** Returns a table without columns, as MikroORM's schema helpers accept it. */
export function newTable(platform: AbstractSqlPlatform, name: string, schema?: string): DatabaseTable {
  const Table = tables.get(platform) ?? mikroSql().DatabaseTable
  return new Table(platform, name, schema)
}
