import type {Column} from '@mikro-orm/sql'
import type {ColumnChange} from '../../operations/columns/alter-column.ts'
import type {ColumnDefinition} from '../../operations/columns/column.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {nextTo, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import {detachedSequences, sequences} from '../../catalogue/definitions/column.ts'
import type {DetachedSequence} from '../../catalogue/definitions/column.ts'

/** The changes to a column whose numbering changes. */
export interface Renumbering {
  /** The change that removes the old numbering. */
  readonly set: ColumnChange
  readonly was: ColumnChange
  /** The operations that add the new numbering, after the column has changed. */
  readonly next: readonly Operation[]
}

/**
 * Changes how PostgreSQL numbers rows: by a sequence as default (`serial`), by an identity, or not at all. Rows keep
 * their numbers, and new ones continue from there. MikroORM would drop and recreate the column.
 */
export function renumber(
  before: ColumnDefinition,
  after: ColumnDefinition,
  {table, fromColumn}: {readonly table: string; readonly fromColumn: Column},
  {quote, list}: SqlContext,
): Renumbering {
  const column = fromColumn.name
  const name = nextTo(table, `${splitName(table).name}_${column}_seq`)
  const ownedBy = `${table}.${column}`
  const next: Operation[] = []
  const alter = (set: ColumnChange, was: ColumnChange): Operation => ({kind: 'alterColumn', table, column, set, was})
  const continueNumbering = (sequence: string): Operation => ({
    kind: 'execute',
    sql: `select setval(${sequence}, coalesce(max(${list([column])}), 0) + 1, false) from ${quote(table)}`,
    parameters: [],
    // The sequence's position is lost with the sequence, so there is nothing to restore.
    inverse: '',
  })
  if (before.identity && after.identity)
    return {set: {identity: after.identity}, was: {identity: before.identity}, next}
  const old = sequences.get(fromColumn) ?? name
  if (before.autoincrement) next.push({kind: 'dropSequence', name: old, was: {as: sizeOf(before), ownedBy}})
  if (after.identity)
    next.push(
      alter({identity: after.identity}, {identity: null}),
      continueNumbering(`pg_get_serial_sequence('${quoted(table)}', '${column}')`),
    )
  if (after.autoincrement)
    next.push(
      ...ownSequence(name, {as: sizeOf(after), ownedBy}, detachedSequences.get(fromColumn)),
      alter({default: {sql: nextOf(name)}}, {default: before.default ?? null}),
      continueNumbering(`'${quoted(name)}'`),
    )
  return {
    set: {
      ...(before.identity && {identity: null}),
      ...(before.autoincrement && {default: after.default ?? null}),
    },
    was: {
      ...(before.identity && {identity: before.identity}),
      ...(before.autoincrement && {default: {sql: nextOf(old)}}),
    },
    next,
  }
}

/** Returns the operation that gives a column its sequence: a new one, or the one that it once had. */
function ownSequence(
  name: string,
  set: {readonly as: Size; readonly ownedBy: string},
  detached: DetachedSequence | undefined,
): readonly Operation[] {
  if (detached === undefined) return [{kind: 'createSequence', name, ...set}]
  const was = {as: detached.type, ownedBy: detached.isOwned ? set.ownedBy : null}
  if (was.as === set.as && was.ownedBy === set.ownedBy) return []
  return [{kind: 'alterSequence', name, set, was}]
}

/** Returns the operation by which the sequence of a column gets the type of the column, where sequences have types. */
export function widerSequence(
  before: ColumnDefinition,
  after: ColumnDefinition,
  {table, fromColumn}: {readonly table: string; readonly fromColumn: Column},
  {capabilities}: SqlContext,
): readonly Operation[] {
  if (capabilities.sequences !== 'all' || !before.autoincrement || !after.autoincrement) return []
  const name = sequences.get(fromColumn) ?? nextTo(table, `${splitName(table).name}_${fromColumn.name}_seq`)
  return [{kind: 'alterSequence', name, set: {as: sizeOf(after)}, was: {as: sizeOf(before)}}]
}

function nextOf(sequence: string): string {
  return `nextval('${quoted(sequence)}'::regclass)`
}

function quoted(name: string): string {
  const parts = name.split('.').map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part}"`))
  return parts.join('.').replaceAll("'", "''")
}

type Size = DetachedSequence['type']

function sizeOf({type}: ColumnDefinition): Size {
  return type === 'smallint' || type === 'bigint' ? type : 'integer'
}
