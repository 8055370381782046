/** A change of the definition of a table, for databases that have to rebuild the table for it. */
export type TableChange =
  | {readonly type: 'add column' | 'add constraint'; readonly sql: string}
  | {readonly type: 'drop column'; readonly column: string}
  | ColumnAlteration
  | {readonly type: 'drop primary key'}
  | {
      readonly type: 'drop constraint'
      readonly name: string
      /** The columns of a foreign key, by which one without a name is found. */
      readonly columns: readonly string[]
    }

export interface ColumnAlteration {
  readonly type: 'alter column'
  readonly column: string
  /** Its new type, as the database knows it. */
  readonly columnType: string | undefined
  /** The clauses that are replaced; without a text they are removed. */
  readonly clauses: readonly {readonly keyword: AlteredClause; readonly sql: string | undefined}[]
}

type AlteredClause = 'NULL' | 'NOT' | 'DEFAULT' | 'COLLATE' | 'GENERATED'
