import {aside} from './row-knowledge.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/**
 * Returns an object that two schemas define differently, if there is one, as that one names it which has it.
 *
 * Both continue from one schema, so that objects that neither changed are identical.
 */
export function firstDifference(
  one: SchemaModel,
  other: SchemaModel,
): {readonly item: Item; readonly in: SchemaModel} | undefined {
  const changed = changedIds(one, other)
  const [left, right] = [definitionsOf(one, changed), definitionsOf(other, changed)]
  for (const [model, mine, theirs] of [
    [one, left, right],
    [other, right, left],
  ] as const)
    for (const [key, {item, text}] of mine) if (theirs.get(key)?.text !== text) return {item, in: model}
  return undefined
}

interface Definition {
  readonly item: Item
  readonly text: string
}

function changedIds(one: SchemaModel, other: SchemaModel): ReadonlySet<ItemId> {
  const found = new Set<ItemId>()
  for (const item of one.items) if (other.get(item.id) !== item) found.add(item.id)
  for (const item of other.items) if (one.get(item.id) !== item) found.add(item.id)
  return found
}

/** Objects by kind and name that changed, or that refer to one; objects that a definition refers to are in it by name. */
function definitionsOf(model: SchemaModel, changed: ReadonlySet<ItemId>): ReadonlyMap<string, Definition> {
  const isChanged = (id: ItemId | undefined): boolean => {
    for (let at = id; at !== undefined; at = model.get(at)?.parent) if (changed.has(at)) return true
    return false
  }
  const items = model.items.filter(({id, references}) => isChanged(id) || references.some(({to}) => isChanged(to)))
  return new Map(items.map((item) => [model.describe(item), {item, text: definitionOf(model, item)}]))
}

function definitionOf(model: SchemaModel, {properties, references, isOpen}: Item): string {
  const parts = Object.entries(properties).filter(([key]) => !key.startsWith(aside))
  const used = references.flatMap(({to, how}) => {
    const item = model.get(to)
    if (item === undefined) return model.rules.isTyped ? [''] : []
    return [`${how} ${model.describe(item)}`]
  })
  return JSON.stringify([parts.toSorted(([a], [b]) => (a < b ? -1 : 1)), [...new Set(used)].toSorted(), isOpen])
}
