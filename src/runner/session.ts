import {setImmediate} from 'node:timers/promises'
import type {AbstractSqlConnection, AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import {CompiledQuery, Kysely} from 'kysely'
import type {AbortableQueryOptions, DatabaseConnection, Driver, QueryResult} from 'kysely'
import {MigError} from '../errors.ts'
import type {Dialect} from '../operations/operation.ts'
import type {Connection} from './connect.ts'
import {DatabaseFailedError, connectionError} from './errors.ts'

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
  readonly #connection: Connection
  readonly #signal: AbortSignal | undefined

  /** @param db a query builder that is bound to one connection */
  constructor(connection: Connection, db: Kysely<unknown>, signal: AbortSignal | undefined) {
    this.db = db
    this.#connection = connection
    this.#signal = signal
    this.platform = connection.orm.driver.getPlatform()
    this.dialect = dialectOf(this.platform)
  }

  /** What messages call the database, without password. */
  get name(): string {
    return this.#connection.name
  }

  /** Runs a text of one statement or several, as it is. */
  async run(sql: string): Promise<void> {
    await this.#stopIfAborted()
    await this.#run(sql, this.#signal)
  }

  /** Runs one query and returns its rows. */
  async query<Row>(sql: string): Promise<readonly Row[]> {
    await this.#stopIfAborted()
    const {rows} = await this.db.executeQuery<Row>(CompiledQuery.raw(sql), this.#abortOptions(this.#signal))
    return rows
  }

  /** Runs `body` in a transaction: all of it is kept, or nothing. */
  async transaction<Result>(body: () => Promise<Result>): Promise<Result> {
    // Not Kysely's transactions: on PGlite they would shut out texts of several statements.
    await this.#run(this.dialect === 'sqlite' ? 'begin immediate' : 'begin')
    try {
      const result = await body()
      await this.#run('commit')
      return result
    } catch (error) {
      // When the connection is gone, so is the transaction; what matters is why it failed in the first place.
      await this.#run('rollback').catch(() => {})
      throw error
    }
  }

  /** Returns a query builder of the user's own in the present transaction, which awaits `before` ahead of each query. */
  queryBuilder(before: () => Promise<void>): Kysely<unknown> {
    const {db} = this
    const executor = db.getExecutor()
    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
        await before()
        return db.executeQuery<Row>(query)
      },
      streamQuery: async function* <Row>(query: CompiledQuery, chunkSize: number): AsyncGenerator<QueryResult<Row>> {
        await before()
        yield* executor.stream<Row>(query, chunkSize)
      },
    }
    return new Kysely({
      dialect: {
        createAdapter: () => executor.adapter,
        createDriver: () => new BorrowedConnectionDriver(connection),
        createIntrospector: () => db.introspection,
        createQueryCompiler: () => ({compileQuery: (node, id) => executor.compileQuery(node, id)}),
      },
    })
  }

  /** Returns an entity manager in the present transaction, which awaits `before` ahead of each query. */
  entityManager(before: () => Promise<void>): SqlEntityManager {
    const em = this.#connection.orm.em.fork({clear: true, useContext: false})
    em.setTransactionContext(transactionContext(this.db, before))
    return em
  }

  /** A database inside of this process keeps it busy: only between two statements can it hear that it is to stop. */
  async #stopIfAborted(): Promise<void> {
    if (this.#signal === undefined) return
    await setImmediate()
    this.#signal.throwIfAborted()
  }

  async #run(sql: string, signal?: AbortSignal): Promise<void> {
    // Through the query interface these two take one statement only; as a session they have just this one.
    const native = await nativeScriptRunner(this.#connection.orm.driver.getConnection())
    if (native === undefined) await this.db.executeQuery(CompiledQuery.raw(sql), this.#abortOptions(signal))
    else await native(sql)
  }

  /** A query can be cancelled over a second connection only; what runs in this process cannot be interrupted anyway. */
  #abortOptions(signal: AbortSignal | undefined): AbortableQueryOptions | undefined {
    const canCancel = this.db.getExecutor().adapter.supportsMultipleConnections !== false
    return canCancel && signal ? {signal, inflightQueryAbortStrategy: 'cancel query'} : undefined
  }
}

/**
 * Opens a session, passes it on, and gives it back afterwards.
 *
 * @throws MigError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_FAILED; what `use` throws
 */
export async function withSession<Result>(
  connection: Connection,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  let isOpen = false
  try {
    const client = connection.orm.driver.getConnection().getClient<unknown>()
    return await client.connection().execute(async (pinned) => {
      isOpen = true
      return use(new Session(connection, pinned, signal))
    })
  } catch (error) {
    if (error instanceof MigError) throw error
    throw isOpen
      ? new DatabaseFailedError(`A query on ${connection.name}`, error)
      : connectionError(connection.name, error)
  }
}

/**
 * Returns what MikroORM takes for the transaction of an entity manager. It asks a transaction for its queries, and for
 * savepoints when a transaction is begun within it.
 */
function transactionContext(db: Kysely<unknown>, before: () => Promise<void>): Kysely<unknown> {
  const command = (sql: string): {execute(): Promise<void>} => ({
    execute: async () => void (await db.executeQuery(CompiledQuery.raw(sql))),
  })
  // MikroORM keeps notes of its own on a transaction: they must not end up on the session.
  const own: Record<PropertyKey, unknown> = {
    executeQuery: async (query: CompiledQuery) => {
      await before()
      return db.executeQuery(query)
    },
    savepoint: (name: string) => ({
      execute: async () => {
        await before()
        await command(`savepoint ${name}`).execute()
        return transactionContext(db, before)
      },
    }),
    releaseSavepoint: (name: string) => command(`release savepoint ${name}`),
    rollbackToSavepoint: (name: string) => command(`rollback to savepoint ${name}`),
  }
  return new Proxy(own, {
    get: (notes, key) => {
      if (Object.hasOwn(notes, key)) return notes[key]
      const value: unknown = Reflect.get(db, key)
      return typeof value === 'function' ? (value.bind(db) as unknown) : value
    },
  }) as unknown as Kysely<unknown>
}

/** A driver for a query builder that only borrows a connection and its transaction. */
class BorrowedConnectionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    throw new Error('a revision is in a transaction already; use a savepoint')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

async function nativeScriptRunner(
  client: AbstractSqlConnection,
): Promise<((sql: string) => Promise<void>) | undefined> {
  const isEmbedded = /^(?:Pglite|Sqlite|BetterSqlite)Connection$/.test(client.constructor.name)
  if (!isEmbedded || !('getNativeClient' in client)) return undefined
  const {getNativeClient} = client as {getNativeClient: () => Promise<{exec(sql: string): unknown}>}
  const native = await getNativeClient.call(client)
  return async (sql) => void (await native.exec(sql))
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
