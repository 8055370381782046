import {setTimeout} from 'node:timers/promises'
import type {Command} from '../connection/command.ts'
import type {LockHolder, OnEvent} from '../events.ts'
import {InterruptedError, LockTimeoutError} from '../run-errors.ts'

/** What keeps two runs from working on one database at the same time. */
export interface RunLock {
  /** Takes it unless somebody else has it. Returns whether it is taken. */
  tryTake(): Promise<boolean>
  /** Returns who has it; undefined when nobody has. */
  holder(): Promise<LockHolder | undefined>
  give(): Promise<void>
  /** What every transaction begins with to make sure that the lock was not taken away: it changes one row. */
  readonly fence: Command | undefined
  /** Takes the lock away from whoever has it; undefined where it cannot outlive its holder. */
  readonly break: (() => Promise<void>) | undefined
}

export interface Waiting {
  /** What messages call the database. */
  readonly database: string
  /** In milliseconds. */
  readonly timeout: number
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

const shortestPause = 50
const longestPause = 250
/** How often somebody is told that the run still waits, in milliseconds. */
const reminder = 10_000

/**
 * Does something that is refused while somebody else is at work, again and again until it is done.
 *
 * @param tryOnce returns undefined as long as it is refused
 * @throws MigError LOCK_TIMEOUT
 */
export async function waitFor<Result extends object>(
  tryOnce: () => Promise<Result | undefined>,
  holder: () => Promise<LockHolder | undefined>,
  {database, timeout, onEvent, signal}: Waiting,
): Promise<Result> {
  const start = performance.now()
  let told = -Infinity
  for (let pause = shortestPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const result = await tryOnce()
    if (result !== undefined) return result
    const waitedMs = Math.round(performance.now() - start)
    if (waitedMs >= timeout) throw new LockTimeoutError(database, timeout, await holder())
    if (waitedMs - told >= reminder) {
      onEvent({kind: 'lock-wait', database, holder: await holder(), waitedMs})
      told = waitedMs
    }
    // It is woken up by a signal, too.
    await setTimeout(Math.min(pause, timeout - waitedMs), undefined, {signal}).catch(() => {})
    if (signal?.aborted) throw new InterruptedError('it was waiting for another run, and did nothing.', undefined)
  }
}

/**
 * Takes a lock, once no other run holds it.
 *
 * @throws MigError LOCK_TIMEOUT, INTERRUPTED
 */
export async function takeLock(lock: RunLock, waiting: Waiting): Promise<void> {
  await waitFor(
    async () => ((await lock.tryTake()) ? {} : undefined),
    async () => lock.holder(),
    waiting,
  )
}
