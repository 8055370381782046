import type {Quoting} from '../dialect.ts'

/** The effect of a statement on the session that it runs in. */
export type SessionEffect =
  /** It leaves the session as it is. */
  | 'none'
  /** It may run code, such as a routine, that changes the session. */
  | 'code'
  /** It sets something until the end of its transaction. */
  | 'local'
  /** It sets something, and can be run again. */
  | 'setting'
  /** It creates something that ends with the session and cannot be repeated, such as a temporary table. */
  | 'object'

/** Statements that put a session back as it was configured. */
export interface SessionReset {
  /** Sent before the end of a revision is recorded, in its transaction. */
  readonly inside: readonly string[]
  /** Sent after the transaction, for settings that a transaction cannot change. */
  readonly after: readonly string[]
  /** Make mig's own statements between those of a revision independent of its settings, until the transaction ends. */
  readonly own: readonly string[]
  /** Queries for further statements, one per row in the column `sql`. */
  readonly leftovers: {readonly inside?: string; readonly after?: string}
}

export const noReset: SessionReset = {inside: [], after: [], own: [], leftovers: {}}

/** The configured settings of a session, as one row. */
export type SessionRow = Readonly<Record<string, string | number | bigint | null>>

/** The owner of a session. */
export interface SessionOwner {
  /** Whether code of the caller may have set or created something that the database does not list. */
  readonly isCallers: boolean
  /** Whether the session is in the caller's transaction. */
  readonly isBorrowed: boolean
}

/** SQL for what a session has set. */
export interface SessionSql {
  readonly effectOf: (sql: string) => SessionEffect
  /**
   * Returns a query for the schema or database that has a table or, without it, in which a new one is created, as `home`, and
   * for the search `path`.
   */
  readonly home: ((table: string, quoting: Quoting) => string) | undefined
  /** Returns a string as SQL that means the same under all settings, if the quoted string does not. */
  readonly literal?: (text: string) => string | undefined
  /** A query for the configured settings. */
  readonly read: string
  readonly reset: (row: SessionRow, owner: SessionOwner, quoting: Quoting) => SessionReset
  /** Statements at the beginning of a script that remember the settings. */
  readonly remember: readonly string[]
  /** Returns the reset of a script after these statements, which have an effect. */
  readonly scriptReset: (statements: readonly string[]) => SessionReset
  /** Returns the command of a statement whose effect a script cannot put back. */
  readonly notInScript: (sql: string) => string | undefined
}

const comment = /(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!!)(?:[^*]|\*(?!\/))*\*\/)*/y

/** Returns a statement without the comments before it. */
export function withoutComments(sql: string): string {
  comment.lastIndex = 0
  return sql.slice(comment.exec(sql)?.[0].length)
}
