import {without} from '../../util/objects.ts'
import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {chosenName} from './chosen-names.ts'
import {descendants} from './inheritance.ts'
import {columnOf, relationOf} from './lookup.ts'
import type {Item, ItemId, Reference, SchemaModel} from './schema-model.ts'
import {expressionReferences} from './scope.ts'
import {textOfTree} from './text.ts'

/** Creates an index of CREATE INDEX, and that of each partition. */
export function createIndex(model: SchemaModel, node: Tree): void {
  const table = relationOf(model, child(node, 'relation'))
  const written = textIn(node, 'idxname')
  if (node['if_not_exists'] === true && model.find('index', table.parent, written) !== undefined) return
  addIndex(model, table, node, written)
  for (const partition of descendants(model, table)) addIndex(model, partition, node, '')
}

/** @param name the name; empty for one that PostgreSQL chooses */
export function addIndex(model: SchemaModel, table: Item, node: Tree, name: string): void {
  const elements = items(node, 'indexParams').map((item) => child(item, 'IndexElem'))
  const names = elements.map((element) => textIn(element, 'name') || nameOfExpression(element['expr']))
  const included = items(node, 'indexIncludingParams').map((item) => textIn(child(item, 'IndexElem'), 'name'))
  const columns = [...elements.map((element) => textIn(element, 'name')), ...included].filter((column) => column !== '')
  const found = new Set(columns.map((column) => columnOf(model, table, column).id))
  for (const expression of [...elements.map((element) => element['expr']), node['whereClause']])
    for (const id of expressionReferences(model, expression, table)) found.add(id)
  const definition = without(node, 'idxname', 'relation', 'if_not_exists', 'concurrent')
  model.create({
    kind: 'index',
    name: name || chosenName(model, table, [...new Set([...names, ...included])], 'idx'),
    parent: table.parent,
    properties: {
      definition: textOfTree(definition),
      ...(node['unique'] === true && {unique: JSON.stringify(columns)}),
    },
    references: [{to: table.id, how: 'belongs'}, ...ofTable(model, table, found)],
  })
}

/** Own columns belong to the table: what uses them is dropped with them. */
export function ofTable(model: SchemaModel, table: Item, ids: Iterable<ItemId>): readonly Reference[] {
  return [...ids].map((to) => ({to, how: model.get(to)?.parent === table.id ? 'belongs' : 'needs'}))
}

function nameOfExpression(expression: unknown): string {
  const call = isTree(expression) ? child(expression, 'FuncCall') : {}
  return nameParts(call['funcname']).at(-1) ?? 'expr'
}
