import type {DatabaseTable, DatabaseView, SchemaDifference, SqlRoutineDef} from '@mikro-orm/sql'
import {mentions} from '../catalogue/creation.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import type {SqlContext} from '../operations/definition.ts'
import type {CatalogueComparison} from './catalogue-comparison.ts'
import {differenceOf} from './comparators/comparator.ts'
import type {ComparatorInput} from './comparators/comparator.ts'
import {isEmpty, reconcileIndexes} from './reconcile-table.ts'

/** Decides which views differ, and recreates those that use what changes. */
export function reconcileViews(input: ComparatorInput, compared: CatalogueComparison): void {
  const {difference, live, target, context} = input
  const before = byName(live.getViews(), context)
  const after = byName(target.getViews(), context)
  const affected = affectedColumns(difference, context)
  const removed: Record<string, DatabaseView> = {}
  const changed: SchemaDifference['changedViews'] = {}
  const added: Record<string, DatabaseView> = {}
  for (const [name, view] of before) if (!after.has(name)) removed[name] = view
  for (const [name, view] of after) {
    const old = before.get(name)
    if (!compared.isMade(['view'], undefined, name)) continue
    if (old === undefined) added[name] = view
    else if (compared.verdict(['view'], undefined, name) !== 'same' || uses(old, affected))
      changed[name] = {from: old, to: view}
  }
  // What is built on a view that is recreated is recreated, too.
  for (const [name, {from}] of Object.entries(changed)) withDependents(name, from, before, after, changed)
  reconcileViewIndexes(input, changed, compared)
  Object.assign(difference, {newViews: added, changedViews: changed, removedViews: removed})
}

function withDependents(
  name: string,
  view: DatabaseView,
  before: ReadonlyMap<string, DatabaseView>,
  after: ReadonlyMap<string, DatabaseView>,
  changed: SchemaDifference['changedViews'],
): void {
  for (const [other, from] of before) {
    const to = after.get(other)
    if (other === name || to === undefined || Object.hasOwn(changed, other)) continue
    if (!mentions(from.definition, view.name)) continue
    changed[other] = {from, to}
    withDependents(other, from, before, after, changed)
  }
}

function byName(views: readonly DatabaseView[], context: SqlContext): ReadonlyMap<string, DatabaseView> {
  return new Map(views.map((view) => [tableNameOf({name: view.name, schema: view.schema}, context), view]))
}

/**
 * Decides which indexes of materialized views differ. MikroORM lists them as changes of a table, except those of a view
 * that is created without data. A view that is recreated gets its indexes anyway.
 */
function reconcileViewIndexes(
  {difference, live, target, context, database}: ComparatorInput,
  changed: SchemaDifference['changedViews'],
  compared: CatalogueComparison,
): void {
  const {changedTables} = difference
  const before = byName(live.getViews(), context)
  const after = byName(target.getViews(), context)
  const tableOf = ({name, schema, indexes = []}: DatabaseView): DatabaseTable => {
    const table = new database.mikro.DatabaseTable(context.platform, name, schema)
    table.setIndexes(indexes)
    return table
  }
  for (const [key, table] of Object.entries(changedTables))
    if (after.has(tableNameOf(table.toTable, context))) delete changedTables[key]
  for (const [name, view] of after) {
    const old = before.get(name)
    if (!old?.materialized || !view.materialized || Object.hasOwn(changed, name)) continue
    const toTable = tableOf(view)
    const table = differenceOf(difference, tableOf(old), toTable)
    reconcileIndexes(table, name, compared)
    if (isEmpty(table)) delete changedTables[toTable.getShortestName(false)]
  }
}

/** The columns that no view may use while they change, by table. */
function affectedColumns(
  {changedTables}: SchemaDifference,
  {capabilities}: SqlContext,
): readonly {readonly table: string; readonly column: string}[] {
  const {rebuildsTables, materializedViews} = capabilities
  if (!materializedViews && !rebuildsTables) return []
  const refused = materializedViews ? ['type', 'generated', 'collation'] : ['generated']
  return Object.values(changedTables).flatMap(({fromTable, removedColumns, changedColumns}) => [
    ...Object.keys(removedColumns).map((column) => ({table: fromTable.name, column})),
    ...Object.values(changedColumns)
      .filter(({changedProperties}) => refused.some((one) => changedProperties.has(one)))
      .map(({oldColumnName}) => ({table: fromTable.name, column: oldColumnName})),
  ])
}

function uses(
  {definition}: DatabaseView,
  affected: readonly {readonly table: string; readonly column: string}[],
): boolean {
  return affected.some(({table, column}) => mentions(definition, table) && mentions(definition, column))
}

/** Decides which routines differ. */
export function reconcileRoutines(
  {difference, live, target, context}: ComparatorInput,
  compared: CatalogueComparison,
): void {
  const nameOf = ({name, schema}: SqlRoutineDef): string => tableNameOf({name, schema}, context)
  const before = new Map(live.getRoutines().map((routine) => [nameOf(routine).toLowerCase(), routine]))
  const changed: SchemaDifference['changedRoutines'] = {}
  for (const routine of target.getRoutines()) {
    const old = before.get(nameOf(routine).toLowerCase())
    if (old === undefined) continue
    if (!compared.hasSame('routine', `${nameOf(routine)}(`) || !compared.hasSame('routine', nameOf(routine)))
      changed[nameOf(routine)] = {from: old, to: routine}
  }
  Object.assign(difference, {changedRoutines: changed})
}
