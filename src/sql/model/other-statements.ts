import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, findOrAssumeNamed, partsOf, relationOf, requireNamed, schemaFor, schemaNamed} from './lookup.ts'
import {kindsByType, partKindsByType} from './object-types.ts'
import {routineNamed} from './routines.ts'
import {defaultsFor, Refusal, Unclear} from './schema-model.ts'
import type {Item, ItemKind, Reference, SchemaModel} from './schema-model.ts'
import {changeStep, restart} from './sequence-values.ts'
import {textOfTree} from './text.ts'

type Apply = (model: SchemaModel, node: Tree) => void

/** Schemas, sequences, extensions, and statements about objects of any kind. */
export const otherStatements: Readonly<Record<string, Apply>> = {
  CreateSeqStmt: (model, node) => {
    const range = child(node, 'sequence')
    const owner = schemaFor(model, textIn(range, 'schemaname'))
    const name = textIn(range, 'relname')
    if (node['if_not_exists'] === true && model.find('sequence', owner.id, name) !== undefined) return
    const sequence = model.create({kind: 'sequence', name, parent: owner.id, properties: {}})
    setSequence(model, sequence, node)
  },
  AlterSeqStmt: (model, node) => {
    const parts = partsOf(child(node, 'sequence'))
    const sequence = findOrAssumeNamed(model, 'sequence', parts)
    if (sequence !== undefined) setSequence(model, sequence, node)
    else if (node['missing_ok'] !== true) throw new Refusal(`sequence ${parts.join('.')} does not exist`)
  },
  CreateExtensionStmt: (model, node) => {
    const name = textIn(node, 'extname')
    if (node['if_not_exists'] === true && model.find('extension', undefined, name) !== undefined) return
    model.create({kind: 'extension', name, parent: undefined, properties: {options: textOfTree(node['options'])}})
  },
  AlterExtensionStmt: (model, node) => {
    model.set(model.require('extension', undefined, textIn(node, 'extname')), {options: textOfTree(node['options'])})
  },
  CommentStmt: (model, node) => {
    const item = objectNamed(model, textIn(node, 'objtype'), node['object'])
    const text = textIn(node, 'comment')
    model.set(item, {comment: text === '' ? undefined : text})
  },
  AlterOwnerStmt: (model, node) => {
    const item = isTree(node['relation'])
      ? relationOf(model, node['relation'])
      : objectNamed(model, textIn(node, 'objectType'), node['object'])
    model.set(item, {owner: textOfTree(node['newowner'])})
  },
  GrantStmt: grant,
  AlterDefaultPrivilegesStmt: (model, node) => {
    const schemas = items(node, 'options')
      .map((item) => child(item, 'DefElem'))
      .filter(({defname}) => defname === 'schemas')
      .flatMap(({arg}) => nameParts(arg))
    const {is_grant: isGrant, ...action} = child(node, 'action')
    const kind = kindsByType[textIn(action, 'objtype')] ?? 'function'
    const named = schemas.map((name) => schemaNamed(model, name))
    for (const owner of named.length > 0 ? named : model.items.filter((item) => item.kind === 'schema'))
      model.set(owner, {[`${defaultsFor(kind)}${textOfTree(action)}`]: String(isGrant === true)})
  },
  CreateStatsStmt: (model, node) => {
    const [relation] = items(node, 'relations')
    const table = relationOf(model, child(relation ?? {}, 'RangeVar'))
    const names = items(node, 'exprs').map((item) => textIn(child(item, 'StatsElem'), 'name'))
    const columns = names.filter((name) => name !== '').map((name) => columnOf(model, table, name))
    const {defnames, ...definition} = node
    const name = nameParts(defnames).join('.') || `${table.name}_${names.join('_')}_stat`
    model.create({
      kind: 'object',
      name: `OBJECT_STATISTIC_EXT ${name}`,
      parent: undefined,
      properties: {definition: textOfTree(definition)},
      references: [table, ...columns].map(({id}): Reference => ({to: id, how: 'belongs'})),
    })
  },
  AlterFunctionStmt: (model, node) => {
    const item = routineNamed(model, child(node, 'func'))
    if (item === undefined) throw new Refusal('the function does not exist')
    const actions = items(node, 'actions').map((action) => child(action, 'DefElem'))
    model.set(
      item,
      Object.fromEntries(actions.map((one) => [`option ${textIn(one, 'defname')}`, textOfTree(one['arg'])])),
    )
  },
  VariableSetStmt: (model, node) => {
    if (node['name'] !== 'search_path') return
    const values = items(node, 'args').map((item) => child(child(item, 'A_Const'), 'sval')['sval'])
    const path = values.filter((value): value is string => typeof value === 'string' && value !== '$user')
    model.searchPath = node['kind'] === 'VAR_SET_VALUE' ? path : ['public']
  },
}

