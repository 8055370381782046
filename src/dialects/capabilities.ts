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
  /** Whether enums are types of their own. */
  readonly enumTypes: boolean
  /** Whether numbers can be unsigned. */
  readonly unsignedNumbers: boolean
  /** Whether a column can take a value whenever its row is updated. */
  readonly onUpdateValues: boolean
  /** Whether a generated column may be declared to take nulls, or not to. */
  readonly nullableGenerated: boolean
  /** Whether a change of a column repeats its whole definition. */
  readonly redefinesColumns: boolean
  /** Whether a table can be divided into partitions that are tables. */
  readonly partitions: boolean
  /** Whether the name of a primary key is kept in the catalogue, only accepted, or ignored. */
  readonly primaryKeyNames: 'kept' | 'accepted' | 'ignored'
  /** Whether a unique constraint is an index with another name. */
  readonly uniqueIsIndex: boolean
  /** Whether a full-text index is an ordinary index on an expression. */
  readonly fullTextByExpression: boolean
  /** Whether an index is known by its table and name, and not by its name alone. */
  readonly indexesPerTable: boolean
  /** Whether constraints can be renamed. */
  readonly renamesConstraints: boolean
  /** Whether indexes can be renamed, and need not be created again. */
  readonly renamesIndexes: boolean
}
