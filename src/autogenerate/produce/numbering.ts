import type {Column} from '@mikro-orm/sql'
import type {ColumnChange} from '../../operations/columns/alter-column.ts'
import type {ColumnDefinition} from '../../operations/columns/column.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {nextTo, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import {sequences} from '../../catalogue/definitions/column.ts'

/** How a column changes that comes to be numbered in another way. */
export interface Renumbering {
  /** What takes the old numbering away. */
  readonly set: ColumnChange
  readonly was: ColumnChange
  /** What makes the new one, when the column has changed. */
  readonly next: readonly Operation[]
}

/**
 * Changes how PostgreSQL numbers rows: by a sequence as default (`serial`), by an identity, or not at all. The rows keep
 * their numbers, and the next ones follow them. MikroORM would drop the column and add another one.
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
  const goOn = (sequence: string): Operation => ({
    kind: 'execute',
    sql: `select setval(${sequence}, coalesce(max(${list([column])}), 0) + 1, false) from ${quote(table)}`,
    parameters: [],
    // Where it stands goes with it.
    inverse: '',
  })
  if (before.identity && after.identity)
    return {set: {identity: after.identity}, was: {identity: before.identity}, next}
  const old = sequences.get(fromColumn) ?? name
  if (before.autoincrement) next.push({kind: 'dropSequence', name: old, was: {as: sizeOf(before), ownedBy}})
  if (after.identity)
    next.push(
      alter({identity: after.identity}, {identity: null}),
      goOn(`pg_get_serial_sequence('${quoted(table)}', '${column}')`),
    )
  if (after.autoincrement)
    next.push(
      {kind: 'createSequence', name, as: sizeOf(after), ownedBy},
      alter({default: {sql: nextOf(name)}}, {default: before.default ?? null}),
      goOn(`'${quoted(name)}'`),
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

function nextOf(sequence: string): string {
  return `nextval('${quoted(sequence)}'::regclass)`
}

function quoted(name: string): string {
  const parts = name.split('.').map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part}"`))
  return parts.join('.').replaceAll("'", "''")
}

function sizeOf({type}: ColumnDefinition): 'smallint' | 'integer' | 'bigint' {
  return type === 'smallint' || type === 'bigint' ? type : 'integer'
}
