import {InvalidConfigError} from '../config/errors.ts'
import {filePathOf} from '../dialects/drivers.ts'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {MigError} from '../errors.ts'
import type {Connection, DatabaseSource, SqlOrm} from '../runner/connection/connect.ts'
import type {OnEvent} from '../runner/events.ts'
import type {OpenSession} from '../runner/connection/open-session.ts'
import type {RunLock, Waiting} from '../runner/lock/run-lock.ts'
import type {Session} from '../runner/connection/session.ts'
import type {DatabaseState, StateStore} from '../runner/state/store.ts'
import type {TableNames} from '../runner/state/tables.ts'
import {hideInAddress} from '../util/secrets.ts'
import type {Project, ProjectOptions} from './project.ts'
import type {RunContext} from './run-context.ts'

/** Options of functions that need a database. */
export interface DatabaseOptions extends ProjectOptions, TenantOptions {
  /** A MikroORM instance to use instead of the configured one. It is not closed. */
  readonly orm?: SqlOrm | undefined
  /**
   * An entity manager to use instead. If it is in a transaction, everything runs inside it, and takes effect when the
   * caller commits.
   */
  readonly em?: SqlEntityManager | undefined
  /** Whether to create a missing database. */
  readonly createDatabase?: boolean | undefined
  readonly onEvent?: OnEvent | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options that select tenants. */
export interface TenantOptions {
  /** The names of the tenants; by default, those of the configuration. */
  readonly tenants?: readonly string[] | undefined
  /** The path of a file with tenant names, one per line. */
  readonly tenantsFile?: string | undefined
  /** The number of tenants to process concurrently; 1 by default. */
  readonly parallel?: number | undefined
  /** Whether to continue with other tenants after a failure. */
  readonly continueOnError?: boolean | undefined
}

/** Options of functions that change a database. */
export interface WriteOptions extends DatabaseOptions {
  /** The timeout for the run lock: seconds, or a text such as `500ms` or `2min`. */
  readonly lockTimeout?: string | number | undefined
  /** A name for the run, recorded in the log. */
  readonly tag?: string | undefined
}

/** A database with an open session and its recorded state. */
export interface OpenDatabase {
  /** Its name, if the configuration has several databases. */
  readonly name: string | undefined
  readonly tenant: string | undefined
  readonly session: Session
  readonly store: StateStore
  /** The run lock; undefined if the database itself excludes other runs. */
  readonly lock: RunLock | undefined
  readonly state: DatabaseState
}

/** The databases of a project, open until they are closed. */
export interface OpenDatabases {
  readonly databases: readonly OpenDatabase[]
  /** Converts an error thrown while they were in use to one for the user. */
  readonly explain: (error: unknown) => unknown
  /** Releases the locks, and closes the sessions and connections. */
  readonly close: () => Promise<void>
}

/**
 * Opens every database of a project and reads its state.
 *
 * @param isLocked whether to lock them, so that no other run changes their state
 * @throws MigError as `connect`, LOCK_TIMEOUT
 */
export async function openDatabases(context: RunContext, isLocked: boolean): Promise<OpenDatabases> {
  const databases: OpenDatabase[] = []
  const opened: Opened[] = []
  const close = async (): Promise<void> => {
    for (const database of opened.toReversed()) await database.close()
  }
  try {
    for (const {name, source} of await sourcesOf(context)) {
      const database = await openDatabase(context, name, source, isLocked)
      opened.push(database)
      databases.push(database.database)
    }
  } catch (error) {
    await close()
    throw error
  }
  return {databases, explain: (error) => opened.at(-1)?.explain(error) ?? error, close}
}

type Opened = Pick<OpenSession, 'explain' | 'close'> & {readonly database: OpenDatabase}

async function openDatabase(
  context: RunContext,
  name: string | undefined,
  source: DatabaseSource,
  isLocked: boolean,
): Promise<Opened> {
  const [{openSession}, {withDefaultSchema}, {VersionStore}, {readState}, {lockOf}, {takeLock}] = await Promise.all([
    import('../runner/connection/open-session.ts'),
    import('../runner/state/default-schema.ts'),
    import('../runner/state/version-store.ts'),
    import('../runner/state/read-state.ts'),
    import('../runner/lock/lock-of.ts'),
    import('../runner/lock/run-lock.ts'),
  ])
  const {project, actor, signal} = context
  const {tenant, settings} = project
  const {closeConnection} = await import('../runner/connection/connect.ts')
  const connection = await connectTo(context, source, {isLocked})
  let opened: OpenSession | undefined
  let taken: RunLock | undefined
  const close = async (): Promise<void> => {
    // Fails if the session is lost, and the lock with it.
    await taken?.give().catch(() => {})
    await opened?.close()
    await closeConnection(connection, signal).catch(() => {})
  }
  try {
    opened = await openSession({...connection, tenant}, signal)
    const {session, explain} = opened
    const names = await withDefaultSchema(session, tableNamesOf(project), isLocked)
    const store = new VersionStore(session, names, actor)
    const lock = lockOf(session, names, settings.lock, actor.by)
    if (lock !== undefined && isLocked) {
      await takeLock(lock, waitingOf(context, session.name))
      taken = lock
    }
    const {onEvent} = context
    const timeout = settings.tableLockTimeout
    const state = await readState(session, store, {timeout, onEvent, signal})
    if (isLocked) await store.addColumns(state, {tableLock: timeout, statement: undefined})
    return {database: {name, tenant: tenant?.name, session, store, lock, state}, explain, close}
  } catch (error) {
    await close()
    throw opened === undefined ? error : opened.explain(error)
  }
}

/**
 * Opens every database of a project, reads their states, and closes them after `use`.
 *
 * @throws MigError as `openDatabases`
 */
export async function withDatabases<Result>(
  context: RunContext,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return using(await openDatabases(context, false), use)
}

/** Like `withDatabases`, with every database locked. */
export async function withLockedDatabases<Result>(
  context: RunContext,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return using(await openDatabases(context, true), use)
}

async function using<Result>(
  {databases, explain, close}: OpenDatabases,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(databases)
  } catch (error) {
    throw explain(error)
  } finally {
    await close()
  }
}

