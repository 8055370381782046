import {child, isTree, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {checkCode, refuseBroken, renameInCode} from './broken-objects.ts'
import {descendants} from './inheritance.ts'
import {columnOf, findOrAssumeNamed, partsOf, requireNamed, schemaNamed} from './lookup.ts'
import {routineTypes} from './object-types.ts'
import {routineNamed} from './routines.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item, ItemKind} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {renameInViews} from './view-chains.ts'
import {noteUserSchema} from './user-schema.ts'

const relationKinds: Readonly<Record<string, ItemKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
}

const partKinds: Readonly<Record<string, ItemKind>> = {
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'object',
}

/** Applies ALTER … RENAME. */
export function renameStatement(model: SchemaModel, node: Tree): void {
  const type = textIn(node, 'renameType')
  const name = textIn(node, 'newname')
  const part = partKinds[type]
  const relation = relationKinds[type]
  if (part !== undefined || relation !== undefined) {
    const range = child(node, 'relation')
    if (model.rules.indexesPerTable && typeof node['ofTable'] === 'string') {
      const table = requireNamed(model, 'table', [node['ofTable']])
      model.rename(model.require('index', table.id, textIn(range, 'relname')), name)
      return
    }
    const written = relation ?? relationKinds[textIn(node, 'relationType')] ?? 'table'
    const item = findOrAssumeNamed(model, written, partsOf(range))
    if (item === undefined) {
      if (node['missing_ok'] === true) return
      throw new Refusal(`${written} ${partsOf(range).join('.')} does not exist`)
    }
    refuseBroken(model)
    if (part === undefined) renameRelation(model, item, name)
    else renamePart(model, item, part, textIn(node, 'subname'), name)
    return
  }
  if (type === 'OBJECT_SCHEMA') {
    const schema = schemaNamed(model, textIn(node, 'subname'))
    for (const one of [schema.name, name]) noteUserSchema(model, one)
    model.rename(schema, name)
    return
  }
  if (routineTypes.has(type)) {
    const item = routineNamed(model, child(child(node, 'object'), 'ObjectWithArgs'))
    if (item === undefined) throw new Refusal('the function does not exist')
    model.rename(item, name + item.name.slice(item.name.indexOf('(')))
    return
  }
  if (type === 'OBJECT_DOMCONSTRAINT') {
    renameConstraint(model, requireNamed(model, 'type', nameParts(node['object'])), textIn(node, 'subname'), name)
    return
  }
  if (type === 'OBJECT_ATTRIBUTE') {
    const owner = requireNamed(model, 'type', partsOf(child(node, 'relation')))
    renamePart(model, owner, 'column', textIn(node, 'subname'), name)
    return
  }
  const isType = type === 'OBJECT_TYPE' || type === 'OBJECT_DOMAIN'
  const item = isType
    ? requireNamed(model, 'type', nameParts(node['object']))
    : model.require('object', undefined, `${type} ${nameParts(node['object']).join('.')}`)
  model.rename(item, isType ? name : `${type} ${name}`)
}

/** Renames a constraint of a domain, which may be unknown. */
function renameConstraint(model: SchemaModel, owner: Item, from: string, to: string): void {
  const [former, next] = [`constraint ${from}`, `constraint ${to}`]
  const {[former]: definition, [next]: taken, [`no ${former}`]: gone} = owner.properties
  if (definition === undefined && (!owner.isOpen || gone !== undefined))
    throw new Refusal(`${former} of type ${owner.name} does not exist`)
  if (taken !== undefined) throw new Refusal(`${next} of type ${owner.name} already exists`)
  model.set(owner, {[former]: undefined, [`no ${former}`]: '', [next]: definition ?? former, [`no ${next}`]: undefined})
}

/** An index and its constraint have one name. */
function renameRelation(model: SchemaModel, item: Item, name: string): void {
  const owner = item.properties['ofConstraint'] === undefined ? undefined : model.get(item.references[0]?.to ?? '')
  if (model.rules.isLoose) renameInCode(model, item.name, name)
  model.rename(item, name)
  if (item.kind === 'table') renameInViews(model, item)
  if (owner?.kind === 'constraint') model.rename(owner, name)
}

function renamePart(model: SchemaModel, table: Item, kind: ItemKind, from: string, to: string): void {
  if (kind === 'column')
    for (const one of descendants(model, table)) {
      const same = model.find('column', one.id, from)
      if (same !== undefined) model.rename(same, to)
    }
  const item = kind === 'column' ? columnOf(model, table, from) : model.require(kind, table.id, from)
  model.rename(item, to)
  if (kind === 'column') {
    renameInViews(model, item)
    checkCode(model, table, from)
  }
  if (kind !== 'constraint') return
  const index = model.items.find(
    ({properties, references}) => properties['ofConstraint'] !== undefined && references[0]?.to === item.id,
  )
  if (index !== undefined) model.rename(index, to)
}

/** Applies ALTER … SET SCHEMA. The indexes and owned sequences of a table move with it. */
export function moveStatement(model: SchemaModel, node: Tree): void {
  const type = textIn(node, 'objectType')
  const schema = schemaNamed(model, textIn(node, 'newschema'))
  if (routineTypes.has(type)) {
    const item = routineNamed(model, child(child(node, 'object'), 'ObjectWithArgs'))
    if (item === undefined) throw new Refusal('the function does not exist')
    model.rename(item, item.name, schema.id)
    return
  }
  const kind = relationKinds[type] ?? (type === 'OBJECT_TYPE' || type === 'OBJECT_DOMAIN' ? 'type' : undefined)
  if (type === 'OBJECT_EXTENSION') {
    const extension = model.require('extension', undefined, nameParts(node['object'])[0] ?? '')
    model.change(model.set(extension, {schema: schema.name}), {references: [{to: schema.id, how: 'needs'}]})
    return
  }
  if (kind === undefined) throw new Unclear('an object that is moved to another schema', {isAnywhere: true})
  const parts = isTree(node['relation']) ? partsOf(node['relation']) : nameParts(node['object'])
  const item = requireNamed(model, kind, parts)
  for (const one of [item, ...movedWith(model, item)]) model.rename(one, one.name, schema.id)
}

function movedWith(model: SchemaModel, table: Item): readonly Item[] {
  const within = new Set([table.id, ...model.within(table).map(({id}) => id)])
  return model.items.filter(
    ({id, kind, references}) =>
      id !== table.id &&
      (kind === 'index' || kind === 'sequence') &&
      references.some(({to, how}) => how === 'belongs' && within.has(to)),
  )
}
