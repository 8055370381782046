import {hostname, userInfo} from 'node:os'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {databasesOf} from '../config/database.ts'
import {InvalidDurationError} from '../config/errors.ts'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Connection, DatabaseSource, SqlOrm} from '../runner/connection/connect.ts'
import type {LockHolder, OnEvent} from '../runner/events.ts'
import type {RunLock, Waiting} from '../runner/lock/run-lock.ts'
import type {Session} from '../runner/connection/session.ts'
import type {Actor} from '../runner/state/state-sql.ts'
import type {TableNames} from '../runner/state/tables.ts'
import type {DatabaseState, VersionStore} from '../runner/state/version-store.ts'
import {parseDuration} from '../util/duration.ts'
import {hideInAddress} from '../util/secrets.ts'
import {migVersion} from '../util/version.ts'
import type {Project, ProjectOptions} from './project.ts'

/** What use cases that need a database can be told. */
export interface DatabaseOptions extends ProjectOptions, TenantOptions {
  /** An instance of MikroORM to work with, instead of the one that the configuration describes. It is not closed. */
  readonly orm?: SqlOrm | undefined
  /**
   * An entity manager to work with, instead. When it is in a transaction, everything is done within that, all or nothing,
   * and is there when its owner commits.
   */
  readonly em?: SqlEntityManager | undefined
  /** Whether a database that does not exist is made. */
  readonly createDatabase?: boolean | undefined
  readonly onEvent?: OnEvent | undefined
  readonly signal?: AbortSignal | undefined
}

/** Of which tenants something is to be done. */
export interface TenantOptions {
  /** Their names; those of the configuration when left out. */
  readonly tenants?: readonly string[] | undefined
  /** The path of a file with their names, one on a line. */
  readonly tenantsFile?: string | undefined
  /** How many of them at the same time; one after another when left out. */
  readonly parallel?: number | undefined
  /** Whether to go on with the others when one fails. */
  readonly continueOnError?: boolean | undefined
}

/** What use cases that change a database can be told besides. */
export interface WriteOptions extends DatabaseOptions {
  /** How long to wait for another run: seconds, or a text such as `500ms` or `2min`. */
  readonly lockTimeout?: string | number | undefined
  /** A name for the run, which the log keeps. */
  readonly tag?: string | undefined
}

/** A database with an open session, and the state that was read from it. */
export interface OpenDatabase {
  /** Its name in the configuration, where that has several. */
  readonly name: string | undefined
  readonly tenant: string | undefined
  readonly session: Session
  readonly store: VersionStore
  /** What keeps other runs away while something is written; undefined where the database itself does. */
  readonly lock: RunLock | undefined
  readonly state: DatabaseState
}

/**
 * Opens every database of a project at once, reads their states, and closes them after `use`.
 *
 * @throws MigError as `connect`, LOCK_TIMEOUT
 */
export async function withDatabases<Result>(
  project: Project,
  options: DatabaseOptions,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return openAll(project, options, undefined, use)
}

/** As `withDatabases`, with every database locked, so that nobody else's run changes what is read. */
export async function withLockedDatabases<Result>(
  project: Project,
  options: WriteOptions,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return openAll(project, options, waitingOf(project, options), use)
}

/**
 * Returns how a run waits for others.
 *
 * @throws MigError INVALID_DURATION
 */
export function waitingOf({settings}: Project, options: WriteOptions): Omit<Waiting, 'database'> {
  const {onEvent = () => {}, signal, lockTimeout} = options
  const timeout = lockTimeout === undefined ? settings.lockTimeout : parseDuration(lockTimeout)
  if (timeout === undefined) throw new InvalidDurationError('lockTimeout', String(lockTimeout))
  return {timeout, onEvent, signal}
}

/** @param waiting how to wait for other runs; undefined when nothing is to be locked */
async function openAll<Result>(
  project: Project,
  options: WriteOptions,
  waiting: Omit<Waiting, 'database'> | undefined,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  const [{withSession}, {VersionStore: Store}, {StateSql}, {lockOf}, {withLock}] = await Promise.all([
    import('../runner/connection/open-session.ts'),
    import('../runner/state/version-store.ts'),
    import('../runner/state/state-sql.ts'),
    import('../runner/lock/lock-of.ts'),
    import('../runner/lock/run-lock.ts'),
  ])
  const actor = actorOf(options.tag)
  const names = tableNamesOf(project)
  const sources = await sourcesOf(project, options)
  const connections: Connection[] = []
  const openNext = async (done: readonly OpenDatabase[]): Promise<Result> => {
    const next = sources[done.length]
    if (next === undefined) return use(done)
    const opened = await connectPatiently(next.source, project.root, options, waiting)
    connections.push(opened)
    const {tenant} = project
    const connection = {...opened, tenant}
    return withSession(connection, options.signal, async (session) => {
      const store = new Store(session, new StateSql(names, session.platform, session.dialect, actor))
      const lock = lockOf(session, names, project.settings.lock, actor.by)
      const proceed = async (): Promise<Result> =>
        openNext([...done, {name: next.name, tenant: tenant?.name, session, store, lock, state: await store.read()}])
      return lock && waiting ? withLock(lock, {...waiting, database: session.name}, proceed) : proceed()
    })
  }
  try {
    return await openNext([])
  } finally {
    await Promise.allSettled(connections.map(async (connection) => connection.close()))
  }
}

/** Connects; waits while another process has the folder of an embedded database. */
export async function connectPatiently(
  source: DatabaseSource,
  root: string,
  {createDatabase, onEvent}: DatabaseOptions,
  waiting: Omit<Waiting, 'database'> | undefined,
  sessions = 1,
): Promise<Connection> {
  const {connect} = await import('../runner/connection/connect.ts')
  const open = async (): Promise<Connection> => connect(source, root, {createDatabase, onEvent, sessions})
  if (waiting === undefined) return open()
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
    async () => inUse && {...(inUse.data as Omit<LockHolder, 'name'>), name: 'another process'},
    {...waiting, database: source.kind === 'url' ? hideInAddress(source.url) : 'the embedded database'},
  )
}

/** Returns the applied set of a database. */
export function appliedSetOf({state}: OpenDatabase): ReadonlySet<RevisionId> {
  return new Set(state.applied.map((row) => row.revision))
}

export async function sourcesOf(
  {settings, root}: Project,
  {orm, em = orm?.em, onEvent}: DatabaseOptions,
): Promise<readonly {readonly name: string | undefined; readonly source: DatabaseSource}[]> {
  if (em !== undefined) return [{name: undefined, source: {kind: 'em', em}}]
  const configured = await databasesOf(settings, root, process.env)
  return configured.map((database) => {
    if (database.kind === 'url' && database.isDefault)
      onEvent?.({
        kind: 'note',
        text: `No database is configured: using the embedded PostgreSQL in ${database.url.slice('pglite:'.length)}.`,
      })
    return {name: database.name, source: database}
  })
}

/** Returns who is at work, for the log and for whoever waits. */
export function actorOf(tag: string | undefined): Actor {
  return {by: `${userName()}@${hostname()}`, mig: migVersion(), tag}
}

/** Returns how the tables of mig are called. */
export function tableNamesOf({settings, tenant}: Project): TableNames {
  const {versionTable, logTable, versionTableSchema} = settings
  return {versionTable, logTable, schema: tenant?.name ?? versionTableSchema}
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a user without a name.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
