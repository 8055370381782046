import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import {filePathOf} from '../../dialects/drivers.ts'
import {MigError} from '../../errors.ts'
import {formatDuration} from '../../util/duration.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import type {ConnectLimit} from './connect-timeout.ts'

/** The server cannot be reached. */
class DatabaseUnreachableError extends MigError {
  constructor(database: string, reason: string, cause: unknown, hint?: string) {
    super('DATABASE_UNREACHABLE', `${database} cannot be reached: ${reason}.`, {
      hint: hint ?? 'Is the server running, and are host and port right?',
      data: {database},
      cause,
    })
  }
}

/** The server accepts connections, or packets vanish on the way, and there is no answer. */
export class SilentServerError extends DatabaseUnreachableError {
  constructor(database: string, {timeout, setting}: ConnectLimit) {
    const hint = `Check host, port and firewall; ${setting} sets how long to wait.`
    super(database, `no answer within ${formatDuration(timeout)}`, undefined, hint)
  }
}

/** The server answers, and does not let mig in. */
class DatabaseRefusedError extends MigError {
  constructor(database: string, reason: string, hint: string, cause: unknown) {
    super('DATABASE_REFUSED', `${database} refuses the connection: ${reason}.`, {hint, data: {database}, cause})
  }
}

/** The server has no database of this name, or the folder that a file would be in is not there. */
class DatabaseMissingError extends MigError {
  constructor(database: string, cause: unknown) {
    super('DATABASE_MISSING', `${database} does not exist.`, {
      hint: 'Is the name right? `--create-database` makes it.',
      data: {database},
      cause,
    })
  }
}

/** The file or folder of an embedded database cannot be opened. */
export class DatabaseUnreadableError extends MigError {
  constructor(database: string, reason: string, cause: unknown) {
    super('DATABASE_UNREADABLE', `${database} cannot be opened: ${reason}.`, {
      hint: 'Check the path, and the rights on the file and its folder.',
      data: {database},
      cause,
    })
  }
}

/** A database could not be made. */
export class CreateDatabaseError extends MigError {
  constructor(database: string, cause: unknown) {
    super('CREATE_DATABASE_FAILED', `${database} cannot be created: ${reasonOf(cause)}.`, {
      hint: 'The user needs the right to create databases; or have somebody create it who has.',
      data: {database},
      cause,
    })
  }
}

/** What drivers say when they give up waiting for a server. */
const silence = /^ETIMEDOUT |timeout expired|connection timeout/

/** What servers and drivers say, by the code or the words they say it with. The first that fits counts. */
const refusals: readonly {readonly says: RegExp; readonly hint: string}[] = [
  {
    says: /HANDSHAKE_NO_SSL_SUPPORT|does not support (?:SSL|secure)/i,
    hint: 'The server has no TLS: take `ssl` or `sslmode` out of the URL, or turn TLS on there.',
  },
  {
    says: /no encryption|SSL off|ER_SECURE_TRANSPORT_REQUIRED|insecure transport/i,
    hint: 'The server wants TLS: add `?sslmode=verify-full` (PostgreSQL) or `?ssl=true` (MariaDB, MySQL) to the URL.',
  },
  {
    says: /certificate|CERT|HANDSHAKE_SSL_ERROR|SSL profile|ERR_SSL|ERR_TLS/,
    hint: 'It is the certificate of the server: docs/databases.md says how to name the one that signed it.',
  },
  {
    says: /^42501 |ER_DBACCESS_DENIED_ERROR/,
    hint: 'The user may not use this database: the owner of it can grant that.',
  },
  {says: /^53300 |ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS/, hint: 'Wait, or end connections that nobody uses.'},
  {
    says: /ER_ACCESS_DENIED/,
    hint: 'Check user and password. To a user who must use TLS it says the same: that is `?ssl=true` in the URL.',
  },
  {
    says: /^28|password|SASL|auth/i,
    hint: 'Check user and password. MIG_DATABASE_URL is a place for them outside of the configuration.',
  },
]

/** Returns why no connection came about. */
export function connectionError(database: string, error: unknown): MigError {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const reason = reasonOf(cause)
  const said = `${codeOf(cause)} ${reason}`
  const file = filePathOf(database)
  if (/^3D000 |ER_BAD_DB_ERROR/.test(said)) return new DatabaseMissingError(database, error)
  if (file !== undefined)
    return existsSync(dirname(file))
      ? new DatabaseUnreadableError(database, reason, error)
      : new DatabaseMissingError(database, error)
  const refusal = refusals.find(({says}) => says.test(said))
  if (refusal !== undefined) return new DatabaseRefusedError(database, reason, refusal.hint, error)
  return silence.test(said)
    ? new DatabaseUnreachableError(database, 'the server does not answer', error, 'Check host, port and firewall.')
    : new DatabaseUnreachableError(database, reason, error)
}

/** What a database says when it does not let a statement pass, and what helps. */
const limits: readonly {readonly says: RegExp; readonly hint: string}[] = [
  {says: /^SQLITE_READONLY/, hint: 'Check the rights on the file and its folder.'},
  {says: /^(?:25006|ER_OPTION_PREVENTS_STATEMENT)/, hint: 'It is read-only, as a replica is: connect to the primary.'},
  {
    says: /^(?:42501|ER_(?:TABLE|DB|COLUMN)ACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR)/,
    hint: 'The user lacks a right: the owner of the schema can grant it.',
  },
]

/** Returns what helps against a failure of the database that is no fault of the statement. */
export function hintForLimit(cause: unknown): string | undefined {
  return limits.find(({says}) => says.test(codeOf(cause)))?.hint
}

/** Returns what went wrong as part of a sentence. */
function reasonOf(cause: unknown): string {
  // PGlite throws numbers of errors of its file system, without words.
  const message = (messageOf(cause) || codeOf(cause) || String(cause)).split('\n')[0] ?? ''
  return message.trim().replace(/\.$/, '')
}
