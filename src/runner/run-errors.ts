import {withoutCopyNames} from '../sql/sqlite/copy-name.ts'
import {MigError} from '../errors.ts'
import {listOf} from '../util/text.ts'
import {executedOf, oneLine} from './describe.ts'
import {messageOf} from '../util/error-info.ts'
import type {PartiallyApplied} from './state/store.ts'

/** Thrown when the version table or the log lacks the expected columns. */
export class VersionTableShapeError extends MigError {
  constructor(table: string, setting: 'versionTable' | 'logTable', cause: unknown) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super(
      'VERSION_TABLE_UNKNOWN',
      `Table ${table} is not a ${setting === 'logTable' ? 'log' : 'version table'} of this version of mig: ${reason}.`,
      {
        hint: `Set another name with \`${setting}\` in the configuration, or use the version of mig that created the table.`,
        data: {table},
        cause,
      },
    )
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
  /** Whether a part of the revision is committed. */
  readonly isPartial?: boolean
  /** A hint; by default, to run the command again. */
  readonly hint?: string | undefined
}

/** Thrown when a revision fails; previous revisions stay applied. */
export class RevisionFailedError extends MigError {
  /** Whether no other remedy is known than to fix the revision and run the same command again. */
  readonly isToFix: boolean

  constructor(failure: RevisionFailure, cause: unknown) {
    const reason = withoutCopyNames(messageOf(cause).trim())
    const {direction, revision, message, place, statement, state, heads, isPartial = false} = failure
    const detail = detailOf(cause)
    const title = message === '' ? revision : `${revision} (${message})`
    const remedy = failure.hint ?? (cause instanceof MigError ? cause.hint : undefined)
    super('REVISION_FAILED', `The ${direction} of revision ${title} failed at ${place}: ${reason}`, {
      details: [
        ...(statement === undefined ? [] : [`statement: ${statement}`]),
        ...(detail === undefined ? [] : [`detail: ${detail}`]),
        state,
      ],
      hint: remedy ?? 'Fix the revision and run the same command again.',
      data: {
        direction,
        revision,
        place,
        statement: statement ?? null,
        reason,
        heads: heads ?? null,
        ...(detail !== undefined && {detail}),
        ...(isPartial && {partial: true}),
      },
      cause,
    })
    this.isToFix = remedy === undefined
  }
}

/** Thrown when the commit of a run in one transaction fails. */
export class CommitFailedError extends MigError {
  /** @param place the heads of the database, as a sentence */
  constructor(database: string, place: string, cause: unknown) {
    const detail = detailOf(cause)
    super('DATABASE_FAILED', `The commit of the run failed on ${database}: ${messageOf(cause)}`, {
      details: [...(detail === undefined ? [] : [`detail: ${detail}`]), `The whole run was rolled back; ${place}`],
      hint: 'Fix the revisions and run the same command again.',
      data: {database},
      cause,
    })
  }
}

/** Returns what PostgreSQL adds to an error, such as the values of a duplicate key, on one line. */
function detailOf(cause: unknown): string | undefined {
  const detail = cause instanceof Error && 'detail' in cause ? cause.detail : undefined
  return typeof detail === 'string' ? oneLine(detail) || undefined : undefined
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

/** Thrown when a revision is partially applied. */
export class PartiallyAppliedError extends MigError {
  constructor(partial: PartiallyApplied, database: string) {
    const {action, revision, by, at, done, total, statement, reason} = partial
    super(
      'HALF_APPLIED',
      `The ${action} of revision ${revision} on ${database} is partially applied: ${by} started it at ${at}, and ${executedOf({done, total})}.`,
      {
        details: [
          ...(statement === undefined ? [] : [`outcome unknown: ${oneLine(statement)}`]),
          ...(reason === undefined ? [] : [`failed with: ${reason}`]),
        ],
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
      hint: 'Restore the original statements, or finish or undo the revision by hand and run `mig repair --mark-applied --reason "…"` or `mig repair --mark-not-applied --reason "…"`.',
      data: {revision, done: done ?? null},
    })
  }
}

/** Thrown when a statement of a partially applied revision may have been executed, and running it again could do harm. */
export class StatementInDoubtError extends MigError {
  constructor(revision: string, statement: string) {
    const text = oneLine(statement)
    super(
      'STATEMENT_IN_DOUBT',
      `Revision ${revision} cannot be resumed: it is unknown whether a statement was executed, and running it again would not tell.`,
      {
        details: [`statement: ${text}`],
        hint: 'Look at the database, then run `mig repair --resume --in-doubt executed --reason "…"` if all of the statement was executed, or `mig repair --resume --in-doubt not-executed --reason "…"` if none of it was.',
        data: {revision, statement: text},
      },
    )
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

/** Thrown when the schema or database of a tenant does not exist. */
export class TenantMissingError extends MigError {
  constructor(tenant: string, database: string) {
    super('TENANT_MISSING', `Tenant ${tenant} does not exist on ${database}.`, {
      hint: 'Check the name, or create what is missing with `mig ensure-version --create-database`.',
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
