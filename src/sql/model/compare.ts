import {aside} from './row-knowledge.ts'
import type {Item, SchemaModel} from './schema-model.ts'

/** Returns an object that two schemas define differently, if there is one, as that one names it which has it. */
export function firstDifference(
  one: SchemaModel,
  other: SchemaModel,
): {readonly item: Item; readonly in: SchemaModel} | undefined {
  const [left, right] = [definitionsOf(one), definitionsOf(other)]
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

/** Objects by kind and name; objects that a definition refers to are in it by name. */
function definitionsOf(model: SchemaModel): ReadonlyMap<string, Definition> {
  return new Map(model.items.map((item) => [model.describe(item), {item, text: definitionOf(model, item)}]))
}

function definitionOf(model: SchemaModel, {properties, references, isOpen}: Item): string {
  const parts = Object.entries(properties).filter(([key]) => !key.startsWith(aside))
  const used = references.map(({to, how}) => {
    const item = model.get(to)
    return item === undefined ? '' : `${how} ${model.describe(item)}`
  })
  return JSON.stringify([parts.toSorted(([a], [b]) => (a < b ? -1 : 1)), [...new Set(used)].toSorted(), isOpen])
}
