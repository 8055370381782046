import {MigError} from '../../errors.ts'
import {didYouMean, listOf} from '../../util/text.ts'
import {messageOf} from '../../util/error-info.ts'

/** A database that cannot be kept as a copy. */
export class SnapshotNotSupportedError extends MigError {
  constructor(database: string, reason: string) {
    super('SNAPSHOT_NOT_SUPPORTED', `Snapshots of ${database} are not supported: ${reason}.`, {
      hint: 'Run `mig switch` without `--snapshot`: it reverts and applies revisions.',
      data: {database, reason},
    })
  }
}

/** A snapshot that could not be made, exchanged or removed. */
export class SnapshotFailedError extends MigError {
  constructor(doing: string, cause: unknown, users: readonly string[] = []) {
    const reason = users.length > 0 ? `it is in use by ${listOf(users, 5)}` : messageOf(cause).split('\n')[0]
    super('SNAPSHOT_FAILED', `${doing} failed: ${reason}.`, {
      hint:
        users.length > 0
          ? 'End those sessions, or run `mig switch` without `--snapshot`: it reverts and applies revisions.'
          : 'Run `mig switch` without `--snapshot`: it reverts and applies revisions.',
      data: {reason, users},
      cause,
    })
  }
}

/** Another process is changing the snapshots. */
export class SnapshotsLockedError extends MigError {
  /** @param holder the description of its session */
  constructor(database: string, holder: string) {
    const reason = `another \`mig switch --snapshot\` is running on the database ${database}: ${holder}`
    super('SWITCH_REFUSED', `Nothing was changed: ${reason}.`, {
      hint: 'Wait for it to end, then run the same command again.',
      data: {reason, database},
    })
  }
}

/** A snapshot that does not exist. */
export class UnknownSnapshotError extends MigError {
  constructor(place: string, known: readonly string[]) {
    super('UNKNOWN_SNAPSHOT', `There is no snapshot of ${place}.`, {
      hint: didYouMean(place, known, '`mig switch --snapshots` lists the existing ones.'),
      data: {place, snapshots: known},
    })
  }
}
