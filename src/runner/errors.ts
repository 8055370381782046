import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import {messageOf} from '../util/thrown.ts'
import {hintForLimit} from './connection-errors.ts'

export {connectionError} from './connection-errors.ts'

/** The package of a database's driver is not installed. */
export class DriverMissingError extends MigError {
  constructor(packageName: string, database: string) {
    super('DRIVER_MISSING', `${packageName} is not installed, and ${database} needs it.`, {
      hint: `\`npm install ${packageName}\`, in the version of your other @mikro-orm packages.`,
      data: {package: packageName},
    })
  }
}

/** A database URL that names no driver that mig knows. */
export class UnknownDatabaseUrlError extends MigError {
  constructor(url: string, schemes: readonly string[]) {
    super('UNKNOWN_DATABASE_URL', `${url} is no URL of a database that mig knows.`, {
      hint: `It begins with ${listOf(schemes, Infinity, 'or')}, as in postgresql://user@host:5432/name.`,
      data: {url},
    })
  }
}

/** A database URL that cannot be read, or lacks what it needs. */
export class InvalidDatabaseUrlError extends MigError {
  constructor(url: string, reason: string) {
    super('INVALID_DATABASE_URL', `${url} is no URL that mig can use: ${reason}.`, {
      hint: 'It looks like mariadb://user@host:3306/name, with a password as in docs/databases.md.',
      data: {url},
    })
  }
}

/** MikroORM does not accept its options. */
export class OrmOptionsError extends MigError {
  constructor(source: string, cause: unknown) {
    const reason = messageOf(cause)
    super('ORM_FAILED', `MikroORM cannot be set up from ${source}: ${reason.split('\n')[0]}`, {
      hint: 'The same configuration must work in the application. `--debug` shows the whole stack.',
      data: {source},
      cause,
    })
  }
}

/** Another process works on the same PGlite folder, which only one can. */
export class PgliteInUseError extends MigError {
  constructor(folder: string, holder: {readonly pid: number; readonly since: string}) {
    super(
      'PGLITE_IN_USE',
      `The embedded database ${folder} is in use by process ${holder.pid}, since ${holder.since}.`,
      {
        hint: `PGlite has room for one process. Wait for the other, or stop it; if it is long gone, delete ${folder}.lock.`,
        data: {folder, ...holder},
      },
    )
  }
}

/** A table has the name of the version table, but not its columns. */
export class VersionTableShapeError extends MigError {
  constructor(table: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super('VERSION_TABLE_UNKNOWN', `Table ${table} is not the version table of this mig: ${reason}.`, {
      hint: 'Name another one with `versionTable` in the configuration, or use the mig that made it.',
      data: {table},
      cause,
    })
  }
}

/** The version table does not hold what the plan was made for. */
export class VersionTableChangedError extends MigError {
  constructor(table: string, revision: string, expected: number, found: number) {
    super(
      'VERSION_TABLE_CHANGED',
      `Table ${table} was changed by somebody else: ${revision} should have changed ${expected} of its rows, and changed ${found}.`,
      {hint: 'Nothing of this revision was kept. Run the command again.', data: {table, revision, expected, found}},
    )
  }
}

/** What is known of a failing revision. */
export interface RevisionFailure {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: string
  readonly message: string
  /** The file, with the line where it is known. */
  readonly place: string
  readonly statement: string | undefined
  /** What the database stands on now, as a sentence. */
  readonly state: string
  readonly heads: readonly string[]
}

/** A revision failed: its transaction was rolled back, those before it stay. */
export class RevisionFailedError extends MigError {
  constructor(failure: RevisionFailure, cause: unknown) {
    const reason = messageOf(cause).trim()
    const {direction, revision, message, place, statement, state, heads} = failure
    const title = message === '' ? revision : `${revision} (${message})`
    super(
      'REVISION_FAILED',
      [
        `The ${direction} of revision ${title} failed at ${place}: ${reason}`,
        ...(statement === undefined ? [] : [`  statement: ${statement}`]),
        `  ${state}`,
      ].join('\n'),
      {
        hint: `Correct the revision and run \`mig ${direction}\` again.`,
        data: {direction, revision, place, statement: statement ?? null, reason, heads},
        cause,
      },
    )
  }
}

/** The run was stopped from outside. */
export class InterruptedError extends MigError {
  constructor(state: string, heads: readonly string[]) {
    super('INTERRUPTED', `Interrupted: ${state}`, {
      hint: 'Run the command again to go on.',
      data: {heads},
    })
  }
}

/** Any other failure of the database, in its own words. */
export class DatabaseFailedError extends MigError {
  constructor(doing: string, cause: unknown) {
    super('DATABASE_FAILED', `${doing} failed: ${messageOf(cause)}`, {
      hint: hintForLimit(cause) ?? '`--debug` shows the whole stack.',
      cause,
    })
  }
}
