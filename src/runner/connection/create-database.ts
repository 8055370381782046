import {mkdirSync} from 'node:fs'
import {dirname} from 'node:path'
import {codeOf} from '../../util/error-info.ts'
import type {SqlOrm} from './connect.ts'
import {CreateDatabaseError} from './connection-errors.ts'
import type {OrmOptions} from '../../dialects/driver.ts'

/**
 * Creates a missing database; for a database file, creates its folder.
 *
 * @param initialise initialises MikroORM with options
 * @throws MigError CREATE_DATABASE_FAILED
 */
export async function createDatabase(
  name: string,
  orm: SqlOrm,
  options: OrmOptions,
  initialise: (options: OrmOptions) => Promise<SqlOrm>,
): Promise<void> {
  const helper = orm.driver.getPlatform().getSchemaHelper()
  const dbName = orm.config.get('dbName') ?? ''
  // The maintenance database of the server, such as `postgres`.
  const managementName = helper?.getManagementDbName() ?? ''
  try {
    if (managementName === '') mkdirSync(dirname(dbName), {recursive: true})
    else await run(helper?.getCreateDatabaseSQL(dbName) ?? '', await initialise(onDatabase(options, managementName)))
  } catch (error) {
    // Another process may have created it at the same time.
    if (!/^(?:42P04|23505|ER_DB_CREATE_EXISTS)/.test(codeOf(error))) throw new CreateDatabaseError(name, error)
  }
}

async function run(sql: string, orm: SqlOrm): Promise<void> {
  try {
    await orm.driver.getConnection().execute(sql)
  } finally {
    await orm.close(true)
  }
}

/** Returns the options with another database on the same server. */
function onDatabase(options: OrmOptions, dbName: string): OrmOptions {
  const {driverOptions} = options
  if (typeof driverOptions !== 'object' || driverOptions === null || !('connectionString' in driverOptions))
    return {...options, dbName}
  const url = new URL(String(driverOptions.connectionString))
  url.pathname = dbName
  return {...options, dbName, driverOptions: {...driverOptions, connectionString: url.href}}
}
