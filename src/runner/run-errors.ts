import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import {messageOf} from '../util/error-info.ts'
import {formatDuration} from '../util/duration.ts'
import {describeHolder} from './describe.ts'
import type {LockHolder} from './events.ts'
import type {PartiallyApplied} from './state/store.ts'

/** Thrown when the version table lacks the expected columns. */
export class VersionTableShapeError extends MigError {
  constructor(table: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super('VERSION_TABLE_UNKNOWN', `Table ${table} is not a version table of this version of mig: ${reason}.`, {
      hint: 'Set another name with `versionTable` in the configuration, or use the version of mig that created the table.',
      data: {table},
      cause,
    })
  }
}

/** Thrown when the tables were written by an incompatible version of mig. */
export class VersionTableNewerError extends MigError {
  constructor(table: string, mig: string) {
    super(
      'VERSION_TABLE_NEWER',
      `Table ${table} was written by mig ${mig}, and its columns do not match this version.`,
      {
        hint: `Use mig ${mig} or newer.`,
        data: {table, mig},
      },
    )
  }
}

/** Thrown when the version table changed after the plan was made. */
export class VersionTableChangedError extends MigError {
  constructor(table: string, revision: string, expected: number, found: number) {
    super(
      'VERSION_TABLE_CHANGED',
      `Table ${table} was changed concurrently: ${revision} should have changed ${expected} of its rows, but changed ${found}.`,
      {
        hint: 'All reversible changes were rolled back. Run `mig current` to see the applied heads, then run the command again.',
        data: {table, revision, expected, found},
      },
    )
  }
}

/** The details of a failed revision. */
export interface RevisionFailure {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: string
  readonly message: string
  /** The file, with the line if known. */
  readonly place: string
  readonly statement: string | undefined
  /** A sentence about the current state of the database. */
  readonly state: string
  /** Undefined if the run had not begun. */
  readonly heads?: readonly string[]
  /** A hint; by default, to run the command again. */
  readonly hint?: string | undefined
}

/** Thrown when a revision fails; previous revisions stay applied. */
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
        hint:
          failure.hint ??
          (cause instanceof MigError ? cause.hint : undefined) ??
          'Fix the revision and run the same command again.',
        data: {direction, revision, place, statement: statement ?? null, reason, heads: heads ?? null},
        cause,
      },
    )
  }
}

/** Thrown when a run is interrupted by a signal. */
export class InterruptedError extends MigError {
  /**
   * @param heads the heads of the database; undefined if no revision was running
   * @param isPartial whether a revision is partially applied
   */
  constructor(state: string, heads: readonly string[] | undefined, isPartial = false) {
    super('INTERRUPTED', `Interrupted: ${state}`, {
      hint: isPartial
        ? 'Run `mig repair` to see how to resume or resolve the revision.'
        : 'Run the command again to continue.',
      data: {heads: heads ?? null, ...(isPartial && {partial: true})},
    })
  }
}

/** Thrown when a statement cannot run in its transaction. */
export class NotTransactionalStatementError extends MigError {
  /** @param command the SQL command; undefined if the revision itself runs outside of a transaction */
  constructor(revision: string, place: string, command: string | undefined, isOneTransaction: boolean) {
    const what = command ?? 'Code outside of a transaction'
    super(
      'NOT_TRANSACTIONAL_STATEMENT',
      isOneTransaction
        ? `${what} cannot share one transaction with other revisions (revision ${revision}, ${place}).`
        : `${what} cannot run in the transaction of revision ${revision} (${place}).`,
      {
        hint: isOneTransaction
          ? "Set `transaction: 'each'`."
          : 'Put it in `op.autocommit(…)`, or add `export const transactional = false` (SQL: `-- transactional: false`).',
        data: {revision, place, command: command ?? null},
      },
    )
  }
}

/** Thrown when a revision begins or ends a transaction itself, or sets a savepoint where there is none. */
export class TransactionControlError extends MigError {
  /** @param isOutside whether the statement would run outside of a transaction */
  constructor(revision: string, place: string, command: string, isOutside: boolean) {
    super(
      'TRANSACTION_CONTROL',
      isOutside
        ? `Revision ${revision} contains ${command} (${place}), but each of its statements runs by itself there, outside of a transaction.`
        : `Revision ${revision} contains ${command} (${place}), but mig manages its transaction.`,
      {
        hint: isOutside
          ? 'Remove the statement; to run several statements in one transaction, put them in a revision without `transactional = false` and outside of `op.autocommit`.'
          : 'Remove the statement; to run without a transaction, add `export const transactional = false` (SQL: `-- transactional: false`).',
        data: {revision, place, command},
      },
    )
  }
}

/** Thrown when a revision goes on after an error for which the database rolled back its transaction. */
export class TransactionEndedError extends MigError {
  constructor(revision: string, cause: unknown) {
    const reason = messageOf(cause)
    super(
      'TRANSACTION_ENDED',
      `the database rolled back the transaction of revision ${revision} when a statement failed: ${reason}`,
      {
        hint: 'Let the error end the revision instead of catching it, or change the statement so that it does not fail.',
        data: {revision, reason},
        cause,
      },
    )
  }
}

/** Thrown when a revision awaits a query result while a script is written. */
export class OfflineRevisionError extends MigError {
  constructor(revision: string, place: string, cause: MigError) {
    super(
      'OFFLINE_QUERY',
      `Revision ${revision} awaits a query result at ${place}, which is not available when writing a script.`,
      {
        hint: cause.hint,
        data: {revision, place},
        cause,
      },
    )
  }
}

