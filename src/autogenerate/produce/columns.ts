import type {Column, TableDifference} from '@mikro-orm/sql'
import type {Capabilities} from '../../dialects/capabilities.ts'
import {dialects} from '../../dialects/dialects.ts'
import type {ColumnChange} from '../../operations/columns/alter-column.ts'
import type {ColumnDefinition} from '../../operations/columns/column.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {columnOf} from '../../catalogue/definitions/column.ts'
import {without} from '../../util/objects.ts'
import {renumber, widerSequence} from './numbering.ts'
import type {Producing} from './producing.ts'

/** The properties of a column that can change, by MikroORM's names. */
const properties: Readonly<Record<string, readonly (keyof ColumnChange & keyof ColumnDefinition)[]>> = {
  type: ['type', 'unsigned'],
  nullable: ['nullable'],
  generated: ['generated', 'identity'],
  autoincrement: ['autoincrement', 'identity', 'default'],
  unsigned: ['unsigned'],
  default: ['default'],
  comment: ['comment'],
  collation: ['collation'],
  // On MySQL, the values are part of the type.
  enumItems: ['type'],
  extra: ['onUpdate'],
  check: ['check'],
}

/**
 * Adds the operations for columns that exist on both sides and differ. Returns those that follow once the primary key
 * is there.
 */
export function produceChangedColumns(
  difference: TableDifference,
  table: string,
  producing: Producing,
): readonly Operation[] {
  const started: Operation[] = []
  const {context, stages} = producing
  const {fromTable, toTable} = difference
  for (const {column, fromColumn, changedProperties} of Object.values(difference.changedColumns)) {
    const before = columnOf(fromColumn, fromTable, context.dialect)
    const after = columnOf(column, toTable, context.dialect)
    const generation = generationOf({column, fromColumn, changedProperties}, context.capabilities)
    if (generation === 'replaced') {
      stages.add({kind: 'dropColumn', table, column: column.name, was: before})
      stages.add({kind: 'addColumn', table, column: column.name, definition: after})
      continue
    }
    const changed = changeOf(before, after, changedProperties, column)
    const isRenumbered = dialects[context.dialect].capabilities.identityColumns && isNumberedOtherwise(before, after)
    const numbers = isRenumbered ? renumber(before, after, {table, fromColumn}, context) : {set: {}, was: {}, next: []}
    const set = {...(isRenumbered ? without(changed, 'autoincrement', 'identity', 'default') : changed), ...numbers.set}
    const {autoincrement, ...others} = set
    const isCounting = autoincrement !== undefined
    const counts = {
      kind: 'alterColumn',
      table,
      column: column.name,
      set: {autoincrement: autoincrement ?? false},
    } as const
    // Only a key can count: it stops before the key is dropped, and begins once the key is there.
    if (isCounting && !autoincrement)
      stages.addAt('dropPrimaryKey', {...counts, was: wasOf(before, counts.set, context.dialect)})
    const whole = isCounting ? without(before, 'autoincrement') : before
    const was = {
      ...(generation === 'restored' && whole),
      ...wasOf(whole, others, context.dialect),
      ...numbers.was,
    }
    const altered = {kind: 'alterColumn', table, column: column.name, set: others, was} as const
    // A column that is no longer computed lets go of the columns that it used before they change.
    if (others.generated === null) stages.addAt('dropColumn', altered)
    else if (Object.keys(others).length > 0) stages.add(altered)
    stages.addAt('alterColumn', ...numbers.next)
    if (changedProperties.has('autoincrement') && !isRenumbered)
      stages.addAt('alterColumn', ...widerSequence(before, after, {table, fromColumn}, context))
    if (isCounting && autoincrement) {
      const uncounted = without(after, 'autoincrement')
      started.push({...counts, was: wasOf(uncounted, counts.set, context.dialect)})
    }
  }
  return started
}

