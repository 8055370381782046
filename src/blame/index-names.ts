import {nameParts, child, isTree, items, textIn} from '../sql/effects/tree.ts'
import type {Tree} from '../sql/effects/tree.ts'
import type {Item} from '../sql/model/items.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'

/** Follows the name of an index that another table has as well; the model wants a name of its own for each. */
const mark = '\u0001'

/** Returns the name of an index or constraint as its revision has it. */
export const writtenName = (name: string): string => name.split(mark, 1)[0] ?? name

/** Returns a statement with the names that the model has for the indexes of a database where each table has its own names. */
export function withModelledIndexNames(model: SchemaModel, statement: Tree): Tree {
  const [command = ''] = Object.keys(statement)
  const node = child(statement, command)
  const table = textIn(child(node, 'relation'), 'relname')
  switch (command) {
    case 'IndexStmt':
      return {IndexStmt: {...node, idxname: freeName(model, textIn(node, 'idxname'))}}
    case 'CreateStmt':
      return {CreateStmt: {...node, tableElts: items(node, 'tableElts').map((element) => withFreeName(model, element))}}
    case 'AlterTableStmt':
      return {AlterTableStmt: {...node, cmds: items(node, 'cmds').map((item) => alteration(model, table, item))}}
    case 'DropStmt':
      return node['removeType'] === 'OBJECT_INDEX' ? dropped(model, node) : statement
    case 'RenameStmt': {
      if (node['renameType'] !== 'OBJECT_INDEX') return statement
      const relname = knownName(model, textIn(node, 'ofTable'), table)
      const newname = freeName(model, textIn(node, 'newname'))
      return {RenameStmt: {...node, relation: {...child(node, 'relation'), relname}, newname}}
    }
  }
  return statement
}

function alteration(model: SchemaModel, table: string, item: Tree): Tree {
  const command = child(item, 'AlterTableCmd')
  if (command['subtype'] === 'AT_DropConstraint')
    return {AlterTableCmd: {...command, name: knownName(model, table, textIn(command, 'name'))}}
  const definition = command['def']
  return isTree(definition) ? {AlterTableCmd: {...command, def: withFreeName(model, definition)}} : item
}

/** Returns a unique constraint with a name that its index can have. */
function withFreeName(model: SchemaModel, element: Tree): Tree {
  const constraint = child(element, 'Constraint')
  const name = textIn(constraint, 'conname')
  if (constraint['contype'] !== 'CONSTR_UNIQUE' || name === '') return element
  return {Constraint: {...constraint, conname: freeName(model, name)}}
}

/** Returns the statement that drops an index, or the constraint that it belongs to. */
function dropped(model: SchemaModel, node: Tree): Tree {
  const table = textIn(node, 'ofTable')
  const [object] = items(node, 'objects')
  const written = nameParts(object).at(-1) ?? ''
  const index = indexOf(model, table, written)
  const name = index?.name ?? written
  if (index?.properties['ofConstraint'] === undefined)
    return {DropStmt: {...node, objects: [{List: {items: [{String: {sval: name}}]}}]}}
  const command = {subtype: 'AT_DropConstraint', name, behavior: 'DROP_RESTRICT'}
  return {AlterTableStmt: {relation: {relname: table}, objtype: 'OBJECT_TABLE', cmds: [{AlterTableCmd: command}]}}
}

const knownName = (model: SchemaModel, table: string, written: string): string =>
  indexOf(model, table, written)?.name ?? written

function indexOf(model: SchemaModel, table: string, written: string): Item | undefined {
  return model.items.find((item) => {
    if (item.kind !== 'index' || writtenName(item.name) !== written) return false
    const used = item.references.flatMap(({to}) => model.get(to) ?? [])
    return used.some((one) => one.name === table || model.get(one.parent ?? '')?.name === table)
  })
}

function freeName(model: SchemaModel, written: string): string {
  const taken = new Set(model.items.flatMap(({kind, name}) => (kind === 'index' ? [name] : [])))
  for (let count = 0; ; count++) {
    const name = count === 0 ? written : `${written}${mark}${count}${mark}`
    if (name === '' || !taken.has(name)) return name
  }
}
