/** Differences between databases that decide what mig does, each named for its meaning. */
export interface Capabilities {
  /** Whether DDL commits the transaction that it runs in, and cannot be rolled back. */
  readonly ddlCommits: boolean
  /** Whether most changes of a table need it to be rebuilt: created anew, and filled with the rows of the old one. */
  readonly rebuildsTables: boolean
  /** Whether texts are divided by the parser of the server itself, so that no statement is mistaken for another. */
  readonly hasServerParser: boolean
  /** Whether columns can be identity columns. */
  readonly identityColumns: boolean
  /** Whether a generated column may be declared to take nulls, or not to. */
  readonly nullableGenerated: boolean
}
