import type {Test} from './checks.ts'
import type {ValueType} from './values.ts'

/** A table, as far as it has to be known to generate rows. */
export interface Table {
  /** The identity in the catalogue, which references use. */
  readonly id: string
  /** The name as operations write it. */
  readonly name: string
  readonly columns: readonly Column[]
  /** The columns of each primary key and unique index; expressions are left out. */
  readonly keys: readonly (readonly string[])[]
  readonly references: readonly Reference[]
  /** The expressions of the checks. */
  readonly checks: readonly string[]
  /** Statements to run after an insert. */
  readonly afterInsert: readonly string[]
  /** The reason why no rows can be inserted, if it is known from the catalogue. */
  readonly refusal: string | undefined
}

export interface Column {
  readonly name: string
  readonly type: ValueType
  readonly isNullable: boolean
  /** Whether the database computes the value. */
  readonly isGenerated: boolean
  /** Whether the database numbers the rows. */
  readonly isCounter: boolean
  /** Whether the default is a constant. */
  readonly hasConstantDefault: boolean
  /** The requirements of the type and the partitions. */
  readonly tests: readonly Test[]
}

/** A foreign key. */
export interface Reference {
  readonly columns: readonly string[]
  /** The identity of the referenced table. */
  readonly parent: string
  readonly parentName: string
  readonly parentColumns: readonly string[]
}

/** Tables by their identity; the requested ones by the name they were requested with. */
export interface Catalogue {
  readonly tables: ReadonlyMap<string, Table>
  readonly requested: ReadonlyMap<string, Table | undefined>
}

/** Returns the columns of a reference that may be null; a row with null in one of them references nothing. */
export function nullableColumns(table: Table, {columns}: Reference): readonly string[] {
  return columns.filter((name) => table.columns.find((column) => column.name === name)?.isNullable === true)
}

/** Returns whether each row must reference a row of its own. */
export function isOneToOne(table: Table, {columns}: Reference): boolean {
  return table.keys.some((key) => key.length > 0 && key.every((name) => columns.includes(name)))
}
