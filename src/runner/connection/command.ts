/** A statement for a session. */
export interface Command {
  readonly sql: string
  /** How many rows it must change, where that matters. */
  readonly rows?: number | undefined
}

/** A command failed, and those after it were not run. */
export class CommandFailure extends Error {
  /** Which of the commands that were sent together, where that is known. */
  readonly index: number | undefined
  /** Where in its text the database saw the error, counted from 0. */
  readonly offset: number | undefined
  /** How many rows the command changed, when that is what is wrong. */
  readonly rows: number | undefined

  constructor(
    failure: {readonly index?: number | undefined; readonly offset?: number | undefined; readonly rows?: number},
    cause?: unknown,
  ) {
    super('a command failed', {cause})
    this.index = failure.index
    this.offset = failure.offset
    this.rows = failure.rows
  }
}

const wrongRowCount = 'MG001'

/**
 * Returns a command as a statement that fails when it changes other rows than it should. Only PostgreSQL can say so by
 * itself, and only there does that save a round trip.
 */
export function guarded({sql, rows}: Command): string {
  if (rows === undefined) return sql
  // The name of the quote cannot be part of what mig writes about its own tables, and is checked all the same.
  const quote = sql.includes('$mig$') ? '$mig_rows$' : '$mig$'
  return `do ${quote} declare n bigint; begin ${sql}; get diagnostics n = row_count; if n <> ${rows} then raise exception using errcode = '${wrongRowCount}', message = n::text; end if; end ${quote}`
}

/** Returns how many rows a guarded command changed, from the error that it failed with. */
export function rowsOfGuard(error: unknown): number | undefined {
  const isGuard = error instanceof Error && 'code' in error && error.code === wrongRowCount
  return isGuard ? Number(error.message) : undefined
}
