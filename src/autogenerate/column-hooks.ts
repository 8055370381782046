import type {CompareColumn} from '../config/autogenerate.ts'
import type {ComparatorInput} from './comparators/comparator.ts'
import {commonColumns, commonTables, markColumn} from './comparators/comparator.ts'
import {columnOf} from '../catalogue/definitions/column.ts'
import {isSameDefault} from '../catalogue/definitions/defaults.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'

/** Lets the project's hooks decide whether types and defaults differ. */
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
      // A hook cannot make identical definitions differ.
      if (type === false || (type && inDatabase.type !== inEntities.type))
        markColumn(difference, tables, columns, 'type', type)
      if (value === false || (value && !isSameDefault(inDatabase.default, inEntities.default)))
        markColumn(difference, tables, columns, 'default', value)
    }
}
