import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Dialect} from '../../operations/operation.ts'
import type {Command} from './command.ts'
import type {PostgresClient} from './postgres-client.ts'
import type {Tenant} from '../tenant.ts'

/** What a run needs of a session: that of a database, or a script that is written for one. */
export interface RunSession {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** What messages call the database, without password. */
  readonly name: string
  /** What sends several statements in one message, where there is such a thing. */
  readonly postgres: PostgresClient | undefined
  /** Whom it works for, when it is not for the whole database. */
  readonly tenant: Tenant | undefined
  /** Whether something stands between mig and the server that may give every transaction to another session. */
  readonly isPooled: boolean
  /** Whether it is in a transaction that somebody else began and will end. */
  readonly isBorrowed: boolean
  /** Whether the database is in this process, and has this one session. */
  readonly isEmbedded: boolean
  /** Whether all commands of one `send` are one round trip. */
  readonly sendsAtOnce: boolean
  /** Returns the milliseconds of a clock that only goes forward; it stands still where nothing is run. */
  now(): number
  /**
   * Runs commands in order, until one fails.
   *
   * @throws CommandFailure; the reason of the signal that ends the run
   */
  send(commands: readonly Command[]): Promise<void>
  /** Runs commands even though the run is to stop: what undoes or records it. */
  sendRegardless(commands: readonly Command[]): Promise<void>
  /** Runs one query and returns its rows. */
  query<Row>(sql: string): Promise<readonly Row[]>
  /** Runs one query even though the run is to stop. */
  queryRegardless<Row>(sql: string): Promise<readonly Row[]>
  /** Throws the reason of the signal that ends the run, if it is to end. */
  stopIfAborted(): Promise<void>
  /** Returns a query builder of the user's own in the present transaction, which awaits `before` ahead of each query. */
  queryBuilder(before: () => Promise<void>): Kysely<unknown>
  /** Returns an entity manager in the present transaction, which awaits `before` ahead of each query. */
  entityManager(before: () => Promise<void>): SqlEntityManager
}
