import {child, isTree, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {computedValue} from './computed-values.ts'
import {refuseForRows} from './row-knowledge.ts'
import type {Decision} from './row-meaning.ts'
import type {Constants} from './row-sets.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'
import {generatedColumns, keysOf, withComputed} from './unique-keys.ts'
import type {OwnedKey, UniqueKey} from './unique-keys.ts'

function elementsOf(node: Tree, key: string): readonly string[] {
  const elements = items(node, key).map((item) => child(item, 'IndexElem'))
  return elements.map((element) => textIn(element, 'name') || textOfTree(element['expr']))
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).symmetricDifference(new Set(other)).size === 0

/** Whether ON CONFLICT handles a row that is there already by a key. */
function isHandled(model: SchemaModel, table: Item, conflict: unknown, key: UniqueKey): boolean {
  if (!isTree(conflict)) return false
  const infer = child(conflict, 'infer')
  const name = textIn(infer, 'conname')
  if (key.isExclusion && (name !== '' || infer['indexElems'] !== undefined)) return false
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
  /** The other rows. */
  readonly inserted: readonly Constants[]
}

/** Compares rows with those that are known by their keys, and notes them. */
export function knownDuplicates(
  model: SchemaModel,
  table: Item,
  rows: readonly Constants[],
  conflict: unknown,
  keys: readonly OwnedKey[],
): KnownDuplicates {
  const skipped: string[] = []
  const inserted: Constants[] = []
  let refused: Item | undefined
  for (const row of rows) {
    const values = keys.flatMap(({owner, key}) => {
      const property = valuesOf(key, row)
      return property === undefined ? [] : {owner, key, property}
    })
    const known = values.filter(({owner, property}) => model.rows.hasKey(owner.id, property))
    const handled = known.find(({key}) => isHandled(model, table, conflict, key))
    if (handled === undefined) inserted.push(row)
    if (handled !== undefined) skipped.push(handled.property)
    else if (known[0] !== undefined) refused ??= known[0].owner
    else for (const {owner, property} of values) model.rows.addKey(owner.id, property, row)
  }
  return {refused, skipped, inserted}
}

/** Returns the constants of a key in a row, as text; undefined if some are not known, or no other row can have them. */
function valuesOf(key: UniqueKey, row: Constants): string | undefined {
  const {elements, areNullsEqual} = key
  const values = elements.map((name) => row[name])
  const isComparable = (value: string | null | undefined): boolean =>
    typeof value === 'string' || (value === null && areNullsEqual)
  const isKnown = isWithin(key, row) === true && values.length > 0 && values.every(isComparable)
  return isKnown ? `${elements.join()} ${JSON.stringify(values)}` : undefined
}

/** Whether a partial index has a row; undefined if it is not known. */
function isWithin({where}: UniqueKey, row: Constants): boolean | undefined {
  if (where === undefined) return true
  const value = computedValue(where.expression, (name) => row[where.columnOf(name)])
  return value === undefined ? undefined : value === 'true'
}

/** Whether a key of a row is not known, which another row may have. */
function isUnknown(key: UniqueKey, row: Constants): boolean {
  const within = isWithin(key, row)
  if (within === false || (!key.areNullsEqual && key.elements.some((name) => row[name] === null))) return false
  return within === undefined || key.elements.some((name) => row[name] === undefined)
}

/**
 * Notes the values of a new key in the rows that were inserted.
 *
 * @throws Refusal if two of them have the same
 */
export function refuseDuplicates(model: SchemaModel, table: Item, key: UniqueKey): void {
  const seen = new Set<string>()
  for (const row of rowsFor(model, table, key)) {
    const values = valuesOf(key, row)
    if (values === undefined || row[mark] !== undefined) continue
    if (seen.has(values)) throw new Refusal(`inserted rows of table ${table.name} have the same values of a key`)
    seen.add(values)
    model.rows.addKey(table.id, values, row)
  }
}

/** Marks rows of a query, of which the number is not known. */
const mark = '*repeated'

/** Returns the constants of rows of a query as a row. */
export const repeated = (row: Constants): Constants => ({...row, [mark]: 'true'})

/** @throws Unclear if a row that another revision inserted since may have the values of a new key that another row has */
export function refuseUnknown(model: SchemaModel, table: Item, key: UniqueKey, what: string): void {
  const rows = rowsFor(model, table, key)
  const isShared = (row: Constants): boolean =>
    isUnknown(key, row)
      ? rows.length > 1 || row[mark] !== undefined
      : row[mark] !== undefined && valuesOf(key, row) !== undefined
  if (rows.some(isShared)) refuseForRows(model, table, what)
}

/** Returns the rows of a table, with what a key computes from them. */
function rowsFor(model: SchemaModel, table: Item, key: UniqueKey): readonly Constants[] {
  const parts = [...generatedColumns(model, table), ...key.parts]
  return model.rows.rowsOf(table.id).map((row) => withComputed(row, parts))
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
  const all = keys.map(({elements, where}) => JSON.stringify([elements.toSorted(), where?.label])).toSorted()
  const open = model.within(table, 'constraint').filter(({properties}) => properties['type'] === undefined)
  let used: readonly string[] = [...all, ...open.map(({id}) => id)]
  if (name !== '') {
    model.require('constraint', table.id, name)
    used = []
  } else if (infer['indexElems'] !== undefined) {
    const wanted = elementsOf(infer, 'indexElems')
    const condition = infer['whereClause'] === undefined ? undefined : textOfTree(infer['whereClause'])
    const isMeant = ({elements, where}: UniqueKey): boolean =>
      isSame(elements, wanted) && (where === undefined || where.label === condition)
    if (keys.some(isMeant)) used = []
    else if (!table.isOpen && open.length === 0)
      throw new Refusal(`table ${table.name} has no unique constraint for ON CONFLICT`)
  }
  const text = JSON.stringify([used, skipped])
  return [`conflict ${table.id}`, {text, what: `the unique constraints or the rows of table ${table.name}`}]
}
