import {child, items, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isDefault, isNull, refuseConstant} from './constants.ts'
import {countedColumn, noteCounted} from './counted-columns.ts'
import {applyNested} from './nested-rows.ts'
import {conflictDecision, knownDuplicates, repeated} from './row-keys.ts'
import {noteRows} from './row-knowledge.ts'
import {readRows} from './view-chains.ts'
import {decisionAboutColumns, decisionAboutType, decisionAboutValue} from './row-meaning.ts'
import type {Decision} from './row-meaning.ts'
import {anyRows, constantOf} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'
import {checkWritten, defaultConstant, noteWritten, targetOf} from './row-writes.ts'
import type {Target} from './row-writes.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {queryReferences} from './references.ts'
import {noteSequenceCalls} from './sequence-values.ts'
import {familyOf} from './type-families.ts'
import {allKeys, computedParts, generatedColumns, withComputed} from './unique-keys.ts'

/** Applies INSERT. */
export function insert(model: SchemaModel, node: Tree): void {
  const {selected, ...query} = queryReferences(model, {InsertStmt: node})
  readRows(model, query)
  const select = child(child(node, 'selectStmt'), 'SelectStmt')
  const lists = items(select, 'valuesLists').map((list) => items(child(list, 'List'), 'items'))
  const hasDefaults = node['selectStmt'] === undefined
  const values = hasDefaults ? [[]] : lists.length > 0 ? lists : undefined
  noteSequenceCalls(model, node, values !== undefined)
  applyNested(model, node)
  applyNested(model, select)
  const written = items(node, 'cols').map((item) => textIn(child(item, 'ResTarget'), 'name'))
  const names = written.length > 0 ? written : hasDefaults ? [] : undefined
  const targets = values === undefined ? items(select, 'targetList') : []
  const isStar = targets.some((target) => JSON.stringify(target).includes('"A_Star"'))
  insertInto(model, child(node, 'relation'), {
    names,
    values,
    width: selected?.length,
    queried: isStar ? [] : targets.map((target) => child(child(target, 'ResTarget'), 'val')),
    conflict: node['onConflictClause'],
    override: node['override'],
  })
}

interface Inserted {
  /** The columns that are named; undefined if values are given for the first ones. */
  readonly names: readonly string[] | undefined
  /** The rows of VALUES; undefined for those of a query. */
  readonly values: readonly (readonly Tree[])[] | undefined
  /** The expressions of a query without `*`. */
  readonly queried?: readonly Tree[]
  /** The number of columns of a query, if it is known. */
  readonly width?: number | undefined
  readonly conflict?: unknown
  readonly override?: unknown
}

/** Notes the rows that a statement inserts. */
export function insertInto(
  model: SchemaModel,
  range: Tree,
  {names, values, conflict, override, queried = [], width: known}: Inserted,
): void {
  const target = targetOf(model, range, 'insert')
  const {relation, table} = target
  model.touch(relation, false)
  if (table === undefined) {
    noteWritten(model, target, {columns: [], rows: anyRows, tests: []})
    return
  }
  // Without names, the values are for the first columns.
  const width = Math.max(known ?? queried.length, ...(values ?? []).map((row) => row.length))
  if (known !== undefined && names !== undefined && known !== names.length)
    throw new Refusal(`${known} values are inserted into ${names.length} columns of ${relation.name}`)
  const columnsInOrder = model.within(relation, 'column')
  if (names === undefined && width > 0) refuseOtherWidth(model, relation, columnsInOrder.length, width)
  if (names === undefined && columnsInOrder.length < width) {
    noteWritten(model, target, {columns: [], rows: anyRows, tests: []})
    if (!relation.isOpen)
      throw new Refusal(`table ${relation.name} has fewer columns than the inserted rows have values`)
    throw new Unclear(`into which columns of ${relation.name} rows are inserted`)
  }
  const first = width > 0 ? columnsInOrder.slice(0, width).map(({name}) => name) : undefined
  const named = (names ?? first)?.map((name) => target.columnOf(name) ?? name)
  const columns = model.within(table, 'column')
  const rows = values ?? []
  const given = (named ?? []).filter((_, i) => rows.length === 0 || rows.some((row) => !isDefault(row[i])))
  const omitted = columns.filter(
    ({name}) =>
      named !== undefined && (!named.includes(name) || rows.some((row) => isDefault(row[named.indexOf(name)]))),
  )
  const counted = countedColumn(model, table)
  const keys = allKeys(model, table)
  const parts = computedParts(model, table, keys)
  const constants = (values ?? [queried]).map((row) =>
    withComputed(withoutCounted(constantsOf(target, columns, named ?? [], row), model, counted), parts),
  )
  const isExact = values !== undefined && conflict === undefined
  const decisions: (readonly [string, Decision])[] = omitted.map((column) => decisionAboutValue(model, table, column))
  for (const column of relation === table ? [] : columnsInOrder)
    if (names?.includes(column.name) === false) decisions.push(decisionAboutValue(model, relation, column))
  for (const column of columns.filter(({name}) => given.includes(name))) {
    const found = new Set(constants.map((row) => row[column.name]))
    for (const constant of found) {
      const [key, decision] = decisionAboutType(model, table, column, constant)
      decisions.push([`${key} ${String(constant)}`, decision])
    }
  }
  if (names === undefined)
    decisions.push(decisionAboutColumns(model, relation, 'places', first && columnsInOrder.slice(0, width)))
  const set: RowSet = {rows: constants, isExact}
  const taken = knownDuplicates(model, table, values === undefined ? [] : constants, conflict, keys)
  if (conflict !== undefined) decisions.push(conflictDecision(model, table, conflict, taken.skipped))
  noteWritten(model, target, {
    columns: named ?? columns.map(({name}) => name),
    rows: set,
    tests: [],
    decisions,
    omitted,
  })
  if (counted !== undefined && named !== undefined)
    noteCounted(
      model,
      counted,
      rows.map((row) => row[named.indexOf(counted.name)]),
    )
  if (taken.refused !== undefined)
    throw new Refusal(`table ${taken.refused.name} already has a row with these values of its key`)
  refuseValues(model, table, named, rows, override)
  for (const column of columns) refuseConstant(model, column, queried[named?.indexOf(column.name) ?? -1])
  const written = [...(named ?? []), ...generatedColumns(model, table).map(({label}) => label)]
  checkWritten(model, table, written)
  const nulls =
    named === undefined ? [] : named.filter((name, i) => name !== counted?.name && rows.some((row) => isNull(row[i])))
  const without =
    named === undefined
      ? []
      : columns.filter((one) => !named.includes(one.name) && !isFilled(one) && one.id !== counted?.id)
  model.rows.addRows(table.id, values === undefined ? constants.map(repeated) : taken.inserted)
  noteRows(model, table, {without: [...without.map(({name}) => name), ...nulls], written})
}

