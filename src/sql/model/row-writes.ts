import type {Tree} from '../effects/tree.ts'
import {isOfCatalogue} from './catalogue-reads.ts'
import {afterDeletion, afterUpdate, foreignKeyDecisions, requiredRows} from './foreign-keys.ts'
import {ancestors, childrenOf, descendants} from './inheritance.ts'
import {relationOf} from './lookup.ts'
import {isWithin, partitionKey, routesOf} from './partition-routes.ts'
import type {RowChange} from './row-changes.ts'
import {codeFor, noteCode, usesRow} from './row-code.ts'
import type {RowEvent} from './row-code.ts'
import {decisionAboutColumns, decisionsAbout} from './row-meaning.ts'
import type {Decision} from './row-meaning.ts'
import {anyRows, constantOf, sharedRow} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {sequencesOf, take} from './sequence-values.ts'
import {allKeys, comparedColumns, computedParts, withComputed} from './unique-keys.ts'
import type {ComputedPart} from './unique-keys.ts'
import {writtenTable} from './updatable-views.ts'
import type {WrittenTable} from './updatable-views.ts'

/** The relation that a statement names, and the table of which it changes rows. */
export interface Target extends Omit<WrittenTable, 'table'> {
  readonly relation: Item
  /** Undefined for a view whose rows are changed by code. */
  readonly table: Item | undefined
  readonly event: RowEvent
  readonly isOnly: boolean
}

export function targetOf(model: SchemaModel, range: Tree, event: RowEvent): Target {
  const relation = relationOf(model, range)
  if (isOfCatalogue(model, relation)) throw new Unclear(`a change of rows of ${relation.name}`, {isAnywhere: true})
  const isReplaced = relation.kind === 'view' && codeFor(model, relation, event, []).isBefore
  const found = isReplaced ? undefined : writtenTable(model, relation)
  const {table, views = [relation], isFiltered = true, columnOf = (): undefined => undefined} = found ?? {}
  return {relation, table, views, isFiltered, columnOf, event, isOnly: range['inh'] !== true}
}

/** Rows that a statement writes. */
interface Writes {
  /** The columns to which it writes values. */
  readonly columns: readonly string[]
  readonly rows: RowSet
  /** The constants to which it sets columns. */
  readonly values?: Constants
  /** The columns of these rows that it reads. */
  readonly tests: readonly string[]
  readonly decisions?: readonly (readonly [string, Decision])[]
  /** The columns that get their defaults. */
  readonly omitted?: readonly Item[]
}

/**
 * Notes the rows that a statement writes, those that foreign keys and code change with them, and what decides on it.
 *
 * @throws Refusal if no partition accepts a row; Unclear if code may do anything
 */
export function noteWritten(model: SchemaModel, target: Target, writes: Writes): void {
  const {relation, table, event, views} = target
  const {columns, decisions = [], omitted = []} = writes
  const code = codeFor(model, table ?? relation, event, columns)
  const rows = code.isBefore ? anyRows : writes.rows
  const tables = table === undefined ? [] : tablesWritten(model, target, table, {...writes, rows})
  const behind = [...views.map(({id, properties}) => [id, properties]), table?.id]
  const named: readonly [string, Decision] = [
    'table',
    {text: JSON.stringify(behind), what: `${relation.kind} ${relation.name}`},
  ]
  const about = [table ?? relation, ...tables.map((one) => one.table)]
  const others = about.flatMap((one) => decisionsAbout(model, one, event, columns))
  const run = about.flatMap((one) => codeFor(model, one, event, columns).items)
  const whole = run.some((item) => usesRow(model, item))
    ? about.map((one) => decisionAboutColumns(model, one, 'names'))
    : []
  const keys = about.flatMap((one) => foreignKeyDecisions(model, one, event, columns))
  const bounds = table === undefined ? [] : boundDecisions(model, target, table, {...writes, rows}, tables)
  model.notes.addMeaning({
    table: relation.name,
    isCertain: event === 'insert' && rows.isExact,
    decisions: new Map([named, ...decisions, ...others, ...whole, ...keys, ...bounds]),
  })
  for (const written of event === 'insert' ? [] : tables) {
    model.rows.forgetRows(written.table.id)
    if (event === 'delete')
      model.rows.forgetKeys(
        written.table.id,
        (row) => sharedRow({rows: [row], isExact: true}, written.rows) !== undefined,
      )
  }
  for (const written of tables) noteTable(model, event, written.table, {...writes, rows: written.rows})
  for (const column of omitted) for (const sequence of sequencesOf(model, column)) take(model, sequence, rows.isExact)
  noteCode(model, [...new Set([...run, ...omitted])])
  if (table === undefined && run.length === 0)
    throw new Unclear(`what is written to ${relation.name}`, {isAnywhere: true})
}

