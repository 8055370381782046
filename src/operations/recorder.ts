import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {withoutTimers, withTimers} from '../util/live-timers.ts'
import type {Timers} from '../util/live-timers.ts'
import type {Row} from './bulk-insert.ts'
import {Calls} from './calls.ts'
import {NestedAutocommitError, OfflineQueryError, PendingOperationError} from './errors.ts'
import type {LateOperationError} from './errors.ts'
import type {Dialect, Operation} from './operation.ts'
import type {
  AroundQuery,
  Operations,
  OperationsHost,
  Recorded,
  RecordedOperations,
  RecordingContext,
} from './operations.ts'
import {checkParameters} from './parameters.ts'
import {recordOf} from './record.ts'
import type {OperationRegistry} from './registry.ts'

/** Fails to compile if a kind has no method on `op`. */
type MethodOfEachKind = {readonly [K in Operation['kind']]: (...args: never[]) => void}

/** A method for each kind of operation, created from the definitions of a registry. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor adds the methods
export interface OperationsRecorder extends RecordedOperations {}

/** The prototypes of recorders with the methods of a registry, by the prototype of their class. */
const prototypes = new WeakMap<OperationRegistry, WeakMap<OperationsRecorder, OperationsRecorder>>()

/** Records the operations of a revision's function, and passes them to a host when the revision is executed. */
export class OperationsRecorder implements Operations, MethodOfEachKind {
  readonly dialect: Dialect
  readonly database: string | undefined
  readonly tenant: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly offline: boolean
  readonly rehearsing: boolean
  readonly #turn = Promise.withResolvers<OperationsHost>()
  readonly #waiting = Promise.withResolvers<'waiting'>()
  readonly #calls = new Calls()
  /** The pending requests, chained in order. */
  #last: Promise<unknown> = Promise.resolve()
  #function: Promise<unknown> = Promise.resolve()
  #hasReturned = false
  #timers: Timers | undefined
  #offlineFailure: OfflineQueryError | undefined
  #recorded: Recorded[] = []
  #all: Recorded[] = []
  #outsideTransaction = false
  #isTurn = false

  constructor(context: RecordingContext) {
    this.dialect = context.dialect
    this.database = context.database
    this.tenant = context.tenant
    this.x = context.x
    this.offline = context.offline
    this.rehearsing = context.rehearsing
    Object.setPrototypeOf(this, OperationsRecorder.#withMethods(context.registry, new.target.prototype))
  }

  /** Returns a prototype with a method for each kind, shared by all recorders: most revisions use few of the kinds. */
  static #withMethods(registry: OperationRegistry, base: OperationsRecorder): OperationsRecorder {
    const known = prototypes.get(registry)?.get(base)
    if (known !== undefined) return known
    const prototype = Object.create(base) as OperationsRecorder
    for (const kind of registry.kinds)
      Object.defineProperty(prototype, kind, {
        // Bound, because revisions may take methods out of `op`.
        get(this: OperationsRecorder) {
          return (...args: readonly unknown[]) => this.#record(recordOf(registry.definitionOf({kind}), args) as never)
        },
      })
    const ofRegistry = prototypes.get(registry) ?? new WeakMap<OperationsRecorder, OperationsRecorder>()
    prototypes.set(registry, ofRegistry.set(base, prototype))
    return prototype
  }