/**
 * Returns what a change of its generation does to a column: `replaced` when it is dropped and added, as no database can
 * compute an existing column, and MySQL cannot store a virtual one; `restored` when only the downgrade does so.
 */
export function generationOf(
  {column, fromColumn, changedProperties}: Omit<ChangedColumn, 'oldColumnName'>,
  {rebuildsTables, redefinesColumns}: Capabilities,
): 'kept' | 'replaced' | 'restored' {
  if (!changedProperties.has('generated')) return 'kept'
  if (isComputed(column)) return 'replaced'
  if (rebuildsTables) return 'kept'
  if (/virtual$/i.test(fromColumn.generated ?? '')) return 'replaced'
  return redefinesColumns ? 'kept' : 'restored'
}

type ChangedColumn = TableDifference['changedColumns'][string]

const isComputed = (column: Column): boolean => column.generated !== undefined && !isNumbered(column)

/** Returns a difference in which a column whose numbering changes is not dropped and added. */
export function withoutRenumbering(difference: TableDifference): TableDifference {
  const {addedColumns, removedColumns, changedColumns, fromTable, toTable} = difference
  const numbered = Object.entries(addedColumns).filter(([name, added]) => {
    const removed = Object.hasOwn(removedColumns, name) ? removedColumns[name] : undefined
    return removed !== undefined && (isNumbered(added) || isNumbered(removed))
  })
  if (numbered.length === 0) return difference
  const names = numbered.map(([name]) => name)
  const changed = names.map((name) => {
    const [fromColumn, column] = [fromTable.getColumn(name), toTable.getColumn(name)] as [Column, Column]
    return [name, {oldColumnName: name, fromColumn, column, changedProperties: new Set(['autoincrement'])}] as const
  })
  return {
    ...difference,
    addedColumns: without(addedColumns, ...names),
    removedColumns: without(removedColumns, ...names),
    changedColumns: {...changedColumns, ...Object.fromEntries(changed)},
  }
}

const isNumbered = ({generated}: Column): boolean => generated !== undefined && /(?:^| )identity$/.test(generated)

function isNumberedOtherwise(before: ColumnDefinition, after: ColumnDefinition): boolean {
  return before.autoincrement !== after.autoincrement || before.identity?.generated !== after.identity?.generated
}

function changeOf(
  before: ColumnDefinition,
  after: ColumnDefinition,
  changed: ReadonlySet<string>,
  {ignoreSchemaChanges = []}: Column,
): ColumnChange {
  // A default that looks alike can be invalid for another type: 0 and false.
  const found = changed.has('type') ? [...changed, 'default'] : [...changed]
  const keys = new Set(found.flatMap((property) => properties[property] ?? []))
  const set: Record<string, unknown> = {}
  for (const key of keys) {
    if ((key === 'type' || key === 'default') && ignoreSchemaChanges.includes(key)) continue
    if (isSame(key, before, after)) continue
    set[key] = after[key] ?? absent(key)
  }
  return set
}

function isSame(key: keyof ColumnDefinition, before: ColumnDefinition, after: ColumnDefinition): boolean {
  return JSON.stringify(before[key] ?? null) === JSON.stringify(after[key] ?? null)
}

/** The value that represents a missing property of a column. */
function absent(key: string): null | false {
  return key === 'autoincrement' || key === 'unsigned' ? false : null
}

/**
 * The previous definition: only what changes; on MySQL all of it, and on PostgreSQL also the default that changes with
 * a type.
 */
function wasOf(before: ColumnDefinition, set: ColumnChange, dialect: Dialect): ColumnChange {
  const changed = Object.fromEntries(
    Object.keys(set).map((key) => [key, before[key as keyof ColumnDefinition] ?? absent(key)]),
  )
  if (dialects[dialect].capabilities.redefinesColumns) return {...before, ...changed}
  const {type, default: value} = before
  const isTyped = set.type !== undefined || set.collation !== undefined
  return {...(isTyped && {type}), ...(isTyped && value !== undefined && {default: value}), ...changed}
}
