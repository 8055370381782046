import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import {messageOf} from '../util/error-info.ts'
import {formatDuration} from '../util/duration.ts'
import {describeHolder} from './describe.ts'
import type {LockHolder} from './events.ts'
import type {PartiallyApplied} from './state/store.ts'

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

/** The tables were written by another version of mig, which this one does not understand. */
export class VersionTableNewerError extends MigError {
  constructor(table: string, mig: string) {
    super('VERSION_TABLE_NEWER', `Table ${table} was written by mig ${mig}, and has not the columns of this one.`, {
      hint: `Use mig ${mig}, or a newer one.`,
      data: {table, mig},
    })
  }
}

/** The version table does not hold what the plan was made for. */
export class VersionTableChangedError extends MigError {
  constructor(table: string, revision: string, expected: number, found: number) {
    super(
      'VERSION_TABLE_CHANGED',
      `Table ${table} was changed by somebody else: ${revision} should have changed ${expected} of its rows, and changed ${found}.`,
      {
        hint: 'What could be undone was. `mig current` shows what the database stands on.',
        data: {table, revision, expected, found},
      },
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
  /** Undefined when the run had not begun. */
  readonly heads?: readonly string[]
  /** The command that helps; running it again, when left out. */
  readonly hint?: string
}

/** A revision failed; those before it stay. */
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
          `Correct the revision and run \`mig ${direction}\` again.`,
        data: {direction, revision, place, statement: statement ?? null, reason, heads: heads ?? null},
        cause,
      },
    )
  }
}

/** The run was stopped from outside. */
export class InterruptedError extends MigError {
  /** @param heads what the database stands on; undefined when no revision was running */
  constructor(state: string, heads: readonly string[] | undefined) {
    super('INTERRUPTED', `Interrupted: ${state}`, {
      hint: 'Run the command again to go on.',
      data: {heads: heads ?? null},
    })
  }
}

/** A statement cannot be in the transaction that it would be in. */
export class NotTransactionalStatementError extends MigError {
  /** @param command what the database calls it; undefined when the revision as a whole is meant */
  constructor(revision: string, place: string, command: string | undefined, isOneTransaction: boolean) {
    const what = command ?? 'What runs outside of a transaction'
    super(
      'NOT_TRANSACTIONAL_STATEMENT',
      isOneTransaction
        ? `${what} cannot be in one transaction with the other revisions (${place}, revision ${revision}).`
        : `${what} cannot be in a transaction, and revision ${revision} is in one (${place}).`,
      {
        hint: isOneTransaction
          ? "Run it with `transaction: 'each'`."
          : 'Put it in `op.autocommit(…)`, or say `export const transactional = false` (`-- transactional: false`).',
        data: {revision, place, command: command ?? null},
      },
    )
  }
}

/** A revision begins or ends a transaction, which is for mig to do. */
export class TransactionControlError extends MigError {
  constructor(revision: string, place: string, command: string) {
    super('TRANSACTION_CONTROL', `Revision ${revision} has a ${command} of its own (${place}).`, {
      hint: 'mig begins and ends transactions. `export const transactional = false` runs a revision without one.',
      data: {revision, place, command},
    })
  }
}

/** A revision wants a result where there is no database to give one. */
export class OfflineRevisionError extends MigError {
  constructor(revision: string, place: string, cause: MigError) {
    super('OFFLINE_QUERY', `Revision ${revision} awaits a result at ${place}, and a script has no database to ask.`, {
      hint: cause.hint,
      data: {revision, place},
      cause,
    })
  }
}