interface TableRows {
  readonly table: Item
  readonly rows: RowSet
}

/** Returns the tables of which rows are written: partitions, and tables that inherit. */
function tablesWritten(model: SchemaModel, {event, isOnly}: Target, table: Item, {rows}: Writes): readonly TableRows[] {
  if (event !== 'insert')
    return [table, ...(isOnly ? [] : descendants(model, table))].map((one) => ({table: one, rows}))
  const found = new Map<Item, Constants[]>()
  for (const row of rows.rows) {
    const routes = routesOf(model, table, row)
    if (routes.length === 0 && !table.isOpen)
      throw new Refusal(`no partition of table ${table.name} accepts an inserted row`)
    for (const one of routes) found.set(one, [...(found.get(one) ?? []), row])
  }
  if (table.properties['partitionBy'] !== undefined) found.set(table, [...rows.rows])
  const isSplit = [...found].some(([one, own]) => one !== table && own.length < rows.rows.length)
  const isRouted = rows.rows.every((row) => routesOf(model, table, row).length === 1)
  return [...found].map(([one, own]) => ({
    table: one,
    rows: {rows: own, isExact: rows.isExact && (isRouted || (one === table && !isSplit))},
  }))
}

/** Returns what decides into which partitions rows go, or whether a partition accepts them. */
function boundDecisions(
  model: SchemaModel,
  {event}: Target,
  table: Item,
  {columns, rows, values}: Writes,
  tables: readonly TableRows[],
): readonly (readonly [string, Decision])[] {
  if (table.properties['partitionBy'] !== undefined && event === 'insert') {
    const text = JSON.stringify(tables.map((one) => [one.table.id, one.rows.rows]))
    return [[`partition ${table.id}`, {text, what: `the partitions of table ${table.name}`}]]
  }
  const above = ancestors(model, table)
  for (const one of above) model.touch(one, false)
  const isMoved = [table, ...above].some((one) => partitionKey(one).some((name) => columns.includes(name)))
  if (event === 'delete' || (event === 'update' && !isMoved)) return []
  if (event === 'update' && table.properties['partitionBy'] !== undefined) {
    const text = routesOf(model, table, values ?? {})
      .map(({id}) => id)
      .join()
    return [[`partition ${table.id}`, {text, what: `the partitions of table ${table.name}`}]]
  }
  const found = (event === 'insert' ? rows.rows : [values ?? {}]).map((row) => isWithin(model, table, row))
  if (table.properties['inherits'] === 'partition' && event === 'insert' && found.includes(false))
    throw new Refusal(`an inserted row is outside of partition ${table.name}`)
  const isInside = !table.properties['bound'] || found.every((isIn) => isIn === true)
  const siblings = above.slice(0, 1).flatMap((one) => childrenOf(model, one))
  const text = isInside ? '' : JSON.stringify([table, ...siblings].map(({properties}) => properties['bound']))
  return [[`bound ${table.id}`, {text, what: `the bound of partition ${table.name}`}]]
}

