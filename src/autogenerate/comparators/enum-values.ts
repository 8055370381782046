import type {DatabaseTable} from '@mikro-orm/sql'
import {columnOf} from '../../catalogue/definitions/column.ts'
import {usersOfEnum} from '../../catalogue/enum-users.ts'
import {enumUseOf} from '../../operations/types/enum-users.ts'
import type {Comparator, ComparatorInput} from './comparator.ts'

/** Values of native enums: new values are added in place where possible; otherwise the enum is rebuilt. */
export const enumValues: Comparator = {
  compare: async (input) => {
    const {live, target, stages, database, context} = input
    const before = live.getNativeEnums()
    for (const [key, {items}] of Object.entries(target.getNativeEnums())) {
      const old = before[key]
      if (old === undefined || old.items.join('\0') === items.join('\0')) continue
      const use = enumUseOf(await usersOfEnum(key, database, context))
      const isLonger = items.filter((item) => old.items.includes(item)).join('\0') === old.items.join('\0')
      const added = items.filter((item) => !old.items.includes(item))
      // A new enum value cannot be used in the transaction that adds it.
      if (!isLonger || isUsed(key, added, input)) {
        stages.add({kind: 'replaceEnum', name: key, values: items, ...use, was: old.items})
        continue
      }
      let values: readonly string[] = old.items
      for (const value of added) {
        const at = items.indexOf(value)
        const after = items[at - 1]
        const place = after === undefined ? {before: items[at + 1] ?? ''} : {after}
        const isLast = after !== undefined && values.at(-1) === after
        stages.add({kind: 'addEnumValue', name: key, value, ...(isLast ? {} : place), was: {values, ...use}})
        values = items.filter((item) => values.includes(item) || item === value)
      }
    }
  },
}

/** Returns whether a default, check, index, generated column or view mentions one of the values. */
function isUsed(key: string, added: readonly string[], {target, context}: ComparatorInput): boolean {
  const tables = target
    .getTables()
    .filter((table) => table.getColumns().some(({nativeEnumName}) => nativeEnumName?.endsWith(key) === true))
  const texts = [
    ...tables.flatMap((table) => textsOf(table, context.dialect)),
    ...target.getViews().map(({definition}) => definition),
  ]
  return added.some((value) => texts.some((text) => mentions(text, value.replaceAll("'", "''"))))
}

/** A literal, alone or in an array: `'ok'`, `'{sad,ok}'`. */
function mentions(text: string, literal: string): boolean {
  const parts = text.split(literal)
  return parts.some((part, i) => i > 0 && /^['},"]/.test(part) && /['{,"]$/.test(parts[i - 1] ?? ''))
}

function textsOf(table: DatabaseTable, dialect: ComparatorInput['context']['dialect']): readonly string[] {
  return [
    ...table.getColumns().flatMap((column) => {
      const {default: value, generated} = columnOf(column, table, dialect)
      return [typeof value === 'object' ? value.sql : `'${value}'`, generated?.as ?? '']
    }),
    ...table.getChecks().map(({expression}) => String(expression)),
    ...table.getIndexes().map(({where, expression}) => `${where} ${expression}`),
    ...table.getTriggers().map(({when}) => String(when)),
    ...table.getPolicies().map(({using, check}) => `${using} ${check}`),
  ]
}
