import type {ItemId} from './items.ts'
import {areDisjoint, restrictedTo, sharedRow, withEqualNulls, withValues} from './row-sets.ts'
import type {Constants, RowSet} from './row-sets.ts'

/**
 * A use of the rows of a table, or of the values of a sequence.
 *
 * - `reads`: a query reads them; `tests`: a statement reads the rows that it changes
 * - `requires`: a foreign key demands that such rows exist; `forbids`: one demands that they do not
 * - `takes`, `sets`: the next value of a sequence
 */
export interface RowChange {
  readonly table: ItemId
  readonly change: 'inserts' | 'updates' | 'deletes' | 'reads' | 'tests' | 'requires' | 'forbids' | 'takes' | 'sets'
  /** Those updated, read or tested, or those to which values are inserted. */
  readonly columns: readonly string[]
  readonly rows: RowSet
  /** The constants to which columns are updated. */
  readonly values?: Constants
  /** Whether the table goes with its rows, and with the foreign keys that refer to it. */
  readonly isDrop?: boolean
  /** The keys that inserted or updated rows must not share. */
  readonly keys?: readonly RowKey[]
  /** The generated columns and expressions of keys that are computed from these columns. */
  readonly computed?: readonly string[]
  /** Columns that a check compares with each other. */
  readonly compared?: readonly (readonly string[])[]
}

/** A key that no two rows may share. */
export interface RowKey {
  /** The names of its columns, and its expressions as text. */
  readonly elements: readonly string[]
  readonly areNullsEqual: boolean
}

/** Whether two changes have one result in both orders (`apart`), two results (`collide`), or it is not known. */
export type RowRelation = 'apart' | 'unclear' | 'collide'

export function relationOfChanges(one: RowChange, other: RowChange): RowRelation {
  if (one.table !== other.table) return 'apart'
  return related(one, other) ?? related(other, one) ?? 'apart'
}

/** Returns undefined if the pair is decided the other way around, or not at all. */
function related(one: RowChange, other: RowChange): RowRelation | undefined {
  switch (one.change) {
    case 'inserts':
      return insertAgainst(one, other)
    case 'updates':
      return updateAgainst(one, other)
    case 'deletes':
      return deleteAgainst(one, other)
    case 'takes':
      if (other.change === 'takes') return 'unclear'
      if (other.change !== 'sets') return undefined
      return one.rows.isExact && other.rows.isExact ? 'collide' : 'unclear'
    case 'sets':
      return other.change === 'sets' && overlap(one, other) && !(one.rows.isExact && other.rows.isExact)
        ? 'unclear'
        : undefined
    case 'reads':
    case 'tests':
    case 'requires':
    case 'forbids':
      return undefined
  }
}

const overlap = ({columns}: Pick<RowChange, 'columns'>, other: Pick<RowChange, 'columns'>): boolean =>
  columns.some((name) => other.columns.includes(name))

/** Returns the columns of a change, with those that are computed from them. */
const changed = ({columns, computed = []}: RowChange): readonly string[] => [...columns, ...computed]

function insertAgainst(one: RowChange, other: RowChange): RowRelation | undefined {
  const shared = sharedRow(one.rows, other.rows)
  switch (other.change) {
    case 'deletes':
    case 'requires':
      return shared === undefined ? unlessDisjoint(one, other) : 'collide'
    case 'updates':
      if (setsKeyOf(other, one, one.rows)) return 'unclear'
      return shared !== undefined && setsOtherwise(shared, other) ? 'collide' : unlessDisjoint(one, other)
    case 'reads':
      return unlessDisjoint(one, other)
    case 'inserts':
      return mayShareKey(one, other) ? 'unclear' : 'apart'
    default:
      return undefined
  }
}

/** Whether rows may have the same values of a key; rows whose keys are constants are compared when they are inserted. */
function mayShareKey(one: RowChange, other: RowChange): boolean {
  const written = (one.keys ?? []).filter(({elements}) =>
    [one, other].every((change) => elements.every((name) => changed(change).includes(name))),
  )
  return written.some((key) => !haveOtherKeys(key, one.rows, other.rows))
}

