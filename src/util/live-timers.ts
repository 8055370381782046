import {AsyncLocalStorage} from 'node:async_hooks'
import {syncBuiltinESMExports} from 'node:module'
import nodeTimers from 'node:timers'
import nodePromises from 'node:timers/promises'
import {promisify} from 'node:util'

/** A timer of any form. */
interface Live {
  /** Whether it keeps the process alive. */
  hasRef(): boolean
  stop(): void
}

const owner = new AsyncLocalStorage<Set<Live> | undefined>()
let areWatched = false

/** The timers that some code started. */
export interface Timers {
  /** Whether one that keeps the process alive is running. */
  isAnyLive(): boolean
  stop(): void
}

/** Runs code, and returns its result and the timers that it starts, also later, in its asynchronous continuations. */
export function withTimers<Result>(run: () => Result): {readonly result: Result; readonly timers: Timers} {
  watchTimers()
  const started = new Set<Live>()
  return {
    result: owner.run(started, run),
    timers: {
      isAnyLive: () => [...started].some((timer) => timer.hasRef()),
      stop: () => started.forEach((timer) => timer.stop()),
    },
  }
}

/** Runs code whose timers belong to nobody, such as those of a database driver. */
export function withoutTimers<Result>(run: () => Result): Result {
  return owner.run(undefined, run)
}

/** Replaces Node's functions that start and stop timers by ones that also remember the owner. */
function watchTimers(): void {
  if (areWatched) return
  areWatched = true
  const timers = callbackTimers()
  Object.assign(globalThis, timers)
  Object.assign(nodeTimers, timers)
  Object.assign(nodePromises, promiseTimers())
  // Modules may have imported them by their names.
  syncBuiltinESMExports()
}

type Callback = (...args: unknown[]) => void

function callbackTimers(): object {
  const {setTimeout: start, setInterval: startInterval, clearTimeout: stop} = globalThis
  const entries = new WeakMap<NodeJS.Timeout, {readonly timers: Set<Live>; readonly live: Live}>()
  const keep = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    const timers = owner.getStore()
    if (timers === undefined) return timer
    const live = {hasRef: () => timer.hasRef(), stop: () => stop(timer)}
    timers.add(live)
    entries.set(timer, {timers, live})
    return timer
  }
  const forget = (timer: unknown): void => {
    const entry = typeof timer === 'object' && timer !== null ? entries.get(timer as NodeJS.Timeout) : undefined
    entry?.timers.delete(entry.live)
  }
  const setTimeout = (callback: Callback, ...rest: unknown[]): NodeJS.Timeout => {
    const timer: NodeJS.Timeout = Reflect.apply(start, globalThis, [
      (...args: unknown[]) => {
        forget(timer)
        callback(...args)
      },
      ...rest,
    ]) as NodeJS.Timeout
    return keep(timer)
  }
  const setInterval = (...args: unknown[]): NodeJS.Timeout =>
    keep(Reflect.apply(startInterval, globalThis, args) as NodeJS.Timeout)
  const clear = (timer?: unknown): void => {
    forget(timer)
    stop(timer as NodeJS.Timeout)
  }
  // `promisify` finds the variant with promises there.
  Object.defineProperty(setTimeout, promisify.custom, {get: () => nodePromises.setTimeout})
  return {setTimeout, setInterval, clearTimeout: clear, clearInterval: clear}
}

/** Options of the timers in `node:timers/promises`. */
interface PromiseOptions {
  readonly ref?: boolean
  readonly signal?: AbortSignal
}

function promiseTimers(): object {
  const {setTimeout: start, setInterval: startInterval, scheduler} = nodePromises
  const setTimeout = async (delay?: number, value?: unknown, options?: PromiseOptions): Promise<unknown> => {
    const timer = new PromiseTimer(options)
    return timer.wait(async () => start(delay, value, timer.options)).finally(() => timer.end())
  }
  const setInterval = async function* (delay?: number, value?: unknown, options?: PromiseOptions): AsyncGenerator {
    const timer = new PromiseTimer(options)
    const ticks = startInterval(delay, value, timer.options)[Symbol.asyncIterator]()
    const next = async (): Promise<IteratorResult<unknown>> => timer.wait(async () => ticks.next())
    try {
      for (let tick = await next(); tick.done !== true; tick = await next()) yield tick.value
    } finally {
      timer.end()
      await ticks.return?.()
    }
  }
  const wait = async (delay?: number, options?: PromiseOptions): Promise<unknown> =>
    setTimeout(delay, undefined, options)
  Object.defineProperty(scheduler, 'wait', {value: wait, configurable: true, writable: true})
  return {setTimeout, setInterval}
}

/** A timer of `node:timers/promises`, which belongs to its owner until it ends. */
class PromiseTimer implements Live {
  readonly #given: PromiseOptions
  readonly #timers = owner.getStore()
  readonly #stopped = new AbortController()

  constructor(options: PromiseOptions = {}) {
    this.#given = options
    this.#timers?.add(this)
  }

  /** The options to start it with. */
  get options(): PromiseOptions {
    const {signal} = this.#given
    if (this.#timers === undefined) return this.#given
    return {...this.#given, signal: AbortSignal.any([this.#stopped.signal, ...(signal === undefined ? [] : [signal])])}
  }

  hasRef(): boolean {
    return this.#given.ref !== false
  }

  stop(): void {
    this.#stopped.abort()
  }

  end(): void {
    this.#timers?.delete(this)
  }

  /** Waits for it, without end once it was stopped: code that nobody waits for must not go on. */
  async wait<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (this.#stopped.signal.aborted) await new Promise(() => {})
      throw error
    }
  }
}
