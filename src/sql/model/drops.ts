import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {refuseNeeded} from './key-indexes.ts'
import {findNamed, findOrAssumeNamed, requireNamed, usersOf} from './lookup.ts'
import {kindsByType, partKindsByType, routineTypes} from './object-types.ts'
import {noteMembership} from './inheritance.ts'
import {routineNamed} from './routines.ts'
import {refuseFor} from './refusals.ts'
import {tableDecision} from './row-meaning.ts'
import {allRows} from './row-sets.ts'
import {Refusal} from './items.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {noteUserSchema} from './user-schema.ts'

/**
 * Drops objects with what belongs to them.
 *
 * @throws Refusal if something else needs one of them, unless it is to be dropped as well
 */
export function dropItems(model: SchemaModel, dropped: readonly Item[], isCascading: boolean): void {
  const gone = new Map<ItemId, Item>()
  const needed: (readonly [user: Item, used: Item])[] = []
  const open = [...dropped]
  const defaults: Item[] = []
  const isNamed = ({id}: Item): boolean => dropped.some((item) => item.id === id)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (gone.has(next.id)) continue
    const used = next
    gone.set(used.id, used)
    for (const item of model.items) {
      if (item.parent === used.id) {
        if (used.kind !== 'schema' || isCascading) open.push(item)
        else needed.push([item, used])
      }
      for (const {to, how} of item.references) {
        if (to !== used.id) continue
        if (how === 'belongs' || (how === 'needs' && isCascading)) open.push(item)
        else if (isCascading) defaults.push(item)
        else if (model.rules.guards(item, used, isNamed(used))) needed.push([item, used])
      }
    }
  }
  for (const [user, used] of needed) if (!gone.has(user.id)) refuseFor(model, user, `needs ${model.describe(used)}`)
  for (const item of defaults)
    if (!gone.has(item.id))
      model.change(model.set(item, {default: undefined}), {references: item.references.filter(({to}) => !gone.has(to))})
  for (const item of gone.values())
    if (item.properties['inherits'] === 'partition')
      for (const {to} of item.references) {
        const parent = model.get(to)
        if (parent !== undefined) model.touch(parent, true)
      }
  for (const {kind, name} of gone.values()) if (kind === 'schema') noteUserSchema(model, name)
  for (const item of gone.values())
    if (item.kind === 'table') {
      model.notes.addDecisions(item.name, [tableDecision([item], `drop ${item.name}`)])
      model.noteRows({table: item.id, change: 'deletes', columns: [], rows: allRows, isDrop: true})
      if (item.properties['inherits'] !== undefined) noteMembership(model, item)
    }
  // Parts first: their names are those within the object.
  for (const item of [...gone.values()].toReversed()) model.remove(item)
}

/** @throws Refusal if a part of its table keeps a column from being dropped */
export function refuseUsed(model: SchemaModel, table: Item, column: Item): void {
  const {guardsColumns} = model.rules
  const user = usersOf(model, column.id).find(
    (item) => guardsColumns(item) && (!model.rules.isLoose || item.kind === 'index' || item.parent === table.id),
  )
  if (user !== undefined) refuseFor(model, user, `uses column ${table.name}.${column.name}`)
}

/** Drops an index whose name is unique within its table. */
export function dropIndexOf(model: SchemaModel, table: Item, index: Item): void {
  refuseNeeded(model, table, index)
  dropItems(model, [index], false)
}

/** Applies DROP. */
export function dropStatement(model: SchemaModel, node: Tree): void {
  const type = textIn(node, 'removeType')
  const isGuarded = node['missing_ok'] === true
  if (model.rules.indexesPerTable && typeof node['ofTable'] === 'string') {
    const table = requireNamed(model, 'table', [node['ofTable']])
    const name = nameParts(items(node, 'objects')[0]).at(-1) ?? ''
    const index = isGuarded ? model.find('index', table.id, name) : model.require('index', table.id, name)
    if (index !== undefined) dropIndexOf(model, table, index)
    return
  }
  const found = items(node, 'objects').flatMap((object) => {
    const item = droppedItem(model, type, object, isGuarded)
    if (item === undefined && !isGuarded)
      throw new Refusal(`${wordFor(type)} ${nameParts(object).join('.')} does not exist`)
    return item ?? []
  })
  for (const item of found) refuseOwned(model, item)
  dropItems(model, found, node['behavior'] === 'DROP_CASCADE')
}

const wordFor = (type: string): string =>
  kindsByType[type] ?? type.replace('OBJECT_', '').toLowerCase().replaceAll('_', ' ')

function droppedItem(model: SchemaModel, type: string, object: Tree, isGuarded: boolean): Item | undefined {
  const parts = nameParts(object)
  if (routineTypes.has(type)) return routineNamed(model, child(object, 'ObjectWithArgs'), isGuarded)
  if (type === 'OBJECT_SCHEMA') return model.findOrAssume('schema', undefined, parts[0] ?? '')
  if (type === 'OBJECT_EXTENSION') return model.findOrAssume('extension', undefined, parts[0] ?? '')
  const kind = kindsByType[type]
  if (kind !== undefined) return isGuarded ? findNamed(model, kind, parts) : findOrAssumeNamed(model, kind, parts)
  const part = partKindsByType[type]
  if (part === undefined) {
    const name = `${type} ${parts.join('.')}`
    return isGuarded ? model.find('object', undefined, name) : model.findOrAssume('object', undefined, name)
  }
  const table = findOrAssumeNamed(model, 'table', parts.slice(0, -1))
  if (table === undefined) return undefined
  const name = parts.at(-1) ?? ''
  return isGuarded ? model.find(part, table.id, name) : model.findOrAssume(part, table.id, name)
}

/** An index of a constraint and the sequence of an identity column are dropped with what they belong to only. */
function refuseOwned(model: SchemaModel, item: Item): void {
  const isOwned = item.properties['ofConstraint'] !== undefined || item.properties['ofIdentity'] !== undefined
  const owner = isOwned ? model.get(item.references[0]?.to ?? '') : undefined
  if (owner !== undefined) refuseFor(model, owner, `needs ${model.describe(item)}`)
}
