import type {MikroORM} from '@mikro-orm/core'
import type {AbstractSqlDriver, SqlEntityManager} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import {MigError} from '../../errors.ts'
import {hideInAddress} from '../../util/secrets.ts'
import {placeInProject, placeOutside} from '../../util/stack.ts'
import {withConnectLimit} from './connect-timeout.ts'
import type {ConnectLimit} from './connect-timeout.ts'
import {connectionError, SilentServerError} from './connection-errors.ts'
import {createDatabase} from './create-database.ts'
import {databaseName} from './database-name.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {OrmOptionsError} from '../errors.ts'
import type {OnEvent} from '../events.ts'
import {optionsOf, withRoomFor} from './orm-options.ts'
import type {OptionsSource, UrlSource} from './orm-options.ts'
import {lockPgliteFolder, pgliteFolder} from './pglite-lock.ts'
import {checkMikroOrm, checkMikroOrmOf, importFrom} from './project-packages.ts'
import {dialectOf} from './session.ts'
import {finishExchange} from '../snapshots/snapshot-folder.ts'
import type {Tenant} from '../tenant.ts'

export type SqlOrm = MikroORM<AbstractSqlDriver>

/** The source of a database connection. */
export type DatabaseSource =
  /** An entity manager that is open; if it is in a transaction, mig runs inside it. */
  {readonly kind: 'em'; readonly em: SqlEntityManager; readonly isCallers: boolean} | OptionsSource | UrlSource

/** An open connection to a database. */
export interface Connection {
  readonly em: SqlEntityManager
  /** The name of the database in messages, without password. */
  readonly name: string
  /** The tenant its sessions are limited to, if any. */
  readonly tenant?: Tenant | undefined
  /** Whether its sessions are used by others afterwards and must be restored to their previous state. */
  readonly isShared?: boolean
  /** Whether its sessions belong to the caller. */
  readonly isCallers?: boolean
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Whether to create a missing database; a note reports it. */
  readonly createDatabase?: boolean | undefined
  readonly onEvent?: OnEvent | undefined
  /** The number of concurrent sessions. */
  readonly sessions?: number | undefined
  /** The connection timeout in milliseconds, unless the source sets one; 0 for no limit. */
  readonly timeout?: number | undefined
  /** Returns options that depend on the metadata of the entities, which is known before the connection is opened. */
  readonly complete?: ((em: SqlEntityManager) => Promise<OrmOptions>) | undefined
}

/**
 * Connects to a database through MikroORM.
 *
 * @param root the absolute path that relative paths and MikroORM itself are resolved from
 * @throws MigError DRIVER_MISSING, MIKRO_ORM_UNSUPPORTED, UNKNOWN_DATABASE_URL, INVALID_DATABASE_URL, ORM_FAILED,
 *   PGLITE_IN_USE, DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_MISSING, DATABASE_UNREADABLE, CREATE_DATABASE_FAILED
 */
export async function connect(
  source: DatabaseSource,
  root: string,
  {createDatabase: mayCreate = false, onEvent, sessions = 1, timeout = 10_000, complete}: ConnectOptions = {},
): Promise<Connection> {
  checkMikroOrm(root)
  if (source.kind === 'em') {
    const {em, isCallers} = source
    checkMikroOrmOf(em, root)
    return {em, name: nameOf(em), isShared: true, isCallers, close: async () => {}}
  }
  const from = source.kind === 'url' ? hideInAddress(source.url) : source.from
  const initialise = async (options: OrmOptions): Promise<SqlOrm> => initialiseFrom(options, root, from)
  const {options, limit} = withConnectLimit(withRoomFor(sessions, await optionsOf(source, root)), timeout)
  const folder = pgliteFolder(options)
  const unlock = folder === undefined ? () => {} : await lockPgliteFolder(folder)
  try {
    const entered = folder === undefined ? undefined : finishExchange(folder)
    if (entered !== undefined)
      onEvent?.({
        kind: 'note',
        text: `Brought back the snapshot of ${entered}, as a process that was killed had begun to.`,
      })
    const first = await initialise(options)
    const orm = complete === undefined ? first : await initialise({...options, ...(await complete(first.em))})
    const name = nameOf(orm.em)
    const failure = await failureToConnect(orm, name, limit)
    if (failure === undefined) return {em: orm.em, name, close: async () => close(orm, unlock)}
    if (failure.code !== 'DATABASE_MISSING' || !mayCreate) throw failure
    await createDatabase(name, orm, options, initialise)
    onEvent?.({kind: 'note', text: `Created the database ${name}.`})
    const again = await initialise(options)
    const stillFailing = await failureToConnect(again, name, limit)
    if (stillFailing !== undefined) throw stillFailing
    return {em: again.em, name, close: async () => close(again, unlock)}
  } catch (error) {
    unlock()
    throw error
  }
}

