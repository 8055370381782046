/** A change to a table definition, for databases that have to rebuild the table. */
export type TableChange =
  | {readonly type: 'add column' | 'add constraint'; readonly sql: string}
  | {readonly type: 'drop column'; readonly column: string}
  | ColumnAlteration
  | {readonly type: 'drop primary key'}
  | {
      readonly type: 'drop constraint'
      readonly name: string
      /** The columns of a foreign key, which identify one without a name. */
      readonly columns: readonly string[]
    }
  /** Unique constraints of the same columns are one to SQLite. */
  | {readonly type: 'drop unique'; readonly columns: readonly string[]}

export interface ColumnAlteration {
  readonly type: 'alter column'
  readonly column: string
  /** The new type, as the database names it. */
  readonly columnType: string | undefined
  /** Whether the column, which is the primary key, counts; undefined if that does not change. */
  readonly counts: boolean | undefined
  /** The clauses to replace; a clause without a text is removed. */
  readonly clauses: readonly {readonly keyword: AlteredClause; readonly sql: string | undefined}[]
}

type AlteredClause = 'NULL' | 'NOT' | 'DEFAULT' | 'COLLATE' | 'GENERATED'
