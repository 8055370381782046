/**
 * Every code that mig can give, with the exit status that goes with it:
 * 1 something failed or a check found something, 2 wrong usage or configuration, 130 interrupted.
 */
export const errorCodes = {
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
} as const

export type ErrorCode = keyof typeof errorCodes

export interface MigErrorOptions {
  /** What helps, as a sentence with the command in backquotes. */
  readonly hint?: string | undefined
  /** The things involved, for programs: plain JSON. */
  readonly data?: object | undefined
  readonly cause?: unknown
}

/** A failure that a user can cause or mend. Any other error that reaches the top is a defect in mig. */
export class MigError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly data: object | undefined

  /**
   * @param code stable, listed in docs/errors.md
   * @param message one sentence that names the things involved
   */
  constructor(code: ErrorCode, message: string, options: MigErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.name = new.target.name
    this.code = code
    this.hint = options.hint
    this.data = options.data
  }
}
