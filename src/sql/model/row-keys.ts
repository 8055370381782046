import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {ancestors} from './inheritance.ts'
import type {Decision} from './row-meaning.ts'
import type {Constants} from './row-sets.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'

/** A unique constraint or index of a table. */
interface Key {
  /** The names of its columns, and its expressions as text. */
  readonly elements: readonly string[]
  /** The condition of a partial index, as text. */
  readonly where: string | undefined
}

function keysOf(model: SchemaModel, table: Item): readonly Key[] {
  const constraints = model.within(table, 'constraint').flatMap(({properties}) => properties['*columns'] ?? [])
  const ofConstraints = constraints.map((text): Key => {
    const ids = JSON.parse(text) as readonly string[]
    return {elements: ids.map((id) => model.get(id)?.name ?? ''), where: undefined}
  })
  const indexes = model.items.filter(
    ({kind, properties, references}) =>
      kind === 'index' && properties['unique'] !== undefined && references.some(({to}) => to === table.id),
  )
  return [...ofConstraints, ...indexes.map((index) => keyOfIndex(model, index))]
}

/** Returns the key of an index, of which the columns may have been renamed. */
function keyOfIndex(model: SchemaModel, {properties, references}: Item): Key {
  const definition = JSON.parse(properties['definition'] ?? '{}') as Tree
  const columns = references.flatMap(({to}) => model.get(to) ?? []).filter(({kind}) => kind === 'column')
  const elements = elementsOf(definition, 'indexParams')
  const isPlain = items(definition, 'indexParams').every((item) => textIn(child(item, 'IndexElem'), 'name') !== '')
  return {
    elements: isPlain ? elements.map((name, i) => columns[i]?.name ?? name) : elements,
    where: definition['whereClause'] === undefined ? undefined : textOfTree(definition['whereClause']),
  }
}

function elementsOf(node: Tree, key: string): readonly string[] {
  const elements = items(node, key).map((item) => child(item, 'IndexElem'))
  return elements.map((element) => textIn(element, 'name') || textOfTree(element['expr']))
}

/** Returns the columns of the keys of a table, also those of tables that it is a partition of. */
export function keyColumns(model: SchemaModel, table: Item): readonly (readonly string[])[] {
  const isPartition = table.properties['inherits'] === 'partition'
  const keys = [table, ...(isPartition ? ancestors(model, table) : [])].flatMap((one) => keysOf(model, one))
  return keys.map(({elements}) => elements)
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).symmetricDifference(new Set(other)).size === 0

/** Whether ON CONFLICT handles a row that is there already by a key. */
function isHandled(model: SchemaModel, table: Item, conflict: unknown, key: Key): boolean {
  if (!isTree(conflict)) return false
  const infer = child(conflict, 'infer')
  const name = textIn(infer, 'conname')
  if (name === '') return infer['indexElems'] === undefined || isSame(elementsOf(infer, 'indexElems'), key.elements)
  const columns = JSON.parse(
    model.find('constraint', table.id, name)?.properties['*columns'] ?? '[]',
  ) as readonly string[]
  return isSame(
    columns.map((id) => model.get(id)?.name ?? ''),
    key.elements,
  )
}

/** Rows of inserts that a table is known to have already. */
interface KnownDuplicates {
  /** The table whose key refuses a row. */
  readonly refused: Item | undefined
  /** The rows that ON CONFLICT handles, as text. */
  readonly skipped: readonly string[]
}

/** Compares rows with those that are known by their keys, and notes them. */
export function knownDuplicates(
  model: SchemaModel,
  table: Item,
  rows: readonly Constants[],
  conflict: unknown,
): KnownDuplicates {
  const isPartition = table.properties['inherits'] === 'partition'
  const tables = [table, ...(isPartition ? ancestors(model, table) : [])]
  const keys = tables.flatMap((owner) => keysOf(model, owner).map((key) => ({owner, key})))
  const skipped: string[] = []
  let refused: Item | undefined
  for (const row of rows) {
    const values = keys.flatMap(({owner, key}) => {
      const property = valuesOf(key, row)
      return property === undefined ? [] : {owner, key, property}
    })
    const known = values.filter(({owner, property}) => model.rows.hasKey(owner.id, property))
    const handled = known.find(({key}) => isHandled(model, table, conflict, key))
    if (handled !== undefined) skipped.push(handled.property)
    else if (known[0] !== undefined) refused ??= known[0].owner
    else for (const {owner, property} of values) model.rows.addKey(owner.id, property, row)
  }
  return {refused, skipped}
}

/** Returns the constants of a key in a row, as text; undefined if some are not known. */
function valuesOf({elements, where}: Key, row: Constants): string | undefined {
  const values = elements.map((name) => row[name])
  const isKnown = where === undefined && values.length > 0 && values.every((value) => typeof value === 'string')
  return isKnown ? `${elements.join()} ${JSON.stringify(values)}` : undefined
}

/** @throws Refusal if two rows that were inserted have the same values of a new key */
export function refuseDuplicates(model: SchemaModel, table: Item, elements: readonly string[]): void {
  const seen = new Set<string>()
  for (const row of model.rows.rowsOf(table.id)) {
    const values = valuesOf({elements, where: undefined}, row)
    if (values === undefined) continue
    if (seen.has(values)) throw new Refusal(`inserted rows of table ${table.name} have the same values of a key`)
    seen.add(values)
  }
}

/**
 * Returns what decides about the rows of INSERT … ON CONFLICT.
 *
 * @throws Refusal if no key of the table is the one that is meant
 */
export function conflictDecision(
  model: SchemaModel,
  table: Item,
  conflict: unknown,
  skipped: readonly string[],
): readonly [string, Decision] {
  const infer = isTree(conflict) ? child(conflict, 'infer') : {}
  const keys = keysOf(model, table)
  const name = textIn(infer, 'conname')
  const all = keys.map(({elements, where}) => JSON.stringify([elements.toSorted(), where])).toSorted()
  const open = model.within(table, 'constraint').filter(({properties}) => properties['type'] === undefined)
  let used: readonly string[] = [...all, ...open.map(({id}) => id)]
  if (name !== '') {
    model.require('constraint', table.id, name)
    used = []
  } else if (infer['indexElems'] !== undefined) {
    const wanted = elementsOf(infer, 'indexElems')
    const condition = infer['whereClause'] === undefined ? undefined : textOfTree(infer['whereClause'])
    const isMeant = ({elements, where}: Key): boolean =>
      isSame(elements, wanted) && (where === undefined || where === condition)
    if (keys.some(isMeant)) used = []
    else if (!table.isOpen && open.length === 0)
      throw new Refusal(`table ${table.name} has no unique constraint for ON CONFLICT`)
  }
  const text = JSON.stringify([used, skipped])
  return [`conflict ${table.id}`, {text, what: `the unique constraints or the rows of table ${table.name}`}]
}
