import type {AbstractSqlConnection, AbstractSqlDriver} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'

/** Returns a driver that does everything in a transaction, and in savepoints of it; never on another connection. */
export function borrowedDriver(driver: AbstractSqlDriver, transaction: Kysely<unknown>): AbstractSqlDriver {
  const connection = borrowedConnection(driver.getConnection('write'), transaction)
  return Object.create(driver, {
    connection: {value: connection},
    getConnection: {value: () => connection},
    connect: {value: async () => connection},
    reconnect: {value: async () => connection},
    close: {value: async () => {}},
  }) as AbstractSqlDriver
}

function borrowedConnection(connection: AbstractSqlConnection, transaction: Kysely<unknown>): AbstractSqlConnection {
  const inside = <T extends {readonly ctx?: unknown}>(options?: T): T =>
    ({...options, ctx: options?.ctx ?? transaction}) as T
  const overrides: Partial<AbstractSqlConnection> = {
    getClient: () => transaction as never,
    initClient: async () => {},
    close: async () => {},
    execute: async (sql, parameters, method, ctx, context) =>
      connection.execute(sql, parameters, method, ctx ?? (transaction as never), context),
    stream: (sql, parameters, ctx, context, size) =>
      connection.stream(sql, parameters, ctx ?? (transaction as never), context, size),
    begin: async (options) => connection.begin(inside(options)),
    transactional: async (work, options) => connection.transactional(work, inside(options)),
  }
  return Object.assign(Object.create(connection) as AbstractSqlConnection, overrides)
}
