import {connectionOf, driverOf, refuseMisread} from './drivers.ts'
import type {OrmOptions} from '../../dialects/driver.ts'

/** Options of MikroORM; `url` wins over the connection that they name. */
export interface OptionsSource {
  readonly kind: 'options'
  readonly options: OrmOptions
  readonly url?: string | undefined
  /** What messages call the options. */
  readonly from: string
  /** The kind of the driver, where the options name none. */
  readonly driver?: string | undefined
}

export interface UrlSource {
  readonly kind: 'url'
  readonly url: string
}

/**
 * What mig decides, whatever the user's options say: only MySQL and MariaDB have to be told that a text may have several
 * statements, and MikroORM would make a database that is not there, however its name is misspelt.
 */
const ours = {multipleStatements: true, ensureDatabase: false} as const

/** Without a configuration of the user's there are no entities, and nobody who would read MikroORM's log. */
const quiet = {entities: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/** The options that say where a database is. */
const connectionKeys: readonly string[] = ['driver', 'clientUrl', 'host', 'port', 'user', 'password', 'dbName']

/**
 * Returns the options with which MikroORM is set up.
 *
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL, INVALID_DATABASE_URL
 */
export async function optionsOf(source: OptionsSource | UrlSource, root: string): Promise<OrmOptions> {
  return {...(await wantedOptions(source, root)), ...ours}
}

/** Returns options whose pool has room for so many sessions, and one more for what must be said beside them. */
export function withRoomFor(sessions: number, options: OrmOptions): OrmOptions {
  if (sessions === 1) return options
  const {pool} = options
  const max = typeof pool === 'object' && pool !== null && 'max' in pool ? Number(pool.max) : 0
  return {...options, pool: {...objectOf(pool), max: Math.max(max, sessions + 1)}}
}

async function wantedOptions(source: OptionsSource | UrlSource, root: string): Promise<OrmOptions> {
  if (source.kind === 'url') return {...quiet, ...(await connectionOf(source.url, root))}
  const {url, options} = source
  if (url !== undefined) return withConnection(options, await connectionOf(url, root))
  const {clientUrl} = options
  if (typeof clientUrl === 'string') refuseMisread(clientUrl)
  if (options['driver'] !== undefined) return options
  if (source.driver !== undefined) return {...options, driver: await driverOf(source.driver, root, source.from)}
  if (typeof clientUrl !== 'string') return options
  const connection = await connectionOf(clientUrl, root)
  return {...quiet, ...options, ...connection, driverOptions: merged(options, connection)}
}

/** Puts another connection into options. What they say of the driver stays, such as certificates, if it is the same. */
function withConnection(options: OrmOptions, connection: OrmOptions): OrmOptions {
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !connectionKeys.includes(key)))
  const isSameDriver = options['driver'] === undefined || options['driver'] === connection['driver']
  return {
    ...rest,
    ...connection,
    driverOptions: merged(isSameDriver ? options : {}, connection),
    // The variables of MikroORM do not win over mig's.
    preferEnvVars: false,
  }
}

function merged(options: OrmOptions, connection: OrmOptions): object {
  return {...objectOf(options['driverOptions']), ...objectOf(connection['driverOptions'])}
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
