/** Names of `op.createTable` options that only some databases support. */
export type TableOption = 'partitionBy' | 'inherits' | 'unlogged' | 'with' | 'tablespace' | 'strict' | 'withoutRowid'

/** Features in which databases differ. */
export interface Capabilities {
  /** Whether DDL commits the transaction that it runs in, and cannot be rolled back. */
  readonly ddlCommits: boolean
  /** Whether most table changes require a rebuild: a new table, filled with the rows of the old one. */
  readonly rebuildsTables: boolean
  /** Whether the server's own parser analyses SQL, and texts are split by its lexical rules. */
  readonly hasServerParser: boolean
  /** Whether a database is divided into schemas. */
  readonly schemas: boolean
  /** Whether a database has extensions. */
  readonly extensions: boolean
  /** Whether types can be derived from others. */
  readonly domains: boolean
  /** Whether enums are named types. */
  readonly enumTypes: boolean
  /** Whether a table can be divided into partitions that are tables. */
  readonly partitions: boolean
  /** Whether policies decide which rows of a table a user sees. */
  readonly rowLevelSecurity: boolean
  /** Whether materialized views are supported. */
  readonly materializedViews: boolean
  /** Whether views keep working when a table or a column that they use is renamed. */
  readonly viewsFollowRenames: boolean
  /** Whether a change that breaks a view is refused, instead of the next use of the view. */
  readonly guardsViews: boolean
  /** Whether a view can be replaced in one statement. */
  readonly replacesViews: boolean
  /** Whether functions and procedures can be created in SQL. */
  readonly routines: boolean
  /** Whether routines can be overloaded by their parameters. */
  readonly overloadsRoutines: boolean
  /** Whether trigger names are scoped to their table. */
  readonly triggersPerTable: boolean
  /** Whether triggers support `when` conditions and `instead of`. */
  readonly triggerConditions: boolean
  /** Support for sequences: with type, owner, and renaming; basic; or none. */
  readonly sequences: 'all' | 'some' | 'none'
  /** Whether dropping an object can drop what depends on it. */
  readonly cascade: boolean
  /** Whether columns support `if [not] exists`. */
  readonly columnIfExists: boolean
  /** Whether indexes support `if [not] exists`. */
  readonly indexIfExists: boolean
  /** Whether constraints can be dropped with `if exists`. */
  readonly constraintIfExists: boolean
  /** Whether comments are statements, parts of a definition, or not supported. */
  readonly comments: 'statement' | 'definition' | 'none'
  /** Supported table options. */
  readonly tableOptions: readonly TableOption[]
  /** Whether the storage parameters of a table can be changed. */
  readonly storageParameters: boolean
  /** Whether a column can be renamed that checks and generated columns mention. */
  readonly renamesUsedColumns: boolean
  /** Whether a column can get another type while generated columns use it. */
  readonly altersUsedColumns: boolean
  /** Whether renaming a table requires the schema in the new name. */
  readonly qualifiesRenames: boolean
  /** Whether columns can be identity columns. */
  readonly identityColumns: boolean
  /** Whether only the primary key can autoincrement. */
  readonly countsInKeysOnly: boolean
  /** Whether there are unsigned number types. */
  readonly unsignedNumbers: boolean
  /** Whether columns support `on update` values. */
  readonly onUpdateValues: boolean
  /** Whether generated columns can be declared nullable or not null. */
  readonly nullableGenerated: boolean
  /** Whether primary key columns can be declared nullable. */
  readonly nullableKeys: boolean
  /** Whether text, blob, and JSON columns can have literal defaults. */
  readonly longDefaults: boolean
  /** Whether expression defaults can be changed without redefining the column. */
  readonly changesAnyDefault: boolean
  /** Whether columns can be added at a given position. */
  readonly columnPositions: boolean
  /** The number of bytes that longer names are cut to; undefined if they are refused, or there is no limit. */
  readonly cutsNames: number | undefined
  /** Whether changing a column requires its full definition. */
  readonly redefinesColumns: boolean
  /** Whether a type change can have a conversion expression (`using`). */
  readonly typeConversions: boolean
  /** Whether the name of a primary key is kept in the catalogue, only accepted, or ignored. */
  readonly primaryKeyNames: 'kept' | 'accepted' | 'ignored'
  /** The constraints that can be deferred to the end of a transaction. */
  readonly deferrable: 'constraints' | 'foreignKeys' | 'none'
  /** Whether the action of a foreign key can be limited to some of its columns. */
  readonly actionColumns: boolean
  /** Whether a constraint can be created without checking existing rows. */
  readonly notValid: boolean
  /** Whether tables inherit constraints. */
  readonly inheritance: boolean
  /** Whether unique constraints support `nulls not distinct` and `include`. */
  readonly uniqueOptions: boolean
  /** Whether there are exclusion constraints. */
  readonly excludeConstraints: boolean
  /** Whether a check can be part of a column, and is lost when that is redefined without it. */
  readonly columnChecks: boolean
  /** Whether a check that names no column stays when any column of its table is dropped. */
  readonly keepsConstantChecks: boolean
  /** Whether constraints can be renamed. */
  readonly renamesConstraints: boolean
  /** Whether the syntax to drop a constraint depends on its type. */
  readonly dropsByConstraintType: boolean
  /** Whether unique constraints are stored as plain unique indexes. */
  readonly uniqueIsIndex: boolean
  /** Whether unique constraints of one statement that differ only in name become one. */
  readonly mergesUniques: boolean
  /** Whether indexes can be created and dropped while the table is written to. */
  readonly concurrentIndexes: boolean
  /** Whether indexes on expressions are supported. */
  readonly expressionIndexes: boolean
  /** Whether full-text indexes are regular indexes on an expression. */
  readonly fullTextByExpression: boolean
  /** Whether an index can contain only the beginning of a column. */
  readonly indexPrefixes: boolean
  /** Whether index names are scoped to their table. */
  readonly indexesPerTable: boolean
  /** Whether a foreign key requires an index on its columns and on those that it references. */
  readonly keysNeedIndexes: boolean
  /** The type changes that a column of a foreign key, or one it references, permits while the key exists. */
  readonly keyTypeChanges: 'all' | 'comparable' | 'none'
  /** Whether indexes can be renamed. */
  readonly renamesIndexes: boolean
}
