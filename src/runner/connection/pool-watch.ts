import type {EventEmitter} from 'node:events'
import type {Socket} from 'node:net'
import type {AbstractSqlConnection} from '@mikro-orm/sql'

/** The parts used here of a connection in the pool of a driver: that of `pg`, or that of `mysql2`. */
interface PooledConnection {
  readonly processID?: number | null
  readonly threadId?: number | null
  readonly stream?: Socket
  readonly connection?: {readonly stream?: Socket}
}

/** The pool of a driver for a server. */
export interface Pool extends EventEmitter {
  readonly options: unknown
}

/** Finds the connection under a session among those that a pool hands out. */
export interface PoolWatch {
  readonly pool: Pool
  /** Returns the connection with this id on the server; undefined if a pooler hides it. */
  find(id: number): unknown
  /** Returns the socket of the connection with this id, or of the only connection. */
  socketOf(id: number): Socket | undefined
  stop(): void
}

/** Records the connections that a pool hands out; undefined for databases without a server, or without a pool. */
export async function watchPool(connection: AbstractSqlConnection): Promise<PoolWatch | undefined> {
  const {getNativeClient} = connection as {getNativeClient?: () => Promise<unknown>}
  // MikroORM has none where the caller chose a dialect of Kysely; that of a database that is down fails later on, too.
  const pool = await getNativeClient?.call(connection).catch(() => undefined)
  if (!isPool(pool)) return undefined
  const seen = new Set<PooledConnection>()
  const onAcquire = (acquired: PooledConnection): void => void seen.add(acquired)
  // Every session adds a listener, and Node warns about a leak above ten.
  pool.setMaxListeners(pool.getMaxListeners() + 1)
  pool.on('acquire', onAcquire)
  const find = (id: number): PooledConnection | undefined =>
    [...seen].find(({processID, threadId}) => processID === id || threadId === id)
  return {
    pool,
    find,
    socketOf: (id) => {
      const [only, ...others] = seen
      const found = find(id) ?? (others.length === 0 ? only : undefined)
      return found?.stream ?? found?.connection?.stream
    },
    stop: () => {
      pool.off('acquire', onAcquire)
      pool.setMaxListeners(pool.getMaxListeners() - 1)
    },
  }
}

function isPool(pool: unknown): pool is Pool {
  return typeof pool === 'object' && pool !== null && 'on' in pool && 'setMaxListeners' in pool && 'end' in pool
}
