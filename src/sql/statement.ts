import type {Transactionality} from '../dialects/statement-part.ts'

/** The place where a statement was written. */
export type Origin =
  /** A call in a revision file, located by its stack. */
  | {readonly kind: 'call'; readonly site: Error}
  /** A line of a file, starting at 1. */
  | {readonly kind: 'line'; readonly line: number}

/** A statement, ready to be sent. */
export interface Statement {
  readonly sql: string
  readonly origin: Origin
  /** Whether it runs outside the transaction of its revision. */
  readonly outsideTransaction: boolean
  readonly transactionality: Transactionality
  /** Whether it changes a table without transactions, and no rollback undoes it. */
  readonly isNeverUndone?: boolean
  /** A condition that must hold before the transaction begins: on SQLite, `pragma foreign_keys = off`. */
  readonly requires?: 'foreignKeysOff'
}
