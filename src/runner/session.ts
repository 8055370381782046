import {setImmediate} from 'node:timers/promises'
import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import {CompiledQuery} from 'kysely'
import type {AbortableQueryOptions, Kysely} from 'kysely'
import {MigError} from '../errors.ts'
import type {Dialect} from '../operations/operation.ts'
import {borrowedQueryBuilder, borrowedTransaction} from './borrowed-transaction.ts'
import {CommandFailure} from './command.ts'
import type {Command} from './command.ts'
import type {Connection} from './connect.ts'
import {connectionError} from './connection-errors.ts'
import {DatabaseFailedError, failureOf} from './errors.ts'
import {PostgresClient} from './postgres-client.ts'
import {InterruptedError} from './run-errors.ts'

/**
 * One connection to a database, kept for a whole run: what a transaction begins and a lock holds belongs to it.
 *
 * Nothing here may go through the pool. On PostgreSQL that would be another session, on SQLite it would never return.
 */
export class Session {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** A query builder on this session, in its transaction if there is one. */
  readonly db: Kysely<unknown>
  /** What sends several statements in one message, where there is such a thing. */
  readonly postgres: PostgresClient | undefined
  readonly #connection: Connection
  /** By what MySQL and MariaDB know the session. */
  readonly #serverId: number | undefined
  readonly #signal: AbortSignal | undefined

  /** Whether something stands between mig and the server that may give every transaction to another session. */
  readonly isPooled: boolean

  /**
   * @param db a query builder that is bound to one connection
   * @param postgres undefined where there is none; 'hidden' when the server's session is not the one of the client
   * @param serverId by what MySQL and MariaDB know the session
   */
  constructor(
    connection: Connection,
    db: Kysely<unknown>,
    postgres: PostgresClient | 'hidden' | undefined,
    signal: AbortSignal | undefined,
    serverId: number | undefined,
  ) {
    this.db = db
    this.#serverId = serverId
    this.postgres = postgres === 'hidden' ? undefined : postgres
    this.isPooled = postgres === 'hidden'
    this.#connection = connection
    this.#signal = signal
    this.platform = connection.orm.driver.getPlatform()
    this.dialect = dialectOf(this.platform)
  }

  /** What messages call the database, without password. */
  get name(): string {
    return this.#connection.name
  }

  /** Whether the database is in this process, and has this one session. */
  get isEmbedded(): boolean {
    return this.db.getExecutor().adapter.supportsMultipleConnections === false
  }

  /** Whether all commands of one `send` are one round trip. */
  get sendsAtOnce(): boolean {
    return this.postgres !== undefined
  }

  /**
   * Runs commands in order, until one fails.
   *
   * @throws CommandFailure; the signal's reason
   */
  async send(commands: readonly Command[]): Promise<void> {
    await this.stopIfAborted()
    await this.#send(commands, this.#signal)
  }

  /** Runs commands even though the run is to stop: what undoes or records it. */
  async sendRegardless(commands: readonly Command[]): Promise<void> {
    await this.#send(commands, undefined)
  }