/**
 * Connects to a database.
 *
 * @param isLocked whether to wait while another process uses the folder of an embedded database
 * @param sessions the size of the pool
 */
export async function connectTo(
  context: RunContext,
  source: DatabaseSource,
  {isLocked, sessions = 1}: {readonly isLocked: boolean; readonly sessions?: number},
): Promise<Connection> {
  const {project, createDatabase, onEvent} = context
  const {connect} = await import('../runner/connection/connect.ts')
  const {root, settings} = project
  const connectOptions = {createDatabase, onEvent, sessions, timeout: settings.connectTimeout}
  const open = async (): Promise<Connection> => connect(source, root, connectOptions)
  if (!isLocked) return open()
  const {waitFor} = await import('../runner/lock/run-lock.ts')
  let inUse: MigError | undefined
  return waitFor(
    async () => {
      try {
        return await open()
      } catch (error) {
        if (!(error instanceof MigError) || error.code !== 'PGLITE_IN_USE') throw error
        inUse = error
        return undefined
      }
    },
    async () => inUse && {...(inUse.data as {readonly pid: number; readonly since: string}), name: 'another process'},
    waitingOf(context, source.kind === 'url' ? hideInAddress(source.url) : 'the embedded database'),
  )
}

function waitingOf({lockTimeout: timeout, onEvent, signal}: RunContext, database: string): Waiting {
  return {timeout, onEvent, signal, database}
}

/** Returns the databases of a project, without connecting. */
export async function sourcesOf({
  em,
  isOwnEm = false,
  configured,
  onEvent,
  project,
}: Pick<RunContext, 'em' | 'isOwnEm' | 'configured' | 'onEvent' | 'project'>): Promise<
  readonly {readonly name: string | undefined; readonly source: DatabaseSource}[]
> {
  if (em !== undefined) return [{name: undefined, source: {kind: 'em', em, isCallers: !isOwnEm}}]
  return (await configured()).map((database) => {
    if (database.kind === 'url' && database.isDefault) {
      // A variable that is not set must not lead to another database.
      if ('orm' in project.settings)
        throw new InvalidConfigError('The configuration', [
          'orm is undefined; remove the key to use the default database',
        ])
      onEvent({
        kind: 'note',
        text: `No database is configured: using the embedded PostgreSQL in ${filePathOf(database.url)}.`,
      })
    }
    return {name: database.name, source: database}
  })
}

/** Returns the names of mig's tables. */
export function tableNamesOf({settings, tenant}: Project): TableNames {
  const {versionTable, logTable, versionTableSchema} = settings
  return {versionTable, logTable, schema: tenant?.name ?? versionTableSchema}
}
