import {Configuration} from '@mikro-orm/core'
import {MariaDbDriver} from '@mikro-orm/mariadb'
import {MySqlDriver} from '@mikro-orm/mysql'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {SqliteDriver} from '@mikro-orm/sqlite'
import type {Dialect} from '../../src/operations/operation.ts'

const offline = {entities: [], discovery: {warnWhenNoEntities: false}, dbName: 'x'}

/** What MikroORM writes each dialect with, without a connection. */
export const platforms: Readonly<Record<Dialect, AbstractSqlPlatform>> = {
  postgresql: platformOf(PostgreSqlDriver),
  sqlite: platformOf(SqliteDriver),
  mysql: platformOf(MySqlDriver),
  mariadb: platformOf(MariaDbDriver),
}

function platformOf(driver: unknown): AbstractSqlPlatform {
  return new Configuration({...offline, driver} as never).getDriver().getPlatform() as AbstractSqlPlatform
}
