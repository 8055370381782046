/** Options of a table that only some databases have, as `op.createTable` calls them. */
export type TableOption = 'partitionBy' | 'inherits' | 'unlogged' | 'with' | 'tablespace' | 'strict' | 'withoutRowid'

/** Differences between databases that decide what mig does, each named for its meaning. */
export interface Capabilities {
  /** Whether DDL commits the transaction that it runs in, and cannot be rolled back. */
  readonly ddlCommits: boolean
  /** Whether most changes of a table need it to be rebuilt: created anew, and filled with the rows of the old one. */
  readonly rebuildsTables: boolean
  /** Whether texts are divided by the parser of the server itself, so that no statement is mistaken for another. */
  readonly hasServerParser: boolean
  /** Whether a database is divided into schemas. */
  readonly schemas: boolean
  /** Whether a database has extensions. */
  readonly extensions: boolean
  /** Whether types can be derived from others. */
  readonly domains: boolean
  /** Whether enums are types of their own. */
  readonly enumTypes: boolean
  /** Whether a table can be divided into partitions that are tables. */
  readonly partitions: boolean
  /** Whether policies decide which rows of a table a user sees. */
  readonly rowLevelSecurity: boolean
  /** Whether a view can keep its rows. */
  readonly materializedViews: boolean
  /** Whether a view can be replaced in one statement. */
  readonly replacesViews: boolean
  /** Whether functions and procedures can be created in SQL. */
  readonly routines: boolean
  /** Whether several routines can have one name, and differ in their parameters. */
  readonly overloadsRoutines: boolean
  /** Whether triggers can have a condition, and replace a statement on a view. */
  readonly triggerConditions: boolean
  /** Whether sequences have a type and an owner and can be renamed, are plain, or do not exist. */
  readonly sequences: 'all' | 'some' | 'none'
  /** Whether dropping an object can drop what depends on it. */
  readonly cascade: boolean
  /** Whether a column can be added or dropped on the condition that it is missing or exists. */
  readonly columnIfExists: boolean
  /** Whether an index can be created or dropped on such a condition. */
  readonly indexIfExists: boolean
  /** Whether a constraint can be dropped on such a condition. */
  readonly constraintIfExists: boolean
  /** Whether comments are statements, parts of a definition, or do not exist. */
  readonly comments: 'statement' | 'definition' | 'none'
  /** What a table can be created with. */
  readonly tableOptions: readonly TableOption[]
  /** Whether the storage parameters of a table can be changed. */
  readonly storageParameters: boolean
  /** Whether the new name of a table needs its schema, and is not in the same one by itself. */
  readonly qualifiesRenames: boolean
  /** Whether columns can be identity columns. */
  readonly identityColumns: boolean
  /** Whether only the primary key can count rows. */
  readonly countsInKeysOnly: boolean
  /** Whether numbers can be unsigned. */
  readonly unsignedNumbers: boolean
  /** Whether a column can take a value whenever its row is updated. */
  readonly onUpdateValues: boolean
  /** Whether a generated column may be declared to take nulls, or not to. */
  readonly nullableGenerated: boolean
  /** Whether a column of a primary key can be declared to take nulls. */
  readonly nullableKeys: boolean
  /** Whether the default of a long text, a blob or a JSON document can be a literal. */
  readonly longDefaults: boolean
  /** Whether any default can be changed without its column, and not only from one literal to another. */
  readonly changesAnyDefault: boolean
  /** Whether a column can be added elsewhere than at the end. */
  readonly columnPositions: boolean
  /** Whether a change of a column repeats its whole definition. */
  readonly redefinesColumns: boolean
  /** Whether an expression can convert the values of a column to a new type. */
  readonly typeConversions: boolean
  /** Whether the name of a primary key is kept in the catalogue, only accepted, or ignored. */
  readonly primaryKeyNames: 'kept' | 'accepted' | 'ignored'
  /** Which constraints can be checked at the end of a transaction. */
  readonly deferrable: 'constraints' | 'foreignKeys' | 'none'
  /** Whether a constraint can be created without checking existing rows. */
  readonly notValid: boolean
  /** Whether tables inherit constraints. */
  readonly inheritance: boolean
  /** Whether a unique constraint can treat nulls as equal, and include other columns. */
  readonly uniqueOptions: boolean
  /** Whether there are exclusion constraints. */
  readonly excludeConstraints: boolean
  /** Whether constraints can be renamed. */
  readonly renamesConstraints: boolean
  /** Whether a constraint is dropped in a way that depends on its type. */
  readonly dropsByConstraintType: boolean
  /** Whether a unique constraint is an index with another name. */
  readonly uniqueIsIndex: boolean
  /** Whether indexes can be created and dropped while the table is written to. */
  readonly concurrentIndexes: boolean
  /** Whether an index can be on an expression. */
  readonly expressionIndexes: boolean
  /** Whether a full-text index is an ordinary index on an expression. */
  readonly fullTextByExpression: boolean
  /** Whether an index is known by its table and name, and not by its name alone. */
  readonly indexesPerTable: boolean
  /** Whether indexes can be renamed, and need not be created again. */
  readonly renamesIndexes: boolean
}
