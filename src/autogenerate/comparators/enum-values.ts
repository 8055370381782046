import type {ReplaceEnum} from '../../operations/types/enum.ts'
import {columnOf} from '../../catalogue/definitions/column.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import type {Comparator, ComparatorInput} from './comparator.ts'

/** Values of native enums: new values are added in place where possible; otherwise the enum is rebuilt. */
export const enumValues: Comparator = {
  compare: (input) => {
    const {live, target, stages} = input
    const before = live.getNativeEnums()
    for (const [key, {items}] of Object.entries(target.getNativeEnums())) {
      const old = before[key]
      if (old === undefined || old.items.join('\0') === items.join('\0')) continue
      const columns = columnsOf(key, input)
      const isLonger = items.filter((item) => old.items.includes(item)).join('\0') === old.items.join('\0')
      const added = items.filter((item) => !old.items.includes(item))
      // A new enum value cannot be used in the transaction that adds it.
      if (!isLonger || isUsed(key, added, input)) {
        stages.add({kind: 'replaceEnum', name: key, values: items, columns, was: old.items})
        continue
      }
      let values: readonly string[] = old.items
      for (const value of added) {
        const at = items.indexOf(value)
        const after = items[at - 1]
        const place = after === undefined ? {before: items[at + 1] ?? ''} : {after}
        const isLast = after !== undefined && values.at(-1) === after
        stages.add({
          kind: 'addEnumValue',
          name: key,
          value,
          ...(isLast ? {} : place),
          was: {values, ...(columns.length > 0 && {columns})},
        })
        values = items.filter((item) => values.includes(item) || item === value)
      }
    }
  },
}

function columnsOf(key: string, {live, target, context}: ComparatorInput): NonNullable<ReplaceEnum['columns']> {
  return live.getTables().flatMap((table) =>
    table
      .getColumns()
      .filter(({nativeEnumName, name}) => {
        const stays = target.getTable(table.getShortestName())?.getColumn(name) !== undefined
        return nativeEnumName === key && stays
      })
      .map((column) => {
        const value = columnOf(column, table, context.dialect).default
        return {
          table: tableNameOf(table, context),
          column: column.name,
          ...(typeof value === 'string' && {default: value}),
        }
      }),
  )
}

function isUsed(key: string, added: readonly string[], {target, context}: ComparatorInput): boolean {
  return target.getTables().some((table) =>
    table.getColumns().some((column) => {
      const value = columnOf(column, table, context.dialect).default
      return column.nativeEnumName?.endsWith(key) === true && typeof value === 'string' && added.includes(value)
    }),
  )
}
