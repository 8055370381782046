import {reportLate} from '../project-promises.ts'
import {LateOperationError, PendingOperationError} from './errors.ts'

interface Call {
  readonly name: string
  /** An error whose stack locates the call. */
  readonly site: Error
}

/** The calls that a function of the project makes on `op` or an event, all of which must be complete when it returns. */
export class Calls {
  readonly #pending = new Map<symbol, Call>()
  /** `closing`: the function has returned, and calls that it did not await may still begin. */
  #state: 'open' | 'closing' | 'closed' | 'abandoned' = 'open'
  /** A call that was not complete when the function returned. */
  #left: Call | undefined
  #late: LateOperationError | undefined
  readonly #caller: string | undefined

  /** @param caller the function that makes them, if not that of a revision */
  constructor(caller?: string) {
    this.#caller = caller
  }

  /** The first call that came too late, even if the revision's code caught its error. */
  get late(): LateOperationError | undefined {
    return this.#late
  }

  /** Notes that the function has returned. */
  return(): void {
    if (this.#state === 'open') this.#state = 'closing'
    ;[this.#left] = this.#pending.values()
  }

  /** Makes all further calls late. */
  close(): void {
    if (this.#state !== 'abandoned') this.#state = 'closed'
  }

  /** Keeps code that nobody waits for from going on: its calls are never complete. */
  abandon(): void {
    this.#state = 'abandoned'
  }

  /** Returns the error about a call that was not awaited, if there is one. */
  unawaited(): PendingOperationError | LateOperationError | undefined {
    if (this.#left === undefined) return this.#late
    return new PendingOperationError(this.#left.name, this.#left.site, this.#caller)
  }

  /** @throws MigError LATE_OPERATION unless the function is running */
  refuseLate(name: string): void {
    if (this.#state === 'open') return
    const error = new LateOperationError(name, {...(this.#caller !== undefined && {caller: this.#caller})})
    if (this.#state !== 'abandoned' && this.#late === undefined) {
      this.#late = error
      reportLate(error)
    }
    throw error
  }

  /** Runs the work of a call, which is pending until it is complete. */
  async track<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const site = new Error('called')
    // The query builder begins a query some turns after it was told to.
    if (this.#state === 'closing') this.#left ??= {name, site}
    else this.refuseLate(name)
    const key = Symbol(name)
    this.#pending.set(key, {name, site})
    try {
      return await work()
    } finally {
      this.#pending.delete(key)
      if (this.#isAbandoned) await new Promise(() => {})
    }
  }

  get #isAbandoned(): boolean {
    return this.#state === 'abandoned'
  }
}
