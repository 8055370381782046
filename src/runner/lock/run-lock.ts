import {setTimeout} from 'node:timers/promises'
import type {Command} from '../connection/command.ts'
import type {LockHolder, OnEvent} from '../events.ts'
import {FileInUseError, LockTimeoutError} from './errors.ts'
import {InterruptedError} from '../run-errors.ts'

/** A lock that keeps two runs from changing a database at the same time. */
export interface RunLock {
  /** Takes the lock if it is free, and returns whether it was taken. */
  tryTake(): Promise<boolean>
  /** Returns the current holder, if any. */
  holder(): Promise<LockHolder | undefined>
  /** Returns why the last attempt to take the lock failed if no run holds it; undefined if the locks are sessions'. */
  readonly obstacle?: () => string | undefined
  give(): Promise<void>
  /** A command that changes one row while the lock is held; run first in every transaction. */
  readonly fence: Command | undefined
  /** Removes the lock of another holder; undefined where a lock cannot outlive its holder. */
  readonly break: (() => Promise<void>) | undefined
}

export interface Waiting {
  /** The name of the database in messages. */
  readonly database: string
  /** In milliseconds. */
  readonly timeout: number
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

const shortestPause = 50
const longestPause = 250
/** The interval of `lock-wait` events, in milliseconds. */
const reminder = 10_000

/**
 * Repeats an attempt until it succeeds or times out.
 *
 * @param tryOnce returns undefined while another run is active
 * @throws MigError LOCK_TIMEOUT
 */
export async function waitFor<Result extends object>(
  tryOnce: () => Promise<Result | undefined>,
  holder: () => Promise<LockHolder | undefined>,
  {database, timeout, onEvent, signal}: Waiting,
): Promise<Result> {
  // The first attempt, which may have to open an embedded database, is not waiting.
  let start: number | undefined
  let told = -Infinity
  for (let pause = shortestPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const result = await tryOnce()
    if (result !== undefined) return result
    start ??= performance.now()
    const waitedMs = Math.round(performance.now() - start)
    if (waitedMs >= timeout) throw new LockTimeoutError(database, timeout, await holder())
    if (waitedMs - told >= reminder) {
      onEvent({kind: 'lock-wait', database, holder: await holder(), waitedMs})
      told = waitedMs
    }
    // An abort also ends the pause.
    await setTimeout(Math.min(pause, timeout - waitedMs), undefined, {signal}).catch(() => {})
    if (signal?.aborted) throw new InterruptedError('it was waiting for another run, and changed nothing.', undefined)
  }
}

/**
 * Waits for a lock and takes it.
 *
 * @throws MigError LOCK_TIMEOUT, INTERRUPTED
 */
export async function takeLock(lock: RunLock, waiting: Waiting): Promise<void> {
  await waitFor(
    async () => ((await lock.tryTake()) ? {} : undefined),
    async () => lock.holder(),
    waiting,
  ).catch((error: unknown) => {
    const obstacle = lock.obstacle?.()
    const isOver = error instanceof LockTimeoutError && obstacle !== undefined
    throw isOver ? new FileInUseError(waiting.database, waiting.timeout, obstacle) : error
  })
}