/** Applies CREATE SCHEMA, whose other statements are applied to the new schema. */
export function createSchema(model: SchemaModel, node: Tree, apply: (statement: Tree) => void): void {
  const name = textIn(node, 'schemaname') || textIn(child(node, 'authrole'), 'rolename')
  if (node['if_not_exists'] === true && model.find('schema', undefined, name) !== undefined) return
  model.create({kind: 'schema', name, parent: undefined, properties: {}})
  const path = model.searchPath
  model.searchPath = [name, ...path]
  for (const statement of items(node, 'schemaElts')) apply(statement)
  model.searchPath = path
}

/** Options that change which values a sequence gives. */
const steps: ReadonlySet<string> = new Set(['increment', 'minvalue', 'maxvalue', 'cycle'])

function setSequence(model: SchemaModel, sequence: Item, node: Tree): void {
  const options = items(node, 'options').map((item) => child(item, 'DefElem'))
  const owner = options.find(({defname}) => defname === 'owned_by')
  const parts = owner === undefined ? [] : nameParts(owner['arg'])
  const settings = options.filter((option) => option !== owner)
  const changed = model.set(
    sequence,
    Object.fromEntries(settings.map((option) => [`option ${textIn(option, 'defname')}`, textOfTree(option['arg'])])),
  )
  const restarted = settings.find(({defname}) => defname === 'restart')
  if (restarted !== undefined) restart(model, changed, textOfTree(restarted['arg']))
  if (settings.some(({defname}) => steps.has(String(defname)))) changeStep(model, changed)
  if (owner === undefined) return
  if (parts.length < 2) {
    model.change(changed, {references: []})
    return
  }
  const column = columnOf(model, requireNamed(model, 'table', parts.slice(0, -1)), parts.at(-1) ?? '')
  model.change(changed, {references: [{to: column.id, how: 'belongs'}]})
}

/** Comments also name columns and constraints. */
const partKinds: Readonly<Record<string, ItemKind>> = {
  ...partKindsByType,
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
}

/** Returns the object of COMMENT and ALTER … OWNER. */
function objectNamed(model: SchemaModel, type: string, object: unknown): Item {
  const parts = nameParts(object)
  const kind = kindsByType[type]
  if (kind !== undefined) return requireNamed(model, kind, parts)
  const part = partKinds[type]
  if (part !== undefined)
    return model.require(part, requireNamed(model, 'table', parts.slice(0, -1)).id, parts.at(-1) ?? '')
  if (type === 'OBJECT_SCHEMA') return schemaNamed(model, parts[0] ?? '')
  if (type === 'OBJECT_EXTENSION') return model.require('extension', undefined, parts[0] ?? '')
  const routine = isTree(object) && isTree(object['ObjectWithArgs']) ? object['ObjectWithArgs'] : undefined
  const found = routine === undefined ? undefined : routineNamed(model, routine)
  return found ?? model.require('object', undefined, `${type} ${parts.join('.')}`)
}

function grant(model: SchemaModel, node: Tree): void {
  const type = textIn(node, 'objtype')
  const names = items(node, 'objects')
  const key = (privilege: string): string => `privilege ${privilege} ${textOfTree(node['grantees'])}`
  const privileges = items(node, 'privileges').map((item) => textOfTree(item))
  const state = node['is_grant'] === true ? `granted ${textOfTree(node['grant_option'])}` : 'revoked'
  const settings = Object.fromEntries((privileges.length > 0 ? privileges : ['all']).map((one) => [key(one), state]))
  const targets = names.flatMap((name): readonly Item[] => {
    if (node['targtype'] === 'ACL_TARGET_ALL_IN_SCHEMA') {
      const kind = kindsByType[type] ?? 'function'
      const owner = schemaNamed(model, nameParts(name)[0] ?? '')
      // What another revision creates in the schema depends on the order.
      model.touch(owner, true)
      const found = model.within(owner, kind)
      return kind === 'table' ? [...found, ...model.within(owner, 'view')] : found
    }
    if (isTree(name['RangeVar'])) return [relationOf(model, name['RangeVar'])]
    if (type === 'OBJECT_DATABASE' || type === 'OBJECT_LANGUAGE') return []
    return [objectNamed(model, type, name)]
  })
  if (targets.length === 0 && node['targtype'] === 'ACL_TARGET_DEFAULTS') throw new Unclear('default privileges')
  for (const target of targets) model.set(target, settings)
}
