import {MigError} from '../errors.ts'
import {projectFailure} from '../project-code.ts'
import {hideInAddress} from '../util/secrets.ts'
import {listOf} from '../util/text.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import {hintForLimit} from './connection/connection-errors.ts'

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
    const shown = hideInAddress(url)
    super('UNKNOWN_DATABASE_URL', `${shown} is no URL of a database that mig knows.`, {
      hint: `It begins with ${listOf(schemes, Infinity, 'or')}, as in postgresql://user@host:5432/name.`,
      data: {url: shown},
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

/** Any other failure of the database, in its own words. */
export class DatabaseFailedError extends MigError {
  constructor(doing: string, cause: unknown) {
    super('DATABASE_FAILED', `${doing} failed: ${messageOf(cause)}`, {
      hint: hintForLimit(cause) ?? '`--debug` shows the whole stack.',
      cause,
    })
  }
}

/** The connection ended while it was in use. */
class ConnectionLostError extends MigError {
  constructor(database: string, cause: unknown) {
    super('CONNECTION_LOST', `The connection to ${database} was lost: ${messageOf(cause)}`, {
      hint: '`mig current` says where the database stands, as soon as it can be reached.',
      data: {database},
      cause,
    })
  }
}

/** Returns what an error on an open connection means. */
export function failureOf(doing: string, database: string, error: unknown): MigError {
  const failure = projectFailure(error)
  if (failure !== undefined) return failure
  return isConnectionLost(error) ? new ConnectionLostError(database, error) : new DatabaseFailedError(doing, error)
}

/** Tells whether an error says that there is no connection any more: nobody knows whether a commit has arrived. */
export function isConnectionLost(error: unknown): boolean {
  return (
    lostCodes.has(codeOf(error)) ||
    /Connection terminated|connection is in closed state|is not queryable/i.test(messageOf(error))
  )
}

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const lostCodes: ReadonlySet<string> = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ER_CONNECTION_KILLED',
])
