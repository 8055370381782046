import {Configuration} from '@mikro-orm/core'
import {MariaDbDriver} from '@mikro-orm/mariadb'
import {MySqlDriver} from '@mikro-orm/mysql'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {SqliteDriver} from '@mikro-orm/sqlite'
import {dialects} from '../../src/dialects/dialects.ts'
import {dialectOf} from '../../src/runner/connection/session.ts'
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
  const platform = new Configuration({...offline, driver} as never).getDriver().getPlatform() as AbstractSqlPlatform
  dialects[dialectOf(platform)].literals?.adapt(platform, '')
  return platform
}
