import type {Dialect, DialectDefinition} from './dialect.ts'
import {mariadb} from './mariadb.ts'
import {mysql} from './mysql.ts'
import {postgresql} from './postgresql.ts'
import {sqlite} from './sqlite.ts'

/** All dialects by name. */
export const dialects: Readonly<Record<Dialect, DialectDefinition>> = {postgresql, mariadb, mysql, sqlite}

/** Returns the dialect of a MikroORM platform or a subclass of one. */
export function dialectOfPlatform(platform: object): Dialect | undefined {
  const names = classNames(platform.constructor)
  for (const name of names)
    for (const dialect of Object.values(dialects)) if (dialect.platforms.includes(name)) return dialect.name
  return undefined
}

/** Returns the names of a class and its superclasses, nearest first. */
export function classNames(type: unknown): readonly string[] {
  return typeof type === 'function' ? [type.name, ...classNames(Object.getPrototypeOf(type))] : []
}
