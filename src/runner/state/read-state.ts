import {CommandFailure} from '../connection/command.ts'
import type {Session} from '../connection/session.ts'
import {describeBlocker} from '../describe.ts'
import type {Blocker, OnEvent} from '../events.ts'
import {isLockFailure, LockRetry} from '../lock-retry.ts'
import {StateLockedError} from '../lock/errors.ts'
import {withLockTimeout} from '../transaction-boundaries.ts'
import type {DatabaseState, StateStore} from './store.ts'

interface ReadOptions {
  /** The limit on the wait for a session that locks the tables, in milliseconds; undefined for that of the database. */
  readonly timeout: number | undefined
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

/**
 * Reads the recorded state, and does not wait without limit for a session that has locked its tables.
 *
 * @throws MigError LOCK_TIMEOUT; errors of `StateStore.read`
 */
export async function readState(
  session: Session,
  store: StateStore,
  {timeout, onEvent, signal}: ReadOptions,
): Promise<DatabaseState> {
  let state: DatabaseState | undefined
  let blockers: readonly Blocker[] = []
  const hear: OnEvent = (event) => {
    if (event.kind === 'blocked') blockers = event.by
    onEvent(event)
  }
  const once = new LockRetry(session, {tableLockTimeout: timeout, retries: 0}, hear, signal)
  const read = async (): Promise<void> => {
    state = await store.read()
  }
  try {
    await withLockTimeout(session, timeout, async () => once.with(read, async () => false))
  } catch (error) {
    const cause = error instanceof CommandFailure ? error.cause : error
    if (!isLockFailure(cause)) throw error
    throw new StateLockedError(session.name, timeout, blockers.map(describeBlocker), cause)
  }
  if (state === undefined) throw new RangeError('nothing was read')
  return state
}
