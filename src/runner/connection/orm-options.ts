import {isAbsolute, resolve} from 'node:path'
import {driverOfClass, filePathOf} from '../../dialects/drivers.ts'
import {connectionOf, driverOf, refuseMisread} from './drivers.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {rememberOptions} from '../../util/secrets.ts'

/** MikroORM options; `url` overrides their connection. */
export interface OptionsSource {
  readonly kind: 'options'
  readonly options: OrmOptions
  readonly url?: string | undefined
  /** The name of the options in messages. */
  readonly from: string
  /** The driver kind to use if the options name none. */
  readonly driver?: string | undefined
}

export interface UrlSource {
  readonly kind: 'url'
  readonly url: string
}

/**
 * Options that mig always sets: MySQL and MariaDB reject several statements in one text by default, and MikroORM would
 * create a database whose name is misspelt.
 */
const ours = {multipleStatements: true, ensureDatabase: false} as const

/** Options for use without a MikroORM configuration: no entities, no log. */
const quiet = {entities: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/** The connection options. */
const connectionKeys: readonly string[] = ['driver', 'clientUrl', 'host', 'port', 'user', 'password', 'dbName']

/**
 * Returns the options to initialise MikroORM with.
 *
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL, INVALID_DATABASE_URL
 */
export async function optionsOf(source: OptionsSource | UrlSource, root: string): Promise<OrmOptions> {
  return {...fromRoot(await wantedOptions(source, root), root), ...ours}
}

/**
 * Returns options whose file is the same from every folder of a project: MikroORM takes a relative path from the working
 * directory, which is that of the project for the application.
 */
function fromRoot(options: OrmOptions, root: string): OrmOptions {
  const {driver, clientUrl, dbName = typeof clientUrl === 'string' ? filePathOf(clientUrl) : undefined} = options
  const isPath = typeof dbName === 'string' && dbName !== ':memory:' && !/^[a-z+]+:/i.test(dbName)
  if (!isPath || isAbsolute(dbName) || process.cwd() === root) return options
  return driverOfClass(driver)?.isFile === true ? {...options, dbName: resolve(root, dbName)} : options
}

/** Returns options whose pool fits the given number of sessions, plus one for cancellation and heartbeats. */
export function withRoomFor(sessions: number, options: OrmOptions): OrmOptions {
  if (sessions === 1) return options
  const {pool} = options
  const max = typeof pool === 'object' && pool !== null && 'max' in pool ? Number(pool.max) : 0
  return {...options, pool: {...objectOf(pool), max: Math.max(max, sessions + 1)}}
}

async function wantedOptions(source: OptionsSource | UrlSource, root: string): Promise<OrmOptions> {
  if (source.kind === 'url') return {...quiet, ...(await connectionOf(source.url, root))}
  const {url, options} = source
  rememberOptions(options)
  if (url !== undefined) return withConnection(options, await connectionOf(url, root))
  const {clientUrl} = options
  if (typeof clientUrl === 'string') refuseMisread(clientUrl)
  if (options['driver'] !== undefined) return options
  if (source.driver !== undefined) return {...options, driver: await driverOf(source.driver, root, source.from)}
  if (typeof clientUrl !== 'string') return options
  const connection = await connectionOf(clientUrl, root)
  return {...quiet, ...options, ...connection, driverOptions: merged(options, connection)}
}

/** Replaces the connection in options. Driver options such as certificates are kept if the driver is the same. */
function withConnection(options: OrmOptions, connection: OrmOptions): OrmOptions {
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !connectionKeys.includes(key)))
  const isSameDriver = options['driver'] === undefined || options['driver'] === connection['driver']
  return {
    ...rest,
    ...connection,
    driverOptions: merged(isSameDriver ? options : {}, connection),
    // MikroORM's environment variables must not override mig's.
    preferEnvVars: false,
  }
}

function merged(options: OrmOptions, connection: OrmOptions): object {
  return {...objectOf(options['driverOptions']), ...objectOf(connection['driverOptions'])}
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
