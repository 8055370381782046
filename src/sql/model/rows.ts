import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, relationOf} from './lookup.ts'
import {refuseConstant} from './constants.ts'
import {noteReads, noteRows} from './row-knowledge.ts'
import {Refusal, Unclear} from './schema-model.ts'
import type {Item, SchemaModel} from './schema-model.ts'
import {queryReferences} from './scope.ts'
import {textOfTree} from './text.ts'
import {familyOf} from './type-families.ts'

/** Statements that change rows. */
export const rowStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  InsertStmt: insert,
  UpdateStmt: update,
  DeleteStmt: (model, node) => {
    noteReads(model, queryReferences(model, {DeleteStmt: node}))
    const table = relationOf(model, child(node, 'relation'))
    model.touch(table, true)
    checkReferenced(model, table)
    model.noteRows({table: table.id, change: 'deletes', columns: []})
  },
  MergeStmt: (model, node) => {
    const table = relationOf(model, child(node, 'relation'))
    model.touch(table, false)
    model.noteRows({table: table.id, change: 'deletes', columns: []})
    throw new Unclear(`what MERGE does to ${table.name}`)
  },
  TruncateStmt: (model, node) => {
    const truncated: Item[] = []
    for (const relation of items(node, 'relations')) {
      const table = relationOf(model, child(relation, 'RangeVar'))
      model.touch(table, true)
      model.noteRows({table: table.id, change: 'deletes', columns: []})
      truncated.push(table)
    }
    const ids = new Set(truncated.map(({id}) => id))
    const user = model.items.find(
      ({properties, parent, references}) =>
        properties['type'] === 'foreign' && !ids.has(parent ?? '') && references.some(({to}) => ids.has(to)),
    )
    if (user !== undefined && node['behavior'] !== 'DROP_CASCADE')
      throw new Refusal(`${model.describe(user)} refers to a truncated table`)
  },
  CopyStmt: (model, node) => {
    if (node['is_from'] !== true) return
    const table = relationOf(model, child(node, 'relation'))
    model.touch(table, false)
    model.noteRows({table: table.id, change: 'inserts', columns: []})
  },
}

function insert(model: SchemaModel, node: Tree): void {
  noteReads(model, queryReferences(model, {InsertStmt: node}))
  const table = relationOf(model, child(node, 'relation'))
  const written = items(node, 'cols').map((item) => textIn(child(item, 'ResTarget'), 'name'))
  const columns = model.within(table, 'column')
  const lists = items(child(child(node, 'selectStmt'), 'SelectStmt'), 'valuesLists')
  const values = lists.map((list) => items(child(list, 'List'), 'items'))
  // Without names, the values are for the first columns.
  const width = Math.max(0, ...values.map((row) => row.length))
  const named = written.length > 0 ? written : width > 0 ? columns.slice(0, width).map(({name}) => name) : undefined
  if (written.length === 0 && columns.length < width) {
    if (!table.isOpen) throw new Refusal(`table ${table.name} has fewer columns than the inserted rows have values`)
    throw new Unclear(`into which columns of ${table.name} rows are inserted`)
  }
  const nulls = named === undefined ? [] : named.filter((_, i) => values.some((row) => isNull(row[i])))
  const without = named === undefined ? [] : columns.filter((one) => !named.includes(one.name) && !isFilled(one))
  for (const column of without)
    if (column.properties['notNull'] === 'true')
      throw new Refusal(`an inserted row has no value for column ${table.name}.${column.name}`)
  for (const name of nulls)
    if (columns.some((column) => column.name === name && column.properties['notNull'] === 'true'))
      throw new Refusal(`column ${table.name}.${name} is set to null`)
  refuseTexts(columns, named ?? [], values)
  for (const row of values)
    for (const [i, name] of (named ?? []).entries()) {
      const column = columns.find((one) => one.name === name)
      if (column !== undefined) refuseConstant(model, column, row[i])
    }
  refuseDuplicates(model, table, named ?? [], values)
  checkInserted(model, table, named ?? [])
  noteRows(model, table, {without: [...without.map(({name}) => name), ...nulls], written: named ?? []})
  model.noteRows({table: table.id, change: 'inserts', columns: named ?? []})
}

const isNull = (value: Tree | undefined): boolean => child(value ?? {}, 'A_Const')['isnull'] === true

function isFilled({properties}: Item): boolean {
  return ['default', 'generated', 'identity'].some((key) => properties[key] !== undefined)
}

