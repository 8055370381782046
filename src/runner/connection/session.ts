import {setImmediate} from 'node:timers/promises'
import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import {CompiledQuery} from 'kysely'
import type {Kysely, QueryResult} from 'kysely'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialectOfPlatform, dialects} from '../../dialects/dialects.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import {borrowedDriver} from './borrowed-driver.ts'
import {borrowedQueryBuilder, borrowedTransaction} from './borrowed-transaction.ts'
import {CommandFailure} from './command.ts'
import type {Command} from './command.ts'
import type {Connection} from './connect.ts'
import {UnknownPlatformError} from '../errors.ts'
import type {PostgresClient} from './postgres-client.ts'
import type {RunSession} from './run-session.ts'
import type {ServerSession} from './server-session.ts'
import type {Tenant} from '../tenant.ts'
import type {Gate} from '../user-statement.ts'

/**
 * A single connection to a database, kept for a whole run because transactions and locks belong to it.
 *
 * Queries must not go through the pool: on PostgreSQL they would use another session, on SQLite they would deadlock.
 */
export class Session implements RunSession {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** A query builder on this session, in its current transaction if any. */
  readonly db: Kysely<unknown>
  /** The client that sends several statements in one message, where available. */
  readonly postgres: PostgresClient | undefined
  readonly #connection: Connection
  /** The connection under the session; undefined for embedded databases and in the caller's transaction. */
  readonly #server: ServerSession | undefined
  readonly #signal: AbortSignal | undefined

  /** Whether a connection pooler may give each transaction a different server session. */
  readonly isPooled: boolean

  /** @param db a query builder bound to one connection */
  constructor(
    connection: Connection,
    db: Kysely<unknown>,
    server: ServerSession | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.db = db
    this.#server = server
    this.postgres = server?.postgres
    this.isPooled = server?.isHidden === true || connection.tenant?.isPooled === true
    this.#connection = connection
    this.#signal = signal
    this.platform = connection.em.getDriver().getPlatform()
    this.dialect = dialectOf(this.platform)
  }

  /** The name of the database in messages, without password. */
  get name(): string {
    const {tenant} = this
    return tenant === undefined ? this.databaseName : `${this.databaseName} (tenant ${tenant.name})`
  }

  /** The name of the database without the tenant. */
  get databaseName(): string {
    return this.#connection.name
  }

  /** The entity manager. Its own queries use other sessions. */
  get em(): SqlEntityManager {
    return this.#connection.em
  }

  /** The tenant the session is limited to, if any. */
  get tenant(): Tenant | undefined {
    return this.#connection.tenant
  }

  /** Whether the database runs in this process and has only this session. */
  get isEmbedded(): boolean {
    return this.db.getExecutor().adapter.supportsMultipleConnections === false
  }

  /** Whether other processes are locked out while the database is open. */
  get isExclusive(): boolean {
    return driverOfClass(this.#connection.em.getDriver().constructor)?.isExclusive === true
  }

  /** Whether the session is in the caller's transaction, which mig must not end. */
  get isBorrowed(): boolean {
    return this.#connection.em.isInTransaction()
  }

  /** Whether code of the caller may have changed the session, so that only what a revision has set may be put back. */
  get isCallers(): boolean {
    const {isCallers, em} = this.#connection
    const hasHook =
      em.config.get('onCreateConnection') !== undefined || em.config.get('onReserveConnection') !== undefined
    return isCallers === true || hasHook || em.config.get('sessionContext') === 'connection'
  }

  /** Runs `work` in a savepoint if borrowed, so that a failure does not abort the caller's transaction. */
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

  /** Whether all commands of one `send` take a single round trip. */
  get sendsAtOnce(): boolean {
    return this.postgres !== undefined
  }

  /** The reason for which the server ended the session between two statements, if it did and is known. */
  get ended(): Error | undefined {
    return this.postgres?.ended
  }

  now(): number {
    return performance.now()
  }

  /**
   * Runs commands in order, until one fails.
   *
   * @throws CommandFailure; the abort reason of the signal
   */
  async send(commands: readonly Command[]): Promise<void> {
    // The outcome of commands that were sent ahead is waited for in any case.
    if (this.postgres?.isSent(commands) !== true) await this.stopIfAborted()
    await this.#send(commands, this.#signal)
  }

  /** Runs commands even after an abort, to roll back or record the outcome. */
  async sendRegardless(commands: readonly Command[]): Promise<void> {
    if (commands.length > 0) await this.#regardless(async () => this.#send(commands, undefined))
  }

  /** Runs one query and returns its rows. */
  async query<Row>(sql: string): Promise<readonly Row[]> {
    await this.stopIfAborted()
    const {rows} = await this.#cancellable(async () => this.db.executeQuery<Row>(CompiledQuery.raw(sql)), this.#signal)
    return rows
  }

  /** Runs one query even after an abort. */
  async queryRegardless<Row>(sql: string): Promise<readonly Row[]> {
    return (await this.#regardless(async () => this.db.executeQuery<Row>(CompiledQuery.raw(sql)))).rows
  }

  /** Waits for code of the project; meanwhile, the connection alone does not keep the process alive. */
  async whileWaiting<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#server === undefined ? work() : this.#server.whileWaiting(work)
  }

  /** Uses the connection for code of the project that is waited for. */
  async whileUsed<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#server === undefined ? work() : this.#server.whileUsed(work)
  }

