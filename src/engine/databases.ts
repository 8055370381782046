import {filePathOf} from '../dialects/drivers.ts'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {databasesOf} from '../config/database.ts'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Connection, DatabaseSource, SqlOrm} from '../runner/connection/connect.ts'
import type {LockHolder, OnEvent} from '../runner/events.ts'
import type {RunLock, Waiting} from '../runner/lock/run-lock.ts'
import type {Session} from '../runner/connection/session.ts'
import type {DatabaseState, StateStore} from '../runner/state/store.ts'
import type {TableNames} from '../runner/state/tables.ts'
import {hidePasswords} from '../util/secrets.ts'
import type {Project, ProjectOptions} from './project.ts'
import type {RunContext} from './run-context.ts'

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
  readonly store: StateStore
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
  context: RunContext,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return openAll(context, false, use)
}

/** As `withDatabases`, with every database locked, so that no other run changes the state that is read. */
export async function withLockedDatabases<Result>(
  context: RunContext,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  return openAll(context, true, use)
}

async function openAll<Result>(
  context: RunContext,
  isLocked: boolean,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  const [{withSession}, {VersionStore}, {lockOf}, {withLock}] = await Promise.all([
    import('../runner/connection/open-session.ts'),
    import('../runner/state/version-store.ts'),
    import('../runner/lock/lock-of.ts'),
    import('../runner/lock/run-lock.ts'),
  ])
  const {project, actor, signal} = context
  const {tenant} = project
  const names = tableNamesOf(project)
  const sources = await sourcesOf(context)
  const connections: Connection[] = []
  const openNext = async (done: readonly OpenDatabase[]): Promise<Result> => {
    const next = sources[done.length]
    if (next === undefined) return use(done)
    const opened = await connectTo(context, next.source, {isLocked})
    connections.push(opened)
    return withSession({...opened, tenant}, signal, async (session) => {
      const store = new VersionStore(session, names, actor)
      const lock = lockOf(session, names, project.settings.lock, actor.by)
      const proceed = async (): Promise<Result> =>
        openNext([...done, {name: next.name, tenant: tenant?.name, session, store, lock, state: await store.read()}])
      return lock && isLocked ? withLock(lock, waitingOf(context, session.name), proceed) : proceed()
    })
  }
  try {
    return await openNext([])
  } finally {
    await Promise.allSettled(connections.map(async (connection) => connection.close()))
  }
}

/**
 * Connects to a database.
 *
 * @param isLocked whether to wait while another process has the folder of an embedded database
 * @param sessions the size of the pool
 */
export async function connectTo(
  context: RunContext,
  source: DatabaseSource,
  {isLocked, sessions = 1}: {readonly isLocked: boolean; readonly sessions?: number},
): Promise<Connection> {
  const {project, createDatabase, onEvent} = context
  const {connect} = await import('../runner/connection/connect.ts')
  const open = async (): Promise<Connection> => connect(source, project.root, {createDatabase, onEvent, sessions})
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
    async () => inUse && {...(inUse.data as Omit<LockHolder, 'name'>), name: 'another process'},
    waitingOf(context, source.kind === 'url' ? hidePasswords(source.url) : 'the embedded database'),
  )
}

function waitingOf({lockTimeout: timeout, onEvent, signal}: RunContext, database: string): Waiting {
  return {timeout, onEvent, signal, database}
}

/** Returns the applied set of a database. */
export function appliedSetOf({state}: OpenDatabase): ReadonlySet<RevisionId> {
  return new Set(state.applied.map((row) => row.revision))
}

/** Returns the databases of a project, without connecting. */
export async function sourcesOf({
  project,
  em,
  onEvent,
}: Pick<RunContext, 'project' | 'em' | 'onEvent'>): Promise<
  readonly {readonly name: string | undefined; readonly source: DatabaseSource}[]
> {
  if (em !== undefined) return [{name: undefined, source: {kind: 'em', em}}]
  const configured = await databasesOf(project.settings, project.root, process.env)
  return configured.map((database) => {
    if (database.kind === 'url' && database.isDefault)
      onEvent({
        kind: 'note',
        text: `No database is configured: using the embedded PostgreSQL in ${filePathOf(database.url)}.`,
      })
    return {name: database.name, source: database}
  })
}

/** Returns the names of the tables of mig. */
export function tableNamesOf({settings, tenant}: Project): TableNames {
  const {versionTable, logTable, versionTableSchema} = settings
  return {versionTable, logTable, schema: tenant?.name ?? versionTableSchema}
}
