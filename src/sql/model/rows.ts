import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {refuseConstant} from './constants.ts'
import {foreignKeyDecisions, referringTables} from './foreign-keys.ts'
import {descendants} from './inheritance.ts'
import {relationOf} from './lookup.ts'
import {conflictDecision, knownDuplicates} from './row-keys.ts'
import {noteFilled, noteReads, noteRows} from './row-knowledge.ts'
import {
  decisionAboutColumns,
  decisionAboutType,
  decisionAboutValue,
  decisionsAboutComputed,
  tableDecision,
} from './row-meaning.ts'
import type {Decision} from './row-meaning.ts'
import {allRows, anyRows, constantOf, renamed, rowsWhere} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'
import {checkReferenced, checkWritten, defaultConstant, noteWritten, targetOf} from './row-writes.ts'
import type {Target} from './row-writes.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {queryReferences} from './references.ts'
import {noteSequenceCalls, ownedSequences, restart} from './sequence-values.ts'
import {familyOf} from './type-families.ts'

/** Statements that change rows. */
export const rowStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  InsertStmt: insert,
  UpdateStmt: update,
  DeleteStmt: remove,
  MergeStmt: (model, node) => {
    const table = relationOf(model, child(node, 'relation'))
    const columns = model.within(table, 'column').map(({name}) => name)
    for (const change of ['inserts', 'updates', 'deletes'] as const)
      model.noteRows({table: table.id, change, columns, rows: anyRows})
    throw new Unclear(`what MERGE does to ${table.name}`)
  },
  TruncateStmt: truncate,
  CopyStmt: (model, node) => {
    if (node['is_from'] !== true) return
    const names = items(node, 'attlist').flatMap(nameParts)
    insertInto(model, child(node, 'relation'), {names: names.length > 0 ? names : undefined, values: undefined})
  },
}

/** Applies a query, which may take values of sequences or change rows in its WITH clause. */
export function applyQuery(model: SchemaModel, node: Tree): void {
  const found = queryReferences(model, {SelectStmt: node})
  if (noteSequenceCalls(model, node, false)) noteReads(model, found)
  applyNested(model, node, () => noteReads(model, found))
}

/** Applies the statements in a WITH clause, of which the rows are not known. */
function applyNested(model: SchemaModel, node: Tree, beforeFirst = (): void => {}): void {
  const queries = items(child(node, 'withClause'), 'ctes').map((item) =>
    child(child(item, 'CommonTableExpr'), 'ctequery'),
  )
  const nested = queries.flatMap((one) => Object.entries(one)).filter(([command]) => command in eventOf)
  if (nested.length > 0) beforeFirst()
  for (const [command, statement] of nested) {
    const event = eventOf[command]
    if (event === undefined || !isTree(statement)) continue
    const target = targetOf(model, child(statement, 'relation'), event)
    const columns = target.table === undefined ? [] : model.within(target.table, 'column').map(({name}) => name)
    noteWritten(model, target, {columns, rows: anyRows, tests: columns})
  }
}

const eventOf: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = {
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
}