  /**
   * Throws if the run was aborted. Yields to the event loop first if the database is embedded, because such a database
   * blocks it, so that signals only arrive between statements.
   *
   * @throws the abort reason of the signal
   */
  async stopIfAborted(): Promise<void> {
    if (this.#signal === undefined) return
    if (this.isEmbedded) await setImmediate()
    this.#signal.throwIfAborted()
  }

  /** Returns a query builder for user code in the current transaction, whose statements pass the gate. */
  queryBuilder(gate: Gate): Kysely<unknown> {
    return borrowedQueryBuilder(this.db, this.#cancelling(gate), this.#written)
  }

  /** Returns an entity manager in the current transaction, whose statements pass the gate. */
  entityManager(gate: Gate): SqlEntityManager {
    const em = this.#connection.em.fork({clear: true, useContext: false})
    const transaction = borrowedTransaction(this.db, this.#cancelling(gate), this.#written)
    em.setTransactionContext(transaction)
    // Forks, the connection and the driver of the entity manager would use connections of their own.
    Object.assign(em, {driver: borrowedDriver(em.getDriver(), transaction)})
    return em
  }

  /** Repeats a statement on another connection until the timer is cleared; does nothing if the database is embedded. */
  keepAlive(sql: string, interval: number): NodeJS.Timeout | undefined {
    if (this.isEmbedded) return undefined
    const connection = this.#connection.em.getDriver().getConnection()
    return setInterval(() => void connection.execute(sql).catch(() => {}), interval).unref()
  }

  async #send(commands: readonly Command[], signal: AbortSignal | undefined): Promise<void> {
    if (commands.length === 0) return
    const {postgres} = this
    if (postgres !== undefined) return this.#cancellable(async () => postgres.send(commands), signal)
    for (const [index, {sql, rows}] of commands.entries()) {
      if (index > 0 && signal !== undefined) await this.stopIfAborted()
      let changed: bigint | undefined
      try {
        const run = async (): Promise<QueryResult<unknown>> => this.db.executeQuery(CompiledQuery.raw(sql))
        changed = (await this.#cancellable(run, signal)).numAffectedRows
      } catch (error) {
        throw new CommandFailure({index}, error)
      }
      if (rows !== undefined && Number(changed) !== rows) throw new CommandFailure({index, rows: Number(changed)})
    }
  }

  async #cancellable<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    return this.#server === undefined || signal === undefined ? work() : this.#server.cancellable(work, signal)
  }

  async #regardless<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#server !== undefined && this.#signal?.aborted === true ? this.#server.bounded(work) : work()
  }

  /** Returns a compiled query in the form in which the driver sends it as it is meant. */
  readonly #written = (query: CompiledQuery): CompiledQuery => {
    const {platform, dialect} = this
    if (query.parameters.length === 0 || dialects[dialect].literals?.writesParameters(platform) !== true) return query
    return {...query, sql: platform.formatQuery(query.sql, query.parameters), parameters: []}
  }

  /** Returns how to run the queries of user code, so that they are cancelled on abort. */
  #cancelling(gate: Gate): Gate {
    return async (sql, run) => gate(sql, async () => this.#cancellable(run, this.#signal))
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
  throw new UnknownPlatformError(platform.constructor.name)
}
