import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import {filePathOf} from '../../dialects/drivers.ts'
import {MigError} from '../../errors.ts'
import {formatDuration} from '../../util/duration.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import type {ConnectLimit} from './connect-timeout.ts'

/** Thrown when the server cannot be reached. */
class DatabaseUnreachableError extends MigError {
  constructor(database: string, reason: string, cause: unknown, hint?: string) {
    super('DATABASE_UNREACHABLE', `Cannot reach ${database}: ${reason}.`, {
      hint: hint ?? 'Check that the server is running, and that host and port are correct.',
      data: {database},
      cause,
    })
  }
}

/** Thrown when the server does not answer in time. */
export class SilentServerError extends DatabaseUnreachableError {
  constructor(database: string, {timeout, setting}: ConnectLimit) {
    const hint = `Check host, port, and firewall; ${setting} sets how long to wait.`
    super(database, `no answer within ${formatDuration(timeout)}`, undefined, hint)
  }
}

/** Thrown when the server rejects the connection. */
class DatabaseRefusedError extends MigError {
  constructor(database: string, reason: string, hint: string, cause: unknown) {
    super('DATABASE_REFUSED', `${database} refused the connection: ${reason}.`, {hint, data: {database}, cause})
  }
}

/** Thrown when the database, or the folder of a database file, does not exist. */
class DatabaseMissingError extends MigError {
  constructor(database: string, cause: unknown) {
    super('DATABASE_MISSING', `${database} does not exist.`, {
      hint: 'Check the name, or create the database with `mig ensure-version --create-database`.',
      data: {database},
      cause,
    })
  }
}

/** Thrown when the file or folder of an embedded database cannot be opened. */
export class DatabaseUnreadableError extends MigError {
  constructor(database: string, reason: string, cause: unknown) {
    super('DATABASE_UNREADABLE', `Cannot open ${database}: ${reason}.`, {
      hint: 'Check the path, and the permissions of the file and its folder.',
      data: {database},
      cause,
    })
  }
}

/** Thrown when another process has locked the file of an embedded database. */
class DatabaseLockedError extends MigError {
  constructor(database: string, cause: unknown) {
    super('LOCK_TIMEOUT', `${database} is locked by another process, and was not released in time.`, {
      hint: 'End that process or wait for it, then run the command again.',
      data: {database},
      cause,
    })
  }
}

/** Thrown when a database cannot be created. */
export class CreateDatabaseError extends MigError {
  constructor(database: string, cause: unknown) {
    super('CREATE_DATABASE_FAILED', `Cannot create ${database}: ${reasonOf(cause)}.`, {
      hint: 'Grant the user the privilege to create databases, or create the database as an administrator.',
      data: {database},
      cause,
    })
  }
}

/** Matches driver errors for a connection timeout. */
const silence = /^ETIMEDOUT |timeout expired|connection timeout/

/** Hints for refused connections, matched against error code and message; the first match wins. */
const refusals: readonly {readonly says: RegExp; readonly hint: string}[] = [
  {
    says: /HANDSHAKE_NO_SSL_SUPPORT|does not support (?:SSL|secure)/i,
    hint: 'The server does not support TLS: remove `ssl` or `sslmode` from the URL, or enable TLS on the server.',
  },
  {
    says: /no encryption|SSL off|ER_SECURE_TRANSPORT_REQUIRED|insecure transport/i,
    hint: 'The server requires TLS: add `?sslmode=verify-full` (PostgreSQL) or `?ssl=true` (MariaDB, MySQL) to the URL.',
  },
  {
    says: /certificate|CERT|HANDSHAKE_SSL_ERROR|SSL profile|ERR_SSL|ERR_TLS/,
    hint: 'The server certificate is not trusted: docs/databases.md explains how to configure its CA.',
  },
  {
    says: /^42501 |ER_DBACCESS_DENIED_ERROR/,
    hint: 'Ask the database owner to grant the user access to this database.',
  },
  {says: /^53300 |ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS/, hint: 'Wait, or close idle connections.'},
  {
    says: /ER_ACCESS_DENIED/,
    hint: 'Check user and password. If the user requires TLS, add `?ssl=true` to the URL.',
  },
  {
    says: /^28|password|SASL|auth/i,
    hint: 'Check user and password; MIG_DATABASE_URL keeps them out of the configuration file.',
  },
]

const noPassword = 'Put the password into `MIG_DATABASE_URL` or `PGPASSWORD`; see docs/databases.md.'

/** Returns the error for a failed connection attempt. */
export function connectionError(database: string, error: unknown): MigError {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const reason = reasonOf(cause)
  if (reason.includes('client password must be a string'))
    return new DatabaseRefusedError(database, 'it asks for a password, and none is given', noPassword, error)
  const said = `${codeOf(cause)} ${reason}`
  const file = filePathOf(database)
  if (/^3D000 |ER_BAD_DB_ERROR/.test(said)) return new DatabaseMissingError(database, error)
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(said)) return new DatabaseLockedError(database, error)
  if (file !== undefined)
    return existsSync(dirname(file))
      ? new DatabaseUnreadableError(database, reason, error)
      : new DatabaseMissingError(database, error)
  const refusal = refusals.find(({says}) => says.test(said))
  if (refusal !== undefined) return new DatabaseRefusedError(database, reason, refusal.hint, error)
  return silence.test(said)
    ? new DatabaseUnreachableError(database, 'the server does not answer', error, 'Check host, port, and firewall.')
    : new DatabaseUnreachableError(database, reason, error)
}

/** Hints for statements that the database does not permit, by error code. */
const limits: readonly {readonly says: RegExp; readonly hint: string}[] = [
  {says: /^SQLITE_READONLY/, hint: 'Check the permissions of the file and its folder.'},
  {
    says: /^(?:25006|ER_OPTION_PREVENTS_STATEMENT)/,
    hint: 'The server is read-only, like a replica: connect to the primary.',
  },
  {
    says: /^(?:42501|ER_(?:TABLE|DB|COLUMN)ACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR)/,
    hint: 'The user lacks a privilege: ask the schema owner to grant it.',
  },
]

/** Returns a hint for an error that the statement itself did not cause, if there is one. */
export function hintForLimit(cause: unknown): string | undefined {
  return limits.find(({says}) => says.test(codeOf(cause)))?.hint
}

/** Returns the first line of an error message without its trailing period. */
function reasonOf(cause: unknown): string {
  // PGlite throws bare error numbers from its file system.
  const message = (messageOf(cause) || codeOf(cause) || String(cause)).split('\n')[0] ?? ''
  return message.trim().replace(/\.$/, '')
}
