import {MigError} from '../errors.ts'
import {oneLine} from './describe.ts'
import {messageOf} from '../util/error-info.ts'

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
          : 'Put it in `await op.autocommit(…)`, or add `export const transactional = false` (SQL: `-- transactional: false`).',
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

/** Thrown when a revision contains a statement that would end the lock of its run. */
export class LockReleaseError extends MigError {
  constructor(revision: string, place: string, sql: string) {
    const statement = oneLine(sql).slice(0, 60)
    super(
      'LOCK_RELEASE',
      `Revision ${revision} contains ${statement} (${place}), which releases the lock of the run.`,
      {
        hint: 'Remove the statement: settings and temporary tables are put back after each revision.',
        data: {revision, place, statement},
      },
    )
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
