import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Row} from './bulk-insert.ts'
import type {ColumnOperations} from './columns/family.ts'
import type {ConstraintOperations} from './constraints/family.ts'
import type {CustomOperations} from './custom.ts'
import {NestedAutocommitError, OfflineQueryError, OperationTooLateError} from './errors.ts'
import type {SqlText} from './execute.ts'
import type {IndexOperations} from './indexes/family.ts'
import type {Dialect, Operation} from './operation.ts'
import {recordOf} from './record.ts'
import type {OperationRegistry} from './registry.ts'
import type {PolicyOperations} from './policies/family.ts'
import type {RoutineOperations} from './routines/family.ts'
import type {SchemaOperations} from './schemas/family.ts'
import type {BatchAlterTable} from './tables/batch-alter-table.ts'
import type {TableOperations} from './tables/family.ts'
import type {TypeOperations} from './types/family.ts'

/** What a revision can know of the run that it is a part of. */
export interface RevisionContext {
  /** The language of the database that the revision is run on. */
  readonly dialect: Dialect
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  /** The name of the tenant, where there are any. */
  readonly tenant?: string | undefined
  /** What was given on the command line with `-x key=value`. */
  readonly x: Readonly<Record<string, string>>
  /** Whether there is no database, and the statements are to be printed. */
  readonly offline: boolean
}

/** What a revision is recorded with. */
export interface RecordingContext extends RevisionContext {
  /** The operations that `op` has. */
  readonly registry: OperationRegistry
}

/** What `op` records, and what is run when it is the revision's turn. */
export interface RecordedOperations
  extends
    TableOperations,
    ColumnOperations,
    IndexOperations,
    ConstraintOperations,
    TypeOperations,
    SchemaOperations,
    RoutineOperations,
    PolicyOperations,
    CustomOperations {
  /** Runs SQL: one text, or one for each dialect; `?` stand for `parameters`. With `inverse`, it can be undone. */
  execute(sql: SqlText, parameters?: readonly unknown[], options?: {readonly inverse?: SqlText}): void
  /**
   * Changes a table in several respects at once: `op.batchAlterTable('users', (table) => table.dropColumn('age'))`. On
   * SQLite, `recreate` says whether the table is made anew, and `columnOrder` in what order its columns are then.
   */
  batchAlterTable(
    table: string,
    change: (table: TableBatch) => unknown,
    options?: Pick<BatchAlterTable, 'recreate' | 'columnOrder'>,
  ): void
  /** Inserts rows. */
  bulkInsert(table: string, rows: readonly Row[]): void
}

/** What changes a table, without saying which. */
type TableBatch = Pick<IndexOperations, 'dropIndex' | 'renameIndex'> & {
  readonly [K in keyof (ColumnOperations & ConstraintOperations & Pick<IndexOperations, 'createIndex'>)]: (
    ...args: WithoutFirst<Parameters<RecordedOperations[K]>>
  ) => void
}

type WithoutFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/**
 * What the functions of a revision file receive as `op`.
 *
 * Operations are recorded, and run in order. A function is called before the run begins, so that everything that it
 * does can be checked; when it awaits a result, it goes on when it is its turn.
 */
export interface Operations extends RevisionContext, RecordedOperations {
  /** Runs what was recorded so far, then a query, and returns its rows. */
  query<Result extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>
  /** Runs what was recorded so far. */
  flush(): Promise<void>
  /**
   * Runs what `body` records outside of the transaction of the revision, each statement by itself. What was recorded
   * before is committed first: from there on the revision is no longer all or nothing.
   */
  autocommit<Result>(body: () => Result | Promise<Result>): Promise<Result>
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
  /** Whether it was recorded in `op.autocommit`. */
  readonly outsideTransaction: boolean
}

/** What stands behind `op` when it is a revision's turn. */
export interface OperationsHost {
  /** Runs operations in order. */
  run(recorded: readonly Recorded[]): Promise<void>
  /** @param outsideTransaction whether it is asked for in `op.autocommit` */
  query(sql: string, parameters: readonly unknown[], outsideTransaction: boolean): Promise<readonly Row[]>
  /** @param flush to be awaited before each query */
  kysely(flush: () => Promise<void>, outsideTransaction: boolean): Promise<Kysely<unknown>>
  entityManager(flush: () => Promise<void>, outsideTransaction: boolean): Promise<SqlEntityManager>
}