/** @throws Refusal if a database other than PostgreSQL lacks values for all columns of a table */
function refuseOtherWidth(model: SchemaModel, {name, isOpen}: Item, count: number, width: number): void {
  if (model.rules.isTyped || isOpen || count === width) return
  throw new Refusal(`${width} values are inserted into ${count} columns of ${name}`)
}

function isFilled({properties}: Item): boolean {
  return ['default', 'generated', 'identity'].some((key) => properties[key] !== undefined)
}

/** Returns the columns of a row that are constants, also by their defaults. */
function constantsOf(
  {relation, table}: Target,
  columns: readonly Item[],
  named: readonly string[],
  row: readonly Tree[],
): Constants {
  const found: Record<string, string | null> = {}
  for (const column of columns) {
    const value = row[named.indexOf(column.name)]
    const isOmitted = !named.includes(column.name) || isDefault(value)
    // A view has defaults of its own, and of a column that was assumed none is known.
    const isUnknown = isOmitted && (relation !== table || column.isOpen)
    const constant = isOmitted ? defaultConstant(column) : constantOf(value)
    if (constant !== undefined && !isUnknown) found[column.name] = constant
  }
  for (const [i, name] of named.entries()) {
    const constant = constantOf(row[i])
    if (constant !== undefined) found[name] = constant
  }
  return found
}

/** Returns a row without the number that a database is to choose. */
function withoutCounted(row: Constants, model: SchemaModel, counted: Item | undefined): Constants {
  if (counted === undefined) return row
  const value = row[counted.name]
  const isChosen = value === null || value === undefined || (value === '0' && !model.rules.isLoose)
  return isChosen ? Object.fromEntries(Object.entries(row).filter(([name]) => name !== counted.name)) : row
}

/** @throws Refusal if a column does not accept an inserted value */
function refuseValues(
  model: SchemaModel,
  table: Item,
  named: readonly string[] | undefined,
  rows: readonly (readonly Tree[])[],
  override: unknown,
): void {
  if (named === undefined) return
  const counted = countedColumn(model, table)
  for (const column of model.within(table, 'column')) {
    const {name, properties} = column
    const at = named.indexOf(name)
    const isNotNull = properties['notNull'] === 'true' && column.id !== counted?.id
    if (at < 0) {
      if (isNotNull && !isFilled(column))
        throw new Refusal(`an inserted row has no value for column ${table.name}.${name}`)
      continue
    }
    const written = rows.filter((row) => !isDefault(row[at]))
    if (isNotNull && rows.some((row) => isNull(row[at]) || (isDefault(row[at]) && !isFilled(column))))
      throw new Refusal(`column ${table.name}.${name} is set to null`)
    if (written.length === 0) continue
    if (properties['generated'] !== undefined) throw new Refusal(`column ${table.name}.${name} is generated`)
    const isAlways = /^\["a"|"ival":97/.test(properties['identity'] ?? '')
    if (isAlways && override !== 'OVERRIDING_SYSTEM_VALUE' && override !== 'OVERRIDING_USER_VALUE')
      throw new Refusal(`column ${table.name}.${name} is an identity column that is always generated`)
    for (const row of written) {
      if (!model.rules.isLoose) refuseText(column, row[at])
      refuseConstant(model, column, row[at])
    }
  }
}

/** @throws Refusal if a text is inserted into a column of numbers */
function refuseText({name, properties: {type}}: Item, value: Tree | undefined): void {
  if (type === undefined || familyOf(type) !== 'number') return
  const text = child(child(value ?? {}, 'A_Const'), 'sval')['sval']
  if (typeof text === 'string' && Number.isNaN(Number(text)))
    throw new Refusal(`column ${name} is of type ${type}, and a text is inserted`)
}
