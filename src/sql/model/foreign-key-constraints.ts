import {child} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {definitionOf, keysOf, nameOf, reserveName, stringsIn, validity} from './constraint-parts.ts'
import {addKeyIndex, refuseUnindexed} from './key-indexes.ts'
import {columnOf, findOrAssumeNamed, partsOf, relationOf} from './lookup.ts'
import {refuseForRows} from './row-knowledge.ts'
import {Refusal} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {areAlike, areComparable, shownType} from './type-families.ts'

/** Adds a foreign key to a table. */
export function addForeignKey(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const target = targetOf(model, child(node, 'pktable'))
  const written = column === undefined ? stringsIn(node, 'fk_attrs') : [column.name]
  const columns = written.map((own) => columnOf(model, table, own))
  const name = nameOf(model, table, node, written, 'fkey')
  const properties = {type: 'foreign', definition: definitionOf({...node, pktable: undefined}), ...validity(node)}
  if (target === undefined) {
    const belonging = columns.map(({id}): Reference => ({to: id, how: 'belongs'}))
    model.create({kind: 'constraint', name, parent: table.id, properties, references: belonging})
    return
  }
  const named = stringsIn(node, 'pk_attrs').map((key) => columnOf(model, target, key))
  const key = keyFor(model, target, named)
  const referenced = named.length > 0 ? named : columnsOfKey(model, key)
  if (key === undefined && !target.isOpen && !model.rules.isLoose && !model.rules.keysNeedIndexes)
    throw new Refusal(`table ${target.name} has no unique constraint for the referenced columns`)
  if (model.rules.keysNeedIndexes) refuseUnindexed(model, target, referenced)
  if (isLogged(table) && target.properties['persistence'] === 'u')
    throw new Refusal(`table ${target.name} is unlogged, and table ${table.name} is not`)
  for (const [i, one] of columns.entries()) refuseIncomparable(model, one, referenced[i])
  const isOwn = target.id === table.id
  const index = key === undefined ? undefined : (indexOf(model, key) ?? key)
  const keys = model.rules.keysNeedIndexes ? [] : index === undefined ? openKeys(model, target) : [index]
  const needed = [target, ...referenced, ...keys]
  const created = model.create({
    kind: 'constraint',
    name,
    parent: table.id,
    properties,
    references: [
      ...columns.map(({id}): Reference => ({to: id, how: 'belongs'})),
      ...needed.map(({id}): Reference => ({to: id, how: isOwn && id !== index?.id ? 'belongs' : 'needs'})),
    ],
  })
  reserveName(model, created)
  if (model.rules.keysNeedIndexes) addKeyIndex(model, table, name, columns)
  refuseForRows(model, table, 'a foreign key', columns)
}

/** Returns the table that a foreign key refers to; undefined if it need not exist, and does not. */
function targetOf(model: SchemaModel, range: Tree): Item | undefined {
  return model.rules.isLoose ? findOrAssumeNamed(model, 'table', partsOf(range)) : relationOf(model, range)
}

/** Whether a table is in the log of the server; a logged table cannot refer to one that is not. */
export const isLogged = (table: Item | undefined): boolean => table?.properties['persistence'] !== 'u'

/** @throws Refusal if PostgreSQL has no operator that compares the two types */
export function refuseIncomparable(model: SchemaModel, column: Item, referenced: Item | undefined): void {
  if (model.rules.isLoose) return
  const [type, other] = [column.properties['type'], referenced?.properties['type']]
  if (type !== undefined && other !== undefined && !(model.rules.isTyped ? areComparable : areAlike)(type, other))
    throw new Refusal(
      `columns ${column.name} (${shownType(type)}) and ${referenced?.name} (${shownType(other)}) are of incompatible types`,
    )
}

/** Returns the index of a key, which foreign keys depend on. */
const indexOf = (model: SchemaModel, key: Item): Item | undefined =>
  model.items.find(
    ({properties, references}) => properties['ofConstraint'] !== undefined && references[0]?.to === key.id,
  )

/** Keys of which nothing but the name is known. */
const openKeys = (model: SchemaModel, table: Item): readonly Item[] =>
  keysOf(model, table).filter(({properties}) => properties['type'] === undefined)

/** Returns the key that a foreign key refers to: that of these columns, or else the primary key. */
function keyFor(model: SchemaModel, table: Item, columns: readonly Item[]): Item | undefined {
  const keys = keysOf(model, table)
  if (columns.length === 0) return keys.find(({properties}) => properties['type'] === 'primary')
  const wanted = new Set(columns.map(({id}) => id))
  const isSame = (ids: ReadonlySet<string>): boolean => ids.symmetricDifference(wanted).size === 0
  const key = keys.find((item) => isSame(new Set(columnsOfKey(model, item).map(({id}) => id))))
  if (key !== undefined) return key
  const names = new Set(columns.map(({name}) => name))
  return model.items.find(({kind, properties, references}) => {
    const unique = kind === 'index' ? properties['unique'] : undefined
    if (unique === undefined || !references.some(({to}) => to === table.id)) return false
    return new Set(JSON.parse(unique) as readonly string[]).symmetricDifference(names).size === 0
  })
}

function columnsOfKey(model: SchemaModel, key: Item | undefined): readonly Item[] {
  const ids = JSON.parse(key?.properties['*columns'] ?? '[]') as readonly string[]
  return ids.flatMap((id) => model.get(id) ?? [])
}
