import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {bulkInsert} from './bulk-insert.ts'
import type {Row} from './bulk-insert.ts'
import {OperationTooLateError} from './errors.ts'
import {execute} from './execute.ts'
import type {SqlText} from './execute.ts'
import type {Dialect, Operation} from './operation.ts'

/**
 * What the functions of a revision file receive as `op`.
 *
 * Operations are recorded and run in order, when the function returns or awaits a result.
 */
export interface Operations {
  /** The database that the revision is run on. */
  readonly dialect: Dialect
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  /** What was given on the command line with `-x key=value`. */
  readonly x: Readonly<Record<string, string>>
  /** Runs SQL: one text, or one for each dialect; `?` stand for `parameters`. */
  execute(sql: SqlText, parameters?: readonly unknown[]): void
  /** Inserts rows. */
  bulkInsert(table: string, rows: readonly Row[]): void
  /** Runs what was recorded so far, then a query, and returns its rows. */
  query<Result extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>
  /** Runs what was recorded so far. */
  flush(): Promise<void>
  /** Returns a query builder in the transaction of the revision. */
  kysely<Database = Record<string, Row>>(): Promise<Kysely<Database>>
  /** Returns an entity manager in the transaction of the revision. */
  entityManager(): Promise<SqlEntityManager>
}

/** An operation with the place in the revision file that recorded it. */
export interface Recorded {
  readonly operation: Operation
  /** Its stack leads to the call. */
  readonly site: Error
}

/** What stands behind `op` while a revision runs. */
export interface OperationsHost extends Pick<Operations, 'dialect' | 'database' | 'x'> {
  /** Runs operations in order. */
  run(recorded: readonly Recorded[]): Promise<void>
  query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>
  /** @param flush to be awaited before each query */
  kysely(flush: () => Promise<void>): Kysely<unknown>
  entityManager(flush: () => Promise<void>): SqlEntityManager
}

/** Records operations and hands them to a host when they are to be run. */
export class OperationsRecorder implements Operations {
  readonly #host: OperationsHost
  #recorded: Recorded[] = []
  #isOpen = true

  constructor(host: OperationsHost) {
    this.#host = host
  }

  get dialect(): Dialect {
    return this.#host.dialect
  }

  get database(): string | undefined {
    return this.#host.database
  }

  get x(): Readonly<Record<string, string>> {
    return this.#host.x
  }

  execute(sql: SqlText, parameters?: readonly unknown[]): void {
    this.#record(execute(sql, parameters))
  }

  bulkInsert(table: string, rows: readonly Row[]): void {
    this.#record(bulkInsert(table, rows))
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Result[]> {
    await this.flush()
    return (await this.#host.query(sql, parameters)) as readonly Result[]
  }

  async flush(): Promise<void> {
    if (!this.#isOpen) throw new OperationTooLateError('flush')
    const recorded = this.#recorded
    this.#recorded = []
    if (recorded.length > 0) await this.#host.run(recorded)
  }

  async kysely<Database>(): Promise<Kysely<Database>> {
    await this.flush()
    return this.#host.kysely(() => this.flush()) as Kysely<Database>
  }

  async entityManager(): Promise<SqlEntityManager> {
    await this.flush()
    return this.#host.entityManager(() => this.flush())
  }

  /** Runs what is left, when the function has returned. What comes later is an error. */
  async finish(): Promise<void> {
    await this.flush()
    this.#isOpen = false
  }

  #record(operation: Operation): void {
    if (!this.#isOpen) throw new OperationTooLateError(operation.kind)
    this.#recorded.push({operation, site: new Error('recorded')})
  }
}
