import {resolve} from 'node:path'
import type {MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {hidePasswords} from '../util/secrets.ts'
import {connectionOf, importFrom} from './drivers.ts'
import type {OrmOptions} from './drivers.ts'
import {connectionError, OrmOptionsError} from './errors.ts'
import {lockPgliteFolder} from './pglite-lock.ts'

export type SqlOrm = MikroORM<AbstractSqlDriver>

/** Where a database is. */
export type DatabaseSource =
  /** An instance that somebody else made and will close. */
  | {readonly kind: 'orm'; readonly orm: SqlOrm}
  /** Options; `url` wins over the connection that they name. */
  | {readonly kind: 'options'; readonly options: OrmOptions; readonly url?: string | undefined; readonly from: string}
  | {readonly kind: 'url'; readonly url: string}

/** A database that mig can talk to. */
export interface Connection {
  readonly orm: SqlOrm
  /** What messages call the database, without password. */
  readonly name: string
  close(): Promise<void>
}

/**
 * Connects to a database through MikroORM.
 *
 * @param root the absolute path that relative paths, and MikroORM itself, are found from
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL, ORM_FAILED, PGLITE_IN_USE, DATABASE_UNREACHABLE,
 *   DATABASE_REFUSED
 */
export async function connect(source: DatabaseSource, root: string): Promise<Connection> {
  if (source.kind === 'orm') return {orm: source.orm, name: nameOf(source.orm), close: async () => {}}
  const options = await optionsOf(source, root)
  const from = source.kind === 'url' ? hidePasswords(source.url) : source.from
  const folder = pgliteFolder(options)
  const unlock = folder === undefined ? () => {} : lockPgliteFolder(folder)
  try {
    const orm = await initialise(options, root, from)
    const name = nameOf(orm)
    await orm.connect().catch((error: unknown) => {
      throw connectionError(name, error)
    })
    return {
      orm,
      name,
      close: async () => {
        try {
          await orm.close(true)
        } finally {
          unlock()
        }
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

async function initialise(options: OrmOptions, root: string, from: string): Promise<SqlOrm> {
  const core = await importFrom(root, '@mikro-orm/core', from)
  try {
    const {MikroORM: Orm} = core as {readonly MikroORM: typeof MikroORM}
    const all = {...options, ...ours}
    return (await Orm.init(all as Parameters<typeof MikroORM.init>[0])) as unknown as SqlOrm
  } catch (error) {
    throw new OrmOptionsError(from, error)
  }
}

async function optionsOf(source: Exclude<DatabaseSource, {kind: 'orm'}>, root: string): Promise<OrmOptions> {
  if (source.kind === 'url') return {...quiet, ...(await connectionOf(source.url, root))}
  const {url, options} = source
  if (url !== undefined) return withConnection(options, await connectionOf(url, root))
  const {clientUrl} = options
  if (options['driver'] === undefined && typeof clientUrl === 'string')
    return {...quiet, ...options, ...(await connectionOf(clientUrl, root))}
  return options
}

/** The options that say where a database is. */
const connectionKeys: readonly string[] = ['driver', 'clientUrl', 'host', 'port', 'user', 'password', 'dbName']

/** Puts another connection into options. What they say of the driver stays, such as certificates, if it is the same. */
function withConnection(options: OrmOptions, connection: OrmOptions): OrmOptions {
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !connectionKeys.includes(key)))
  const isSameDriver = options['driver'] === connection['driver']
  const driverOptions = {
    ...(isSameDriver ? objectOf(options['driverOptions']) : {}),
    ...objectOf(connection['driverOptions']),
  }
  return {...rest, ...connection, driverOptions}
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

/**
 * What mig decides, whatever the user's options say: only MySQL and MariaDB have to be told that a text may have several
 * statements, and MikroORM would make a database that is not there, however its name is misspelt.
 */
const ours = {multipleStatements: true, ensureDatabase: false} as const

/** Without a configuration of the user's there are no entities, and nobody who would read MikroORM's log. */
const quiet = {entities: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/** Returns the absolute path of the folder that PGlite would keep its data in. */
function pgliteFolder(options: OrmOptions): string | undefined {
  const {driver, dbName, driverOptions} = options
  if (typeof driver !== 'function' || driver.name !== 'PgliteDriver') return undefined
  const dataDir =
    typeof driverOptions === 'object' && driverOptions !== null && 'dataDir' in driverOptions
      ? driverOptions.dataDir
      : dbName
  if (typeof dataDir !== 'string' || dataDir.startsWith('memory:')) return undefined
  return resolve(dataDir.replace(/^file:\/\//, ''))
}

/** Returns a database as a URL without password. */
function nameOf(orm: SqlOrm): string {
  const kind = orm.driver.constructor.name.replace(/Driver$/, '').toLowerCase()
  if (kind === 'pglite' || kind === 'sqlite' || kind === 'libsql') {
    const path = orm.config.get('dbName') ?? ''
    return path.startsWith(`${kind}:`) ? hidePasswords(path) : `${kind}:${path}`
  }
  const {host, port, user, database} = orm.driver.getConnection().getConnectionOptions()
  return `${kind}://${user ? `${user}@` : ''}${host ?? 'localhost'}${port ? `:${port}` : ''}/${database ?? ''}`
}
