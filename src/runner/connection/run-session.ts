import type {AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Dialect} from '../../operations/operation.ts'
import type {Command} from './command.ts'
import type {PostgresClient} from './postgres-client.ts'
import type {Tenant} from '../tenant.ts'
import type {Gate} from '../user-statement.ts'

/** A session used by a run: on a database, or one that writes a script. */
export interface RunSession {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** The name of the database in messages, without password. */
  readonly name: string
  /** The client that sends several statements in one message, where available. */
  readonly postgres: PostgresClient | undefined
  /** The tenant the session is limited to, if any. */
  readonly tenant: Tenant | undefined
  /** Whether a connection pooler may give each transaction a different server session. */
  readonly isPooled: boolean
  /** The reason for which the server ended the session between two statements, if it did and is known. */
  readonly ended?: Error | undefined
  /** Whether the session is in the caller's transaction, which mig must not end. */
  readonly isBorrowed: boolean
  /** Whether code of the caller may have changed the session, so that only what a revision has set may be put back. */
  readonly isCallers: boolean
  /** Whether the database runs in this process and has only this session. */
  readonly isEmbedded: boolean
  /** Whether all commands of one `send` take a single round trip. */
  readonly sendsAtOnce: boolean
  /** Returns a monotonic time in milliseconds; constant when writing a script. */
  now(): number
  /**
   * Runs commands in order, until one fails.
   *
   * @throws CommandFailure; the abort reason of the signal
   */
  send(commands: readonly Command[]): Promise<void>
  /** Runs commands even after an abort, to roll back or record the outcome. */
  sendRegardless(commands: readonly Command[]): Promise<void>
  /** Runs one query and returns its rows. */
  query<Row>(sql: string): Promise<readonly Row[]>
  /** Runs one query even after an abort. */
  queryRegardless<Row>(sql: string): Promise<readonly Row[]>
  /** Waits for code of the project; meanwhile, the connection alone does not keep the process alive. */
  whileWaiting<Result>(work: () => Promise<Result>): Promise<Result>
  /** Uses the connection for code of the project that is waited for. */
  whileUsed<Result>(work: () => Promise<Result>): Promise<Result>
  /** Throws the abort reason if the run was aborted. */
  stopIfAborted(): Promise<void>
  /** Returns a query builder for user code in the current transaction, whose statements pass the gate. */
  queryBuilder(gate: Gate): Kysely<unknown>
  /** Returns an entity manager in the current transaction, whose statements pass the gate. */
  entityManager(gate: Gate): SqlEntityManager
}
