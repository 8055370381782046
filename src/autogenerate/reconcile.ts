import type {DatabaseView, SchemaDifference, SqlRoutineDef, TableDifference} from '@mikro-orm/sql'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import {keyOf} from '../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, ObjectKind, Snapshot} from '../catalogue/snapshot/snapshot.ts'
import type {SqlContext} from '../operations/definition.ts'
import {commonTables, differenceOf} from './comparators/comparator.ts'
import type {ComparatorInput} from './comparators/comparator.ts'

/** The same catalogue twice: of the database, and of what MikroORM makes of the entities in an empty database. */
export interface Catalogues {
  readonly live: Snapshot
  readonly wanted: Snapshot
}

/** The result of comparing an object of both sides; `missing` if MikroORM could not create it. */
type Verdict = 'same' | 'different' | 'missing'

/**
 * Makes MikroORM's difference agree with the catalogues. MikroORM compares the entities' metadata with a catalogue; what
 * it misses or misreads in objects of both sides is decided by comparing two catalogues, which were read alike.
 */
export function reconcile(input: ComparatorInput, catalogues: Catalogues): void {
  const {difference, context} = input
  const compared = new Comparison(catalogues)
  for (const [from, to] of commonTables(input)) {
    const name = tableNameOf(to, context)
    const table = differenceOf(difference, from, to)
    reconcileColumns(table, name, compared)
    reconcileIndexes(table, name, compared)
    reconcilePrimaryKey(table, name, compared)
    reconcileNamed(table, name, compared)
    reconcileTable(table, name, compared)
    if (isEmpty(table)) delete difference.changedTables[to.getShortestName(false)]
  }
  reconcileViews(input, compared)
  reconcileRoutines(input, compared)
}

/** Returns the tables of both sides that are partitioned in different ways, which takes a new table. */
export function partitionedOtherwise(input: ComparatorInput, catalogues: Catalogues): readonly string[] {
  const compared = new Comparison(catalogues)
  return commonTables(input)
    .map(([, to]) => tableNameOf(to, input.context))
    .filter((name) => compared.changes('table', undefined, name).includes('partitionBy'))
}

/** Looks objects up in both catalogues. */
class Comparison {
  readonly #live: Snapshot
  readonly #wanted: Snapshot

  constructor({live, wanted}: Catalogues) {
    this.#live = live
    this.#wanted = wanted
  }

