import {createRequire} from 'node:module'
import type * as Mikro from '@mikro-orm/sql'

/** The package that the SQL drivers of MikroORM share. */
export type MikroSql = typeof Mikro

const require = createRequire(import.meta.url)
let path = '@mikro-orm/sql'

/**
 * Returns the package that the SQL drivers of MikroORM share. It is no dependency of mig, because it requires one exact
 * version of MikroORM: the drivers of the project bring it.
 */
export function mikroSql(): MikroSql {
  return require(path) as MikroSql
}

/** Makes `mikroSql` return the copy of a project. */
export function useMikroSqlAt(absolutePath: string): void {
  path = absolutePath
}
