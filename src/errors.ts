import {hidePasswords, hidePasswordsIn} from './util/secrets.ts'

/**
 * Every code that mig can give, with the exit status that goes with it:
 * 1 something failed or a check found something, 2 wrong usage or configuration, 130 interrupted.
 */
export const errorCodes = {
  UNKNOWN_COMMAND: 2,
  EDITOR_FAILED: 1,
  // the graph
  REVISION_NOT_FOUND: 1,
  REVISION_AMBIGUOUS: 1,
  BRANCH_NOT_FOUND: 1,
  MULTIPLE_HEADS: 1,
  NOT_ON_BRANCH: 1,
  NOT_AN_ANCESTOR: 1,
  AMBIGUOUS_WALK: 1,
  WALKED_TOO_FAR: 1,
  OVERLAPPING_TARGETS: 1,
  NO_CURRENT_REVISION: 1,
  SEVERAL_CURRENT_REVISIONS: 1,
  INVALID_TARGET: 2,
  INVALID_RANGE: 2,
  INVALID_REVISION_ID: 1,
  CYCLE: 1,
  DUPLICATE_REVISION: 1,
  DUPLICATE_LABEL: 1,
  UNKNOWN_DOWN_REVISION: 1,
  UNKNOWN_DEPENDENCY: 1,
  UNKNOWN_APPLIED_REVISION: 1,
  NOT_A_HEAD: 1,
  NOTHING_TO_MERGE: 1,
  NOTHING_TO_REBASE: 1,
  REBASE_REFUSED: 1,
  BASELINE_REVERTED: 1,
  SQUASH_REPLACED_TWICE: 1,
  SQUASH_INCOMPLETE: 1,
  SQUASH_REFUSED: 1,
  SQUASH_DIFFERS: 1,
  SQUASH_NOT_CONVEX: 1,
  SQUASH_WRONG_PARENTS: 1,
  SQUASH_ORIGINALS_MISSING: 1,
  SQUASH_INDIVISIBLE: 1,
  NOTHING_TO_AMEND: 1,
  NOT_MERGEABLE: 1,
  MERGE_NOT_PROVED: 1,
  SEVERAL_MERGE_PARTNERS: 1,
  UNKNOWN_TABLE: 1,
  UNKNOWN_TABLE_PART: 1,
  // the configuration
  CONFIG_NOT_FOUND: 2,
  ORM_CONFIG_NOT_FOUND: 2,
  ORM_CONTEXT_NOT_FOUND: 2,
  COMPILER_MISSING: 2,
  CONFIG_FAILED: 2,
  INVALID_CONFIG: 2,
  INVALID_DURATION: 2,
  INVALID_OPTION: 2,
  MIGRATOR_UNSUPPORTED: 2,
  UNKNOWN_ENVIRONMENT: 2,
  // bundles
  INVALID_BUNDLE: 2,
  BUNDLE_REFUSED: 1,
  BUNDLER_MISSING: 2,
  // revision files
  SCRIPT_DIRECTORY_MISSING: 2,
  VERSION_LOCATION_MISSING: 2,
  INVALID_REVISION_FILE: 1,
  NOT_UTF8: 1,
  FILE_UNREADABLE: 1,
  FILE_UNWRITABLE: 1,
  FILE_EXISTS: 1,
  CONCURRENT_REVISION: 1,
  TEMPLATE_FAILED: 1,
  UNKNOWN_TEMPLATE: 2,
  INVALID_NAME: 2,
  VERSION_PATH_UNKNOWN: 2,
  POST_WRITE_HOOK_FAILED: 1,
  // git
  GIT_UNAVAILABLE: 1,
  UNTRUSTED_CODE: 1,
  HOOK_PROGRAM_TRACKED: 1,
  HOOKS_MANAGED: 1,
  HOOKS_SHARED: 1,
  GIT_FAILED: 1,
  GIT_OBJECT_UNREADABLE: 1,
  UNKNOWN_REF: 1,
  OUTSIDE_REPOSITORY: 2,
  NOT_EVALUATED: 1,
  UNKNOWN_HOOK: 2,
  UNKNOWN_CHECK: 2,
  SWITCH_REFUSED: 1,
  SNAPSHOT_NOT_SUPPORTED: 2,
  SNAPSHOT_FAILED: 1,
  UNKNOWN_SNAPSHOT: 1,
  CONFIRMATION_NEEDED: 2,
  DATA_LOSS: 1,
  // operations
  INVALID_OPERATION: 1,
  OPERATION_NOT_SUPPORTED: 1,
  LATE_OPERATION: 1,
  PENDING_OPERATION: 1,
  OFFLINE_QUERY: 1,
  OFFLINE_RANGE: 2,
  OFFLINE_SETTING: 1,
  DATABASE_NOT_CHOSEN: 2,
  // autogenerate
  DATABASE_NOT_AT_HEADS: 1,
  NO_ENTITIES: 2,
  BASELINE_REFUSED: 1,
  BASELINE_DIFFERS: 1,
  INVALID_DUMP: 1,
  UNKNOWN_ANSWER: 2,
  RENAME_REFUSED: 1,
  AMEND_APPLIED: 1,
  // histories of other tools
  IMPORT_REFUSED: 1,
  IMPORT_PACKAGE_MISSING: 2,
  IMPORT_STATE_REFUSED: 1,
  // the database
  DRIVER_MISSING: 2,
  PARSER_MISSING: 2,
  MIKRO_ORM_UNSUPPORTED: 2,
  UNKNOWN_DATABASE_URL: 2,
  INVALID_DATABASE_URL: 2,
  ORM_FAILED: 2,
  DATABASE_UNREACHABLE: 1,
  DATABASE_REFUSED: 1,
  DATABASE_MISSING: 1,
  DATABASE_UNREADABLE: 1,
  CREATE_DATABASE_FAILED: 1,
  DATABASE_FAILED: 1,
  CONNECTION_LOST: 1,
  FOREIGN_KEY_VIOLATION: 1,
  PGLITE_IN_USE: 1,
  SCHEMA_MISSING: 1,
  VERSION_TABLE_UNKNOWN: 1,
  VERSION_TABLE_NEWER: 1,
  VERSION_TABLE_CHANGED: 1,
  HALF_APPLIED: 1,
  RESUME_MISMATCH: 1,
  STATEMENT_IN_DOUBT: 1,
  NOTHING_TO_REPAIR: 1,
  LOCK_TIMEOUT: 1,
  LOCK_LOST: 1,
  LOCK_IN_SESSION: 1,
  TRANSACTION_NOT_SHARED: 2,
  TENANT_MISSING: 1,
  TENANTS_NOT_SUPPORTED: 2,
  TENANTS_FAILED: 1,
  INVALID_TENANT: 2,
  HOOK_FAILED: 1,
  PROJECT_CODE_FAILED: 1,
  UNSETTLED_PROMISE: 1,
  REVISION_CODE_FAILED: 1,
  REVISION_FAILED: 1,
  NOT_TRANSACTIONAL_STATEMENT: 1,
  TRANSACTION_CONTROL: 1,
  TRANSACTION_ENDED: 1,
  CLIENT_COMMAND: 1,
  LOCK_RELEASE: 1,
  IRREVERSIBLE: 1,
  INTERRUPTED: 130,
} as const

export type ErrorCode = keyof typeof errorCodes

export interface MigErrorOptions {
  /** Hint: a sentence with the command in backquotes. */
  readonly hint?: string | undefined
  /** The things involved, for programs: plain JSON. */
  readonly data?: object | undefined
  /** Lines below the message, each about something else. */
  readonly details?: readonly string[]
  readonly cause?: unknown
}

/**
 * An error that a user can cause or fix. Any other error that reaches the top is a bug in mig.
 *
 * Its texts never contain passwords.
 */
export class MigError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly data: object | undefined
  /** The first line of the message and those below it; a text that a line quotes may have line ends of its own. */
  readonly lines: readonly string[]

  /**
   * @param code stable, listed in docs/errors.md
   * @param message one sentence that names the things involved
   */
  constructor(code: ErrorCode, message: string, options: MigErrorOptions = {}) {
    const lines = [message, ...(options.details ?? [])].map(hidePasswords)
    super(lines.join('\n  '), options.cause === undefined ? undefined : {cause: options.cause})
    this.name = new.target.name
    this.code = code
    this.lines = lines
    this.hint = options.hint && hidePasswords(options.hint)
    this.data = options.data && (hidePasswordsIn(options.data) as object)
  }
}
