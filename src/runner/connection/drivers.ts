import {createRequire} from 'node:module'
import {join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {hideInAddress, rememberAddress} from '../../util/secrets.ts'
import {DriverMissingError, InvalidDatabaseUrlError, UnknownDatabaseUrlError} from '../errors.ts'

/** Options of MikroORM, as the user writes them. */
export type OrmOptions = Readonly<Record<string, unknown>>

/** The official drivers, and what their URLs are: an address of a server, or a path. */
const drivers = {
  postgresql: {package: '@mikro-orm/postgresql', driver: 'PostgreSqlDriver', address: postgresAddress},
  mariadb: {package: '@mikro-orm/mariadb', driver: 'MariaDbDriver', address: mysqlAddress},
  mysql: {package: '@mikro-orm/mysql', driver: 'MySqlDriver', address: mysqlAddress},
  pglite: {package: '@mikro-orm/pglite', driver: 'PgliteDriver', address: fileAddress('memory://')},
  sqlite: {package: '@mikro-orm/sqlite', driver: 'SqliteDriver', address: fileAddress(':memory:')},
  libsql: {package: '@mikro-orm/libsql', driver: 'LibSqlDriver', address: libsqlAddress},
} as const

/** How the scheme of a URL picks the driver. */
const schemes: Readonly<Record<string, keyof typeof drivers>> = {
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
  'mariadb:': 'mariadb',
  'mysql:': 'mysql',
  'pglite:': 'pglite',
  'sqlite:': 'sqlite',
  'file:': 'sqlite',
  'libsql:': 'libsql',
}

/**
 * Returns the options that make MikroORM connect to a URL.
 *
 * @param root the absolute path that packages and relative paths are found from
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL, INVALID_DATABASE_URL
 */
export async function connectionOf(url: string, root: string): Promise<OrmOptions> {
  refuseMisread(url)
  const scheme = /^[a-z][a-z+.-]*:/i.exec(url)?.[0].toLowerCase() ?? ''
  const kind = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined
  if (kind === undefined) throw new UnknownDatabaseUrlError(url, Object.keys(schemes))
  const {package: packageName, driver, address} = drivers[kind]
  const options = address(url, root)
  const module = await importFrom(root, packageName, hideInAddress(url))
  return {driver: module[driver], ...options}
}

/**
 * Refuses a URL whose password ends in what is read as host, path or parameter: it would be a name that is printed.
 *
 * @throws MigError INVALID_DATABASE_URL
 */
export function refuseMisread(url: string): void {
  rememberAddress(url)
  const read = /^(?:postgres(?:ql)?|mysql|mariadb):/i.test(url) ? URL.parse(url) : null
  if (read === null) return
  if ([read.pathname, read.hash, ...read.searchParams.keys()].some((part) => part.includes('@')))
    throw new InvalidDatabaseUrlError(url, 'there is an @ behind the host; in user or password it is written as %40')
}

/**
 * Returns the driver of a kind of database, as MIKRO_ORM_TYPE names it.
 *
 * @param needer what messages say needs it
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL
 */
export async function driverOf(kind: string, root: string, needer: string): Promise<unknown> {
  const known = Object.entries(drivers).find(([name]) => name === kind)?.[1]
  if (known === undefined) throw new UnknownDatabaseUrlError(`MIKRO_ORM_TYPE=${kind}`, Object.keys(drivers))
  return (await importFrom(root, known.package, needer))[known.driver]
}

/** Imports a package as the project would, or mig's own copy where the project has none. */
export async function importFrom(
  root: string,
  name: string,
  needer: string,
): Promise<Readonly<Record<string, unknown>>> {
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

/** The driver itself reads the parameters of the URL; without a database in it, it takes the user's, as libpq does. */
function postgresAddress(url: string): OrmOptions {
  const {dbName, user, ...address} = serverAddress(url)
  const {searchParams} = parsed(url)
  // Without a limit, a server behind a silent firewall would be waited for for two minutes.
  const connectionTimeoutMillis = (Number(searchParams.get('connect_timeout') ?? 20) || 0) * 1000
  return {
    ...address,
    host: searchParams.get('host') ?? address.host,
    user,
    port: address.port || 5432,
    dbName: dbName || user || 'postgres',
    driverOptions: {connectionString: url, connectionTimeoutMillis},
  }
}

/** The parts of the URL one by one: the driver would ignore its parameters, and look up an IPv6 address with brackets. */
function mysqlAddress(url: string): OrmOptions {
  const address = serverAddress(url)
  if (address.dbName === '') throw new InvalidDatabaseUrlError(url, 'it names no database')
  const {searchParams} = parsed(url)
  // The driver warns of names that it does not know.
  if ([...searchParams.keys()].some((key) => !/^\w[\w.-]*$/.test(key)))
    throw new InvalidDatabaseUrlError(url, 'a parameter has no name that a parameter can have')
  const parameters = [...searchParams].flatMap(([key, value]) => mysqlParameter(key, value))
  return {...address, port: address.port || 3306, driverOptions: Object.fromEntries(parameters)}
}

interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly dbName: string
}

function serverAddress(url: string): ServerAddress {
  const {hostname, port, username, password, pathname} = parsed(url)
  return {
    host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbName: decodeURIComponent(pathname.slice(1)),
  }
}

const tlsModes: Readonly<Record<string, object>> = {
  disabled: {},
  required: {ssl: {rejectUnauthorized: false}},
  verify_ca: {ssl: {verifyIdentity: false}},
  verify_identity: {ssl: {verifyIdentity: true}},
  verify_full: {ssl: {verifyIdentity: true}},
}

/** Values are JSON where they can be, as for mysql2 itself; TLS is also said as the MySQL client says it. */
function mysqlParameter(key: string, value: string): [string, unknown][] {
  if (/^ssl-?mode$/i.test(key)) return Object.entries(tlsModes[value.toLowerCase().replace('-', '_')] ?? {ssl: value})
  const parsedValue = jsonOr(value)
  return [[key, key === 'ssl' && (parsedValue === true || parsedValue === 1) ? {} : parsedValue]]
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** A remote database is its URL, and the token in it is what a password is elsewhere; anything else is a file. */
function libsqlAddress(url: string, root: string): OrmOptions {
  if (!/^libsql:\/\/[^/.]/i.test(url)) return fileAddress(':memory:')(url, root)
  const remote = parsed(url)
  const token = remote.searchParams.get('authToken')
  remote.searchParams.delete('authToken')
  return {dbName: remote.href, ...(token === null ? {} : {password: token})}
}

function fileAddress(memory: string): (url: string, root: string) => OrmOptions {
  return (url, root) => {
    const path = url.slice(url.indexOf(':') + 1).replace(/^\/\/(?=\/|\.|[^/])/, '')
    const isMemory = path === '' || path === ':memory:' || path === 'memory'
    return {dbName: isMemory ? memory : resolve(root, unescaped(path))}
  }
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A file may well have a percent sign in its name.
    return path
  }
}

function parsed(url: string): URL {
  try {
    const result = new URL(url)
    for (const part of [result.username, result.password, result.pathname]) decodeURIComponent(part)
    return result
  } catch {
    const reason = 'host or port is none, or a special character in user or password is not written as in %40 for @'
    throw new InvalidDatabaseUrlError(url, reason)
  }
}
