import type {TableDifference} from '@mikro-orm/sql'
import type {ObjectKind} from '../catalogue/snapshot/snapshot.ts'
import type {CatalogueComparison} from './catalogue-comparison.ts'

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

export function reconcileColumns(difference: TableDifference, table: string, compared: CatalogueComparison): void {
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

export function reconcileIndexes(difference: TableDifference, table: string, compared: CatalogueComparison): void {
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

export function reconcilePrimaryKey(difference: TableDifference, table: string, compared: CatalogueComparison): void {
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
export function reconcileNamed(difference: TableDifference, table: string, compared: CatalogueComparison): void {
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
  compared: CatalogueComparison,
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

export function reconcileTable(difference: TableDifference, table: string, compared: CatalogueComparison): void {
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
export function isEmpty(difference: TableDifference): boolean {
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
