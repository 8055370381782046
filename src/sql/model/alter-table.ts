import {child, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {checkCode, refuseBroken} from './broken-objects.ts'
import {addColumn, ownSequence, setDefault} from './columns.ts'
import {alterType, refuseInKey} from './column-types.ts'
import {addConstraint} from './constraints.ts'
import {isLogged} from './foreign-key-constraints.ts'
import {dropIndexOf, dropItems, refuseUsed} from './drops.ts'
import {refuseNeeded} from './key-indexes.ts'
import {descendants, noteMembership} from './inheritance.ts'
import {columnOf, findOrAssumeNamed, partsOf, relationOf, usersOf} from './lookup.ts'
import {refuseOverlap} from './partition-bounds.ts'
import {filled, refuseNulls} from './row-knowledge.ts'
import {refuseFor} from './refusals.ts'
import {valueOf} from './row-meaning.ts'
import {Refusal} from './items.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences} from './references.ts'
import {refuseIdentifying, setAttribute, settingCommands} from './settings.ts'
import {inheritKeys, inheritParts} from './tables.ts'
import {restart, sequencesOf} from './sequence-values.ts'
import {refuseStored} from './stored-types.ts'
import {textOfTree} from './text.ts'

type Command = (model: SchemaModel, table: Item, node: Tree) => void

/** Applies ALTER TABLE, or ALTER INDEX, VIEW, SEQUENCE and TYPE with the same commands. */
export function alterTable(model: SchemaModel, node: Tree): void {
  const range = child(node, 'relation')
  const kind = objectKinds[textIn(node, 'objtype')] ?? 'table'
  const table = findOrAssumeNamed(model, kind, partsOf(range))
  if (table === undefined) {
    if (node['missing_ok'] === true) return
    throw new Refusal(`${kind} ${partsOf(range).join('.')} does not exist`)
  }
  for (const item of items(node, 'cmds')) {
    const command = child(item, 'AlterTableCmd')
    const current = model.get(table.id)
    if (current !== undefined) (commands[textIn(command, 'subtype')] ?? setAttribute)(model, current, command)
  }
}

const objectKinds: Readonly<Record<string, 'index' | 'view' | 'sequence' | 'type'>> = {
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
}

const commands: Readonly<Record<string, Command>> = {
  ...settingCommands,
  AT_AddColumn: (model, table, node) => {
    const definition = child(child(node, 'def'), 'ColumnDef')
    for (const one of [table, ...descendants(model, table)]) {
      const isKept = node['missing_ok'] === true || one.id !== table.id
      if (isKept && model.findKept('column', one.id, textIn(definition, 'colname')) !== undefined) continue
      const column = addColumn(model, one, definition)
      const {default: value, generated, identity} = model.get(column.id)?.properties ?? {}
      // The rows that exist get a value.
      if ([value, generated, identity].some((part) => part !== undefined)) refuseStored(model, one)
      model.set(column, {[filled]: valueOf(model, model.get(column.id) ?? column)})
    }
    noteOrder(model, table)
  },
  AT_DropColumn: (model, table, node) => {
    const name = textIn(node, 'name')
    const isGuarded = node['missing_ok'] === true
    const column = isGuarded ? model.findOrAssume('column', table.id, name) : columnOf(model, table, name)
    if (column === undefined) return
    refuseInKey(column)
    refuseUsed(model, table, column)
    refuseBroken(model)
    const others = descendants(model, table).flatMap((one) => model.find('column', one.id, name) ?? [])
    dropItems(model, [column, ...others], node['behavior'] === 'DROP_CASCADE')
    checkCode(model, table, name)
    noteOrder(model, table)
  },
  AT_NameColumn: (model, table, node) => {
    model.touch(columnOf(model, table, textIn(node, 'name')), false)
  },
  AT_ColumnDefault: (model, table, node) => {
    for (const column of alike(model, table, textIn(node, 'name'))) setDefault(model, column, node['def'])
  },
  AT_DropNotNull: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    const key = usersOf(model, column.id).find(({properties}) => properties['type'] === 'primary')
    if (key !== undefined) throw new Refusal(`column ${table.name}.${column.name} is in a primary key`)
    if (column.properties['identity'] !== undefined)
      throw new Refusal(`column ${table.name}.${column.name} is an identity column`)
    refuseIdentifying(model, table, column)
    for (const one of alike(model, table, column.name)) model.set(one, {notNull: 'false'})
  },
  AT_SetNotNull: (model, table, node) => {
    for (const column of alike(model, table, textIn(node, 'name'))) {
      refuseNulls(model, table, column.name)
      model.set(column, {notNull: 'true'})
    }
  },
  AT_SetExpression: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    const found = expressionReferences(model, node['def'], table)
    const types = column.references.filter(({to}) => model.get(to)?.kind === 'type')
    const references = [...types, ...[...found].map((to): Reference => ({to, how: 'needs'}))]
    model.change(model.set(column, {generated: textOfTree([node['def'], 's'])}), {references})
  },
  AT_DropExpression: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    if (column.properties['generated'] === undefined && !column.isOpen && node['missing_ok'] !== true)
      throw new Refusal(`column ${table.name}.${column.name} is not generated`)
    const references = column.references.filter(({to}) => model.get(to)?.kind === 'type')
    model.change(model.set(column, {generated: undefined}), {references})
  },
  AT_AlterColumnType: (model, table, node) => {
    for (const column of alike(model, table, textIn(node, 'name')))
      alterType(model, table, column, child(child(node, 'def'), 'ColumnDef'))
  },
  AT_AddConstraint: (model, table, node) => {
    const constraint = child(child(node, 'def'), 'Constraint')
    addConstraint(model, table, constraint)
    const isInherited = ['CONSTR_CHECK', 'CONSTR_PRIMARY', 'CONSTR_UNIQUE'].includes(textIn(constraint, 'contype'))
    for (const one of descendants(model, table)) {
      if (!isInherited || (constraint['contype'] !== 'CONSTR_CHECK' && one.properties['inherits'] !== 'partition'))
        continue
      if (constraint['contype'] === 'CONSTR_CHECK') addConstraint(model, one, constraint)
      else inheritKeys(model, table, one)
    }
  },
  AT_DropConstraint: (model, table, node) => {
    const name = textIn(node, 'name')
    const isGuarded = node['missing_ok'] === true
    // A unique constraint of MySQL is an index.
    const index = model.rules.indexesPerTable ? model.find('index', table.id, name) : undefined
    const isIndex = index?.properties['unique'] !== undefined
    const known = model.find('constraint', table.id, name)
    if (known === undefined && index !== undefined && isIndex) {
      dropIndexOf(model, table, index)
      return
    }
    const constraint = isGuarded ? known : model.require('constraint', table.id, name)
    if (constraint === undefined) return
    if (model.rules.keysNeedIndexes && constraint.properties['type'] === 'primary')
      refuseNeeded(model, table, constraint)
    const others = descendants(model, table).flatMap((one) => model.find('constraint', one.id, name) ?? [])
    dropItems(model, [constraint, ...others], node['behavior'] === 'DROP_CASCADE')
  },
  AT_ValidateConstraint: (model, table, node) => {
    model.set(model.require('constraint', table.id, textIn(node, 'name')), {notValid: undefined})
  },
  AT_AlterConstraint: (model, table, node) => {
    const definition = child(child(node, 'def'), 'ATAlterConstraint')
    const {conname, ...changes} = definition
    const name = typeof conname === 'string' ? conname : ''
    model.set(model.require('constraint', table.id, name), {altered: textOfTree(changes)})
  },
  AT_AddIdentity: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    if (column.properties['identity'] !== undefined)
      throw new Refusal(`column ${table.name}.${column.name} is already an identity column`)
    if (column.properties['default'] !== undefined)
      throw new Refusal(`column ${table.name}.${column.name} has a default`)
    if (column.properties['notNull'] === 'false') throw new Refusal(`column ${table.name}.${column.name} is nullable`)
    const constraint = child(child(node, 'def'), 'Constraint')
    model.set(column, {identity: textOfTree([constraint['generated_when'], constraint['options']]), notNull: 'true'})
    ownSequence(model, table, column, false)
  },
  AT_SetIdentity: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    if (column.properties['identity'] === undefined && !column.isOpen)
      throw new Refusal(`column ${table.name}.${column.name} is not an identity column`)
    const options = items(child(child(node, 'def'), 'List'), 'items').map((item) => child(item, 'DefElem'))
    const sequence = usersOf(model, column.id).find(({properties}) => properties['ofIdentity'] !== undefined)
    for (const option of options)
      if (option['defname'] === 'generated') model.set(column, {identity: textOfTree(option['arg'])})
      else model.set(sequence ?? column, {[`option ${textIn(option, 'defname')}`]: textOfTree(option['arg'])})
    const restarted = options.find(({defname}) => defname === 'restart')
    if (restarted !== undefined)
      for (const one of sequencesOf(model, column)) restart(model, one, textOfTree(restarted['arg']))
  },
  AT_DropIdentity: (model, table, node) => {
    const column = columnOf(model, table, textIn(node, 'name'))
    if (column.properties['identity'] === undefined && !column.isOpen && node['missing_ok'] !== true)
      throw new Refusal(`column ${table.name}.${column.name} is not an identity column`)
    for (const user of usersOf(model, column.id)) if (user.properties['ofIdentity'] !== undefined) model.remove(user)
    model.set(column, {identity: undefined})
  },
  AT_SetUnLogged: (model, table) => {
    const user = usersOf(model, table.id).find(
      ({properties, parent}) =>
        properties['type'] === 'foreign' && isLogged(model.get(parent ?? '')) && parent !== table.id,
    )
    if (user !== undefined) refuseFor(model, user, `of a logged table refers to table ${table.name}`)
    model.set(table, {persistence: 'u'})
  },
  AT_AddInherit: (model, table, node) => {
    const parent = relationOf(model, child(child(node, 'def'), 'RangeVar'))
    if (table.references.some(({to}) => to === parent.id))
      throw new Refusal(`table ${table.name} already inherits from ${parent.name}`)
    model.change(model.set(table, {inherits: 'table'}), {
      references: [...table.references, {to: parent.id, how: 'needs'}],
    })
    noteMembership(model, model.get(table.id) ?? table)
  },
  AT_DropInherit: (model, table, node) => {
    const parent = relationOf(model, child(child(node, 'def'), 'RangeVar'))
    unlink(model, table, parent)
  },
  AT_AttachPartition: (model, table, node) => {
    const partition = child(child(node, 'def'), 'PartitionCmd')
    const one = relationOf(model, child(partition, 'name'))
    if (one.kind === 'index') return
    if (one.properties['inherits'] !== undefined)
      throw new Refusal(`table ${one.name} is already a partition or inherits`)
    const properties = {inherits: 'partition', bound: textOfTree(partition['bound'])}
    const references: Reference[] = [...one.references, {to: table.id, how: 'belongs'}]
    const attached = model.change(model.set(one, properties), {references})
    refuseOverlap(model, table, attached)
    inheritParts(model, table, attached)
    noteMembership(model, attached)
    model.touch(table, true)
  },
  AT_DetachPartition: (model, table, node) => {
    unlink(model, relationOf(model, child(child(child(node, 'def'), 'PartitionCmd'), 'name')), table)
    model.touch(table, true)
  },
}

/** The order of the attributes of a composite type is that of the fields of its values. */
function noteOrder(model: SchemaModel, type: Item): void {
  const attributes = model.within(type, 'column').map(({id}) => id)
  if (type.kind === 'type') model.set(type, {order: JSON.stringify(attributes)})
}

/** Returns a column and those of partitions and inheriting tables. */
function alike(model: SchemaModel, table: Item, name: string): readonly Item[] {
  const others = descendants(model, table).flatMap((one) => model.find('column', one.id, name) ?? [])
  return [columnOf(model, table, name), ...others]
}

function unlink(model: SchemaModel, table: Item, parent: Item): void {
  if (!table.isOpen && !table.references.some(({to}) => to === parent.id))
    throw new Refusal(`table ${table.name} does not inherit from ${parent.name}`)
  noteMembership(model, table)
  const references = table.references.filter(({to}) => to !== parent.id)
  model.change(model.set(table, {inherits: undefined, bound: undefined}), {references})
}