  /**
   * Calls the function of a revision, and returns when it has finished or waits for a result.
   *
   * @throws MigError PENDING_OPERATION, LATE_OPERATION; any error of the function
   */
  async start(run: (op: Operations) => unknown): Promise<'finished' | 'waiting'> {
    const {result, timers} = withTimers(async () => {
      await run(this)
      this.#hasReturned = true
      this.#calls.return()
    })
    this.#timers = timers
    this.#function = result
    // The rejection is handled in `proceed`, which may never be called.
    this.#function.catch(() => {})
    const reached = await Promise.race([this.#function.then(() => 'finished' as const), this.#waiting.promise])
    // A function that does not await its calls returns in the same turn of the event loop.
    await turnOfEventLoop()
    if (this.#hasReturned) this.#refuseUnawaited()
    return reached
  }

  /** The operations recorded before the revision is executed. */
  get known(): readonly Recorded[] {
    return this.#all
  }

  /** The first call after the function had returned, even if the revision's code caught its error. */
  get late(): LateOperationError | undefined {
    return this.#calls.late
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
    this.#refuseUnawaited()
    await this.#inTurn('flush', async () => {})
    this.close()
  }

  /** Rejects any further recording. */
  close(): void {
    this.#calls.close()
  }

  /** Stops the function at its next call, for a run that waits for it no longer. */
  abandon(): void {
    this.#calls.abandon()
    this.#timers?.stop()
  }

  /** Resolves when the database has answered all calls of the function. */
  async idle(): Promise<void> {
    if (this.#isTurn) await this.#last
  }

  query<Result extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Result[]> {
    checkParameters('query', sql, parameters)
    const query = {sql, parameters, outsideTransaction: this.#outsideTransaction, site: new Error('queried')}
    return this.#track('op.query', async () => {
      const rows = await this.#inTurn('query', async (host) => host.query(query))
      return rows as readonly Result[]
    })
  }

  async flush(): Promise<void> {
    // Without a database, everything is run at the end.
    if (!this.offline) await this.#calls.track('op.flush', async () => this.#inTurn('flush', async () => {}))
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
    return this.#track('op.autocommit', async () => running)
  }

  kysely<Database>(): Promise<Kysely<Database>> {
    const outsideTransaction = this.#outsideTransaction
    return this.#track('op.kysely', async () => {
      const around = this.#around('A query of op.kysely')
      return (await this.#inTurn('kysely', async (host) => host.kysely(around, outsideTransaction))) as Kysely<Database>
    })
  }

  entityManager(): Promise<SqlEntityManager> {
    const outsideTransaction = this.#outsideTransaction
    return this.#track('op.entityManager', async () => {
      const around = this.#around('A query of op.entityManager')
      return this.#inTurn('entityManager', async (host) => host.entityManager(around, outsideTransaction))
    })
  }

  #around(name: string): AroundQuery {
    return async (query) => this.#calls.track(name, async () => this.#inTurn('query', async () => query()))
  }

  #track<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const answer = this.#calls.track(name, work)
    // Without a database, a call that nobody awaits is reported when the function has returned.
    if (this.offline) answer.catch(() => {})
    return answer
  }

  /** @throws MigError PENDING_OPERATION, LATE_OPERATION, OFFLINE_QUERY */
  #refuseUnawaited(): void {
    const timer = this.#timers?.isAnyLive() === true ? new PendingOperationError('A timer') : undefined
    const failure = this.#calls.unawaited() ?? timer ?? this.#offlineFailure
    if (failure === undefined) return
    this.abandon()
    throw failure
  }

  /** Waits for the revision's turn, runs the recorded operations, and then `work`. */
  async #inTurn<Result>(operation: string, work: (host: OperationsHost) => Promise<Result>): Promise<Result> {
    if (this.offline) throw (this.#offlineFailure ??= new OfflineQueryError(operation))
    const recorded = this.#recorded
    this.#recorded = []
    this.#waiting.resolve('waiting')
    const result = this.#last.then(async () => {
      const host = await this.#turn.promise
      const run = async (): Promise<Result> => {
        if (recorded.length > 0) await host.run(recorded)
        return work(host)
      }
      return withoutTimers(async () => host.whileUsed(run))
    })
    this.#last = result.catch(() => {})
    return result
  }

  #record(operation: Operation): void {
    this.#calls.refuseLate(`op.${operation.kind}`)
    const recorded: Recorded = {operation, site: new Error('recorded'), outsideTransaction: this.#outsideTransaction}
    this.#recorded.push(recorded)
    if (!this.#isTurn) this.#all.push(recorded)
  }
}

/** Lets everything run that is ready, so that rejections nobody handles are seen. */
async function turnOfEventLoop(): Promise<void> {
  await new Promise((resume) => setImmediate(resume))
}
