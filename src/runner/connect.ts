import {createRequire} from 'node:module'
import {join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {hidePasswords} from '../util/secrets.ts'
import {connectionError, DriverMissingError, OrmOptionsError, UnknownDatabaseUrlError} from './errors.ts'
import {lockPgliteFolder} from './pglite-lock.ts'

export type SqlOrm = MikroORM<AbstractSqlDriver>
/** Options of MikroORM, as the user writes them. */
type OrmOptions = Readonly<Record<string, unknown>>

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

/** How the scheme of a URL picks the driver. */
const drivers = {
  postgresql: {package: '@mikro-orm/postgresql', driver: 'PostgreSqlDriver', isFile: false},
  pglite: {package: '@mikro-orm/pglite', driver: 'PgliteDriver', isFile: true},
  sqlite: {package: '@mikro-orm/sqlite', driver: 'SqliteDriver', isFile: true},
} as const
const schemes: Readonly<Record<string, keyof typeof drivers>> = {
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
  'pglite:': 'pglite',
  'sqlite:': 'sqlite',
  'file:': 'sqlite',
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
    return (await Orm.init(options as Parameters<typeof MikroORM.init>[0])) as unknown as SqlOrm
  } catch (error) {
    throw new OrmOptionsError(from, error)
  }
}

async function optionsOf(source: Exclude<DatabaseSource, {kind: 'orm'}>, root: string): Promise<OrmOptions> {
  if (source.kind === 'url') return {...quiet, ...(await connectionOf(source.url, root))}
  const {url, options} = source
  if (url !== undefined) {
    const rest = Object.entries(options).filter(([key]) => !connectionKeys.includes(key))
    return {...Object.fromEntries(rest), ...(await connectionOf(url, root))}
  }
  const {clientUrl} = options
  if (options['driver'] === undefined && typeof clientUrl === 'string')
    return {...quiet, ...options, ...(await connectionOf(clientUrl, root))}
  return options
}

/** The options that say where a database is. */
const connectionKeys: readonly string[] = ['driver', 'clientUrl', 'host', 'port', 'user', 'password', 'dbName']

/** Without a configuration of the user's there are no entities, and nobody who would read MikroORM's log. */
const quiet = {entities: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/** Returns the options that make MikroORM connect to a URL. */
async function connectionOf(url: string, root: string): Promise<OrmOptions> {
  const scheme = /^[a-z][a-z+.-]*:/i.exec(url)?.[0].toLowerCase() ?? ''
  const dialect = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined
  if (dialect === undefined) throw new UnknownDatabaseUrlError(hidePasswords(url), Object.keys(schemes))
  const {package: packageName, driver, isFile} = drivers[dialect]
  const module = await importFrom(root, packageName, hidePasswords(url))
  if (!isFile) return {driver: module[driver], clientUrl: url, driverOptions: {connectionString: url}}
  const path = url.slice(scheme.length).replace(/^\/\/(?=\/|\.|[^/])/, '')
  const isMemory = path === '' || path === ':memory:' || path === 'memory'
  const memory = dialect === 'pglite' ? 'memory://' : ':memory:'
  return {driver: module[driver], dbName: isMemory ? memory : resolve(root, decodeURIComponent(path))}
}

/** Imports a package as the project would, or mig's own copy where the project has none. */
async function importFrom(root: string, name: string, needer: string): Promise<Readonly<Record<string, unknown>>> {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const path = resolveFrom(from, name)
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  }
  throw new DriverMissingError(name, needer)
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

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
  if (kind === 'pglite' || kind === 'sqlite' || kind === 'libsql') return `${kind}:${orm.config.get('dbName') ?? ''}`
  const {host, port, user, database} = orm.driver.getConnection().getConnectionOptions()
  return `${kind}://${user ? `${user}@` : ''}${host ?? 'localhost'}${port ? `:${port}` : ''}/${database ?? ''}`
}
