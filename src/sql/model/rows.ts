import {child, isTree, items, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isDefault, isNull, refuseConstant} from './constants.ts'
import {foreignKeyDecisions, referringTables} from './foreign-keys.ts'
import {descendants} from './inheritance.ts'
import {insert, insertInto} from './inserts.ts'
import {relationOf} from './lookup.ts'
import {applyNested} from './nested-rows.ts'
import {noteFilled} from './row-knowledge.ts'
import {readRows} from './view-chains.ts'
import {decisionAboutType, decisionAboutValue, decisionsAboutComputed, tableDecision} from './row-meaning.ts'
import type {Decision} from './row-meaning.ts'
import {allRows, anyRows, constantOf, renamed, rowsWhere} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'
import {checkReferenced, checkWritten, defaultConstant, noteWritten, targetOf} from './row-writes.ts'
import type {Target} from './row-writes.ts'
import {Refusal, Unclear} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {queryReferences} from './references.ts'
import {noteSequenceCalls, ownedSequences, restart} from './sequence-values.ts'
import {withGenerated} from './unique-keys.ts'

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

function update(model: SchemaModel, node: Tree): void {
  const found = queryReferences(model, {UpdateStmt: node})
  const target = targetOf(model, child(node, 'relation'), 'update')
  readRows(model, found, target.relation)
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
  const names = withGenerated(
    model,
    table,
    targets.map(({column}) => column.name),
  )
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
  readRows(model, found, target.relation)
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
