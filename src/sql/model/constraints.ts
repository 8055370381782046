import {without} from '../../util/objects.ts'
import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {definitionOf, keysOf, nameOf, reserveName, stringsIn, validity} from './constraint-parts.ts'
import {addForeignKey} from './foreign-key-constraints.ts'
import {foreignParts} from './foreign-names.ts'
import {ofTable} from './indexes.ts'
import {columnOf, placeOfIndexes} from './lookup.ts'
import {refuseDuplicates, refuseUnknown} from './row-keys.ts'
import {refuseForRows, refuseNulls} from './row-knowledge.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {namesIn, plainKey} from './unique-keys.ts'

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

function addKey(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const isPrimary = node['contype'] === 'CONSTR_PRIMARY'
  const label = isPrimary ? 'pkey' : 'key'
  if (isPrimary && keysOf(model, table).some(({properties}) => properties['type'] === 'primary'))
    throw new Refusal(`table ${table.name} already has a primary key`)
  const index = textIn(node, 'indexname')
  const written = column === undefined ? stringsIn(node, 'keys') : [column.name]
  const own = written.map((name) => columnOf(model, table, name))
  const included = stringsIn(node, 'including').map((name) => columnOf(model, table, name))
  const existing = index === '' ? undefined : model.require('index', placeOfIndexes(model, table), index)
  const columns = existing === undefined ? own : columnsOfIndex(model, existing)
  const name = textIn(node, 'conname') || existing?.name || nameOf(model, table, node, isPrimary ? [] : written, label)
  if (isPrimary) for (const key of columns) refuseNulls(model, table, key.name)
  const areNullsEqual = node['nulls_not_distinct'] === true
  const added = {...plainKey, elements: columns.map((one) => one.name), areNullsEqual}
  refuseDuplicates(model, table, added)
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
      parent: placeOfIndexes(model, table),
      properties: {ofConstraint: 'true'},
      references: [{to: created.id, how: 'belongs'}],
    })
  else {
    model.rename(existing, name)
    model.change(existing, {properties: {ofConstraint: 'true'}, references: [{to: created.id, how: 'belongs'}]})
  }
  refuseUnknown(model, table, added, `constraint ${name}`)
}

function columnsOfIndex(model: SchemaModel, index: Item): readonly Item[] {
  return index.references.flatMap(({to}) => model.get(to) ?? []).filter(({kind}) => kind === 'column')
}

function addCheck(model: SchemaModel, table: Item, node: Tree, column: Item | undefined): void {
  const found = expressionReferences(model, node['raw_expr'], table)
  const own = ownColumns(model, table, found)
  const only = own.length === 1 ? own.map((item) => item.name) : []
  const name = nameOf(model, table, node, column === undefined ? only : [column.name], 'check')
  const created = model.create({
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
  reserveName(model, created)
  // Last, so that the constraint is there whether the rows satisfy it or not.
  refuseForRows(model, table, 'a check', withBases(model, own))
}

function ownColumns(model: SchemaModel, table: Item, ids: Iterable<string>): readonly Item[] {
  return [...ids].flatMap((id) => model.get(id) ?? []).filter(({parent}) => parent === table.id)
}

/** Returns columns with those from which they are computed. */
function withBases(model: SchemaModel, columns: readonly Item[]): readonly Item[] {
  const bases = columns.flatMap(({references}) => references.flatMap(({to}) => model.get(to) ?? []))
  return [...columns, ...bases.filter(({kind}) => kind === 'column')]
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
    properties: {type: 'exclusion', definition: definitionOf(node), ...namesIn(model, found)},
    references: ofTable(model, table, found),
  })
  model.create({
    kind: 'index',
    name,
    parent: table.parent,
    properties: {ofConstraint: 'true'},
    references: [{to: created.id, how: 'belongs'}],
  })
  refuseForRows(model, table, 'an exclusion constraint', withBases(model, ownColumns(model, table, found)))
}
