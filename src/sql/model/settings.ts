import {without} from '../../util/objects.ts'
import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, placeOfIndexes} from './lookup.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'
import {typeReferences} from './types.ts'

type Command = (model: SchemaModel, table: Item, node: Tree) => void

const ofColumns: ReadonlySet<string> = new Set([
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_AlterColumnGenericOptions',
])

/** Attributes that have names of their own, because several commands set them. */
const attributes: Readonly<Record<string, string>> = {AT_SetStorage: 'storage', AT_SetCompression: 'compression'}

/** A command that sets an attribute of the table or of a column: of two that set different values, the last one decides. */
export function setAttribute(model: SchemaModel, table: Item, node: Tree): void {
  const subtype = textIn(node, 'subtype')
  const name = textIn(node, 'name')
  const isOfColumn = ofColumns.has(subtype) && name !== ''
  const item = isOfColumn ? columnOf(model, table, name) : table
  const key = attributes[subtype] ?? `${subtype} ${textOfTree(node['num'])}`
  const value = without(node, 'subtype', 'behavior', 'num')
  model.set(item, {[key]: textOfTree(isOfColumn ? without(value, 'name') : value)})
}

const sets =
  (key: string, value: string | undefined): Command =>
  (model, table) => {
    model.set(table, {[key]: value})
  }

/** Sets when a trigger fires; undefined for the state that a new one has. */
const setsTrigger =
  (state: string | undefined): Command =>
  (model, table, node) => {
    model.set(model.require('trigger', table.id, textIn(node, 'name')), {state})
  }

const setsRule =
  (state: string | undefined): Command =>
  (model, table, node) => {
    model.set(model.require('object', table.id, textIn(node, 'name')), {state})
  }

/** Sets when the triggers of a table fire; those of its constraints as well, unless only those of users are meant. */
const setsTriggers =
  (state: string | undefined, {isOfUsers}: {readonly isOfUsers: boolean}): Command =>
  (model, table) => {
    model.touch(table, true)
    for (const trigger of model.within(table, 'trigger')) model.set(trigger, {state})
    if (isOfUsers) return
    const columns = new Set(model.within(table, 'column').map(({id}) => id))
    for (const item of model.items) {
      const isOfTable = item.parent === table.id || item.references.some(({to}) => to === table.id || columns.has(to))
      if (isOfTable && hasTriggers(item)) model.set(item, {[`triggers of ${table.id}`]: state})
    }
  }

/** Whether PostgreSQL enforces a constraint by triggers. */
const hasTriggers = ({kind, properties}: Item): boolean =>
  kind === 'constraint' &&
  (properties['type'] === 'foreign' || properties['definition']?.includes('"deferrable":true') === true)

const setsOptions =
  (isSet: boolean): Command =>
  (model, table, node) => {
    const name = textIn(node, 'name')
    const list = isTree(node['def']) ? items(child(node['def'], 'List'), 'items') : []
    const changed = list
      .map((item) => child(item, 'DefElem'))
      .map((option) => {
        const written = [textIn(option, 'defnamespace'), textIn(option, 'defname')].filter((part) => part !== '')
        return [`option ${written.join('.')}`, isSet ? textOfTree(option['arg']) : undefined] as const
      })
    model.set(name === '' ? table : columnOf(model, table, name), Object.fromEntries(changed))
  }

/** @throws Refusal if the columns of an index may be null: it does not identify rows */
function refuseNullable(model: SchemaModel, index: Item): void {
  for (const {to} of index.references) {
    const column = model.get(to)
    if (column?.kind === 'column' && column.properties['notNull'] === 'false')
      throw new Refusal(`column ${column.name} of ${model.describe(index)} is nullable`)
  }
}

/** @throws Refusal if a column is in the index that identifies the rows of its table */
export function refuseIdentifying(model: SchemaModel, table: Item, column: Item): void {
  const name = table.properties['identifyingIndex']
  const index = name === undefined ? undefined : model.find('index', placeOfIndexes(model, table), name)
  if (index?.references.some(({to}) => to === column.id) === true)
    throw new Refusal(`column ${table.name}.${column.name} is in the replica identity`)
}

/** The commands of ALTER TABLE that set attributes. */
export const settingCommands: Readonly<Record<string, Command>> = {
  AT_EnableRowSecurity: sets('rowSecurity', 'on'),
  AT_DisableRowSecurity: sets('rowSecurity', 'off'),
  AT_ForceRowSecurity: sets('forcedRowSecurity', 'on'),
  AT_NoForceRowSecurity: sets('forcedRowSecurity', 'off'),
  AT_SetLogged: sets('persistence', 'p'),
  AT_ChangeOwner: (model, table, node) => {
    model.set(table, {owner: textOfTree(node['newowner'])})
  },
  AT_AddOf: (model, table, node) => {
    typeReferences(model, child(child(node, 'def'), 'TypeName'))
    model.set(table, {ofType: textOfTree(node['def'])})
  },
  AT_DropOf: (model, table) => {
    if (table.properties['ofType'] === undefined && !table.isOpen)
      throw new Refusal(`table ${table.name} is not a typed table`)
    model.set(table, {ofType: undefined})
  },
  AT_ReplicaIdentity: (model, table, node) => {
    const identity = child(child(node, 'def'), 'ReplicaIdentityStmt')
    const name = textIn(identity, 'name')
    const index = name === '' ? undefined : model.require('index', placeOfIndexes(model, table), name)
    if (index !== undefined) {
      model.touch(index, false)
      refuseNullable(model, index)
    }
    model.set(table, {replicaIdentity: textOfTree(identity), identifyingIndex: index?.name})
  },
  AT_ClusterOn: (model, table, node) => {
    model.touch(model.require('index', placeOfIndexes(model, table), textIn(node, 'name')), false)
    model.set(table, {clusteredOn: textIn(node, 'name')})
  },
  AT_DropCluster: sets('clusteredOn', undefined),
  AT_SetRelOptions: setsOptions(true),
  AT_ResetRelOptions: setsOptions(false),
  AT_SetOptions: setsOptions(true),
  AT_ResetOptions: setsOptions(false),
  AT_EnableTrig: setsTrigger(undefined),
  AT_DisableTrig: setsTrigger('disabled'),
  AT_EnableAlwaysTrig: setsTrigger('always'),
  AT_EnableReplicaTrig: setsTrigger('replica'),
  AT_EnableTrigAll: setsTriggers(undefined, {isOfUsers: false}),
  AT_DisableTrigAll: setsTriggers('disabled', {isOfUsers: false}),
  AT_EnableTrigUser: setsTriggers(undefined, {isOfUsers: true}),
  AT_DisableTrigUser: setsTriggers('disabled', {isOfUsers: true}),
  AT_EnableRule: setsRule(undefined),
  AT_DisableRule: setsRule('disabled'),
  AT_EnableAlwaysRule: setsRule('always'),
  AT_EnableReplicaRule: setsRule('replica'),
}
