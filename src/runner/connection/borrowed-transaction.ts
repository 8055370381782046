import {CompiledQuery, Kysely} from 'kysely'
import type {DatabaseConnection, Driver, QueryResult} from 'kysely'
import type {AroundQuery} from '../../operations/operations.ts'

/** Returns a separate query builder in the current transaction of `db`, whose queries are run by `around`. */
export function borrowedQueryBuilder(db: Kysely<unknown>, around: AroundQuery): Kysely<unknown> {
  const executor = db.getExecutor()
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
      around(async () => db.executeQuery<Row>(query)),
    streamQuery: async function* <Row>(query: CompiledQuery, chunkSize: number): AsyncGenerator<QueryResult<Row>> {
      await around(async () => {})
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

/**
 * Returns an object that MikroORM accepts as the transaction of an entity manager: it runs queries, and savepoints for
 * nested transactions.
 */
export function borrowedTransaction(db: Kysely<unknown>, around: AroundQuery): Kysely<unknown> {
  const command = (sql: string): {execute(): Promise<void>} => ({
    execute: async () => around(async () => void (await db.executeQuery(CompiledQuery.raw(sql)))),
  })
  // MikroORM stores properties on the transaction, which must not leak to the session.
  const overrides: Record<PropertyKey, unknown> = {
    executeQuery: async (query: CompiledQuery) => around(async () => db.executeQuery(query)),
    savepoint: (name: string) => ({
      execute: async () => {
        await command(`savepoint ${name}`).execute()
        return borrowedTransaction(db, around)
      },
    }),
    releaseSavepoint: (name: string) => command(`release savepoint ${name}`),
    rollbackToSavepoint: (name: string) => command(`rollback to savepoint ${name}`),
  }
  return new Proxy(overrides, {
    get: (target, key) => {
      if (Object.hasOwn(target, key)) return target[key]
      const value: unknown = Reflect.get(db, key)
      return typeof value === 'function' ? (value.bind(db) as unknown) : value
    },
  }) as unknown as Kysely<unknown>
}

/** A driver for a query builder that borrows a connection and its transaction. */
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
    throw new Error('a revision already runs in a transaction; use a savepoint')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
