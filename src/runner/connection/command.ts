/** A statement to send to a session. */
export interface Command {
  readonly sql: string
  /** The number of rows it must change, where that matters. */
  readonly rows?: number | undefined
}

/** Failure of a command; the commands after it were not run. */
export class CommandFailure extends Error {
  /** The index of the command in its batch, if known. */
  readonly index: number | undefined
  /** The position of the error in the SQL text, counted from 0. */
  readonly offset: number | undefined
  /** The number of rows the command changed, if that number was wrong. */
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
 * Returns a statement that fails if the command changes an unexpected number of rows. Only used on PostgreSQL, where it
 * saves a round trip.
 */
export function guarded({sql, rows}: Command): string {
  if (rows === undefined) return sql
  // A table name could contain the default dollar quote.
  const quote = sql.includes('$mig$') ? '$mig_rows$' : '$mig$'
  return `do ${quote} declare n bigint; begin ${sql}; get diagnostics n = row_count; if n <> ${rows} then raise exception using errcode = '${wrongRowCount}', message = n::text; end if; end ${quote}`
}

/** Returns the number of rows a guarded command changed, read from its error. */
export function rowsOfGuard(error: unknown): number | undefined {
  const isGuard = error instanceof Error && 'code' in error && error.code === wrongRowCount
  return isGuard ? Number(error.message) : undefined
}
