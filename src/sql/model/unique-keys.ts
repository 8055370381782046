import {child, isTree, items, nameParts, nodesIn, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {computedValue} from './computed-values.ts'
import {ancestors} from './inheritance.ts'
import type {Item, ItemId} from './items.ts'
import type {RowKey} from './row-changes.ts'
import type {Constants} from './row-sets.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'

/** The property with the columns that an expression names, by these names. */
const names = '*names'

/** A value that is computed from columns of a row: a generated column, or an expression of a key. */
export interface ComputedPart {
  /** The name of the column, or the expression as text. */
  readonly label: string
  readonly expression: unknown
  readonly columnOf: (name: string) => string
  /** The columns from which it is computed. */
  readonly bases: readonly string[]
}

/** A unique constraint or index of a table, or a constraint that excludes rows. */
export interface UniqueKey extends RowKey {
  /** Those of its elements that are expressions. */
  readonly parts: readonly ComputedPart[]
  /** The condition of a partial index. */
  readonly where: ComputedPart | undefined
  readonly isExclusion: boolean
}

/** A key of columns. */
export const plainKey = {parts: [], where: undefined, isExclusion: false} as const

/** Returns the columns of expressions as a property of an object, which keeps them when they are renamed. */
export function namesIn(model: SchemaModel, ids: Iterable<ItemId>): Readonly<Record<string, string>> {
  const columns = [...ids].flatMap((id) => model.get(id) ?? []).filter(({kind}) => kind === 'column')
  return {[names]: JSON.stringify(Object.fromEntries(columns.map(({id, name}) => [name, id])))}
}

type Named = Pick<Item, 'properties'>

function partOf(model: SchemaModel, item: Named, expression: unknown, label = textOfTree(expression)): ComputedPart {
  const ids = JSON.parse(item.properties[names] ?? '{}') as Readonly<Record<string, ItemId>>
  const columnOf = (name: string): string => model.get(ids[name] ?? '')?.name ?? name
  const used = nodesIn(expression, 'ColumnRef').flatMap((node) => nameParts(node['fields']).at(-1) ?? [])
  return {label, expression, columnOf, bases: [...new Set(used.map(columnOf))]}
}

/** Returns the keys by which ON CONFLICT may find a row. */
export function keysOf(model: SchemaModel, table: Item): readonly UniqueKey[] {
  const ofConstraints = model.within(table, 'constraint').flatMap(({properties}): readonly UniqueKey[] => {
    if (properties['*columns'] === undefined) return []
    const ids = JSON.parse(properties['*columns']) as readonly string[]
    const elements = ids.map((id) => model.get(id)?.name ?? '')
    const areNullsEqual = properties['*node']?.includes('"nulls_not_distinct":true') === true
    return [{...plainKey, elements, areNullsEqual}]
  })
  const indexes = model.items.filter(
    ({kind, properties, references}) =>
      kind === 'index' && properties['unique'] !== undefined && references.some(({to}) => to === table.id),
  )
  return [...ofConstraints, ...indexes.map((index) => keyOfIndex(model, index))]
}

/** Returns the key of an index, of which the columns may have been renamed. */
function keyOfIndex(model: SchemaModel, index: Item): UniqueKey {
  return keyIn(model, index, JSON.parse(index.properties['definition'] ?? '{}') as Tree)
}

/** Returns the key that an index has by its definition. */
export function keyIn(model: SchemaModel, index: Named, definition: Tree): UniqueKey {
  const written = items(definition, 'indexParams').map((item) => child(item, 'IndexElem'))
  const found = written.map((element) => elementOf(model, index, element))
  const condition = definition['whereClause']
  return {
    elements: found.map((element) => (typeof element === 'string' ? element : element.label)),
    parts: found.filter((element) => typeof element !== 'string'),
    areNullsEqual: definition['nulls_not_distinct'] === true,
    where: condition === undefined ? undefined : partOf(model, index, condition),
    isExclusion: false,
  }
}

function elementOf(model: SchemaModel, item: Named, element: Tree): string | ComputedPart {
  const name = textIn(element, 'name')
  return name === '' ? partOf(model, item, element['expr']) : partOf(model, item, undefined).columnOf(name)
}

/** Returns the constraints of a table that exclude rows; nothing is known of other operators than `=`. */
function exclusionsOf(model: SchemaModel, table: Item): readonly UniqueKey[] {
  const constraints = model.within(table, 'constraint').filter(({properties}) => properties['type'] === 'exclusion')
  return constraints.map((item): UniqueKey => {
    const [node]: unknown[] = JSON.parse(item.properties['definition'] ?? '[]') as unknown[]
    const definition = isTree(node) ? node : {}
    const found = items(definition, 'exclusions').map((pair) => {
      const [element, operator] = items(child(pair, 'List'), 'items')
      const part = elementOf(model, item, isTree(element) ? child(element, 'IndexElem') : {})
      if (nameParts(child(operator ?? {}, 'List')['items']).at(-1) === '=') return part
      const bases = typeof part === 'string' ? [part] : part.bases
      return {label: textOfTree([element, operator]), expression: undefined, columnOf: String, bases}
    })
    const condition = definition['where_clause']
    return {
      elements: found.map((element) => (typeof element === 'string' ? element : element.label)),
      parts: found.filter((element) => typeof element !== 'string'),
      areNullsEqual: false,
      where: condition === undefined ? undefined : partOf(model, item, condition),
      isExclusion: true,
    }
  })
}

/** A key, and the table that has it. */
export interface OwnedKey {
  readonly owner: Item
  readonly key: UniqueKey
}

/** Returns the keys that rows of a table must not share, also those of tables that it is a partition of, with their tables. */
export function allKeys(model: SchemaModel, table: Item): readonly OwnedKey[] {
  const isPartition = table.properties['inherits'] === 'partition'
  return [table, ...(isPartition ? ancestors(model, table) : [])].flatMap((owner) =>
    [...keysOf(model, owner), ...exclusionsOf(model, owner)].map((key) => ({owner, key})),
  )
}

/** Returns the generated columns of a table. */
export function generatedColumns(model: SchemaModel, table: Item): readonly ComputedPart[] {
  return model.within(table, 'column').flatMap((column) => {
    const text = column.properties['generated']
    if (text === undefined) return []
    const [expression]: unknown[] = JSON.parse(text) as unknown[]
    return partOf(model, column, expression, column.name)
  })
}

/** Returns names of columns with those of generated columns that are computed from them. */
export function withGenerated(model: SchemaModel, table: Item, columns: readonly string[]): readonly string[] {
  const computed = generatedColumns(model, table).filter(({bases}) => bases.some((name) => columns.includes(name)))
  return [...columns, ...computed.map(({label}) => label)]
}

/** Returns the generated columns of a table, and the expressions of its keys. */
export function computedParts(model: SchemaModel, table: Item, keys: readonly OwnedKey[]): readonly ComputedPart[] {
  return [...generatedColumns(model, table), ...keys.flatMap(({key}) => key.parts)]
}

/** Returns a row with the values of parts that are known from it. */
export function withComputed(row: Constants, parts: readonly ComputedPart[]): Constants {
  const found: Record<string, string | null> = {...row}
  for (const {label, expression, columnOf} of parts) {
    const value = computedValue(expression, (name) => found[columnOf(name)])
    if (value !== undefined) found[label] = value
  }
  return found
}

/** Returns the columns that checks of a table compare with each other. */
export function comparedColumns(model: SchemaModel, table: Item): readonly (readonly string[])[] {
  const generated = new Map(generatedColumns(model, table).map(({label, bases}) => [label, bases]))
  const checks = model.within(table, 'constraint').filter(({properties}) => properties['type'] === 'check')
  const columns = checks.map(({references}) => {
    const own = references.flatMap(({to}) => model.get(to) ?? []).filter(({parent}) => parent === table.id)
    return [...new Set(own.flatMap(({name}) => generated.get(name) ?? [name]))]
  })
  return columns.filter(({length}) => length > 1)
}
