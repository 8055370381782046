import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Row} from './bulk-insert.ts'
import type {ColumnOperations} from './columns/family.ts'
import type {ConstraintOperations} from './constraints/family.ts'
import type {CustomOperations} from './custom.ts'
import {LateOperationError, NestedAutocommitError, OfflineQueryError, PendingOperationError} from './errors.ts'
import {withoutTimers, withTimers} from '../util/live-timers.ts'
import type {Timers} from '../util/live-timers.ts'
import type {SqlText} from './execute.ts'
import type {IndexOperations} from './indexes/family.ts'
import type {Dialect, Operation} from './operation.ts'
import {checkParameters} from './parameters.ts'
import {recordOf} from './record.ts'
import type {OperationRegistry} from './registry.ts'
import type {PolicyOperations} from './policies/family.ts'
import type {RoutineOperations} from './routines/family.ts'
import type {SchemaOperations} from './schemas/family.ts'
import type {BatchAlterTable} from './tables/batch-alter-table.ts'
import type {TableOperations} from './tables/family.ts'
import type {TypeOperations} from './types/family.ts'

/** The properties of a run that a revision can read. */
export interface RevisionContext {
  /** The dialect of the database that the revision runs on. */
  readonly dialect: Dialect
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  /** The name of the tenant, if any. */
  readonly tenant?: string | undefined
  /** The arguments passed on the command line with `-x key=value`. */
  readonly x: Readonly<Record<string, string>>
  /** Whether no database is connected and the statements are printed instead. */
  readonly offline: boolean
}

/** The context in which a revision is recorded. */
export interface RecordingContext extends RevisionContext {
  /** The operations available on `op`. */
  readonly registry: OperationRegistry
}

/** The operations that `op` records, to be run when the revision is executed. */
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
  /** Runs SQL: one text, or one for each dialect; `?` are placeholders for `parameters`. Reversible with `inverse`. */
  execute(sql: SqlText, parameters?: readonly unknown[], options?: {readonly inverse?: SqlText}): void
  /**
   * Makes several changes to a table at once: `op.batchAlterTable('users', (table) => table.dropColumn('age'))`. On
   * SQLite, `recreate` controls whether the table is rebuilt, and `columnOrder` sets the column order of the rebuilt
   * table.
   */
  batchAlterTable(
    table: string,
    change: (table: TableBatch) => unknown,
    options?: Pick<BatchAlterTable, 'recreate' | 'columnOrder'>,
  ): void
  /** Inserts rows. */
  bulkInsert(table: string, rows: readonly Row[]): void
}

/** The table operations of a batch, without the table argument. */
type TableBatch = Pick<IndexOperations, 'dropIndex' | 'renameIndex'> & {
  readonly [K in keyof (ColumnOperations & ConstraintOperations & Pick<IndexOperations, 'createIndex'>)]: (
    ...args: WithoutFirst<Parameters<RecordedOperations[K]>>
  ) => void
}

type WithoutFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/**
 * The `op` argument of a revision's functions. Operations are recorded and run in order. A function is called before
 * the run begins, so that its operations can be checked; if it awaits a result, it continues when its revision is
 * executed.
 */
export interface Operations extends RevisionContext, RecordedOperations {
  /** Runs the recorded operations, then a query, and returns its rows. */
  query<Result extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>
  /** Runs the recorded operations. */
  flush(): Promise<void>
  /**
   * Runs the operations recorded by `body` outside the revision's transaction, each statement separately. Previously
   * recorded operations are committed first, so the revision is no longer atomic.
   */
  autocommit<Result>(body: () => Result | Promise<Result>): Promise<Result>
  /** Returns a query builder that uses the revision's transaction. */
  kysely<Database = Record<string, Row>>(): Promise<Kysely<Database>>
  /** Returns an entity manager that uses the revision's transaction. */
  entityManager(): Promise<SqlEntityManager>
}

/** An operation with the place in the revision file that recorded it. */
export interface Recorded {
  readonly operation: Operation
  /** An error whose stack locates the call. */
  readonly site: Error
  /** Whether it was recorded in `op.autocommit`. */
  readonly outsideTransaction: boolean
}

/** A query of a revision. */
export interface RevisionQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** Whether it is called in `op.autocommit`. */
  readonly outsideTransaction: boolean
  /** An error whose stack locates the call. */
  readonly site: Error
}

/** The executor behind `op` while its revision is run. */
export interface OperationsHost {
  /** Runs operations in order. */
  run(recorded: readonly Recorded[]): Promise<void>
  query(query: RevisionQuery): Promise<readonly Row[]>
  /** @param flush must be awaited before each query */
  kysely(flush: () => Promise<void>, outsideTransaction: boolean): Promise<Kysely<unknown>>
  entityManager(flush: () => Promise<void>, outsideTransaction: boolean): Promise<SqlEntityManager>
}

interface PendingCall {
  readonly call: string
  readonly site: Error
}

/** Fails to compile if a kind has no method on `op`. */
type MethodOfEachKind = {readonly [K in Operation['kind']]: (...args: never[]) => void}

