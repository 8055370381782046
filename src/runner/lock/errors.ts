import {MigError} from '../../errors.ts'
import {listOf} from '../../util/text.ts'
import {formatDuration} from '../../util/duration.ts'
import {describeHolder} from '../describe.ts'
import type {LockHolder} from '../events.ts'

/** Thrown when the run lock is not released in time. */
export class LockTimeoutError extends MigError {
  /** @param timeout in milliseconds */
  constructor(database: string, timeout: number, holder: LockHolder | undefined) {
    const who = holder === undefined ? 'another run' : describeHolder(holder)
    super(
      'LOCK_TIMEOUT',
      `${database} is locked by ${who}; the lock was not released within ${formatDuration(timeout)}.`,
      {
        hint: 'Wait for the other run to end, or wait longer with `--lock-timeout`. Run `mig lock` to see the holder.',
        data: {database, timeout, holder: holder ?? null},
      },
    )
  }
}

/** Thrown when another session locks the tables of mig for too long. */
export class StateLockedError extends MigError {
  /**
   * @param timeout in milliseconds; undefined for the limit of the database
   * @param holders descriptions of the sessions, if known
   */
  constructor(database: string, timeout: number | undefined, holders: readonly string[], cause: unknown) {
    const who = holders.length === 0 ? 'another session' : listOf(holders, 3)
    const within = timeout === undefined ? 'in time' : `within ${formatDuration(timeout)}`
    super('LOCK_TIMEOUT', `The tables of mig in ${database} are locked by ${who}, and were not released ${within}.`, {
      hint: 'End that session or wait for it, then run the command again; `tableLockTimeout` in the configuration sets how long to wait.',
      data: {database, timeout: timeout ?? null, holders},
      cause,
    })
  }
}

/** Thrown when no run holds the lock of a file, but another process keeps mig from writing to it. */
export class FileInUseError extends MigError {
  /** @param timeout in milliseconds */
  constructor(database: string, timeout: number, reason: string) {
    super(
      'LOCK_TIMEOUT',
      `${database} is not locked by a run, but another process kept its file in use for ${formatDuration(timeout)}: ${reason}.`,
      {
        hint: 'End the transaction or query of the other process, or use `pragma journal_mode = wal`, with which readers do not block writers.',
        data: {database, timeout, holder: null, reason},
      },
    )
  }
}

/** Thrown when a run loses its lock. */
export class LockLostError extends MigError {
  constructor(revision: string) {
    super('LOCK_LOST', `This run lost its lock; revision ${revision} was stopped.`, {
      hint: 'Another run may be active: check with `mig lock` and `mig current`, then run the command again.',
      data: {revision},
    })
  }
}

/** Thrown when the lock to break belongs to a live session. */
export class LockInSessionError extends MigError {
  constructor(database: string, holder: LockHolder) {
    super('LOCK_IN_SESSION', `The lock of ${database} is held by a live session: ${describeHolder(holder)}.`, {
      hint: 'The lock ends with the session: stop that run, or terminate its session on the database server.',
      data: {database, holder},
    })
  }
}
