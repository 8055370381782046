import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, findOrAssumeNamed, partsOf, relationOf, requireNamed, schemaFor} from './lookup.ts'
import {createExtension} from './foreign-names.ts'
import {objectNamed} from './named-objects.ts'
import {alterDefaultPrivileges, grant} from './privileges.ts'
import {routineNamed} from './routines.ts'
import {Refusal} from './items.ts'
import type {Item, Reference} from './items.ts'
import {usualPath} from './schema-model.ts'
import type {SchemaModel} from './schema-model.ts'
import {noteUserSchema} from './user-schema.ts'
import {changeStep, restart} from './sequence-values.ts'
import {textOfTree} from './text.ts'

type Apply = (model: SchemaModel, node: Tree) => void

/** Schemas, sequences, extensions, and statements about objects of any kind. */
export const otherStatements: Readonly<Record<string, Apply>> = {
  GrantStmt: grant,
  AlterDefaultPrivilegesStmt: alterDefaultPrivileges,
  CreateSeqStmt: (model, node) => {
    const range = child(node, 'sequence')
    const owner = schemaFor(model, textIn(range, 'schemaname'))
    const name = textIn(range, 'relname')
    if (node['if_not_exists'] === true && model.findKept('sequence', owner.id, name) !== undefined) return
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
    createExtension(model, name, node)
  },
  AlterExtensionStmt: (model, node) => {
    model.set(model.require('extension', undefined, textIn(node, 'extname')), {options: textOfTree(node['options'])})
  },
  CommentStmt: (model, node) => {
    const item = objectNamed(model, textIn(node, 'objtype'), node['object'])
    const text = textIn(node, 'comment')
    model.set(item, {comment: text === '' ? undefined : text})
  },
  SecLabelStmt: (model, node) => {
    const item = objectNamed(model, textIn(node, 'objtype'), node['object'])
    model.set(item, {[`label ${textIn(node, 'provider')}`]: textIn(node, 'label') || undefined})
  },
  AlterStatsStmt: (model, node) => {
    const name = `OBJECT_STATISTIC_EXT ${nameParts(node['defnames']).join('.')}`
    const item = model.findOrAssume('object', undefined, name)
    if (item !== undefined) model.set(item, {target: textOfTree(node['stxstattarget'])})
    else if (node['missing_ok'] !== true) throw new Refusal(`${name} does not exist`)
  },
  AlterOwnerStmt: (model, node) => {
    const item = isTree(node['relation'])
      ? relationOf(model, node['relation'])
      : objectNamed(model, textIn(node, 'objectType'), node['object'])
    model.set(item, {owner: textOfTree(node['newowner'])})
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
    model.searchPath = node['kind'] === 'VAR_SET_VALUE' ? path : usualPath
  },
}

/** Applies CREATE SCHEMA, whose other statements are applied to the new schema. */
export function createSchema(model: SchemaModel, node: Tree, apply: (statement: Tree) => void): void {
  const role = child(node, 'authrole')
  const owner =
    role['roletype'] === 'ROLESPEC_CSTRING' || role['roletype'] === undefined ? textIn(role, 'rolename') : '$user'
  const name = textIn(node, 'schemaname') || owner
  if (node['if_not_exists'] === true && model.findKept('schema', undefined, name) !== undefined) return
  model.create({kind: 'schema', name, parent: undefined, properties: {}})
  noteUserSchema(model, name, name === owner)
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
  refuseOutOfRange(changed)
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

const largest: Readonly<Record<string, number>> = {int2: 32_767, int4: 2_147_483_647}

/** @throws Refusal if the values of a sequence that are known contradict each other */
function refuseOutOfRange({name, properties}: Item): void {
  const number = (option: string): number | undefined => {
    const text = properties[`option ${option}`]
    const written = text?.match(/-?\d+/g)
    return written?.length === 1 ? Number(written[0]) : undefined
  }
  const type = Object.keys(largest).find((one) => properties['option as']?.includes(`"${one}"`))
  const limit = type === undefined ? undefined : largest[type]
  const [minimum, maximum] = [number('minvalue'), number('maxvalue')]
  if (limit !== undefined && Math.max(maximum ?? 0, -(minimum ?? 0)) > limit)
    throw new Refusal(`a limit of sequence ${name} is out of the range of its type`)
  for (const value of [number('start'), number('restart')])
    if (value !== undefined && (value > (maximum ?? limit ?? value) || value < (minimum ?? value)))
      throw new Refusal(`sequence ${name} cannot start with ${value}`)
}
