import type {Tree} from '../effects/tree.ts'
import {textIn} from '../effects/tree.ts'
import {Refusal} from './items.ts'
import type {Item, ItemId, ItemKind} from './items.ts'
import {usualPath} from './schema-model.ts'
import type {SchemaModel} from './schema-model.ts'

/** Returns a schema. */
export function schemaNamed(model: SchemaModel, name: string): Item {
  return model.require('schema', undefined, name)
}

/** Returns the schema in which an object is created: the one that is written, or the first of the search path. */
export function schemaFor(model: SchemaModel, name: string | undefined): Item {
  return schemaNamed(model, name === undefined || name === '' ? (searchPath(model)[0] ?? 'public') : name)
}

/** Returns the schemas in which a name without a schema is looked up. */
function searchPath(model: SchemaModel): readonly string[] {
  if (model.searchPath === usualPath) model.notes.usesPath = true
  return model.searchPath
}

/** Returns the object that a possibly qualified name means, if there is one. */
export function findNamed(model: SchemaModel, kind: ItemKind, parts: readonly string[]): Item | undefined {
  const [name = '', schema] = parts.toReversed()
  const places = schema === undefined ? searchPath(model) : [schema]
  for (const place of places) {
    const owner = model.findOrAssume('schema', undefined, place)
    const found = owner === undefined ? undefined : model.find(kind, owner.id, name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the object that a name means, assuming it in the first schema that may have it. */
export function findOrAssumeNamed(model: SchemaModel, kind: ItemKind, parts: readonly string[]): Item | undefined {
  const [name = '', schema] = parts.toReversed()
  const found = findNamed(model, kind, parts)
  if (found !== undefined) return found
  const owner = model.findOrAssume('schema', undefined, schema ?? searchPath(model)[0] ?? 'public')
  return owner === undefined ? undefined : model.findOrAssume(kind, owner.id, name)
}

/** @throws Refusal if it does not exist */
export function requireNamed(model: SchemaModel, kind: ItemKind, parts: readonly string[]): Item {
  const item = findOrAssumeNamed(model, kind, parts)
  if (item === undefined) throw new Refusal(`${kind} ${parts.join('.')} does not exist`)
  return item
}

/** Returns the parts of the name in a RangeVar. */
export function partsOf(range: Tree): readonly string[] {
  const [schema, name] = [textIn(range, 'schemaname'), textIn(range, 'relname')]
  return schema === '' ? [name] : [schema, name]
}

/** Returns the table, view or sequence that a RangeVar names. */
export function relationOf(model: SchemaModel, range: Tree, kind: ItemKind = 'table'): Item {
  return requireNamed(model, kind, partsOf(range))
}

export function columnOf(model: SchemaModel, table: Item, name: string): Item {
  return model.require('column', table.id, name)
}

/** Returns the columns, constraints and indexes that use an object. */
export function usersOf(model: SchemaModel, id: ItemId): readonly Item[] {
  return model.items.filter(({references}) => references.some(({to}) => to === id))
}

/** Returns the object within which the names of the indexes of a table are unique. */
export const placeOfIndexes = (model: SchemaModel, table: Item): ItemId | undefined =>
  model.rules.indexesPerTable ? table.id : table.parent