/** Thrown when a revision contains a command of the database's command-line client. */
export class ClientCommandError extends MigError {
  constructor(revision: string, place: string, command: string) {
    super('CLIENT_COMMAND', `Revision ${revision} contains ${command} (${place}), which only psql can run.`, {
      hint: 'Dump with `pg_dump --inserts`, and remove lines that begin with a backslash.',
      data: {revision, place, command},
    })
  }
}

/** Thrown when a script cannot put back what a statement changes in its session. */
export class OfflineSettingError extends MigError {
  constructor(revision: string, place: string, command: string) {
    super(
      'OFFLINE_SETTING',
      `Revision ${revision} contains ${command} (${place}), which a script cannot undo before the next revision.`,
      {
        hint: 'Name the tables with their database instead (`other.t`), drop temporary tables in the revision, or run `mig upgrade` without `--sql`.',
        data: {revision, place, command},
      },
    )
  }
}

/** Thrown when unqualified names cannot be created in any schema. */
export class SchemaMissingError extends MigError {
  constructor(path: string, database: string) {
    super(
      'SCHEMA_MISSING',
      path.trim() === '' || path === '""'
        ? `The search path of ${database} is empty, so mig's tables have no schema.`
        : `The search path of ${database} is ${path}, and no schema in it exists that this user may use.`,
      {
        hint: 'Create the schema, grant usage on it, change `search_path`, or name a schema for the tables of mig with `versionTableSchema`.',
        data: {path, database},
      },
    )
  }
}

/** Thrown when a revision is partially applied. */
export class PartiallyAppliedError extends MigError {
  constructor(partial: PartiallyApplied, database: string) {
    const {action, revision, by, at, done, total, statement, reason} = partial
    const of = total === undefined ? '' : ` of ${total}`
    super(
      'HALF_APPLIED',
      [
        `The ${action} of revision ${revision} on ${database} is partially applied: ${by} started it at ${at}, and ${done}${of} ${done === 1 && total === undefined ? 'statement was' : 'statements were'} executed.`,
        ...(statement === undefined ? [] : [`  outcome unknown: ${statement.trim().replaceAll(/\s+/g, ' ')}`]),
        ...(reason === undefined ? [] : [`  failed with: ${reason}`]),
      ].join('\n'),
      {
        hint: 'Run `mig repair` to see how to resume or resolve it.',
        data: {
          direction: action,
          revision,
          done,
          total: total ?? null,
          statement: statement ?? null,
          reason: reason ?? null,
        },
      },
    )
  }
}

/** Thrown when a partially applied revision cannot be resumed. */
export class ResumeMismatchError extends MigError {
  /** @param done the number of executed statements; undefined if they are not known */
  constructor(revision: string, done: number | undefined) {
    const why =
      done === undefined
        ? 'it changed the database with `op.query`, a query builder or an entity manager, whose statements are not recorded'
        : `its first ${done === 1 ? 'statement differs' : `${done} statements differ`} from what was executed`
    super('RESUME_MISMATCH', `Revision ${revision} cannot be resumed: ${why}.`, {
      hint: 'Restore the original statements, or finish or undo the revision by hand and run `mig repair --mark-applied` or `mig repair --mark-not-applied`.',
      data: {revision, done: done ?? null},
    })
  }
}

/** Thrown when a partially applied revision depends on the session that executed its first statements. */
export class ResumeSessionError extends MigError {
  constructor(revision: string, place: string) {
    super(
      'RESUME_MISMATCH',
      `Revision ${revision} cannot be resumed: what its statement at ${place} creates or computes ended with its session.`,
      {
        hint: 'Finish or undo the revision by hand and run `mig repair --mark-applied --reason "…"` or `mig repair --mark-not-applied --reason "…"`.',
        data: {revision, place},
      },
    )
  }
}

/** Thrown when no revision is partially applied. */
export class NothingToRepairError extends MigError {
  constructor(databases: readonly string[]) {
    super('NOTHING_TO_REPAIR', `No revision is partially applied on ${listOf(databases)}.`, {
      hint: 'Run `mig current` to see the applied heads.',
      data: {databases},
    })
  }
}

/** Thrown when mig is given a transaction on a database whose DDL commits implicitly. */
export class TransactionNotSharedError extends MigError {
  constructor(database: string) {
    super(
      'TRANSACTION_NOT_SHARED',
      `DDL statements commit implicitly on ${database}, so mig cannot run inside an existing transaction.`,
      {
        hint: 'Pass an entity manager that is not in a transaction.',
        data: {database},
      },
    )
  }
}

/** Thrown when the schema or database of a tenant does not exist. */
export class TenantMissingError extends MigError {
  constructor(tenant: string, database: string) {
    super('TENANT_MISSING', `Tenant ${tenant} does not exist on ${database}.`, {
      hint: 'Create it with `mig upgrade --create-database`.',
      data: {tenant, database},
    })
  }
}

/** Thrown when a pooled tenant session would run a statement outside of a transaction. */
export class TenantOutsideTransactionError extends MigError {
  constructor(tenant: string) {
    super(
      'TENANTS_NOT_SUPPORTED',
      `a pooler does not keep the search path of tenant ${tenant} outside of a transaction`,
      {
        hint: "Connect to the server directly, with `lock: 'session'`.",
        data: {tenant},
      },
    )
  }
}

/** Thrown when a database does not support the configured tenants. */
export class TenantsNotSupportedError extends MigError {
  /** @param why the missing feature */
  constructor(database: string, why: string) {
    super('TENANTS_NOT_SUPPORTED', `These tenants are not supported on ${database}: it has ${why}.`, {
      hint: 'Tenants are schemas on PostgreSQL, and databases on MariaDB and MySQL.',
      data: {database},
    })
  }
}

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