/** Whether an update may give its rows a key that one of some rows has, which another change writes. */
function setsKeyOf(update: RowChange, {computed = []}: RowChange, set: RowSet): boolean {
  const own = {rows: [update.values ?? {}], isExact: set.isExact}
  return (update.keys ?? []).some(
    (key) =>
      key.elements.some((name) => changed(update).includes(name)) &&
      key.elements.some((name) => computed.includes(name) || set.rows.some((row) => row[name] !== undefined)) &&
      !haveOtherKeys(key, own, set),
  )
}

function haveOtherKeys({elements, areNullsEqual}: RowKey, one: RowSet, other: RowSet): boolean {
  const [mine, theirs] = [restrictedTo(one, elements), restrictedTo(other, elements)]
  return areNullsEqual ? areDisjoint(withEqualNulls(mine), withEqualNulls(theirs)) : areDisjoint(mine, theirs)
}

/** Whether two conditions select the same constants. */
const isOneRow = (one: RowChange, other: RowChange): boolean => JSON.stringify(one.rows) === JSON.stringify(other.rows)

/** Whether an update certainly changes a row. */
function setsOtherwise(row: Constants, {columns, values = {}}: RowChange): boolean {
  return columns.some((name) => {
    const [own, set] = [row[name], values[name]]
    return own !== undefined && set !== undefined && own !== set
  })
}

function updateAgainst(one: RowChange, other: RowChange): RowRelation | undefined {
  switch (other.change) {
    case 'updates':
      if (setsKeyOf(one, other, withValues(other.rows, changed(other), other.values ?? {})) && !isOneRow(one, other))
        return 'unclear'
      return (overlap(one, other) && !setsAlike(one, other)) || areCompared(one, other)
        ? unlessDisjoint(one, other)
        : undefined
    case 'reads':
    case 'tests':
    case 'forbids':
      return overlap({columns: changed(one)}, other) ? unlessDisjoint(one, other) : undefined
    case 'requires':
      if (!overlap({columns: changed(one)}, other)) return undefined
      return sharedRow(other.rows, one.rows) === undefined ? unlessDisjoint(one, other) : 'collide'
    default:
      return undefined
  }
}

/** Whether a check compares columns of which each of two updates sets others. */
function areCompared(one: RowChange, other: RowChange): boolean {
  return (one.compared ?? []).some((columns) => {
    const [mine, theirs] = [one, other].map((change) => columns.filter((name) => change.columns.includes(name)))
    return Boolean(mine?.length && theirs?.length && mine.join() !== theirs.join())
  })
}

/** Whether two updates set the columns that both set to the same constants. */
function setsAlike({columns, values = {}}: RowChange, other: RowChange): boolean {
  const shared = columns.filter((name) => other.columns.includes(name))
  return shared.every((name) => values[name] !== undefined && values[name] === other.values?.[name])
}

function deleteAgainst(one: RowChange, other: RowChange): RowRelation | undefined {
  switch (other.change) {
    case 'reads':
    case 'forbids':
      return unlessDisjoint(one, other)
    case 'requires':
      if (one.isDrop === true) return undefined
      return sharedRow(other.rows, one.rows) === undefined ? unlessDisjoint(one, other) : 'collide'
    default:
      return undefined
  }
}

function unlessDisjoint(one: RowChange, other: RowChange): RowRelation {
  const [mine, theirs] = [statesOf(one), statesOf(other)]
  return mine.every((rows) => theirs.every((against) => areDisjoint(rows, against))) ? 'apart' : 'unclear'
}

/** Returns the rows of a change, before and after it. */
function statesOf(one: RowChange): readonly RowSet[] {
  const {change, rows, values = {}} = one
  return change === 'updates' ? [rows, withValues(rows, changed(one), values)] : [rows]
}
