import {isTree, textIn} from '../effects/tree.ts'
import {ancestors} from './inheritance.ts'
import {renamed, restrictedTo} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'
import type {RowChange} from './row-changes.ts'
import type {RowEvent} from './row-code.ts'
import type {Decision} from './row-meaning.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** The action of a foreign key on its rows when the row that they refer to is deleted or gets another key. */
type Action = 'cascade' | 'clear' | 'forbid'

interface ForeignKey {
  readonly id: ItemId
  readonly table: ItemId
  readonly target: ItemId
  readonly columns: readonly string[]
  /** Those of the target; empty if the key that it refers to is not known. */
  readonly referenced: readonly string[]
  readonly onDelete: Action
  readonly onUpdate: Action
}

const actions: Readonly<Record<string, Action>> = {c: 'cascade', n: 'clear', d: 'clear'}

/** Returns the foreign keys of some constraints. */
function foreignKeys(model: SchemaModel, isMeant: (item: Item) => boolean): readonly ForeignKey[] {
  return model.items.flatMap((item) =>
    item.properties['type'] === 'foreign' && isMeant(item) ? keyOf(model, item) : [],
  )
}

const isColumn = ({kind}: Item): boolean => kind === 'column'

/** A foreign key refers to its own columns, the other table and that one's columns, in this order. */
function keyOf(model: SchemaModel, {id, parent, properties, references}: Item): ForeignKey | [] {
  const found = references.flatMap(({to}) => model.get(to) ?? [])
  const at = found.findIndex(({kind}) => kind === 'table')
  const target = found[at]
  if (parent === undefined || target === undefined) return []
  const columns = found.slice(0, at).filter(isColumn)
  const referenced = found.slice(at + 1).filter(isColumn)
  const [definition]: unknown[] = JSON.parse(properties['definition'] ?? '[]') as unknown[]
  const written = isTree(definition) ? definition : {}
  return {
    id,
    table: parent,
    target: target.id,
    columns: columns.map(({name}) => name),
    referenced: referenced.map(({name}) => name),
    onDelete: actions[textIn(written, 'fk_del_action')] ?? 'forbid',
    onUpdate: actions[textIn(written, 'fk_upd_action')] ?? 'forbid',
  }
}

const withAncestors = (model: SchemaModel, table: Item): ReadonlySet<ItemId> =>
  new Set([table.id, ...ancestors(model, table).map(({id}) => id)])

/** Returns the rows that foreign keys demand for rows that are inserted, or of which columns are set. */
export function requiredRows(
  model: SchemaModel,
  table: Item,
  columns: readonly string[],
  {rows, isExact}: RowSet,
): readonly RowChange[] {
  const tables = withAncestors(model, table)
  const used = foreignKeys(model, ({parent}) => parent !== undefined && tables.has(parent)).filter((key) =>
    key.columns.some((name) => columns.includes(name)),
  )
  return used.flatMap((key) => {
    const found = rows.filter((row) => key.columns.every((name) => row[name] !== null))
    if (found.length === 0) return []
    const required = toReferenced(key, {rows: found, isExact})
    return {table: key.target, change: 'requires' as const, columns: key.referenced, rows: required}
  })
}

function toReferenced(key: ForeignKey, set: RowSet): RowSet {
  const {rows: own} = restrictedTo(set, key.columns)
  const isWhole = key.referenced.length > 0 && own.every((row) => Object.keys(row).length === key.columns.length)
  return renamed({rows: own, isExact: set.isExact && isWhole}, (name) => key.referenced[key.columns.indexOf(name)])
}

/** Returns the rows that refer to rows. */
function referring(key: ForeignKey, {rows, isExact}: RowSet): RowSet {
  const isOfKey = (row: Constants): boolean => key.referenced.every((name) => name in row)
  const isWhole = rows.every((row) => isOfKey(row) && Object.keys(row).length === key.referenced.length)
  const {rows: found} = restrictedTo({rows, isExact}, key.referenced)
  return renamed({rows: found, isExact: isExact && isWhole}, (name) => key.columns[key.referenced.indexOf(name)])
}

