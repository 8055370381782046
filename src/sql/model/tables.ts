import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {addColumn, copyColumns} from './columns.ts'
import {refuseConstant} from './constants.ts'
import {addConstraint} from './constraints.ts'
import {addIndex, createIndex} from './indexes.ts'
import {columnOf, relationOf, schemaFor} from './lookup.ts'
import {refuseOverlap} from './partition-bounds.ts'
import {partitionKey} from './partition-routes.ts'
import {readRows} from './view-chains.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences, queryReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {typeReferences} from './types.ts'

export const tableStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  CreateStmt: createTable,
  CreateForeignTableStmt: (model, node) => createTable(model, {...child(node, 'base'), server: node['servername']}),
  CreateTableAsStmt: (model, node) => {
    const into = child(node, 'into')
    createFrom(model, child(into, 'rel'), node, node['objtype'] === 'OBJECT_MATVIEW')
  },
}

function createTable(model: SchemaModel, node: Tree): void {
  const relation = child(node, 'relation')
  const owner = schemaFor(model, textIn(relation, 'schemaname'))
  const name = textIn(relation, 'relname')
  if (node['if_not_exists'] === true && model.findKept('table', owner.id, name) !== undefined) return
  const parents = items(node, 'inhRelations').map((item) => relationOf(model, child(item, 'RangeVar')))
  const isPartition = isTree(node['partbound'])
  const type = isTree(node['ofTypename']) ? typeReferences(model, node['ofTypename']) : []
  const table = model.create({
    kind: 'table',
    name,
    parent: owner.id,
    properties: {
      persistence: textIn(relation, 'relpersistence'),
      ...(parents.length > 0 && {inherits: isPartition ? 'partition' : 'table'}),
      ...(isPartition && {bound: textOfTree(node['partbound'])}),
      ...(node['options'] !== undefined && {options: textOfTree(node['options'])}),
      ...(node['server'] !== undefined && {server: textOfTree(node['server'])}),
      ...(isTree(node['partspec']) && {partitionBy: textOfTree(node['partspec'])}),
    },
    references: [
      ...parents.map(({id}): Reference => ({to: id, how: isPartition ? 'belongs' : 'needs'})),
      ...type.map((to): Reference => ({to, how: 'needs'})),
    ],
    isOpen: parents.some(({isOpen}) => isOpen) || type.length > 0,
  })
  if (isPartition)
    for (const parent of parents) {
      model.touch(parent, true)
      refuseOverlap(model, parent, table)
      refuseValues(model, parent, child(node, 'partbound'))
    }
  const elements = items(node, 'tableElts')
  for (const parent of parents) copyColumns(model, parent, table, isPartition)
  for (const element of elements) {
    if (isTree(element['TableLikeClause'])) copyLike(model, table, element['TableLikeClause'])
    const column = child(element, 'ColumnDef')
    if (textIn(column, 'colname') === '') continue
    if (parents.length === 0 || model.find('column', table.id, textIn(column, 'colname')) === undefined)
      addColumn(model, table, column)
  }
  const constraints = elements.map((element) => child(element, 'Constraint'))
  for (const constraint of [...constraints, ...items(node, 'constraints').map((item) => child(item, 'Constraint'))])
    if (textIn(constraint, 'contype') !== '') addConstraint(model, table, constraint)
  for (const parent of parents) inheritParts(model, parent, table)
  for (const index of items(node, 'indexes')) createIndex(model, child(index, 'IndexStmt'))
  if (isTree(node['partspec'])) usePartitionKey(model, table, node['partspec'])
}

/** @throws Refusal if the type of the key of a list lacks a value of a partition */
function refuseValues(model: SchemaModel, parent: Item, bound: Tree): void {
  const [name, ...others] = partitionKey(parent)
  const column = name === undefined || others.length > 0 ? undefined : model.find('column', parent.id, name)
  if (column === undefined) return
  for (const value of items(bound, 'listdatums')) refuseConstant(model, column, value)
}

function usePartitionKey(model: SchemaModel, table: Item, specification: Tree): void {
  const elements = items(specification, 'partParams').map((item) => child(item, 'PartitionElem'))
  const columns = elements.map((element) => textIn(element, 'name')).filter((name) => name !== '')
  const found = new Set(columns.map((name) => columnOf(model, table, name).id))
  for (const id of expressionReferences(
    model,
    elements.map(({expr}) => expr),
    table,
  ))
    found.add(id)
  for (const id of found) {
    const column = model.get(id)
    if (column?.kind === 'column') model.set(column, {'*partitionKey': 'true'})
  }
}