/** A revision was begun and neither finished nor undone. */
export class PartiallyAppliedError extends MigError {
  constructor(partial: PartiallyApplied, database: string) {
    const {action, revision, by, at, done, total, statement, reason} = partial
    const of = total === undefined ? '' : ` of ${total}`
    super(
      'HALF_APPLIED',
      [
        `The ${action} of revision ${revision} on ${database} is partially applied: ${by} began it at ${at}, and ${done}${of} ${done === 1 && total === undefined ? 'statement was' : 'statements were'} run.`,
        ...(statement === undefined ? [] : [`  in doubt: ${statement.trim().replaceAll(/\s+/g, ' ')}`]),
        ...(reason === undefined ? [] : [`  it ended with: ${reason}`]),
      ].join('\n'),
      {
        hint: '`mig repair` shows what can be done about it.',
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

/** A partially applied revision is not the one any more that was begun. */
export class ResumeMismatchError extends MigError {
  /** @param done how many statements were run; undefined when nobody knows what was */
  constructor(revision: string, done: number | undefined) {
    const why =
      done === undefined
        ? 'it asked for a query builder or an entity manager, and nobody knows what it did with it'
        : `its first ${done === 1 ? 'statement is' : `${done} statements are`} not what was run`
    super('RESUME_MISMATCH', `Revision ${revision} cannot be resumed: ${why}.`, {
      hint: 'Restore what was run, or do the rest by hand and say `mig repair --mark-applied` or `--mark-not-applied`.',
      data: {revision, done: done ?? null},
    })
  }
}

/** No revision is partially applied. */
export class NothingToRepairError extends MigError {
  constructor(databases: readonly string[]) {
    super('NOTHING_TO_REPAIR', `Nothing is partially applied on ${listOf(databases)}.`, {
      hint: '`mig current` shows what the database stands on.',
      data: {databases},
    })
  }
}

/** A transaction that mig was to work in ends with the first statement of DDL. */
export class TransactionNotSharedError extends MigError {
  constructor(database: string) {
    super('TRANSACTION_NOT_SHARED', `Statements of DDL end a transaction on ${database}: it cannot be shared.`, {
      hint: 'Give mig an entity manager that is in no transaction.',
      data: {database},
    })
  }
}

/** There is no schema, or no database, of a tenant's name. */
export class TenantMissingError extends MigError {
  constructor(tenant: string, database: string) {
    super('TENANT_MISSING', `There is no tenant ${tenant} on ${database}.`, {
      hint: '`--create-database` makes it.',
      data: {tenant, database},
    })
  }
}

/** A statement for a tenant would be outside of the transaction that alone knows the tenant. */
export class TenantOutsideTransactionError extends MigError {
  constructor(tenant: string) {
    super(
      'TENANTS_NOT_SUPPORTED',
      `outside of a transaction, a pooler does not keep the search path of tenant ${tenant}`,
      {
        hint: "Connect to the server itself, with `lock: 'session'`.",
        data: {tenant},
      },
    )
  }
}

/** The database has no room for tenants, or not for such. */
export class TenantsNotSupportedError extends MigError {
  /** @param why what the database has, or has not */
  constructor(database: string, why: string) {
    super('TENANTS_NOT_SUPPORTED', `${database} cannot have such tenants: it has ${why}.`, {
      hint: 'Tenants are schemas on PostgreSQL, and databases on MariaDB and MySQL.',
      data: {database},
    })
  }
}

/** Another run is at work, and does not end. */
export class LockTimeoutError extends MigError {
  /** @param timeout in milliseconds */
  constructor(database: string, timeout: number, holder: LockHolder | undefined) {
    const who = holder === undefined ? 'another run' : describeHolder(holder)
    super('LOCK_TIMEOUT', `${database} is locked by ${who}, and was not free within ${formatDuration(timeout)}.`, {
      hint: 'Wait for the other run to end, or wait longer with `--lock-timeout`. `mig lock` shows who holds it.',
      data: {database, timeout, holder: holder ?? null},
    })
  }
}

/** Somebody took the lock away while the run went on. */
export class LockLostError extends MigError {
  constructor(revision: string) {
    super('LOCK_LOST', `The lock was taken away from this run: nothing more of revision ${revision} was run.`, {
      hint: 'Another run may be at work: `mig lock` and `mig current` show it. Run the command again.',
      data: {revision},
    })
  }
}

/** A lock that cannot be stale is not taken away. */
export class LockInSessionError extends MigError {
  constructor(database: string, holder: LockHolder) {
    super('LOCK_IN_SESSION', `The lock of ${database} belongs to a session that is alive: ${describeHolder(holder)}.`, {
      hint: 'It ends with that session. To end the session, stop the run, or have the database end it.',
      data: {database, holder},
    })
  }
}
