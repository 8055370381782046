import {without} from '../../util/objects.ts'
import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {chosenName} from './chosen-names.ts'
import {foreignParts} from './foreign-names.ts'
import {ofTable} from './indexes.ts'
import {columnOf, relationOf} from './lookup.ts'
import {refuseDuplicates} from './row-keys.ts'
import {refuseForRows, refuseNulls} from './row-knowledge.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {areComparable} from './type-families.ts'

const stringsIn = (node: Tree, key: string): readonly string[] => items(node, key).flatMap(nameParts)

/** Adds a constraint to a table: of the table, or written with a column. */
export function addConstraint(model: SchemaModel, table: Item, node: Tree, column?: Item): void {
  switch (textIn(node, 'contype')) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      addKey(model, table, node, column)
      return
    case 'CONSTR_CHECK':
      addCheck(model, table, node, column)
      return
    case 'CONSTR_FOREIGN':
      addForeignKey(model, table, node, column)
      return
    case 'CONSTR_EXCLUSION':
      addExclusion(model, table, node)
      return
    case 'CONSTR_NOTNULL':
      for (const name of stringsIn(node, 'keys')) model.set(columnOf(model, table, name), {notNull: 'true'})
      return
    default:
      throw new Unclear(`a constraint of table ${table.name}`)
  }
}

function nameOf(model: SchemaModel, table: Item, node: Tree, columns: readonly string[], label: string): string {
  return textIn(node, 'conname') || chosenName(model, table, columns, label)
}

/** Names and ways to write a constraint that make no difference to what it is. */
function definitionOf(node: Tree): string {
  const definition = without(node, 'conname', 'keys', 'fk_attrs', 'skip_validation', 'initially_valid')
  return textOfTree([definition, node['keys'], node['fk_attrs']])
}

function addKey(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const isPrimary = node['contype'] === 'CONSTR_PRIMARY'
  const label = isPrimary ? 'pkey' : 'key'
  if (isPrimary && keysOf(model, table).some(({properties}) => properties['type'] === 'primary'))
    throw new Refusal(`table ${table.name} already has a primary key`)
  const index = textIn(node, 'indexname')
  const written = column === undefined ? stringsIn(node, 'keys') : [column.name]
  const own = written.map((name) => columnOf(model, table, name))
  const included = stringsIn(node, 'including').map((name) => columnOf(model, table, name))
  const existing = index === '' ? undefined : model.require('index', table.parent, index)
  const columns = existing === undefined ? own : columnsOfIndex(model, existing)
  const name = textIn(node, 'conname') || existing?.name || nameOf(model, table, node, isPrimary ? [] : written, label)
  if (isPrimary) for (const key of columns) refuseNulls(model, table, key.name)
  refuseDuplicates(
    model,
    table,
    columns.map((key) => key.name),
  )
  const references: Reference[] = [...columns, ...included].map(({id}) => ({to: id, how: 'belongs'}))
  const created = model.create({
    kind: 'constraint',
    name,
    parent: table.id,
    properties: {
      type: isPrimary ? 'primary' : 'unique',
      '*columns': JSON.stringify(columns.map(({id}) => id)),
      '*node': textOfTree(without(node, 'conname', 'keys', 'inherited', 'indexname')),
      ...(typeof node['inherited'] === 'string' && {'*inherited': node['inherited']}),
      definition: definitionOf(without(node, 'keys', 'inherited')),
    },
    references: existing === undefined ? references : existing.references,
  })
  if (isPrimary) for (const key of columns) model.set(key, {notNull: 'true'})
  if (existing === undefined)
    model.create({
      kind: 'index',
      name,
      parent: table.parent,
      properties: {ofConstraint: 'true'},
      references: [{to: created.id, how: 'belongs'}],
    })
  else {
    model.rename(existing, name)
    model.change(existing, {properties: {ofConstraint: 'true'}, references: [{to: created.id, how: 'belongs'}]})
  }
}

function columnsOfIndex(model: SchemaModel, index: Item): readonly Item[] {
  return index.references.flatMap(({to}) => model.get(to) ?? []).filter(({kind}) => kind === 'column')
}

