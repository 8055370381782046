import type {Transactionality} from '../dialects/statement-part.ts'

/** Where a statement was written. */
export type Origin =
  /** A call in a revision file, whose stack leads there. */
  | {readonly kind: 'call'; readonly site: Error}
  /** A line of a file, counted from 1. */
  | {readonly kind: 'line'; readonly line: number}

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
