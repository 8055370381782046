import type {IndexDef} from '@mikro-orm/sql'
import {columnOf} from '../../catalogue/definitions/column.ts'
import {checkOf} from '../../catalogue/definitions/constraints.ts'
import {isSameExpression} from '../postgres-tree.ts'
import type {Comparator} from './comparator.ts'

/**
 * Removes false differences: PostgreSQL writes `grade between 1 and 13` as `((grade >= 1) AND (grade <= 13))`, and an
 * `in` as an array.
 */
export const expressions: Comparator = {
  compare: async ({difference, context}) => {
    for (const table of Object.values(difference.changedTables)) {
      const {fromTable, toTable, changedChecks, changedIndexes, changedColumns, addedColumns, removedColumns} = table
      for (const check of Object.values(changedChecks)) {
        const before = fromTable.getChecks().find(({name}) => name === check.name)
        if (before && (await isSameExpression(checkOf(before).expression, checkOf(check).expression)))
          delete changedChecks[check.name]
      }
      for (const index of Object.values(changedIndexes)) {
        const before = fromTable.getIndexes().find(({keyName}) => keyName === index.keyName)
        if (!before?.where || !index.where || !(await isSameExpression(before.where, index.where))) continue
        if (isSameButWhere(before, index)) delete changedIndexes[index.keyName]
      }
      for (const {column, fromColumn, changedProperties} of Object.values(changedColumns)) {
        if (!changedProperties.has('default')) continue
        const [before, after] = [
          columnOf(fromColumn, fromTable, context.dialect),
          columnOf(column, toTable, context.dialect),
        ]
        if (typeof before.default !== 'object' || typeof after.default !== 'object') continue
        if (await isSameExpression(before.default.sql, after.default.sql)) changedProperties.delete('default')
      }
      for (const column of Object.values(addedColumns)) {
        const removed = removedColumns[column.name]
        if (removed === undefined) continue
        const before = columnOf(removed, fromTable, context.dialect).generated
        const after = columnOf(column, toTable, context.dialect).generated
        if (!before || !after || before.stored !== after.stored || !(await isSameExpression(before.as, after.as)))
          continue
        delete addedColumns[column.name]
        delete removedColumns[column.name]
      }
    }
  },
}

function isSameButWhere(index: IndexDef, other: IndexDef): boolean {
  return textOf(index) === textOf(other)
}

function textOf({unique, primary, columnNames, columns, include, fillFactor, type}: IndexDef): string {
  return JSON.stringify([
    unique,
    primary,
    columnNames,
    columns ?? null,
    include ?? null,
    fillFactor ?? null,
    type ?? null,
  ])
}
