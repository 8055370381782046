/** Where a statement was written. */
export type Origin =
  /** A call in a revision file, whose stack leads there. */
  | {readonly kind: 'call'; readonly site: Error}
  /** A line of a file, counted from 1. */
  | {readonly kind: 'line'; readonly line: number}

/** How a statement goes together with a transaction. */
export type Transactionality =
  /** It can be a part of one, and is undone with it. */
  | {readonly kind: 'inside'}
  /** It can be sent in one, and may commit it: DDL of MySQL, a call of a procedure. */
  | {readonly kind: 'commits'}
  /** It cannot be a part of one, or has no effect there. `command` is what the database calls it. */
  | {readonly kind: 'outside'; readonly command: string}
  /** It begins or ends one, which is not for revisions to do. */
  | {readonly kind: 'control'; readonly command: string}

/** One statement, ready to be sent. */
export interface Statement {
  readonly sql: string
  readonly origin: Origin
  /** Whether it is to run outside of the transaction of its revision. */
  readonly outsideTransaction: boolean
  readonly transactionality: Transactionality
  /** What must be so before the transaction begins that it is a part of: on SQLite, `pragma foreign_keys = off`. */
  readonly requires?: 'foreignKeysOff'
}

/** A statement in a text. */
export interface StatementPart {
  readonly sql: string
  /** Where it begins in the text. */
  readonly offset: number
  readonly transactionality: Transactionality
}
