import type {Item, SchemaModel} from './schema-model.ts'

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
