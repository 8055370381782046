import type {DatabaseSchema, IndexDef} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import type {Dialect} from '../operations/operation.ts'
import {indexOf, inTable} from '../catalogue/definitions/index.ts'

/**
 * Takes unique constraints in the `create table` statements of SQLite out of the comparison where an entity has a unique
 * index on the same columns: they do the same.
 */
export function settleTableUniques(live: DatabaseSchema, target: DatabaseSchema, {dialect}: SqlContext): void {
  const wanted = new Map(target.getTables().map((table) => [table.getShortestName(), table]))
  for (const table of live.getTables()) {
    const other = wanted.get(table.getShortestName())
    const own = table.getIndexes().filter((index) => inTable.has(index))
    if (other === undefined || own.length === 0) continue
    const names = new Set(table.getIndexes().map(({keyName}) => keyName))
    const isMet = (unique: IndexDef): boolean => other.getIndexes().some((index) => meets(index, unique, dialect))
    const met = new Set(own.filter(isMet))
    table.setIndexes(table.getIndexes().filter((index) => !met.has(index)))
    other.setIndexes(
      other
        .getIndexes()
        .filter((index) => names.has(index.keyName) || ![...met].some((unique) => meets(index, unique, dialect))),
    )
  }
}

/** Returns whether an index of an entity is a plain unique one on the columns of a constraint. */
function meets(index: IndexDef, {columnNames}: IndexDef, dialect: Dialect): boolean {
  if (index.primary) return false
  const part = indexOf(index, dialect)
  return part.kind === 'unique' && part.unique.columns.join('\0').toLowerCase() === columnNames.join('\0').toLowerCase()
}
