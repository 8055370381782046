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

/** A snapshot that does not exist. */
export class UnknownSnapshotError extends MigError {
  constructor(place: string, known: readonly string[]) {
    super('UNKNOWN_SNAPSHOT', `There is no snapshot of ${place}.`, {
      hint: didYouMean(place, known, '`mig switch --snapshots` lists the existing ones.'),
      data: {place, snapshots: known},
    })
  }
}