/** @throws Refusal if a text is inserted into a column of numbers */
function refuseTexts(columns: readonly Item[], names: readonly string[], rows: readonly (readonly Tree[])[]): void {
  for (const [i, name] of names.entries()) {
    const type = columns.find((column) => column.name === name)?.properties['type']
    if (type === undefined || familyOf(type) !== 'number') continue
    const text = rows
      .map((row) => child(child(row[i] ?? {}, 'A_Const'), 'sval')['sval'])
      .find((value) => typeof value === 'string' && Number.isNaN(Number(value)))
    if (text !== undefined) throw new Refusal(`column ${name} is of type ${type}, and a text is inserted`)
  }
}

/** Returns the columns of the unique constraints and indexes of a table, by name. */
function keysOf(model: SchemaModel, table: Item): readonly (readonly string[])[] {
  const constraints = model.within(table, 'constraint').flatMap(({properties}) => properties['*columns'] ?? [])
  const ids = constraints.map((text) => JSON.parse(text) as readonly string[])
  const indexes = model.items.filter(
    ({kind, references}) => kind === 'index' && references.some(({to}) => to === table.id),
  )
  const whole = indexes.filter(({properties}) => properties['definition']?.includes('"whereClause"') === false)
  return [
    ...ids.map((key) => key.map((id) => model.get(id)?.name ?? '')),
    ...whole.flatMap(({properties}) => properties['unique'] ?? []).map((text) => JSON.parse(text) as readonly string[]),
  ]
}

/** Rows that are written as constants, by the columns of a key. */
function refuseDuplicates(
  model: SchemaModel,
  table: Item,
  names: readonly string[],
  rows: readonly (readonly Tree[])[],
): void {
  for (const key of keysOf(model, table)) {
    const columns = key.map((name) => names.indexOf(name))
    if (columns.length === 0 || columns.includes(-1)) continue
    for (const row of rows) {
      const values = columns.map((i) => row[i])
      if (!values.every((value) => isTree(value?.['A_Const']) && !isNull(value))) continue
      const property = `*row ${key.join()} ${textOfTree(values)}`
      if (model.get(table.id)?.properties[property] !== undefined)
        throw new Refusal(`table ${table.name} already has a row with these values of its key`)
      model.set(table, {[property]: ''})
    }
  }
}

/** @throws Unclear if a constraint of another revision may refuse the rows */
function checkInserted(model: SchemaModel, table: Item, names: readonly string[]): void {
  for (const item of model.within(table, 'constraint')) {
    const {type} = item.properties
    if (!model.isNew(item) || (type !== 'check' && type !== 'foreign' && type !== 'exclusion')) continue
    const own = item.references.flatMap(({to}) => model.get(to) ?? []).filter(({parent}) => parent === table.id)
    const used = own.map(({name}) => name)
    if (used.some((name) => names.includes(name)))
      throw new Unclear(`whether the rows inserted into ${table.name} satisfy constraint ${item.name}`)
  }
}

/** @throws Unclear if a foreign key of another revision may refuse that rows go, or that these columns change */
function checkReferenced(model: SchemaModel, table: Item, names?: readonly string[]): void {
  for (const item of model.items) {
    const owner = model.get(item.parent ?? '')
    // The rows of a new table are those that its revision inserts.
    if (item.properties['type'] !== 'foreign' || !model.isNew(item) || owner === undefined || model.isNew(owner))
      continue
    const targets = item.references.flatMap(({to}) => model.get(to) ?? []).filter(({parent}) => parent === table.id)
    const isUsed = names === undefined || targets.some(({name}) => names.includes(name))
    if (isUsed && item.references.some(({to}) => to === table.id || targets.some(({id}) => id === to)))
      throw new Unclear(`whether constraint ${item.name} refers to the changed rows of ${table.name}`)
  }
}

function update(model: SchemaModel, node: Tree): void {
  noteReads(model, queryReferences(model, {UpdateStmt: node}))
  const table = relationOf(model, child(node, 'relation'))
  const targets = items(node, 'targetList').map((item) => child(item, 'ResTarget'))
  for (const {name, val} of targets) {
    const column = columnOf(model, table, String(name))
    model.touch(column, true)
    refuseConstant(model, column, val)
    if (column.properties['generated'] !== undefined)
      throw new Refusal(`column ${table.name}.${column.name} is generated`)
    if (isNull(isTree(val) ? val : undefined) && column.properties['notNull'] === 'true')
      throw new Refusal(`column ${table.name}.${column.name} is set to null`)
  }
  checkReferenced(
    model,
    table,
    targets.map(({name}) => String(name)),
  )
  model.noteRows({table: table.id, change: 'updates', columns: targets.map(({name}) => String(name))})
}