function insert(model: SchemaModel, node: Tree): void {
  const {selected, ...query} = queryReferences(model, {InsertStmt: node})
  noteReads(model, query)
  const select = child(child(node, 'selectStmt'), 'SelectStmt')
  const lists = items(select, 'valuesLists').map((list) => items(child(list, 'List'), 'items'))
  const isDefault = node['selectStmt'] === undefined
  const values = isDefault ? [[]] : lists.length > 0 ? lists : undefined
  noteSequenceCalls(model, node, values !== undefined)
  applyNested(model, node)
  applyNested(model, select)
  const written = items(node, 'cols').map((item) => textIn(child(item, 'ResTarget'), 'name'))
  const names = written.length > 0 ? written : isDefault ? [] : undefined
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

function insertInto(
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
  const constants = (values ?? [queried]).map((row) => constantsOf(target, columns, named ?? [], row))
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
  const taken = knownDuplicates(model, table, values === undefined ? [] : constants, conflict)
  if (conflict !== undefined) decisions.push(conflictDecision(model, table, conflict, taken.skipped))
  noteWritten(model, target, {
    columns: named ?? columns.map(({name}) => name),
    rows: set,
    tests: [],
    decisions,
    omitted,
  })
  if (taken.refused !== undefined)
    throw new Refusal(`table ${taken.refused.name} already has a row with these values of its key`)
  refuseValues(model, table, named, rows, override)
  for (const column of columns) refuseConstant(model, column, queried[named?.indexOf(column.name) ?? -1])
  checkWritten(model, table, named ?? [])
  const nulls = named === undefined ? [] : named.filter((_, i) => rows.some((row) => isNull(row[i])))
  const without = named === undefined ? [] : columns.filter((one) => !named.includes(one.name) && !isFilled(one))
  if (isExact) model.rows.addRows(table.id, constants)
  noteRows(model, table, {without: [...without.map(({name}) => name), ...nulls], written: named ?? []})
}

const isDefault = (value: Tree | undefined): boolean => value?.['SetToDefault'] !== undefined
const isNull = (value: Tree | undefined): boolean => child(value ?? {}, 'A_Const')['isnull'] === true

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

/** @throws Refusal if a column does not accept an inserted value */
function refuseValues(
  model: SchemaModel,
  table: Item,
  named: readonly string[] | undefined,
  rows: readonly (readonly Tree[])[],
  override: unknown,
): void {
  if (named === undefined) return
  const columns = model.within(table, 'column')
  for (const column of columns) {
    const {name, properties} = column
    const at = named.indexOf(name)
    const isNotNull = properties['notNull'] === 'true'
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
      refuseText(column, row[at])
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

function update(model: SchemaModel, node: Tree): void {
  const found = queryReferences(model, {UpdateStmt: node})
  const target = targetOf(model, child(node, 'relation'), 'update')
  noteReads(model, found, target.relation)
  noteSequenceCalls(model, node, false)
  applyNested(model, node)
  const {table} = target
  if (table === undefined) {
    noteWritten(model, target, {columns: [], rows: anyRows, tests: []})
    return
  }
  const written = items(node, 'targetList').map((item) => child(item, 'ResTarget'))
  const targets = written.map(({name, val}) => {
    const column = target.columnOf(String(name)) ?? String(name)
    return {column: model.require('column', table.id, column), value: isTree(val) ? val : {}}
  })
  const values: Record<string, string | null> = {}
  for (const {column, value} of targets) {
    model.touch(column, true)
    const constant = isDefault(value) ? defaultConstant(column) : constantOf(value)
    if (constant !== undefined) values[column.name] = constant
  }
  const tests = ownColumns(model, target, found.read)
  const read = tests.flatMap((name) => model.find('column', table.id, name) ?? [])
  noteWritten(model, target, {
    columns: targets.map(({column}) => column.name),
    rows: conditionOf(target, node, 'fromClause'),
    values,
    tests,
    decisions: [
      ...targets.map(({column, value}) =>
        isDefault(value)
          ? decisionAboutValue(model, table, column)
          : decisionAboutType(model, table, column, constantOf(value)),
      ),
      ...decisionsAboutComputed(
        model,
        table,
        targets.map(({column}) => column),
      ),
      ...read.map((column): readonly [string, Decision] => {
        const [key, decision] = decisionAboutType(model, table, column, undefined)
        return [`read ${key}`, decision]
      }),
    ],
  })
  for (const {column, value} of targets) {
    refuseConstant(model, column, value)
    if (column.properties['generated'] !== undefined && !isDefault(value))
      throw new Refusal(`column ${table.name}.${column.name} is generated`)
    if (isNull(value) && column.properties['notNull'] === 'true')
      throw new Refusal(`column ${table.name}.${column.name} is set to null`)
  }
  const names = targets.map(({column}) => column.name)
  const rows = rowsWhere(node['whereClause'])
  for (const {column, value} of targets)
    if (!isNull(value) && rows.isExact && rows.rows.every((row) => isOnlyNull(row, column.name)))
      noteFilled(model, table, column.name)
  checkWritten(model, table, names, true)
  checkReferenced(model, table, names)
}

/** Whether a condition selects all rows, or those without a value. */
const isOnlyNull = (row: Constants, column: string): boolean =>
  Object.entries(row).every(([name, value]) => name === column && value === null)

function remove(model: SchemaModel, node: Tree): void {
  const found = queryReferences(model, {DeleteStmt: node})
  const target = targetOf(model, child(node, 'relation'), 'delete')
  noteReads(model, found, target.relation)
  noteSequenceCalls(model, node, false)
  applyNested(model, node)
  model.touch(target.relation, true)
  const tests = ownColumns(model, target, found.read)
  noteWritten(model, target, {columns: [], rows: conditionOf(target, node, 'usingClause'), tests})
  if (target.table !== undefined) checkReferenced(model, target.table)
}

/** Returns the rows for which the condition of a statement holds. */
function conditionOf({isFiltered, columnOf}: Target, node: Tree, others: string): RowSet {
  if (node[others] !== undefined) return anyRows
  const found = renamed(rowsWhere(node['whereClause']), columnOf)
  return {...found, isExact: found.isExact && !isFiltered}
}

/** Returns the columns of the changed table that a statement reads. */
function ownColumns(
  model: SchemaModel,
  {relation, table, views, columnOf}: Target,
  read: ReadonlySet<string>,
): readonly string[] {
  const viewed = views.flatMap(({references}) => references.map(({to}) => to))
  const found = [...read, ...viewed].flatMap((id) => {
    const item = model.get(id)
    if (item?.kind !== 'column') return []
    if (item.parent === table?.id) return item.name
    return item.parent === relation.id ? (columnOf(item.name) ?? []) : []
  })
  return [...new Set(found)]
}

function truncate(model: SchemaModel, node: Tree): void {
  const ranges = items(node, 'relations').map((relation) => child(relation, 'RangeVar'))
  const named = ranges.flatMap((range) => {
    const table = relationOf(model, range)
    return range['inh'] === true ? [table, ...descendants(model, table)] : [table]
  })
  const isCascading = node['behavior'] === 'DROP_CASCADE'
  for (const table of isCascading ? referringTables(model, named) : named) {
    model.touch(table, true)
    model.noteRows({table: table.id, change: 'deletes', columns: [], rows: allRows})
    if (node['restart_seqs'] === true) for (const one of ownedSequences(model, table)) restart(model, one, 'restart')
  }
  model.notes.addMeaning({
    table: named.map(({name}) => name).join(', '),
    isCertain: false,
    decisions: new Map([
      tableDecision(named),
      ...named.flatMap((table) => foreignKeyDecisions(model, table, 'delete', [])),
    ]),
  })
  for (const {id} of named) {
    model.rows.forgetRows(id)
    model.rows.forgetKeys(id, () => true)
  }
  const ids = new Set(named.map(({id}) => id))
  const user = model.items.find(
    ({properties, parent, references}) =>
      properties['type'] === 'foreign' && !ids.has(parent ?? '') && references.some(({to}) => ids.has(to)),
  )
  if (user !== undefined && !isCascading) throw new Refusal(`${model.describe(user)} refers to a truncated table`)
}
