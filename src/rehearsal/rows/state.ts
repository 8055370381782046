import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import type {RowsOptions} from './insert-rows.ts'
import {isOneToOne} from './table.ts'
import type {Reference, Table} from './table.ts'

/** The rows that exist, as far as new ones depend on them. */
export interface State {
  /** The number of rows of a table, up to a limit. */
  readonly rows: (table: Table) => number
  /** The number after which new values of a numeric key column begin, if any. */
  readonly max: (table: Table, column: string) => bigint | undefined
  /** The number of rows that new rows can reference, up to the number of new rows. */
  readonly referable: (table: Table, reference: Reference) => number
}

const maxCount = 1000
/** SQLite's default limit of columns in a result is 2000. */
const maxColumns = 500

const count = (from: string, limit: number): string =>
  `(select count(*) from (select 1 as n from ${from} limit ${limit}) s)`

/** Reads the state of tables, in one query if they are few. */
export async function readState(
  session: Session,
  tables: Iterable<Table>,
  {rows, room}: Required<RowsOptions>,
): Promise<State> {
  const {quote, list} = sqlContext(session.dialect, session.platform)
  const expressions = new Map<string, string>()
  for (const table of tables) {
    if (table.refusal !== undefined) continue
    expressions.set(keyOf(table), count(quote(table.name), maxCount))
    for (const column of numberedColumns(table))
      expressions.set(
        keyOf(table, column),
        `(select cast(max(${list([column])}) as char(40)) from ${quote(table.name)})`,
      )
    for (const reference of table.references)
      expressions.set(keyOf(table, reference), count(referableRows(table, reference, {quote, list}), rows))
  }
  const values = new Map<string, unknown>()
  const keys = [...expressions.keys()]
  for (let from = 0; from < keys.length; from += maxColumns) {
    const some = keys.slice(from, from + maxColumns)
    const selected = some.map((key, i) => `${expressions.get(key)} as c${i}`)
    const [row = {}] = await session.query<Readonly<Record<string, unknown>>>(`select ${selected.join(', ')}`)
    for (const [i, key] of some.entries()) values.set(key, row[`c${i}`])
  }
  return {
    rows: (table) => Number(values.get(keyOf(table)) ?? 0),
    max: (table, column) => {
      const key = keyOf(table, column)
      const text = values.get(key)
      const max = typeof text === 'string' && /^-?\d+ *$/.test(text) ? BigInt(text.trim()) : undefined
      return room > 0 && expressions.has(key) ? (max ?? 0n) + BigInt(room) : max
    },
    referable: (table, reference) => Number(values.get(keyOf(table, reference)) ?? 0),
  }
}

function keyOf(table: Table, part?: string | Reference): string {
  return JSON.stringify([table.id, typeof part === 'object' ? table.references.indexOf(part) : part])
}

/** Returns the number columns that continue from the largest value: counters, and those in keys. */
function numberedColumns(table: Table): readonly string[] {
  return table.columns
    .filter(
      ({name, type, isCounter}) =>
        type.kind === 'ordered' &&
        !type.isQuoted &&
        (isCounter || table.keys.some((key) => key.includes(name))) &&
        !table.references.some(({columns}) => columns.includes(name)),
    )
    .map(({name}) => name)
}

interface Names {
  readonly quote: (name: string) => string
  readonly list: (names: readonly string[]) => string
}

/** Returns the rows `p` that new rows of a table can reference, as the part of a query after `from`. */
export function referableRows(table: Table, reference: Reference, {quote, list}: Names): string {
  const {parentName, parentColumns, columns} = reference
  const parts = parentColumns.map((column) => `p.${list([column])} is not null`)
  if (isOneToOne(table, reference)) {
    const same = columns.map((column, i) => `c.${list([column])} = p.${list([parentColumns[i] ?? ''])}`)
    parts.push(`not exists (select 1 from ${quote(table.name)} c where ${same.join(' and ')})`)
  }
  return `${quote(parentName)} p where ${parts.join(' and ')}`
}
