import {resolve} from 'node:path'
import type {OrmOptions} from './driver.ts'
import {InvalidDatabaseUrlError} from './errors.ts'

/** Returns options for a PostgreSQL URL. The driver parses parameters. */
export function postgresAddress(url: string): OrmOptions {
  const address = serverAddress(url)
  const {searchParams} = parsed(url)
  const seconds = searchParams.get('connect_timeout')
  const timeout = seconds === null ? {} : {connectionTimeoutMillis: (Number(seconds) || 0) * 1000}
  return {
    ...address,
    host: searchParams.get('host') ?? address.host,
    port: address.port || 5432,
    driverOptions: {connectionString: url, ...timeout},
  }
}

/** Returns options for a MySQL URL, parsed here because the driver ignores parameters and fails on IPv6 brackets. */
export function mysqlAddress(url: string): OrmOptions {
  const address = serverAddress(url)
  const {searchParams} = parsed(url)
  // The driver would print the name, which may be a part of a password.
  if ([...searchParams.keys()].some((key) => !mysqlParameters.has(key) && !tlsMode.test(key)))
    throw new InvalidDatabaseUrlError(
      `${url.slice(0, url.indexOf('?'))}?***`,
      'a parameter is not an option of mysql2, or an & in a value is not written %26',
    )
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
  // Without both slashes, a user part would be read as the name of a database, and shown.
  if (!/^[^:/]*:\/\//.test(url.trim())) throw new InvalidDatabaseUrlError(url, 'its scheme is not followed by ://')
  const {hostname, port, username, password, pathname} = parsed(url)
  // A default would run revisions on a database that nobody named.
  if (pathname.length < 2)
    throw new InvalidDatabaseUrlError(
      url,
      url.includes('#')
        ? 'it does not name a database, or a # in its password is not written %23'
        : 'it does not name a database',
    )
  return {
    host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbName: decodeURIComponent(pathname.slice(1)),
  }
}

const tlsMode = /^ssl-?mode$/i

/** The options of mysql2 that a URL can set. */
export const mysqlParameters: ReadonlySet<string> = new Set([
  'bigNumberStrings',
  'charset',
  'charsetNumber',
  'compress',
  'connectAttributes',
  'connectTimeout',
  'connectionLimit',
  'dateStrings',
  'debug',
  'decimalNumbers',
  'disableEval',
  'enableCleartextPlugin',
  'enableKeepAlive',
  'flags',
  'gracefulEnd',
  'idleTimeout',
  'insecureAuth',
  'jsonStrings',
  'keepAliveInitialDelay',
  'localAddress',
  'maxIdle',
  'maxPreparedStatements',
  'multipleStatements',
  'password',
  'password1',
  'password2',
  'password3',
  'passwordSha1',
  'queueLimit',
  'resetOnRelease',
  'socketPath',
  'ssl',
  'stringifyObjects',
  'supportBigNumbers',
  'timezone',
  'trace',
  'user',
  'waitForConnections',
])

const tlsModes: Readonly<Record<string, object>> = {
  disabled: {},
  required: {ssl: {rejectUnauthorized: false}},
  verify_ca: {ssl: {verifyIdentity: false}},
  verify_identity: {ssl: {verifyIdentity: true}},
  verify_full: {ssl: {verifyIdentity: true}},
}

/** Parses a parameter: JSON values as in mysql2, and `ssl-mode` as in the MySQL client. */
function mysqlParameter(key: string, value: string): [string, unknown][] {
  if (tlsMode.test(key)) return Object.entries(tlsModes[value.toLowerCase().replace('-', '_')] ?? {ssl: value})
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

/** Returns options for a libSQL URL: a remote database with its token as the password, or a file. */
export function libsqlAddress(url: string, root: string): OrmOptions {
  if (!/^libsql:\/\/[^/.]/i.test(url)) return fileAddress(':memory:')(url, root)
  const remote = parsed(url)
  const token = remote.searchParams.get('authToken')
  remote.searchParams.delete('authToken')
  return {dbName: remote.href, ...(token === null ? {} : {password: token})}
}

export function fileAddress(memory: string): (url: string, root: string) => OrmOptions {
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
    // A file name may contain a percent sign.
    return path
  }
}

function parsed(url: string): URL {
  try {
    const result = new URL(url)
    for (const part of [result.username, result.password, result.pathname]) decodeURIComponent(part)
    return result
  } catch {
    const reason =
      'the host or port is invalid, or a special character in user or password is not percent-encoded (%40 for @)'
    throw new InvalidDatabaseUrlError(url, reason)
  }
}
