import {anyRows} from './row-sets.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** Returns the partitions of a table and the tables that inherit from it, directly. */
export function childrenOf(model: SchemaModel, table: Item): readonly Item[] {
  return model.items.filter(
    ({kind, properties, references}) =>
      kind === 'table' && properties['inherits'] !== undefined && references.some(({to}) => to === table.id),
  )
}

/** Returns the partitions and inheriting tables, directly and indirectly. */
export function descendants(model: SchemaModel, table: Item): readonly Item[] {
  const found = new Map<string, Item>()
  const open = [...childrenOf(model, table)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next.id)) continue
    found.set(next.id, next)
    open.push(...childrenOf(model, next))
  }
  return [...found.values()]
}

/** Returns the tables that a table is a partition of or inherits from, directly and indirectly. */
export function ancestors(model: SchemaModel, table: Item): readonly Item[] {
  const found = new Map<string, Item>()
  const open = [table]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.properties['inherits'] === undefined) continue
    for (const {to} of next.references) {
      const parent = model.get(to)
      if (parent?.kind !== 'table' || found.has(parent.id)) continue
      found.set(parent.id, parent)
      open.push(parent)
    }
  }
  return [...found.values()]
}

/** Notes that the tables that a table inherits from gain or lose its rows. */
export function noteMembership(model: SchemaModel, table: Item): void {
  for (const {id} of ancestors(model, table)) model.noteRows({table: id, change: 'inserts', columns: [], rows: anyRows})
}
