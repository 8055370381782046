import {AsyncLocalStorage} from 'node:async_hooks'
import {promisify} from 'node:util'

const owner = new AsyncLocalStorage<Set<NodeJS.Timeout> | undefined>()
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
  const started = new Set<NodeJS.Timeout>()
  return {
    result: owner.run(started, run),
    timers: {
      isAnyLive: () => [...started].some((timer) => timer.hasRef()),
      stop: () => started.forEach((timer) => clearTimeout(timer)),
    },
  }
}

/** Runs code whose timers belong to nobody, such as those of a database driver. */
export function withoutTimers<Result>(run: () => Result): Result {
  return owner.run(undefined, run)
}

/** Replaces the global functions that start and stop timers by ones that also remember the owner. */
function watchTimers(): void {
  if (areWatched) return
  areWatched = true
  const {setTimeout: start, setInterval: startInterval, clearTimeout: stop} = globalThis
  const ownerOf = new WeakMap<NodeJS.Timeout, Set<NodeJS.Timeout>>()
  const keep = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    const timers = owner.getStore()
    if (timers === undefined) return timer
    timers.add(timer)
    ownerOf.set(timer, timers)
    return timer
  }
  const forget = (timer: unknown): void => {
    if (typeof timer === 'object' && timer !== null)
      ownerOf.get(timer as NodeJS.Timeout)?.delete(timer as NodeJS.Timeout)
  }
  type Callback = (...args: unknown[]) => void
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
  Object.defineProperty(setTimeout, promisify.custom, {value: Reflect.get(start, promisify.custom)})
  Object.assign(globalThis, {setTimeout, setInterval, clearTimeout: clear, clearInterval: clear})
}
