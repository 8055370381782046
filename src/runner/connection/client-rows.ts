import {createRequire} from 'node:module'
import {join} from 'node:path'
import type {OrmOptions} from '../../dialects/driver.ts'
import {driverOfClass, driverOfUrl} from '../../dialects/drivers.ts'
import type {KnownDriver} from '../../dialects/drivers.ts'
import type {OptionsSource, UrlSource} from './orm-options.ts'

/** A row, as the client of a driver returns it. */
export type ClientRow = Readonly<Record<string, unknown>>

/** A database that its client can read without MikroORM. */
export interface ClientAddress {
  readonly driver: KnownDriver
  readonly options: OrmOptions
}

/** Options of MikroORM that change what a URL says. */
const otherConnectionOptions: readonly string[] = [
  'host',
  'port',
  'user',
  'password',
  'dbName',
  'schema',
  'driverOptions',
  'onCreateConnection',
  'onReserveConnection',
  'sessionContext',
]

/**
 * Returns the address of a database that is described by a URL alone; undefined for others.
 *
 * @param root the absolute path that relative paths are resolved from
 * @throws MigError INVALID_DATABASE_URL
 */
export function clientAddress(
  source: OptionsSource | UrlSource,
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): ClientAddress | undefined {
  const url = source.kind === 'url' ? source.url : urlOf(source, environment)
  const driver = url === undefined ? undefined : driverOfUrl(url)
  if (url === undefined || driver?.client === undefined) return undefined
  const named = source.kind === 'url' ? undefined : driverOfClass(source.options['driver'])
  return named === undefined || named.kind === driver.kind ? {driver, options: driver.address(url, root)} : undefined
}

function urlOf(
  {options, url}: OptionsSource,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const {clientUrl} = options
  if (Object.keys(environment).some((name) => name.startsWith('MIKRO_ORM_'))) return undefined
  if (otherConnectionOptions.some((name) => options[name] !== undefined)) return undefined
  return url ?? (typeof clientUrl === 'string' ? clientUrl : undefined)
}

/**
 * Runs one query through the client of a driver. Returns undefined if there is no answer, of which MikroORM knows the reason;
 * 'silent' if the server does not answer in time.
 *
 * @param timeout in milliseconds; 0 for no limit
 */
export async function clientRows(
  {driver, options}: ClientAddress,
  root: string,
  sql: string,
  timeout: number,
): Promise<readonly ClientRow[] | 'silent' | undefined> {
  try {
    if (driver.client === undefined) return undefined
    const client: unknown = requireOf(driver.package, root)(driver.client)
    switch (driver.client) {
      case 'pg':
        return await postgresRows(client as PostgresClient, options, sql, timeout)
      case 'better-sqlite3':
        return sqliteRows(client as SqliteClient, options, sql)
    }
  } catch {
    return undefined
  }
}

/** Returns the `require` of a driver package: the project's copy, or else mig's own. */
export function requireOf(name: string, root: string): NodeJS.Require {
  try {
    return createRequire(createRequire(join(root, 'package.json')).resolve(name))
  } catch {
    return createRequire(createRequire(import.meta.url).resolve(name))
  }
}

/** The time to wait for a lock on a table, in milliseconds. */
const shortWait = 500

interface PostgresClient {
  readonly Client: new (options: object) => {
    connect(): Promise<void>
    query(sql: string): Promise<readonly {readonly rows: readonly ClientRow[]}[]>
    end(): Promise<void>
    unref(): void
    on(event: 'error', listener: () => void): void
  }
}

async function postgresRows(
  {Client}: PostgresClient,
  {dbName: database, driverOptions, ...address}: OrmOptions,
  sql: string,
  timeout: number,
): Promise<readonly ClientRow[] | 'silent'> {
  const client = new Client({...address, database, ...(driverOptions as object)})
  // An error after the answer does not matter, and one before it rejects the query.
  client.on('error', () => {})
  const {promise: silence, resolve: beSilent} = Promise.withResolvers<'silent'>()
  const timer = timeout === 0 ? undefined : setTimeout(() => beSilent('silent'), timeout)
  // Ended before anything else connects, because a role may be allowed a single connection.
  const ask = async (): Promise<readonly ClientRow[]> => {
    try {
      await client.connect()
      // The settings of one message end with it. Whoever waits longer than this can say for whom.
      const results = await client.query(`set local lock_timeout = ${shortWait}; ${sql}`)
      return results.at(-1)?.rows ?? []
    } finally {
      await client.end()
    }
  }
  try {
    const asked = ask()
    asked.catch(() => {})
    return await Promise.race([asked, silence])
  } finally {
    clearTimeout(timer)
    // The process does not wait for a silent server.
    client.unref()
  }
}

type SqliteClient = new (
  path: string,
  options: {readonly readonly: boolean; readonly fileMustExist: boolean; readonly timeout: number},
) => {
  prepare(sql: string): {all(): readonly ClientRow[]}
  close(): void
}

function sqliteRows(Database: SqliteClient, {dbName}: OrmOptions, sql: string): readonly ClientRow[] {
  const database = new Database(String(dbName), {readonly: true, fileMustExist: true, timeout: shortWait})
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