/** Gives a new partition the indexes and constraints of its parent, and an inheriting table its checks. */
export function inheritParts(model: SchemaModel, parent: Item, table: Item): void {
  for (const constraint of model.within(parent, 'constraint')) {
    const {type} = constraint.properties
    if (type !== 'check' || model.find('constraint', table.id, constraint.name) !== undefined) continue
    const references = constraint.references.map(({to, how}) => ({to: sameColumn(model, to, parent, table), how}))
    model.create({
      kind: 'constraint',
      name: constraint.name,
      parent: table.id,
      properties: constraint.properties,
      references,
    })
  }
  if (table.properties['inherits'] !== 'partition') return
  inheritKeys(model, parent, table)
  for (const index of model.items.filter(
    ({kind, references}) => kind === 'index' && references.some(({to}) => to === parent.id),
  )) {
    const {definition} = index.properties
    if (definition !== undefined) addIndex(model, table, JSON.parse(definition) as Tree, '')
  }
}

/** Gives a partition the keys of its parent that it lacks; their names are chosen. */
export function inheritKeys(model: SchemaModel, parent: Item, table: Item): void {
  for (const {id, properties} of model.within(parent, 'constraint')) {
    const {'*node': node, '*columns': columns} = properties
    if (node === undefined || columns === undefined) continue
    const isThere = model.within(table, 'constraint').some((one) => one.properties['*inherited'] === id)
    if (isThere) continue
    const names = (JSON.parse(columns) as readonly string[]).flatMap((column) => model.get(column)?.name ?? [])
    const keys = names.map((sval) => ({String: {sval}}))
    addConstraint(model, table, {...(JSON.parse(node) as Tree), keys, inherited: id})
  }
}

function sameColumn(model: SchemaModel, id: string, parent: Item, table: Item): string {
  const column = model.get(id)
  if (column?.parent !== parent.id) return id
  return model.find('column', table.id, column.name)?.id ?? id
}

/** The bits of LIKE's options. @see TableLikeOption in PostgreSQL's `parsenodes.h` */
const likeConstraints = 4
const likeIndexes = 64

function copyLike(model: SchemaModel, table: Item, clause: Tree): void {
  const source = relationOf(model, child(clause, 'relation'))
  const options = Number(clause['options'] ?? 0)
  copyColumns(model, source, table, options !== 0)
  const parts = [
    ...((options & likeConstraints) === 0
      ? []
      : model.within(source, 'constraint').filter(({properties}) => properties['type'] === 'check')),
    ...((options & likeIndexes) === 0
      ? []
      : model.items.filter(({kind, references}) => kind === 'index' && references.some(({to}) => to === source.id))),
    ...((options & likeIndexes) === 0
      ? []
      : model.within(source, 'constraint').filter(({properties}) => properties['*columns'] !== undefined)),
  ]
  if (parts.length > 0)
    model.set(table, {[`like ${source.name}`]: textOfTree(parts.map((part) => model.describe(part)).toSorted())})
  if (source.isOpen) model.change(table, {isOpen: true})
}

/** Creates a table or a materialized view from a query. */
export function createFrom(model: SchemaModel, relation: Tree, node: Tree, isView: boolean): void {
  const owner = schemaFor(model, textIn(relation, 'schemaname'))
  const name = textIn(relation, 'relname')
  if (node['if_not_exists'] === true && model.findKept('table', owner.id, name) !== undefined) return
  const {columns, ...query} = queryReferences(model, node['query'])
  const {references, read} = query
  // The names of the columns tell the tables apart.
  const whole = columns === undefined ? query.whole : new Map([...query.whole].filter(([, how]) => how === 'names'))
  const isEmpty = child(node, 'into')['skipData'] === true
  if (!isEmpty) readRows(model, {...query, whole})
  // A column of the new table has the type of the column that it is read from.
  const types = [...read].flatMap((id) => {
    const type = model.get(id)?.properties['type']
    return type === undefined ? [] : [[`type of ${id}`, {text: type, what: `the types of columns of ${name}`}] as const]
  })
  model.notes.addDecisions(name, types)
  const written = items(child(node, 'into'), 'colNames').map((item) => textIn(child(item, 'String'), 'sval'))
  const names = written.length > 0 ? written : columns
  const created = model.create({
    kind: isView ? 'view' : 'table',
    name,
    parent: owner.id,
    properties: isView
      ? {query: textOfTree(node['query']), materialized: 'true', data: textOfTree(child(node, 'into')['skipData'])}
      : {persistence: textIn(relation, 'relpersistence')},
    references: isView ? [...references].map((to) => ({to, how: 'needs'})) : [],
    isOpen: names === undefined,
  })
  for (const column of new Set(names))
    model.create({kind: 'column', name: column, parent: created.id, properties: {notNull: 'false'}})
}
