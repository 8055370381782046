import type {ColumnDefinition} from '../operations/columns/column.ts'
import type {Dialect, Operation} from '../operations/operation.ts'
import type {ComparatorInput} from './comparators/comparator.ts'
import {commonColumns, commonTables, markColumn} from './comparators/comparator.ts'
import {columnOf} from './definitions/column.ts'
import {isSameDefault} from './definitions/defaults.ts'
import {tableNameOf} from './definitions/table.ts'

/** A column on both sides, for who knows better whether it differs. */
export interface ColumnComparison {
  readonly table: string
  readonly column: string
  readonly dialect: Dialect
  readonly inDatabase: ColumnDefinition
  readonly inEntities: ColumnDefinition
}

/** True for different, false for the same; undefined leaves it to mig. */
export type CompareColumn = (comparison: ColumnComparison) => boolean | undefined

/** What a revision is to do on one database, before it is written. */
export interface Directive {
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly upgrade: readonly Operation[]
  /** What undoes it. When only `upgrade` is changed, its inverse takes the place of this. */
  readonly downgrade: readonly Operation[]
}

/** Changes what a revision is to do; an empty list writes none. */
export type ProcessDirectives = (
  directives: readonly Directive[],
) => readonly Directive[] | undefined | void | Promise<readonly Directive[] | undefined | void>

/** Finds differences of a kind of the project's own. */
export type CustomComparator = (
  input: Pick<ComparatorInput, 'live' | 'target' | 'difference'> & {
    readonly dialect: Dialect
    query<Row>(sql: string): Promise<readonly Row[]>
  },
) => readonly Operation[] | Promise<readonly Operation[]>

/** Asks the project whether types and defaults differ. */
export function askAboutColumns(
  input: ComparatorInput,
  compareType: CompareColumn | undefined,
  compareDefault: CompareColumn | undefined,
): void {
  if (compareType === undefined && compareDefault === undefined) return
  const {difference, context} = input
  const {dialect} = context
  for (const tables of commonTables(input))
    for (const columns of commonColumns(tables)) {
      const inDatabase = columnOf(columns[0], tables[0], dialect)
      const inEntities = columnOf(columns[1], tables[1], dialect)
      const table = tableNameOf(tables[1], context)
      const comparison = {table, column: columns[1].name, dialect, inDatabase, inEntities}
      const type = compareType?.(comparison)
      const value = compareDefault?.(comparison)
      // What is written the same cannot be made different.
      if (type === false || (type && inDatabase.type !== inEntities.type))
        markColumn(difference, tables, columns, 'type', type)
      if (value === false || (value && !isSameDefault(inDatabase.default, inEntities.default)))
        markColumn(difference, tables, columns, 'default', value)
    }
}