/** A kind without its method of `op` does not compile. */
type MethodOfEachKind = {readonly [K in Operation['kind']]: (...args: never[]) => void}

/** A method for each kind of operation: they are made from the definitions, when a recorder is. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor makes the methods
export interface OperationsRecorder extends RecordedOperations {}

/** Records what the function of a revision does, and hands it to a host when it is the revision's turn. */
export class OperationsRecorder implements Operations, MethodOfEachKind {
  readonly dialect: Dialect
  readonly database: string | undefined
  readonly tenant: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly offline: boolean
  readonly #turn = Promise.withResolvers<OperationsHost>()
  readonly #waiting = Promise.withResolvers<'waiting'>()
  /** What was asked for so far, one thing after another. */
  #last: Promise<unknown> = Promise.resolve()
  #function: Promise<unknown> = Promise.resolve()
  #recorded: Recorded[] = []
  #all: Recorded[] = []
  #outsideTransaction = false
  #isTurn = false
  #isOpen = true

  constructor(context: RecordingContext) {
    this.dialect = context.dialect
    this.database = context.database
    this.tenant = context.tenant
    this.x = context.x
    this.offline = context.offline
    const {registry} = context
    for (const kind of registry.kinds)
      Object.defineProperty(this, kind, {
        value: (...args: readonly unknown[]) => this.#record(recordOf(registry.definitionOf({kind}), args) as never),
      })
  }

  /**
   * Calls the function of a revision, and returns when it has finished or waits for a result.
   *
   * @throws what the function throws
   */
  async start(run: (op: Operations) => unknown): Promise<'finished' | 'waiting'> {
    this.#function = (async () => run(this))()
    // It is heard again when it is the revision's turn, which may never come.
    this.#function.catch(() => {})
    return Promise.race([this.#function.then(() => 'finished' as const), this.#waiting.promise])
  }

  /** What was recorded before it was the revision's turn. */
  get known(): readonly Recorded[] {
    return this.#all
  }

  /** Runs everything with a host. What the function records after it has returned is an error. */
  async proceed(host: OperationsHost): Promise<void> {
    this.#isTurn = true
    this.#all = []
    this.#turn.resolve(host)
    await this.#function
    await this.flush()
    this.#isOpen = false
  }

  /** Says that nothing more may be recorded. */
  close(): void {
    this.#isOpen = false
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Result[]> {
    const outsideTransaction = this.#outsideTransaction
    const rows = await this.#inTurn('query', async (host) => host.query(sql, parameters, outsideTransaction))
    return rows as readonly Result[]
  }

  async flush(): Promise<void> {
    // Without a database everything is run at the end.
    if (!this.offline) await this.#inTurn('flush', async () => {})
  }

  async autocommit<Result>(body: () => Result | Promise<Result>): Promise<Result> {
    if (this.#outsideTransaction) throw new NestedAutocommitError()
    this.#outsideTransaction = true
    try {
      return await body()
    } finally {
      this.#outsideTransaction = false
    }
  }

  async kysely<Database>(): Promise<Kysely<Database>> {
    const outsideTransaction = this.#outsideTransaction
    const builder = this.#inTurn('kysely', async (host) => host.kysely(async () => this.flush(), outsideTransaction))
    return (await builder) as Kysely<Database>
  }

  async entityManager(): Promise<SqlEntityManager> {
    const outsideTransaction = this.#outsideTransaction
    return this.#inTurn('entityManager', async (host) =>
      host.entityManager(async () => this.flush(), outsideTransaction),
    )
  }

  /** Waits until it is the revision's turn, runs what was recorded until now, and then `work`. */
  async #inTurn<Result>(operation: string, work: (host: OperationsHost) => Promise<Result>): Promise<Result> {
    if (!this.#isOpen) throw new OperationTooLateError(operation)
    if (this.offline) throw new OfflineQueryError(operation)
    const recorded = this.#recorded
    this.#recorded = []
    this.#waiting.resolve('waiting')
    const result = this.#last.then(async () => {
      const host = await this.#turn.promise
      if (recorded.length > 0) await host.run(recorded)
      return work(host)
    })
    this.#last = result.catch(() => {})
    return result
  }

  #record(operation: Operation): void {
    if (!this.#isOpen) throw new OperationTooLateError(operation.kind)
    const recorded: Recorded = {operation, site: new Error('recorded'), outsideTransaction: this.#outsideTransaction}
    this.#recorded.push(recorded)
    if (!this.#isTurn) this.#all.push(recorded)
  }
}