  /** Compares an object of a table by its name; it may be of another kind on the other side. */
  verdict(kinds: readonly ObjectKind[], table: string | undefined, name: string): Verdict {
    const [live, wanted] = [find(this.#live, kinds, table, name), find(this.#wanted, kinds, table, name)]
    if (live === undefined || wanted === undefined) return 'missing'
    return live.kind === wanted.kind && changesOf(live, wanted).length === 0 ? 'same' : 'different'
  }

  /** Returns whether MikroORM could create an object. */
  isMade(kinds: readonly ObjectKind[], table: string | undefined, name: string): boolean {
    return find(this.#wanted, kinds, table, name) !== undefined
  }

  /** Returns the properties of an object of both sides that differ. */
  changes(kind: ObjectKind, table: string | undefined, name: string): readonly string[] {
    const [live, wanted] = [find(this.#live, [kind], table, name), find(this.#wanted, [kind], table, name)]
    return live === undefined || wanted === undefined ? [] : changesOf(live, wanted)
  }

  /** Returns whether two objects of different names are defined alike. */
  isRenamed(kinds: readonly ObjectKind[], table: string, from: string, to: string): boolean {
    const [live, wanted] = [find(this.#live, kinds, table, from), find(this.#wanted, kinds, table, to)]
    if (live === undefined || wanted === undefined || live.kind !== wanted.kind) return false
    const text = JSON.stringify(live.definition)
    const renamed = text.replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1))
    return renamed === JSON.stringify(wanted.definition)
  }

  /** Returns whether the objects of one kind whose names begin alike are the same: overloads of a routine. */
  hasSame(kind: ObjectKind, prefix: string): boolean {
    const of = (snapshot: Snapshot): string =>
      JSON.stringify(
        [...snapshot.values()]
          .filter((object) => object.kind === kind && object.name.startsWith(prefix))
          .map(({name, definition}) => JSON.stringify([name, definition]))
          .toSorted((a, b) => (a < b ? -1 : 1)),
      )
    return of(this.#live) === of(this.#wanted)
  }
}

function find(
  snapshot: Snapshot,
  kinds: readonly ObjectKind[],
  table: string | undefined,
  name: string,
): CatalogueObject | undefined {
  for (const kind of kinds) {
    const object = snapshot.get(keyOf(table === undefined ? {kind, name} : {kind, table, name}))
    if (object !== undefined) return object
  }
  return undefined
}

function changesOf(one: CatalogueObject, other: CatalogueObject): readonly string[] {
  const names = new Set([...Object.keys(one.definition), ...Object.keys(other.definition)])
  return [...names].filter((name) => (one.definition[name] ?? null) !== (other.definition[name] ?? null))
}

/** MikroORM's names of the properties of a column, by those of the catalogue. */
const columnProperties: Readonly<Record<string, string>> = {
  type: 'type',
  nullable: 'nullable',
  default: 'default',
  autoincrement: 'autoincrement',
  identity: 'autoincrement',
  generated: 'generated',
  collation: 'collation',
  comment: 'comment',
  onUpdate: 'extra',
}

function reconcileColumns(difference: TableDifference, table: string, compared: Comparison): void {
  const {fromTable, toTable, addedColumns, removedColumns, changedColumns} = difference
  const before = new Map(fromTable.getColumns().map((column) => [column.name, column]))
  for (const column of toTable.getColumns()) {
    const fromColumn = before.get(column.name)
    if (fromColumn === undefined) {
      // MikroORM takes a column called `constructor` for one that exists.
      addedColumns[column.name] = column
      continue
    }
    const {name, ignoreSchemaChanges = []} = column
    if (!compared.isMade(['column'], table, name)) continue
    // MikroORM drops and adds a column whose generation changes.
    delete addedColumns[name]
    delete removedColumns[name]
    const changed = compared.changes('column', table, name).flatMap((property) => columnProperties[property] ?? [])
    const changedProperties = new Set(
      changed.filter((property) => !ignoreSchemaChanges.some((one) => one === property)),
    )
    if (changedProperties.size === 0) delete changedColumns[name]
    else changedColumns[name] = {oldColumnName: name, fromColumn, column, changedProperties}
  }
}

const indexKinds: readonly ObjectKind[] = ['unique', 'index']

function reconcileIndexes(difference: TableDifference, table: string, compared: Comparison): void {
  const {fromTable, toTable, addedIndexes, removedIndexes, changedIndexes, renamedIndexes} = difference
  const before = named(fromTable.getIndexes().filter(({primary}) => !primary))
  const after = named(toTable.getIndexes().filter(({primary}) => !primary))
  for (const [from, index] of Object.entries(renamedIndexes)) {
    if (compared.isRenamed(indexKinds, table, from, index.keyName)) continue
    delete renamedIndexes[from]
    const old = before.get(from)
    if (old !== undefined) removedIndexes[from] = old
    addedIndexes[index.keyName] = index
  }
  const newNames = new Set(Object.values(renamedIndexes).map(({keyName}) => keyName))
  for (const [name, index] of after) {
    const old = before.get(name)
    delete changedIndexes[name]
    if (!compared.isMade(indexKinds, table, name)) {
      // The database has no such index: what is there stays.
      delete addedIndexes[name]
      delete removedIndexes[name]
    } else if (old === undefined) {
      if (!newNames.has(name)) addedIndexes[name] = index
    } else if (compared.verdict(indexKinds, table, name) === 'same') {
      delete addedIndexes[name]
      delete removedIndexes[name]
    } else {
      removedIndexes[name] = old
      addedIndexes[name] = index
    }
  }
  for (const [name, index] of before)
    if (!after.has(name) && !Object.hasOwn(renamedIndexes, name)) removedIndexes[name] = index
}

function named<Index extends {readonly keyName: string}>(indexes: readonly Index[]): ReadonlyMap<string, Index> {
  return new Map(indexes.map((index) => [index.keyName, index]))
}

function reconcilePrimaryKey(difference: TableDifference, table: string, compared: Comparison): void {
  const {fromTable, toTable, addedIndexes, removedIndexes, changedIndexes, renamedIndexes} = difference
  const [before, after] = [fromTable.getPrimaryKey(), toTable.getPrimaryKey()]
  for (const key of [before, after]) {
    if (key === undefined) continue
    for (const found of [addedIndexes, removedIndexes, changedIndexes, renamedIndexes]) delete found[key.keyName]
  }
  const isSame =
    compared.verdict(['primary key'], table, '') === 'missing'
      ? before?.columnNames.join('\0') === after?.columnNames.join('\0')
      : compared.changes('primary key', table, '').every((property) => property === 'name')
  if (isSame) return
  if (before !== undefined && before.columnNames.length > 0) removedIndexes[before.keyName] = before
  if (after !== undefined && after.columnNames.length > 0) addedIndexes[after.keyName] = after
}

/** Checks, foreign keys, triggers and policies. */
function reconcileNamed(difference: TableDifference, table: string, compared: Comparison): void {
  const {fromTable, toTable} = difference
  reconcileParts(['check', 'exclusion'], table, compared, {
    before: new Map(fromTable.getChecks().map((check) => [check.name, check])),
    after: new Map(toTable.getChecks().map((check) => [check.name, check])),
    added: difference.addedChecks,
    removed: difference.removedChecks,
    changed: difference.changedChecks,
  })
  reconcileParts(['foreign key'], table, compared, {
    before: new Map(Object.values(fromTable.getForeignKeys()).map((key) => [key.constraintName, key])),
    after: new Map(Object.values(toTable.getForeignKeys()).map((key) => [key.constraintName, key])),
    added: difference.addedForeignKeys,
    removed: difference.removedForeignKeys,
    changed: difference.changedForeignKeys,
  })
  reconcileParts(['trigger'], table, compared, {
    before: new Map(fromTable.getTriggers().map((trigger) => [trigger.name, trigger])),
    after: new Map(toTable.getTriggers().map((trigger) => [trigger.name, trigger])),
    added: difference.addedTriggers,
    removed: difference.removedTriggers,
    changed: difference.changedTriggers,
  })
  reconcileParts(['policy'], table, compared, {
    before: new Map(fromTable.getPolicies().map((policy) => [policy.name, policy])),
    after: new Map(toTable.getPolicies().map((policy) => [policy.name, policy])),
    added: difference.addedPolicies,
    removed: difference.removedPolicies,
    changed: {},
  })
}

interface Parts<Part> {
  readonly before: ReadonlyMap<string, Part>
  readonly after: ReadonlyMap<string, Part>
  readonly added: Record<string, Part>
  readonly removed: Record<string, Part>
  readonly changed: Record<string, Part>
}

function reconcileParts<Part>(
  kinds: readonly ObjectKind[],
  table: string,
  compared: Comparison,
  {before, after, added, removed, changed}: Parts<Part>,
): void {
  for (const [name, part] of after) {
    const old = before.get(name)
    delete changed[name]
    delete added[name]
    delete removed[name]
    if (!compared.isMade(kinds, table, name)) continue
    if (old === undefined) added[name] = part
    else if (compared.verdict(kinds, table, name) !== 'same') {
      removed[name] = old
      added[name] = part
    }
  }
  for (const [name, part] of before) if (!after.has(name)) removed[name] = part
}

function reconcileTable(difference: TableDifference, table: string, compared: Comparison): void {
  const {toTable} = difference
  const changes = compared.changes('table', undefined, table)
  delete difference.changedComment
  delete difference.changedRlsEnabled
  delete difference.changedRlsForced
  if (changes.includes('comment')) difference.changedComment = toTable.comment ?? ''
  if (changes.includes('rowLevelSecurity')) difference.changedRlsEnabled = toTable.rlsEnabled
  if (changes.includes('forcesRowLevelSecurity')) difference.changedRlsForced = toTable.rlsForced
}

/** Returns whether nothing of a table differs. */
function isEmpty(difference: TableDifference): boolean {
  const {
    fromTable: _,
    toTable: __,
    name: ___,
    changedComment,
    changedRlsEnabled,
    changedRlsForced,
    ...parts
  } = difference
  if (changedComment !== undefined || changedRlsEnabled !== undefined || changedRlsForced !== undefined) return false
  return Object.values(parts).every(
    (part) => typeof part !== 'object' || part === null || Object.keys(part).length === 0,
  )
}

function reconcileViews({difference, live, target, context}: ComparatorInput, compared: Comparison): void {
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
  reconcileViewIndexes(difference, after, changed, compared, context)
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

/** MikroORM lists the indexes of a view as changes of a table; a view that is recreated gets its indexes anyway. */
function reconcileViewIndexes(
  {changedTables}: SchemaDifference,
  views: ReadonlyMap<string, DatabaseView>,
  changed: SchemaDifference['changedViews'],
  compared: Comparison,
  context: SqlContext,
): void {
  for (const [key, table] of Object.entries(changedTables)) {
    const name = tableNameOf(table.toTable, context)
    if (!views.has(name)) continue
    if (!Object.hasOwn(changed, name)) reconcileIndexes(table, name, compared)
    if (Object.hasOwn(changed, name) || isEmpty(table)) delete changedTables[key]
  }
}

/** The columns that no view may use while they change, by table. */
function affectedColumns(
  {changedTables}: SchemaDifference,
  {capabilities}: SqlContext,
): readonly {readonly table: string; readonly column: string}[] {
  if (!capabilities.materializedViews) return []
  return Object.values(changedTables).flatMap(({fromTable, removedColumns, changedColumns}) => [
    ...Object.keys(removedColumns).map((column) => ({table: fromTable.name, column})),
    ...Object.values(changedColumns)
      .filter(({changedProperties}) => ['type', 'generated', 'collation'].some((one) => changedProperties.has(one)))
      .map(({oldColumnName}) => ({table: fromTable.name, column: oldColumnName})),
  ])
}

function uses(
  {definition}: DatabaseView,
  affected: readonly {readonly table: string; readonly column: string}[],
): boolean {
  return affected.some(({table, column}) => mentions(definition, table) && mentions(definition, column))
}

function mentions(sql: string, name: string): boolean {
  return sql.toLowerCase().includes(name.toLowerCase())
}

function reconcileRoutines({difference, live, target, context}: ComparatorInput, compared: Comparison): void {
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
