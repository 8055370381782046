import {without} from '../../util/objects.ts'
import {child, isTree, items, nameParts, textIn, walk} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {chosenName} from './chosen-names.ts'
import {foreignParts} from './foreign-names.ts'
import {replaceImplicit} from './key-indexes.ts'
import {descendants} from './inheritance.ts'
import {columnOf, placeOfIndexes, relationOf} from './lookup.ts'
import {refuseDuplicates, refuseUnknown} from './row-keys.ts'
import {Refusal} from './items.ts'
import type {Item, ItemId, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {outputName, unnamed} from './written-names.ts'
import {textOfTree} from './text.ts'
import {keyIn, namesIn} from './unique-keys.ts'

/** Creates an index of CREATE INDEX, and that of each partition. */
export function createIndex(model: SchemaModel, node: Tree): void {
  const table = relationOf(model, child(node, 'relation'))
  const written = textIn(node, 'idxname')
  if (node['if_not_exists'] === true && model.findKept('index', placeOfIndexes(model, table), written) !== undefined)
    return
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
  for (const id of foreignParts(model, table, textIn(node, 'accessMethod'), elements)) found.add(id)
  refuseMutable(model, table, node)
  const ofColumns = namesIn(model, found)
  const key = node['unique'] === true ? keyIn(model, {properties: ofColumns}, node) : undefined
  if (key !== undefined) refuseDuplicates(model, table, key)
  const definition = without(node, 'idxname', 'relation', 'if_not_exists', 'concurrent')
  const created = model.create({
    kind: 'index',
    name: name || chosenName(model, table, [...new Set([...names, ...included])], 'idx'),
    parent: placeOfIndexes(model, table),
    properties: {
      definition: textOfTree(definition),
      ...(key !== undefined && {unique: JSON.stringify(columns), ...ofColumns}),
    },
    references: [{to: table.id, how: 'belongs'}, ...ofTable(model, table, found)],
  })
  if (model.rules.keysNeedIndexes) replaceImplicit(model, table, created)
  // Last, so that the index is there whether the rows satisfy it or not.
  if (key !== undefined) refuseUnknown(model, table, key, `index ${created.name}`)
}

/** Own columns belong to the table: what uses them is dropped with them. */
export function ofTable(model: SchemaModel, table: Item, ids: Iterable<ItemId>): readonly Reference[] {
  return [...ids].map((to) => ({to, how: model.get(to)?.parent === table.id ? 'belongs' : 'needs'}))
}

function nameOfExpression(expression: unknown): string {
  const name = isTree(expression) ? outputName(expression) : unnamed
  return name === unnamed ? 'expr' : name
}

/** @throws Refusal if an index converts times with a zone, whose result depends on the session */
export function refuseMutable(model: SchemaModel, table: Item, definition: Tree): void {
  walk(definition, (type, node) => {
    if (type !== 'TypeCast' || !zoneless.has(nameParts(child(node, 'typeName')['names']).at(-1) ?? '')) return
    const [name] = nameParts(child(child(node, 'arg'), 'ColumnRef')['fields']).toReversed()
    const column = name === undefined ? undefined : model.find('column', table.id, name)
    if (column?.properties['type'] === 'timestamptz')
      throw new Refusal(`an index cannot convert column ${table.name}.${name}, whose time has a zone`)
  })
}

const zoneless: ReadonlySet<string> = new Set(['date', 'time', 'timestamp', 'text', 'varchar'])
