import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import {insertRows} from '../rows/insert-rows.ts'
import type {RowsReport} from '../rows/insert-rows.ts'

/** Histories insert rows with small fixed keys. */
const room = 10_000

/** Generates rows for tables, and commits them. */
export async function generateRows(session: Session, tables: readonly string[]): Promise<RowsReport> {
  await session.send([{sql: dialects[session.dialect].transaction.begin}])
  try {
    return await insertRows(session, tables, {room})
  } finally {
    await session.send([{sql: 'commit'}])
  }
}

/** The values of a row as text, by the names of columns, which are sorted. */
export type Row = readonly (readonly [column: string, value: string])[]

/** Returns the rows of tables, in no special order. */
export async function contentsOf(
  session: Session,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const {quote} = sqlContext(session.dialect, session.platform)
  const contents = new Map<string, readonly Row[]>(tables.map((table) => [table, []]))
  for (const table of await withRows(session, tables)) {
    const rows = await session.query<Readonly<Record<string, unknown>>>(`select * from ${quote(table)}`)
    contents.set(table, rows.map(rowOf))
  }
  return contents
}

/** The number of tables in a query. */
const atOnce = 100

/** Returns the tables that are not empty, which in a long history are few. */
async function withRows(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const {quote} = sqlContext(session.dialect, session.platform)
  const found: string[] = []
  for (let start = 0; start < tables.length; start += atOnce) {
    const part = tables.slice(start, start + atOnce)
    const queries = part.map(
      (table, i) => `select n from (select ${i} as n) as t${i} where exists (select 1 from ${quote(table)})`,
    )
    const rows = await session.query<{readonly n: number | string}>(queries.join(' union all '))
    found.push(...rows.flatMap(({n}) => part[Number(n)] ?? []))
  }
  return found
}

function rowOf(row: Readonly<Record<string, unknown>>): Row {
  return Object.entries(row)
    .map(([name, value]) => [name, JSON.stringify(value, replaced)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}

function replaced(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
