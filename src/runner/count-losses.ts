import {dialects} from '../dialects/dialects.ts'
import {joinName, splitName} from '../operations/names.ts'
import {sqlContext} from '../sql/context.ts'
import {lossesIn} from '../sql/losses/data-change.ts'
import type {DataChange, DataLoss} from '../sql/losses/data-change.ts'
import {messageOf} from '../util/error-info.ts'
import type {Session} from './connection/session.ts'
import {withLockTimeout} from './transaction-boundaries.ts'

/** Rows that are lost with their table, or values that are not null and are lost with their column. */
export interface CountedLoss {
  readonly table: string
  /** Null if whole rows are lost. */
  readonly column: string | null
  /** The number of rows or values; null if they could not be counted. */
  readonly count: number | null
  /** The meaning of the number: of many rows it is an estimate, or the least that there are. */
  readonly precision: 'exact' | 'estimate' | 'at least'
  /** Why it could not be counted. */
  readonly reason?: string
}

/** Tables with more rows are not counted to the end. */
const limit = 1_000_000

type TableLoss = Extract<DataLoss, {readonly kind: 'rows' | 'values'}>

/**
 * Counts what a database would lose by steps, and leaves out what holds nothing.
 *
 * @param steps the changes of each step
 * @param timeout how long to wait for locks on tables, in milliseconds
 * @returns a list of losses for each step
 */
export async function countLosses(
  session: Session,
  steps: readonly (readonly DataChange[])[],
  timeout: number | undefined,
): Promise<readonly (readonly CountedLoss[])[]> {
  const losses = lossesIn(steps)
  if (losses.every((found) => found.length === 0)) return losses.map(() => [])
  return withLockTimeout(session, timeout, async () => {
    const counted: CountedLoss[][] = []
    const gone = new Set<string>()
    for (const found of losses) {
      const each: CountedLoss[] = []
      for (const loss of found)
        for (const one of await lossesOfTables(session, loss)) {
          if (gone.has(one.table)) continue
          if (one.kind === 'rows') gone.add(one.table)
          const count = await countOne(session, one)
          if (count.count !== 0) each.push(count)
        }
      counted.push(each)
    }
    return counted
  })
}

/** Returns a loss as one or several of single tables or columns. */
async function lossesOfTables(session: Session, loss: DataLoss): Promise<readonly TableLoss[]> {
  switch (loss.kind) {
    case 'rows':
    case 'values':
      return [loss]
    case 'schema':
      return tablesOf(session, loss.schema)
    case 'other values': {
      const copied = new Set(loss.copied.map((name) => name.toLowerCase()))
      const columns = await columnsOf(session, loss.table)
      if (columns === undefined) return [{kind: 'rows', table: loss.table}]
      return columns
        .filter((column) => !copied.has(column.toLowerCase()))
        .map((column) => ({kind: 'values', table: loss.table, column}))
    }
  }
}

/** Returns the columns of a table, none if it has no rows; undefined if it cannot be read. */
async function columnsOf(session: Session, table: string): Promise<readonly string[] | undefined> {
  try {
    const sql = `select * from ${placeOf(session, table)} limit 1`
    const [row = {}] = await session.attempt(async () => session.query<Record<string, unknown>>(sql))
    return Object.keys(row)
  } catch {
    await session.stopIfAborted()
    return undefined
  }
}

/** Returns the losses of all tables in a schema. */
async function tablesOf(session: Session, name: string): Promise<readonly TableLoss[]> {
  const schema = sqlContext(session.dialect, session.platform).literal(name)
  const rows = await session.query<{readonly name: string}>(
    `select table_name as name from information_schema.tables where table_schema = ${schema} and table_type = 'BASE TABLE' order by 1`,
  )
  return rows.map((row) => ({kind: 'rows', table: joinName(name, row.name)}))
}

/** Returns the quoted name of a table. */
function placeOf(session: Session, table: string): string {
  const {schema = session.tenant?.name, name} = splitName(table)
  return sqlContext(session.dialect, session.platform).quote(joinName(schema, name))
}

async function countOne(session: Session, loss: TableLoss): Promise<CountedLoss> {
  const {table} = loss
  const column = loss.kind === 'values' ? loss.column : null
  const {list, literal} = sqlContext(session.dialect, session.platform)
  const {schema = session.tenant?.name, name} = splitName(table)
  const place = placeOf(session, table)
  const value = column === null ? '1' : list([column])
  try {
    const {total, found} = await numbersOf<'total' | 'found'>(
      session,
      `select count(*) as total, count(v) as found from (select ${value} as v from ${place} limit ${limit + 1}) as t`,
    )
    if (total <= limit) return {table, column, count: found, precision: 'exact'}
    const statistics = dialects[session.dialect].rowEstimate?.({schema, name}, {literal, quote: (one) => list([one])})
    const {estimate = 0} = statistics === undefined ? {} : await numbersOf<'estimate'>(session, statistics)
    // There may be values beyond the rows that were read.
    if (found === 0) return {table, column, count: null, precision: 'exact', reason: `none in ${limit} of its rows`}
    if (estimate > limit) return {table, column, count: Math.round((estimate * found) / total), precision: 'estimate'}
    return {table, column, count: column === null ? limit : found, precision: 'at least'}
  } catch (error) {
    await session.stopIfAborted()
    if (isMissing(session, error)) return {table, column, count: 0, precision: 'exact'}
    // What cannot be counted, such as a table that is locked, may hold data.
    return {table, column, count: null, precision: 'exact', reason: messageOf(error)}
  }
}

/** Whether a query failed because there is no such table or column, which has nothing to lose. */
function isMissing({platform}: Session, error: unknown): boolean {
  const {name} = platform.getExceptionConverter().convertException(error as Error)
  return name === 'TableNotFoundException' || name === 'InvalidFieldNameException'
}

/** Runs a query for one row of numbers. */
async function numbersOf<Name extends string>(session: Session, sql: string): Promise<Record<Name, number>> {
  const [row = {}] = await session.attempt(async () => session.query<Record<string, unknown>>(sql))
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as Record<Name, number>
}