/** A method for each kind of operation, created from the definitions by the constructor. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor creates the methods
export interface OperationsRecorder extends RecordedOperations {}

/** Records the operations of a revision's function, and passes them to a host when the revision is executed. */
export class OperationsRecorder implements Operations, MethodOfEachKind {
  readonly dialect: Dialect
  readonly database: string | undefined
  readonly tenant: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly offline: boolean
  readonly #turn = Promise.withResolvers<OperationsHost>()
  readonly #waiting = Promise.withResolvers<'waiting'>()
  /** The pending requests, chained in order. */
  #last: Promise<unknown> = Promise.resolve()
  #function: Promise<unknown> = Promise.resolve()
  #hasReturned = false
  #isRefused = false
  #timers: Timers | undefined
  /** The calls that are not complete, with errors whose stacks locate them. */
  readonly #pending = new Map<symbol, PendingCall>()
  /** A call that was not complete when the function returned. */
  #left: PendingCall | undefined
  #offlineFailure: OfflineQueryError | undefined
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
   * @throws MigError PENDING_OPERATION; any error of the function
   */
  async start(run: (op: Operations) => unknown): Promise<'finished' | 'waiting'> {
    const {result, timers} = withTimers(async () => {
      await run(this)
      this.#hasReturned = true
      ;[this.#left] = this.#pending.values()
    })
    this.#timers = timers
    this.#function = result
    // The rejection is handled in `proceed`, which may never be called.
    this.#function.catch(() => {})
    const reached = await Promise.race([this.#function.then(() => 'finished' as const), this.#waiting.promise])
    // A function that does not await its calls returns in the same turn of the event loop.
    await turnOfEventLoop()
    if (this.#hasReturned) this.#refusePending()
    return reached
  }

  /** The operations recorded before the revision is executed. */
  get known(): readonly Recorded[] {
    return this.#all
  }

  /**
   * Runs the recorded operations with a host, and the rest of the function. Recording after the function returned is an
   * error.
   */
  async proceed(host: OperationsHost): Promise<void> {
    this.#isTurn = true
    this.#all = []
    this.#turn.resolve(host)
    await this.#function
    await turnOfEventLoop()
    this.#refusePending()
    await this.flush()
    this.#isOpen = false
  }

  /** Rejects any further recording. */
  close(): void {
    this.#isOpen = false
  }

  async query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Result[]> {
    checkParameters('query', sql, parameters)
    const query = {sql, parameters, outsideTransaction: this.#outsideTransaction, site: new Error('queried')}
    return this.#tracked('op.query', async () => {
      const rows = await this.#inTurn('query', async (host) => host.query(query))
      return rows as readonly Result[]
    })
  }

  async flush(): Promise<void> {
    // Without a database, everything is run at the end.
    if (!this.offline) await this.#tracked('op.flush', async () => this.#inTurn('flush', async () => {}))
  }

  async autocommit<Result>(body: () => Result | Promise<Result>): Promise<Result> {
    if (this.#outsideTransaction) throw new NestedAutocommitError()
    this.#outsideTransaction = true
    let result: Result | Promise<Result> | undefined
    try {
      result = body()
    } finally {
      // Without a promise, there is nothing to await.
      if (!(result instanceof Promise)) this.#outsideTransaction = false
    }
    if (!(result instanceof Promise)) return result
    const running = result.finally(() => {
      this.#outsideTransaction = false
    })
    return this.#tracked('op.autocommit', async () => running)
  }

  async kysely<Database>(): Promise<Kysely<Database>> {
    const outsideTransaction = this.#outsideTransaction
    return this.#tracked('op.kysely', async () => {
      const flush = async (): Promise<void> => this.flush()
      return (await this.#inTurn('kysely', async (host) => host.kysely(flush, outsideTransaction))) as Kysely<Database>
    })
  }

  async entityManager(): Promise<SqlEntityManager> {
    const outsideTransaction = this.#outsideTransaction
    return this.#tracked('op.entityManager', async () =>
      this.#inTurn('entityManager', async (host) => host.entityManager(async () => this.flush(), outsideTransaction)),
    )
  }

  /** Runs the work of a call, which is pending until it is complete. */
  async #tracked<Result>(call: string, work: () => Promise<Result>): Promise<Result> {
    const key = Symbol(call)
    this.#pending.set(key, {call, site: new Error('called')})
    try {
      return await work()
    } finally {
      this.#pending.delete(key)
      // Code that nobody waits for must not go on after its revision failed.
      if (this.#isRefused) await new Promise(() => {})
    }
  }

  /** @throws MigError PENDING_OPERATION, OFFLINE_QUERY */
  #refusePending(): void {
    const left = this.#left
    if (left === undefined && this.#timers?.isAnyLive() !== true && this.#offlineFailure === undefined) return
    this.#isRefused = true
    this.#timers?.stop()
    this.#isOpen = false
    if (left !== undefined) throw new PendingOperationError(left.call, left.site)
    throw this.#offlineFailure ?? new PendingOperationError('A timer')
  }

  /** Waits for the revision's turn, runs the recorded operations, and then `work`. */
  async #inTurn<Result>(operation: string, work: (host: OperationsHost) => Promise<Result>): Promise<Result> {
    if (!this.#isOpen) throw new LateOperationError(operation)
    if (this.offline) throw (this.#offlineFailure ??= new OfflineQueryError(operation))
    const recorded = this.#recorded
    this.#recorded = []
    this.#waiting.resolve('waiting')
    const result = this.#last.then(async () => {
      const host = await this.#turn.promise
      return withoutTimers(async () => {
        if (recorded.length > 0) await host.run(recorded)
        return work(host)
      })
    })
    this.#last = result.catch(() => {})
    return result
  }

  #record(operation: Operation): void {
    if (!this.#isOpen) throw new LateOperationError(operation.kind)
    const recorded: Recorded = {operation, site: new Error('recorded'), outsideTransaction: this.#outsideTransaction}
    this.#recorded.push(recorded)
    if (!this.#isTurn) this.#all.push(recorded)
  }
}

/** Lets everything run that is ready, so that rejections nobody handles are seen. */
async function turnOfEventLoop(): Promise<void> {
  await new Promise((resume) => setImmediate(resume))
}