function noteTable(model: SchemaModel, event: RowEvent, table: Item, {columns, rows, values, tests}: Writes): void {
  const on = {table: table.id, columns, rows}
  if (tests.length > 0) model.noteRows({...on, change: 'tests', columns: tests})
  const owned = event === 'delete' ? [] : allKeys(model, table)
  const keys = owned.map(({key: {elements, areNullsEqual}}) => ({elements, areNullsEqual}))
  const parts = event === 'delete' ? [] : computedParts(model, table, owned)
  switch (event) {
    case 'insert':
      noteAll(model, [
        {...on, change: 'inserts', keys, computed: parts.map(({label}) => label)},
        ...requiredRows(model, table, columnNames(model, table), rows),
      ])
      return
    case 'update': {
      const change = {...on, change: 'updates', keys, ...writtenWith(model, table, columns, parts, values)} as const
      // There may be no such row.
      const after: RowSet = {rows: [values ?? {}], isExact: false}
      noteAll(model, [change, ...afterUpdate(model, table, change), ...requiredRows(model, table, columns, after)])
      // A row may go to another partition.
      if ([table, ...ancestors(model, table)].some((one) => partitionKey(one).some((name) => columns.includes(name))))
        model.noteRows({...on, change: 'inserts', rows: anyRows})
      return
    }
    case 'delete':
      noteAll(model, [{...on, change: 'deletes'}, ...afterDeletion(model, table, rows)])
  }
}

/** Returns what an update writes by setting columns. */
function writtenWith(
  model: SchemaModel,
  table: Item,
  columns: readonly string[],
  parts: readonly ComputedPart[],
  values: Constants | undefined,
): Pick<RowChange, 'values' | 'computed' | 'compared'> {
  const written = parts.filter(({bases}) => bases.some((name) => columns.includes(name)))
  return {
    computed: written.map(({label}) => label),
    compared: comparedColumns(model, table),
    ...(values !== undefined && {values: withComputed(values, written)}),
  }
}

const columnNames = (model: SchemaModel, table: Item): readonly string[] =>
  model.within(table, 'column').map(({name}) => name)

function noteAll(model: SchemaModel, changes: readonly Parameters<SchemaModel['noteRows']>[0][]): void {
  for (const change of changes) model.noteRows(change)
}

/** Returns the constant that a column gets by default; null without a default, undefined if it is none. */
export function defaultConstant({properties}: Item): string | null | undefined {
  const {default: expression, generated, identity} = properties
  if (generated !== undefined || identity !== undefined) return undefined
  if (expression === undefined) return null
  const [tree] = expression.split(/ of (?=[^"]*$)/)
  return tree?.startsWith('{') === true ? constantOf(JSON.parse(tree) as Tree) : undefined
}

/** @throws Unclear if a constraint of another revision may refuse rows */
export function checkWritten(model: SchemaModel, table: Item, names: readonly string[], isUpdate = false): void {
  for (const item of model.within(table, 'constraint')) {
    const {type = ''} = item.properties
    const isChecked =
      ['check', 'foreign', 'exclusion'].includes(type) || (isUpdate && ['primary', 'unique'].includes(type))
    if (!model.isNew(item) || !isChecked) continue
    const own = item.references.flatMap(({to}) => model.get(to) ?? []).filter(({parent}) => parent === table.id)
    // A row is checked as a whole when any of its columns is updated.
    const isWhole = isUpdate && item.properties['notValid'] !== undefined && type === 'check'
    if (isWhole || own.some(({name}) => names.includes(name)))
      throw new Unclear(`whether the rows written to ${table.name} satisfy constraint ${item.name}`)
  }
  const index = isUpdate
    ? model.items.find(
        (item) =>
          item.kind === 'index' &&
          item.properties['unique'] !== undefined &&
          model.isNew(item) &&
          item.references.some(({to}) => to === table.id) &&
          item.references.some(({to}) => names.includes(model.get(to)?.name ?? '')),
      )
    : undefined
  if (index !== undefined) throw new Unclear(`whether the rows written to ${table.name} satisfy index ${index.name}`)
}

/** @throws Unclear if a foreign key of another revision may refuse that rows go, or that these columns change */
export function checkReferenced(model: SchemaModel, table: Item, names?: readonly string[]): void {
  for (const item of model.items) {
    const owner = model.get(item.parent ?? '')
    // The rows of a new table are those that its revision inserts.
    if (item.properties['type'] !== 'foreign' || !model.isNew(item) || owner === undefined || model.isNew(owner))
      continue
    const targets = item.references.flatMap(({to}) => model.get(to) ?? []).filter(({parent}) => parent === table.id)
    const isUsed = names === undefined || targets.some(({name}) => names.includes(name))
    if (isUsed && item.references.some(({to}) => to === table.id || targets.some(({id}) => id === to)))
      throw new Unclear(`whether constraint ${item.name} refers to the changed rows of ${table.name}`)
  }
}
