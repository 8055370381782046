import {MigError} from '../errors.ts'
import {projectFailure} from '../project-code.ts'
import {hideInAddress} from '../util/secrets.ts'
import {packageManagerOf} from '../util/package-manager.ts'
import {listOf} from '../util/text.ts'
import {migVersion} from '../util/version.ts'
import {codeOf, messageOf} from '../util/error-info.ts'
import {hintForLimit} from './connection/connection-errors.ts'

/** Thrown when the package of a database driver is not installed. */
export class DriverMissingError extends MigError {
  /** @param project its folder, and its version of MikroORM, if it has one */
  constructor(
    packageName: string,
    database: string,
    {root, version}: {readonly root: string; readonly version: string | undefined},
  ) {
    const wanted = version === undefined ? packageName : `${packageName}@${version}`
    super('DRIVER_MISSING', `${database} requires ${packageName}, which is not installed.`, {
      hint: `Run \`${packageManagerOf(root).install} ${wanted}\`.`,
      data: {package: packageName},
    })
  }
}

/** Thrown for a version of MikroORM that mig cannot run with. */
export class MikroOrmUnsupportedError extends MigError {
  constructor(version: string) {
    super(
      'MIKRO_ORM_UNSUPPORTED',
      `The project has MikroORM ${version}, and mig ${migVersion()} needs 7.2 or a later 7.`,
      {
        hint: 'Update the @mikro-orm packages of the project; https://mikro-orm.io/docs/upgrading-v6-to-v7 tells how.',
        data: {version},
      },
    )
  }
}

/** Thrown for a database URL with an unknown scheme. */
export class UnknownDatabaseUrlError extends MigError {
  constructor(url: string, schemes: readonly string[]) {
    const shown = hideInAddress(url)
    super('UNKNOWN_DATABASE_URL', `Unknown database URL: ${shown}.`, {
      hint: `Start the URL with ${listOf(schemes, Infinity, 'or')}, as in postgresql://user@host:5432/name.`,
      data: {url: shown},
    })
  }
}

/** Thrown when MikroORM rejects its options. */
export class OrmOptionsError extends MigError {
  constructor(source: string, cause: unknown) {
    const reason = messageOf(cause)
    super('ORM_FAILED', `MikroORM cannot be initialised from ${source}: ${reason.split('\n')[0]}`, {
      hint: 'Check that the configuration works in your application; `--debug` shows the stack trace.',
      data: {source},
      cause,
    })
  }
}

/** Thrown when another process uses the same PGlite folder. */
export class PgliteInUseError extends MigError {
  constructor(folder: string, holder: {readonly pid: number; readonly since: string}) {
    super(
      'PGLITE_IN_USE',
      `The embedded database ${folder} is in use by process ${holder.pid}, since ${holder.since}.`,
      {
        hint: `PGlite only supports one process. Wait for the other one or stop it; if it no longer runs, delete ${folder}.lock.`,
        data: {folder, ...holder},
      },
    )
  }
}

/** Any other database failure. */
class DatabaseFailedError extends MigError {
  constructor(doing: string, cause: unknown) {
    super('DATABASE_FAILED', `${doing} failed: ${messageOf(cause)}`, {
      hint: hintForLimit(cause) ?? 'Use `--debug` to show the stack trace.',
      cause,
    })
  }
}

/** The database of an entity manager is not one that mig knows. */
export class UnknownPlatformError extends MigError {
  /** @param name the class of MikroORM's platform */
  constructor(name: string) {
    super('DATABASE_FAILED', `MikroORM's platform ${name} is not supported.`, {
      hint: 'Use PostgreSQL, SQLite, MySQL or MariaDB. A program that was minified must keep the names of classes.',
      data: {platform: name},
    })
  }
}

/** Thrown when an open connection is lost. */
class ConnectionLostError extends MigError {
  constructor(database: string, cause: unknown) {
    super('CONNECTION_LOST', `The connection to ${database} was lost: ${messageOf(cause)}`, {
      hint: 'Run `mig current` once the database is reachable again to see its revisions.',
      data: {database},
      cause,
    })
  }
}

/** Returns the MigError for an error on an open connection. */
export function failureOf(doing: string, database: string, error: unknown): MigError {
  const failure = projectFailure(error)
  if (failure !== undefined) return failure
  return isConnectionLost(error) ? new ConnectionLostError(database, error) : new DatabaseFailedError(doing, error)
}

/** Returns whether an error means that the connection is lost; the outcome of a commit is then unknown. */
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
