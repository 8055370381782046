import {setTimeout} from 'node:timers/promises'
import {listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import {watchBlockers} from './blockers.ts'
import {CommandFailure} from './connection/command.ts'
import {describeBlocker} from './describe.ts'
import type {Blocker, OnEvent} from './events.ts'
import type {RunSession} from './connection/run-session.ts'

/** Lock timeout and retry settings; times in milliseconds. */
export interface LockRetrySettings {
  readonly tableLockTimeout: number | undefined
  readonly retries: number
}

/** Retry policy for a unit of work. */
export interface Retry {
  /** @param undo rolls back the failed attempt, and returns whether it can be retried */
  with(work: () => Promise<void>, undo: () => Promise<boolean>): Promise<void>
}

/** The policy without retries. */
export const once: Retry = {with: async (work) => work()}

/** The pause before the first retry, in milliseconds; it doubles with every retry. */
const firstPause = 1000

/**
 * Retries work that fails because of a lock.
 *
 * A statement waiting for a lock blocks everyone queued behind it. So it only waits for a short time,
 * and lets the others pass before each retry.
 */
export class LockRetry implements Retry {
  readonly #session: RunSession
  readonly #settings: LockRetrySettings
  readonly #onEvent: OnEvent
  readonly #signal: AbortSignal | undefined
  #retries = 0
  #blockers: readonly Blocker[] = []

  constructor(session: RunSession, settings: LockRetrySettings, onEvent: OnEvent, signal: AbortSignal | undefined) {
    this.#session = session
    this.#settings = settings
    this.#onEvent = onEvent
    this.#signal = signal
  }

  /** Runs `work`, and retries it after a lock failure. */
  async with(work: () => Promise<void>, undo: () => Promise<boolean>): Promise<void> {
    for (;;) {
      try {
        await this.#watched(work)
        return
      } catch (error) {
        const cause = error instanceof CommandFailure ? error.cause : error
        this.#explain(cause)
        if (!isLockFailure(cause) || this.#retries >= this.#settings.retries || !(await undo())) throw error
        await this.pause(cause)
      }
    }
  }

  /** Returns whether an error is a lock failure with retries left. */
  mayRetry(error: unknown): boolean {
    return isLockFailure(error) && this.#retries < this.#settings.retries
  }

  /** Waits before the next retry. */
  async pause(reason: unknown): Promise<void> {
    const attempt = ++this.#retries
    const {retries, tableLockTimeout = firstPause} = this.#settings
    const pauseMs = Math.min(firstPause, tableLockTimeout) * 2 ** (attempt - 1)
    this.#onEvent({kind: 'retry', attempt, attempts: retries, pauseMs, reason: messageOf(reason)})
    await setTimeout(pauseMs, undefined, {signal: this.#signal})
  }

  async #watched(work: () => Promise<void>): Promise<void> {
    const {postgres} = this.#session
    if (postgres === undefined) return work()
    this.#blockers = []
    const onBlocked = (by: readonly Blocker[], waitedMs: number): void => {
      this.#blockers = by
      this.#onEvent({kind: 'blocked', by, waitedMs})
    }
    return watchBlockers(postgres, this.#settings.tableLockTimeout, onBlocked, work)
  }

  /** Adds the lock holders to the message of a lock failure. */
  #explain(error: unknown): void {
    if (this.#blockers.length === 0 || !isLockFailure(error) || !(error instanceof Error)) return
    error.message += `, held by ${listOf(this.#blockers.map(describeBlocker), 3)}`
    this.#blockers = []
  }
}

/**
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
const lockCodes: ReadonlySet<string> = new Set([
  '55P03',
  '40P01',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
])

/** Returns whether a statement failed because another session holds a lock. */
export function isLockFailure(error: unknown): boolean {
  return lockCodes.has(codeOf(error))
}
