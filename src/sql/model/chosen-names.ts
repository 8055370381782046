import type {Item} from './items.ts'
import {placeOfIndexes} from './lookup.ts'
import type {SchemaModel} from './schema-model.ts'

/** PostgreSQL's limit. */
const longest = 63

/**
 * Returns the name that PostgreSQL chooses for an index or constraint without a name.
 *
 * @see ChooseRelationName in PostgreSQL's `indexcmds.c`
 */
export function chosenName(model: SchemaModel, table: Item, columns: readonly string[], label: string): string {
  const isTaken = (name: string): boolean =>
    model.find('index', placeOfIndexes(model, table), name) !== undefined ||
    model.find('constraint', table.id, name) !== undefined
  for (let count = 0; ; count++) {
    const name = model.rules.keysNeedIndexes
      ? chosenByMysql(model, table, columns, label, count)
      : shortened(table.name, columns.join('_'), `${label}${count === 0 ? '' : count}`)
    if (!isTaken(name)) return name
  }
}

/** @see makeObjectName in PostgreSQL's `indexcmds.c` */
function shortened(first: string, second: string, label: string): string {
  const room = longest - label.length - 1 - (second === '' ? 0 : 1)
  let [one, two] = [first.length, second.length]
  while (one + two > room) {
    if (one > two) one--
    else two--
  }
  return [first.slice(0, one), second.slice(0, two), label].filter((part) => part !== '').join('_')
}

/** @see https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html, for names such as `orders_ibfk_1` */
function chosenByMysql(
  model: SchemaModel,
  table: Item,
  columns: readonly string[],
  label: string,
  count: number,
): string {
  switch (label) {
    case 'fkey':
      return `${table.name}_ibfk_${count + 1}`
    case 'check':
      return model.rules.checkName?.(table.name, count + 1) ?? ''
    default:
      return `${columns[0] ?? ''}${count === 0 ? '' : `_${count + 1}`}`
  }
}