  /** Runs one query and returns its rows. */
  async query<Row>(sql: string): Promise<readonly Row[]> {
    await this.stopIfAborted()
    const {rows} = await this.db.executeQuery<Row>(CompiledQuery.raw(sql), this.#abortOptions(this.#signal))
    return rows
  }

  /** Runs one query even though the run is to stop. */
  async queryRegardless<Row>(sql: string): Promise<readonly Row[]> {
    return (await this.db.executeQuery<Row>(CompiledQuery.raw(sql))).rows
  }

  /**
   * Stops the run if it is to stop. A database inside of this process keeps it busy: only between two statements can it
   * hear that.
   *
   * @throws the signal's reason
   */
  async stopIfAborted(): Promise<void> {
    if (this.#signal === undefined) return
    await setImmediate()
    this.#signal.throwIfAborted()
  }

  /** Returns a query builder of the user's own in the present transaction, which awaits `before` ahead of each query. */
  queryBuilder(before: () => Promise<void>): Kysely<unknown> {
    return borrowedQueryBuilder(this.db, before)
  }

  /** Returns an entity manager in the present transaction, which awaits `before` ahead of each query. */
  entityManager(before: () => Promise<void>): SqlEntityManager {
    const em = this.#connection.orm.em.fork({clear: true, useContext: false})
    em.setTransactionContext(borrowedTransaction(this.db, before))
    return em
  }

  /** Runs a statement again and again on another connection, until the timer is cleared; where there can be one. */
  keepAlive(sql: string, interval: number): NodeJS.Timeout | undefined {
    if (this.isEmbedded) return undefined
    const connection = this.#connection.orm.driver.getConnection()
    return setInterval(() => void connection.execute(sql).catch(() => {}), interval).unref()
  }

  async #send(commands: readonly Command[], signal: AbortSignal | undefined): Promise<void> {
    if (this.postgres !== undefined) return this.#sendAtOnce(this.postgres, commands, signal)
    for (const [index, {sql, rows}] of commands.entries()) {
      if (index > 0 && signal !== undefined) await this.stopIfAborted()
      let changed: bigint | undefined
      try {
        changed = await this.#changedBy(sql, signal)
      } catch (error) {
        throw new CommandFailure({index}, error)
      }
      if (rows !== undefined && Number(changed) !== rows) throw new CommandFailure({index, rows: Number(changed)})
    }
  }

  /**
   * Runs a statement, and returns how many rows it changed. When the run is to stop, the server is asked to end it, and what
   * became of it is waited for: an error must mean that it was not done.
   */
  async #changedBy(sql: string, signal: AbortSignal | undefined): Promise<bigint | undefined> {
    let cancelled: Promise<unknown> | undefined
    const cancel = (): void => {
      const connection = this.#connection.orm.driver.getConnection()
      if (this.#serverId !== undefined) cancelled = connection.execute(`kill query ${this.#serverId}`).catch(() => {})
    }
    signal?.addEventListener('abort', cancel)
    try {
      const {numAffectedRows} = await this.db.executeQuery(CompiledQuery.raw(sql))
      return numAffectedRows
    } finally {
      signal?.removeEventListener('abort', cancel)
      // It must not end what is sent next.
      await cancelled
    }
  }

  async #sendAtOnce(
    postgres: PostgresClient,
    commands: readonly Command[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const cancel = (): void =>
      void postgres
        .beside(async (client) => client.query('select pg_cancel_backend($1)', [postgres.pid]))
        .catch(() => {})
    signal?.addEventListener('abort', cancel)
    try {
      await postgres.send(commands)
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** A query can be cancelled over a second connection only; what runs in this process cannot be interrupted anyway. */
  #abortOptions(signal: AbortSignal | undefined): AbortableQueryOptions | undefined {
    return !this.isEmbedded && signal ? {signal, inflightQueryAbortStrategy: 'cancel query'} : undefined
  }
}

/**
 * Opens a session, passes it on, and gives it back afterwards.
 *
 * @throws MigError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_FAILED, CONNECTION_LOST; what `use` throws
 */
export async function withSession<Result>(
  connection: Connection,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  let isOpen = false
  const driverConnection = connection.orm.driver.getConnection()
  const watch = await PostgresClient.watch(driverConnection)
  try {
    return await driverConnection
      .getClient<unknown>()
      .connection()
      .execute(async (pinned) => {
        isOpen = true
        const postgres = watch && (watch.find(await processIdOf(pinned)) ?? 'hidden')
        try {
          const serverId = signal && (await connectionIdOf(connection, pinned))
          return await use(new Session(connection, pinned, postgres, signal, serverId))
        } finally {
          if (postgres !== 'hidden') postgres?.release()
        }
      })
  } catch (error) {
    if (error instanceof MigError) throw error
    if (signal?.aborted) throw new InterruptedError(`no revision was running on ${connection.name}.`, undefined)
    const cause = error instanceof CommandFailure ? error.cause : error
    throw isOpen
      ? failureOf(`A query on ${connection.name}`, connection.name, cause)
      : connectionError(connection.name, cause)
  } finally {
    watch?.stop()
  }
}

async function processIdOf(db: Kysely<unknown>): Promise<number> {
  const {rows} = await db.executeQuery<{readonly pid: number}>(CompiledQuery.raw('select pg_backend_pid() as pid'))
  return rows[0]?.pid ?? 0
}

/** Returns the id of a session, which only who may have to end its statements asks for. */
async function connectionIdOf({orm}: Connection, db: Kysely<unknown>): Promise<number | undefined> {
  const dialect = dialectOf(orm.driver.getPlatform())
  if (dialect !== 'mysql' && dialect !== 'mariadb') return undefined
  const {rows} = await db.executeQuery<{readonly id: number | bigint}>(
    CompiledQuery.raw('select connection_id() as id'),
  )
  return rows[0] && Number(rows[0].id)
}

function dialectOf(platform: AbstractSqlPlatform): Dialect {
  const names: Readonly<Record<string, Dialect>> = {
    PostgreSqlPlatform: 'postgresql',
    BasePostgreSqlPlatform: 'postgresql',
    SqlitePlatform: 'sqlite',
    MariaDbPlatform: 'mariadb',
    MySqlPlatform: 'mysql',
  }
  for (let type: unknown = platform.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const dialect = Object.hasOwn(names, type.name) ? names[type.name] : undefined
    if (dialect !== undefined) return dialect
  }
  throw new DatabaseFailedError('Reading the dialect', new Error(`${platform.constructor.name} is not supported`))
}
