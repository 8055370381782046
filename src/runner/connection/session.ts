import {setImmediate} from 'node:timers/promises'
import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import {CompiledQuery} from 'kysely'
import type {AbortableQueryOptions, Kysely} from 'kysely'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialectOfPlatform} from '../../dialects/dialects.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import {borrowedQueryBuilder, borrowedTransaction} from './borrowed-transaction.ts'
import {CommandFailure} from './command.ts'
import type {Command} from './command.ts'
import type {Connection} from './connect.ts'
import {DatabaseFailedError} from '../errors.ts'
import type {PostgresClient} from './postgres-client.ts'
import type {RunSession} from './run-session.ts'
import type {Tenant} from '../tenant.ts'

/**
 * One connection to a database, kept for a whole run: what a transaction begins and a lock holds belongs to it.
 *
 * Nothing here may go through the pool. On PostgreSQL that would be another session, on SQLite it would never return.
 */
export class Session implements RunSession {
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
    this.isPooled = postgres === 'hidden' || connection.tenant?.isPooled === true
    this.#connection = connection
    this.#signal = signal
    this.platform = connection.em.getDriver().getPlatform()
    this.dialect = dialectOf(this.platform)
  }

  /** What messages call the database, without password. */
  get name(): string {
    const {tenant} = this
    return tenant === undefined ? this.databaseName : `${this.databaseName} (tenant ${tenant.name})`
  }

  /** As `name`, without the tenant. */
  get databaseName(): string {
    return this.#connection.name
  }

  /** What knows the entities. What is asked of it directly goes to other sessions. */
  get em(): SqlEntityManager {
    return this.#connection.em
  }

  /** Whom it works for, when it is not for the whole database. */
  get tenant(): Tenant | undefined {
    return this.#connection.tenant
  }

  /** Whether the database is in this process, and has this one session. */
  get isEmbedded(): boolean {
    return this.db.getExecutor().adapter.supportsMultipleConnections === false
  }

  /** Whether no other process can open the database meanwhile. */
  get isExclusive(): boolean {
    return driverOfClass(this.#connection.em.getDriver().constructor)?.isExclusive === true
  }

  /** Whether it is in a transaction that somebody else began and will end. */
  get isBorrowed(): boolean {
    return this.#connection.em.isInTransaction()
  }

  /** Runs what may fail without an end to the transaction of somebody else. */
  async attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.isBorrowed) return work()
    await this.sendRegardless([{sql: 'savepoint mig_attempt'}])
    try {
      const result = await work()
      await this.sendRegardless([{sql: 'release savepoint mig_attempt'}])
      return result
    } catch (error) {
      await this.sendRegardless([{sql: 'rollback to savepoint mig_attempt'}])
      throw error
    }
  }

  /** Whether all commands of one `send` are one round trip. */
  get sendsAtOnce(): boolean {
    return this.postgres !== undefined
  }

  now(): number {
    return performance.now()
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
    const em = this.#connection.em.fork({clear: true, useContext: false})
    em.setTransactionContext(borrowedTransaction(this.db, before))
    return em
  }

  /** Runs a statement again and again on another connection, until the timer is cleared; where there can be one. */
  keepAlive(sql: string, interval: number): NodeJS.Timeout | undefined {
    if (this.isEmbedded) return undefined
    const connection = this.#connection.em.getDriver().getConnection()
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
      const connection = this.#connection.em.getDriver().getConnection()
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
    const over = Promise.withResolvers<void>()
    let cancelled: Promise<unknown> | undefined
    const cancel = (): void => {
      const query = 'select pg_cancel_backend($1)'
      cancelled = postgres.beside(async (client) => client.query(query, [postgres.pid]), over.promise)
    }
    signal?.addEventListener('abort', cancel)
    try {
      await postgres.send(commands)
    } finally {
      signal?.removeEventListener('abort', cancel)
      over.resolve()
      await cancelled
    }
  }

  /** A query can be cancelled over a second connection only; what runs in this process cannot be interrupted anyway. */
  #abortOptions(signal: AbortSignal | undefined): AbortableQueryOptions | undefined {
    return !this.isEmbedded && signal ? {signal, inflightQueryAbortStrategy: 'cancel query'} : undefined
  }
}

/**
 * Returns the dialect of a database.
 *
 * @throws MigError DATABASE_FAILED
 */
export function dialectOf(platform: AbstractSqlPlatform): Dialect {
  const dialect = dialectOfPlatform(platform)
  if (dialect !== undefined) return dialect
  throw new DatabaseFailedError('Reading the dialect', new Error(`${platform.constructor.name} is not supported`))
}
