import type {Dialect} from '../../../../src/dialects/dialect.ts'
import {mysqlSettings} from './mysql-changes.ts'
import {sqliteSettings} from './sqlite-changes.ts'

/** A change on one of two branches, as SQL, as calls of `op`, or as either, which then do the same. */
export type DialectChange = {readonly sql: string; readonly op?: string} | {readonly op: string}

/** The schema before both branches as SQL of a dialect, and changes of which every two are measured. */
export interface DialectSetting {
  readonly parent: string
  readonly changes: Readonly<Record<string, DialectChange>>
}

/** The dialects besides PostgreSQL whose collisions are measured; MySQL has the changes of MariaDB. */
export const measuredDialects = ['mariadb', 'mysql', 'sqlite'] as const satisfies readonly Dialect[]
export type MeasuredDialect = (typeof measuredDialects)[number]

export const dialectSettings: Readonly<Record<MeasuredDialect, Readonly<Record<string, DialectSetting>>>> = {
  mariadb: mysqlSettings,
  mysql: mysqlSettings,
  sqlite: sqliteSettings,
}

/** Returns the names of every two changes of a setting, each also with itself. */
export function pairsOfChanges({changes}: DialectSetting): readonly (readonly [a: string, b: string])[] {
  const names = Object.keys(changes)
  return names.flatMap((a, i) => names.slice(i).map((b) => [a, b] as const))
}
