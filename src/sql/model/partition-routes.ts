import {child, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {childrenOf} from './inheritance.ts'
import {accepts, boundOf} from './partition-bounds.ts'
import type {Constants} from './row-sets.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/**
 * Returns the tables into which a row goes that is inserted into a table: one, unless its key is no constant, or none
 * accepts it.
 */
export function routesOf(model: SchemaModel, table: Item, row: Constants): readonly Item[] {
  const specification = table.properties['partitionBy']
  if (specification === undefined) return [table]
  const partitions = childrenOf(model, table).filter(({properties}) => properties['bound'] !== undefined)
  const values = keyOf(JSON.parse(specification) as Tree)?.map((name) => row[name])
  const found = partitions.map((one) => ({one, isIn: accepts(boundOf(one), values)}))
  const certain = found.find(({isIn}) => isIn === true)
  const possible = found.filter(({isIn}) => isIn === undefined)
  const others = found.filter(({one}) => boundOf(one)['is_default'] === true)
  const routes = certain === undefined ? [...possible, ...others] : [certain]
  return routes.flatMap(({one}) => routesOf(model, one, row))
}

/** Whether a partition accepts a row; undefined if that is not known. */
export function isWithin(model: SchemaModel, partition: Item, row: Constants): boolean | undefined {
  const owner = partition.references.map(({to}) => model.get(to)).find((item) => item?.properties['partitionBy'])
  const specification = owner?.properties['partitionBy']
  if (owner === undefined || specification === undefined || partition.properties['bound'] === undefined)
    return undefined
  const key = keyOf(JSON.parse(specification) as Tree)?.map((name) => row[name])
  const bound = boundOf(partition)
  if (bound['is_default'] !== true) return accepts(bound, key)
  const others = childrenOf(model, owner).filter(({id}) => id !== partition.id)
  const found = others.map((one) => accepts(boundOf(one), key))
  return found.includes(true) ? false : found.includes(undefined) ? undefined : true
}

/** Returns the columns of a partition key; undefined if it has expressions. */
function keyOf(specification: Tree): readonly string[] | undefined {
  const names = items(specification, 'partParams').map((item) => textIn(child(item, 'PartitionElem'), 'name'))
  return names.includes('') ? undefined : names
}

/** Returns the columns of the key by which a table is partitioned. */
export function partitionKey({properties}: Item): readonly string[] {
  const text = properties['partitionBy']
  return text === undefined ? [] : (keyOf(JSON.parse(text) as Tree) ?? [])
}