/** Returns what decides about rows that refer to those that go or get another key: foreign keys of tables that have rows. */
export function foreignKeyDecisions(
  model: SchemaModel,
  table: Item,
  event: RowEvent,
  columns: readonly string[],
): readonly (readonly [string, Decision])[] {
  if (event === 'insert') return []
  const keys = keysTo(model, table, new Set()).filter(
    ({id, referenced}) =>
      !model.isNew({id}) && (event === 'delete' || referenced.some((name) => columns.includes(name))),
  )
  const text = JSON.stringify(keys.map((key) => [key.id, key.onDelete, key.onUpdate]))
  return [[`foreign keys ${table.id}`, {text, what: `the foreign keys that refer to table ${table.name}`}]]
}

/** Returns what foreign keys do when rows are deleted, and when other rows are with them. */
export function afterDeletion(
  model: SchemaModel,
  table: Item,
  rows: RowSet,
  seen: ReadonlySet<ItemId> = new Set(),
): readonly RowChange[] {
  return keysTo(model, table, seen).flatMap((key) => after(model, key, key.onDelete, rows, undefined, seen))
}

/** Returns what foreign keys do when columns of rows are set. */
export function afterUpdate(
  model: SchemaModel,
  table: Item,
  change: Pick<RowChange, 'columns' | 'rows' | 'values'>,
  seen: ReadonlySet<ItemId> = new Set(),
): readonly RowChange[] {
  const used = keysTo(model, table, seen).filter(({referenced}) =>
    referenced.length === 0 ? true : referenced.some((name) => change.columns.includes(name)),
  )
  return used.flatMap((key) => after(model, key, key.onUpdate, change.rows, change.values ?? {}, seen))
}

function keysTo(model: SchemaModel, table: Item, seen: ReadonlySet<ItemId>): readonly ForeignKey[] {
  const tables = withAncestors(model, table)
  return foreignKeys(model, ({id, references}) => !seen.has(id) && references.some(({to}) => tables.has(to))).filter(
    ({target}) => tables.has(target),
  )
}

/** @param values the new values of the rows that are referred to; undefined if the rows go */
function after(
  model: SchemaModel,
  key: ForeignKey,
  action: Action,
  rows: RowSet,
  values: Constants | undefined,
  seen: ReadonlySet<ItemId>,
): readonly RowChange[] {
  const table = model.get(key.table)
  if (table === undefined) return []
  const found = referring(key, rows)
  const on = {table: key.table, columns: key.columns, rows: found}
  const tests: RowChange = {...on, change: 'tests'}
  const next = new Set([...seen, key.id])
  if (action === 'forbid') return [{...on, change: 'forbids'}]
  if (action === 'cascade' && values === undefined)
    return [tests, {...on, change: 'deletes'}, ...afterDeletion(model, table, found, next)]
  const set = action === 'cascade' ? valuesFor(key, values ?? {}) : {}
  const update: RowChange = {...on, change: 'updates', values: set}
  return [tests, update, ...afterUpdate(model, table, update, next)]
}

function valuesFor(key: ForeignKey, values: Constants): Constants {
  const entries = Object.entries(values).filter(([name]) => key.referenced.includes(name))
  return Object.fromEntries(entries.map(([name, value]) => [key.columns[key.referenced.indexOf(name)] ?? name, value]))
}

/** Returns the tables whose foreign keys refer to one of these, directly and indirectly. */
export function referringTables(model: SchemaModel, tables: readonly Item[]): readonly Item[] {
  const found = new Map(tables.map((table) => [table.id, table]))
  const keys = foreignKeys(model, () => true)
  for (const {id} of found.values())
    for (const key of keys) {
      const table = key.target === id ? model.get(key.table) : undefined
      if (table !== undefined) found.set(table.id, table)
    }
  return [...found.values()]
}