async function initialiseFrom(options: OrmOptions, root: string, from: string): Promise<SqlOrm> {
  const core = await importFrom(root, '@mikro-orm/core', from)
  try {
    const {MikroORM: Orm} = core as {readonly MikroORM: typeof MikroORM}
    return (await Orm.init(options as Parameters<typeof MikroORM.init>[0])) as unknown as SqlOrm
  } catch (error) {
    // MikroORM imports the entities here, which may use TypeScript syntax that Node cannot run.
    throw error instanceof MigError ? error : new OrmOptionsError(placeInProject(error, root, from), error)
  }
}

/** Connects right away, because MikroORM would wait until the first query. */
async function failureToConnect(orm: SqlOrm, name: string, limit: ConnectLimit): Promise<MigError | undefined> {
  const {probe} = dialects[dialectOf(orm.driver.getPlatform())]
  const ask = async (): Promise<undefined> => {
    await orm.connect()
    await orm.driver.getConnection().execute(probe)
  }
  const silence = setTimer(limit.timeout)
  try {
    if ((await Promise.race([ask(), silence.over])) === undefined) return undefined
    // Not awaited: closing may hang as well.
    void orm.close(true).catch(() => {})
    return new SilentServerError(name, limit)
  } catch (error) {
    // A pool waits for ever for a connection whose `onCreateConnection` failed.
    const limitOfClose = setTimer(closeLimit)
    await Promise.race([orm.close(true).catch(() => {}), limitOfClose.over])
    limitOfClose.stop()
    // Options may contain getters and functions, which may throw.
    const place = placeOutside(error)
    return place === undefined ? connectionError(name, error) : new OrmOptionsError(place, error)
  } finally {
    silence.stop()
  }
}

/** @param timeout in milliseconds; 0 for none */
function setTimer(timeout: number): {readonly over: Promise<'over'>; stop(): void} {
  const {promise, resolve} = Promise.withResolvers<'over'>()
  const timer = timeout === 0 ? undefined : setTimeout(() => resolve('over'), timeout)
  return {over: promise, stop: () => clearTimeout(timer)}
}

/** The time that a server has to close connections after an interruption, in milliseconds. */
const closeLimit = 500

/** Closes a connection; after an interruption, it is not waited for a server that does not answer. */
export async function closeConnection(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
  const closing = connection.close()
  const isFile = driverOfClass(connection.em.getDriver().constructor)?.isFile === true
  await (signal?.aborted && !isFile ? Promise.race([closing, setTimer(closeLimit).over]) : closing)
}

async function close(orm: SqlOrm, unlock: () => void): Promise<void> {
  try {
    await orm.close(true)
  } finally {
    unlock()
  }
}

/** Returns the URL of a database without password. */
function nameOf(em: SqlEntityManager): string {
  const driver = em.getDriver()
  const known = driverOfClass(driver.constructor)
  const kind = known?.kind ?? driver.constructor.name.replace(/Driver$/, '').toLowerCase()
  if (known?.isFile) return databaseName({kind, isFile: true}, {dbName: em.config.get('dbName')})
  const {database, ...address} = driver.getConnection().getConnectionOptions()
  return databaseName({kind, isFile: false}, {...address, dbName: database})
}
