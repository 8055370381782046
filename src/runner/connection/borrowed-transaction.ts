import {CompiledQuery, Kysely} from 'kysely'
import type {DatabaseConnection, Driver, QueryResult} from 'kysely'
import type {Gate} from '../user-statement.ts'

/** Returns a compiled query in the form in which it is sent. */
type Written = (query: CompiledQuery) => CompiledQuery

/** Returns a separate query builder in the current transaction of `db`, whose statements pass the gate. */
export function borrowedQueryBuilder(db: Kysely<unknown>, gate: Gate, written: Written): Kysely<unknown> {
  const executor = db.getExecutor()
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
      gate(query.sql, async () => db.executeQuery<Row>(written(query) as CompiledQuery<Row>)),
    streamQuery: async function* <Row>(query: CompiledQuery, chunkSize: number): AsyncGenerator<QueryResult<Row>> {
      const rows = executor.stream<Row>(written(query), chunkSize)[Symbol.asyncIterator]()
      // A statement fails, if at all, before its first rows are there.
      let next = await gate(query.sql, async () => rows.next())
      for (; next.done !== true; next = await rows.next()) yield next.value
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
export function borrowedTransaction(db: Kysely<unknown>, gate: Gate, written: Written): Kysely<unknown> {
  const builder = borrowedQueryBuilder(db, gate, written)
  const command = async (sql: string): Promise<void> =>
    void (await gate(sql, async () => db.executeQuery(CompiledQuery.raw(sql))))
  // MikroORM stores properties on the transaction, which must not leak to the session.
  const overrides: Record<PropertyKey, unknown> = {
    savepoint: (name: string) => ({
      execute: async () => {
        await command(`savepoint ${name}`)
        return borrowedTransaction(db, gate, written)
      },
    }),
    releaseSavepoint: (name: string) => ({execute: async () => command(`release savepoint ${name}`)}),
    rollbackToSavepoint: (name: string) => ({execute: async () => command(`rollback to savepoint ${name}`)}),
  }
  return new Proxy(overrides, {
    get: (target, key) => {
      if (Object.hasOwn(target, key)) return target[key]
      const value: unknown = Reflect.get(builder, key)
      return typeof value === 'function' ? (value.bind(builder) as unknown) : value
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
