import type {TableDifference} from '@mikro-orm/sql'
import {mentions} from '../catalogue/creation.ts'
import {columnOf} from '../catalogue/definitions/column.ts'
import type {SqlContext} from '../operations/definition.ts'

/** Marks generated columns as changed that would prevent a column which they use from getting another type. */
export function recomputeUsers(
  {fromTable, toTable, changedColumns}: TableDifference,
  {capabilities, dialect}: SqlContext,
): void {
  if (capabilities.altersUsedColumns) return
  const retyped = Object.values(changedColumns)
    .filter(({changedProperties}) => changedProperties.has('type') || changedProperties.has('collation'))
    .map(({oldColumnName}) => oldColumnName)
  for (const fromColumn of fromTable.getColumns()) {
    const {name} = fromColumn
    const expression = columnOf(fromColumn, fromTable, dialect).generated?.as ?? ''
    const column = toTable.getColumn(name)
    if (column === undefined || !retyped.some((used) => used !== name && mentions(expression, used))) continue
    const changed = Object.hasOwn(changedColumns, name) ? changedColumns[name] : undefined
    const changedProperties = new Set([...(changed?.changedProperties ?? []), 'generated'])
    changedColumns[name] = {oldColumnName: name, fromColumn, column, changedProperties}
  }
}
