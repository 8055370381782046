/** The relation of a statement to transactions. */
export type Transactionality =
  /** It can run in a transaction and be rolled back. */
  | {readonly kind: 'inside'}
  /** It can be sent in a transaction but may commit it, like MySQL's DDL or a procedure call. */
  | {readonly kind: 'commits'}
  /** It cannot run in a transaction, or has no effect there. `command` is its SQL command. */
  | {readonly kind: 'outside'; readonly command: string}
  /** Only the database's command-line client can run it. */
  | {readonly kind: 'client'; readonly command: string}
  /** It begins or ends a transaction, which revisions must not do. */
  | {readonly kind: 'control'; readonly command: string}

/** A statement in a text. */
export interface StatementPart {
  readonly sql: string
  /** The offset of its start in the text. */
  readonly offset: number
  readonly transactionality: Transactionality
}
