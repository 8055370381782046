import {Refusal} from './items.ts'
import type {Item, ItemId, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** Marks an index that MySQL created for a foreign key, and replaces by one that serves it as well. */
const implicit = 'implicit'

const columnsOf = (model: SchemaModel, item: Item): readonly ItemId[] =>
  item.references.flatMap(({to}) => (model.get(to)?.kind === 'column' ? to : []))

/** Returns the indexes and the primary key of a table. */
function indexesOf(model: SchemaModel, table: Item): readonly Item[] {
  const keys = model
    .within(table, 'constraint')
    .filter(({properties: {type}}) => type === 'primary' || type === 'unique')
  return [...keys, ...model.within(table, 'index').filter(({properties}) => properties['ofConstraint'] === undefined)]
}

const serves = (model: SchemaModel, index: Item, columns: readonly ItemId[]): boolean => {
  const first = new Set(columnsOf(model, index).slice(0, columns.length))
  return columns.every((id) => first.has(id))
}

/** @throws Refusal if no index of a table begins with the columns that a foreign key refers to */
export function refuseUnindexed(model: SchemaModel, table: Item, columns: readonly Item[]): void {
  const ids = columns.map(({id}) => id)
  const isOpen = table.isOpen || indexesOf(model, table).some((index) => index.isOpen)
  if (!isOpen && !indexesOf(model, table).some((index) => serves(model, index, ids)))
    throw new Refusal(`table ${table.name} has no index for the referenced columns`)
}

/** Adds the index that MySQL creates with a foreign key, if there is none for its columns. */
export function addKeyIndex(model: SchemaModel, table: Item, name: string, columns: readonly Item[]): void {
  const ids = columns.map(({id}) => id)
  if (indexesOf(model, table).some((index) => serves(model, index, ids))) return
  const references: Reference[] = [table.id, ...ids].map((to) => ({to, how: 'belongs'}))
  model.create({kind: 'index', name, parent: table.id, properties: {[implicit]: 'true'}, references})
}

/** Removes the indexes of foreign keys that a new one serves as well. */
export function replaceImplicit(model: SchemaModel, table: Item, created: Item): void {
  for (const index of model.within(table, 'index'))
    if (index.properties[implicit] !== undefined && serves(model, created, columnsOf(model, index))) model.remove(index)
}

/** @throws Refusal if a foreign key needs an index of a table, and no other one serves it */
export function refuseNeeded(model: SchemaModel, table: Item, index: Item): void {
  const others = indexesOf(model, table).filter(({id}) => id !== index.id)
  for (const key of model.items) {
    if (key.properties['type'] !== 'foreign') continue
    const ids = columnsOf(model, key).filter((id) => model.get(id)?.parent === table.id)
    if (ids.length === 0 || !serves(model, index, ids) || others.some((one) => serves(model, one, ids))) continue
    model.touch(key, false)
    throw new Refusal(`${model.describe(key)} needs ${model.describe(index)}`)
  }
}
