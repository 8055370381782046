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

/** A statement in a text. */
export interface StatementPart {
  readonly sql: string
  /** Where it begins in the text. */
  readonly offset: number
  readonly transactionality: Transactionality
}