function addCheck(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const found = expressionReferences(model, node['raw_expr'], table)
  const own = [...found].map((id) => model.get(id)).filter((item) => item?.parent === table.id)
  const only = own.length === 1 ? [own[0]?.name ?? ''] : []
  const name = nameOf(model, table, node, column === undefined ? only : [column.name], 'check')
  model.create({
    kind: 'constraint',
    name,
    parent: table.id,
    properties: {
      type: 'check',
      expression: textOfTree(node['raw_expr']),
      definition: definitionOf(node),
      ...validity(node),
    },
    references: ofTable(model, table, found),
  })
  // Last, so that the constraint is there whether the rows satisfy it or not.
  refuseForRows(
    model,
    table,
    'a check',
    own.flatMap((item) => item ?? []),
  )
}

const validity = (node: Tree): {readonly notValid?: string} =>
  node['skip_validation'] === true ? {notValid: 'true'} : {}

function addForeignKey(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const target = relationOf(model, child(node, 'pktable'))
  const written = column === undefined ? stringsIn(node, 'fk_attrs') : [column.name]
  const columns = written.map((name) => columnOf(model, table, name))
  const named = stringsIn(node, 'pk_attrs').map((name) => columnOf(model, target, name))
  const key = keyFor(model, target, named)
  const referenced = named.length > 0 ? named : columnsOfKey(model, key)
  if (key === undefined && !target.isOpen)
    throw new Refusal(`table ${target.name} has no unique constraint for the referenced columns`)
  if (isLogged(table) && target.properties['persistence'] === 'u')
    throw new Refusal(`table ${target.name} is unlogged, and table ${table.name} is not`)
  for (const [i, one] of columns.entries()) refuseIncomparable(one, referenced[i])
  const isOwn = target.id === table.id
  const index = key === undefined ? undefined : (indexOf(model, key) ?? key)
  const needed = [target, ...referenced, ...(index === undefined ? openKeys(model, target) : [index])]
  model.create({
    kind: 'constraint',
    name: nameOf(model, table, node, written, 'fkey'),
    parent: table.id,
    properties: {type: 'foreign', definition: definitionOf({...node, pktable: undefined}), ...validity(node)},
    references: [
      ...columns.map(({id}): Reference => ({to: id, how: 'belongs'})),
      ...needed.map(({id}): Reference => ({to: id, how: isOwn && id !== index?.id ? 'belongs' : 'needs'})),
    ],
  })
  refuseForRows(model, table, 'a foreign key', columns)
}

/** Whether a table is in the log of the server; a logged table cannot refer to one that is not. */
export const isLogged = (table: Item | undefined): boolean => table?.properties['persistence'] !== 'u'

/** @throws Refusal if PostgreSQL has no operator that compares the two types */
export function refuseIncomparable(column: Item, referenced: Item | undefined): void {
  const [type, other] = [column.properties['type'], referenced?.properties['type']]
  if (type !== undefined && other !== undefined && !areComparable(type, other))
    throw new Refusal(`columns ${column.name} (${type}) and ${referenced?.name} (${other}) are of incompatible types`)
}

const keysOf = (model: SchemaModel, table: Item): readonly Item[] =>
  model
    .within(table, 'constraint')
    .filter(({properties: {type}}) => type === undefined || type === 'primary' || type === 'unique')

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

function addExclusion(model: SchemaModel, table: Item, node: Tree): void {
  const elements = items(node, 'exclusions').map((item) => {
    const [element] = items(child(item, 'List'), 'items')
    return isTree(element) ? child(element, 'IndexElem') : {}
  })
  const names = elements.map((element) => textIn(element, 'name')).filter((name) => name !== '')
  const columns = names.map((name) => columnOf(model, table, name))
  const found = new Set(columns.map(({id}) => id))
  for (const id of expressionReferences(model, [...elements.map(({expr}) => expr), node['where_clause']], table))
    found.add(id)
  for (const id of foreignParts(model, table, textIn(node, 'access_method'), elements)) found.add(id)
  const name = nameOf(model, table, node, names, 'excl')
  const created = model.create({
    kind: 'constraint',
    name,
    parent: table.id,
    properties: {type: 'exclusion', definition: definitionOf(node)},
    references: ofTable(model, table, found),
  })
  model.create({
    kind: 'index',
    name,
    parent: table.parent,
    properties: {ofConstraint: 'true'},
    references: [{to: created.id, how: 'belongs'}],
  })
  refuseForRows(model, table, 'an exclusion constraint', columns)
}
