import {readSnapshot} from '../../../../src/catalogue/snapshot/read.ts'
import {differencesOf} from '../../../../src/catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../../../../src/catalogue/snapshot/snapshot.ts'
import {dialects} from '../../../../src/dialects/dialects.ts'
import type {Operations} from '../../../../src/operations/operations.ts'
import type {Session} from '../../../../src/runner/connection/session.ts'
import {sqlContext} from '../../../../src/sql/context.ts'
import {recorded, runOperations} from '../../../support/operations.ts'
import {runText} from '../../../support/run-text.ts'
import {openScratch} from '../../../support/scratch.ts'
import type {DialectChange, DialectSetting, MeasuredDialect} from './setting.ts'

/** Returns why two changes collide on a database; undefined if both orders give one catalogue and the same rows. */
export type MeasureChanges = (a: string, b: string) => Promise<string | undefined>

/** Runs measurements of a setting on a database that is emptied for each order. */
export async function measuringOn<Result>(
  dialect: MeasuredDialect,
  {parent, changes}: DialectSetting,
  run: (measure: MeasureChanges) => Promise<Result>,
): Promise<Result> {
  const scratch = await openScratch(dialect)
  const after = async (names: readonly string[]): Promise<readonly [Snapshot, string] | string> => {
    await scratch.clear()
    return scratch.use(async (session) => {
      if (dialect === 'sqlite') await runText(session, 'pragma foreign_keys = on')
      await apply(session, {sql: parent})
      try {
        for (const name of names) await apply(session, changes[name] ?? {sql: ''})
      } catch (error) {
        return (error as Error).message
      }
      return [await snapshot(session), await contents(session)]
    })
  }
  try {
    return await run(async (a, b) => {
      const one = await after([a, b])
      if (typeof one === 'string') return one
      if (a === b) return undefined
      const other = await after([b, a])
      if (typeof other === 'string') return other
      const [difference] = differencesOf(one[0], other[0])
      if (difference !== undefined) return `differs: ${difference.key}`
      return one[1] === other[1] ? undefined : `the rows differ: ${one[1]} and ${other[1]}`
    })
  } finally {
    await scratch.close()
  }
}

async function apply(session: Session, change: DialectChange): Promise<void> {
  const {dialect} = session
  if (!('sql' in change)) {
    // oxlint-disable-next-line typescript/no-implied-eval -- a change is written as in a revision
    const run = new Function('op', change.op) as (op: Operations) => void
    await runOperations(session, recorded(dialect, run))
    return
  }
  const statements = await dialects[dialect].split(change.sql, true)
  for (const {sql} of statements) await runText(session, sql)
}

async function snapshot(session: Session): Promise<Snapshot> {
  const context = sqlContext(session.dialect, session.platform)
  return readSnapshot(async (sql) => session.query(sql), context, [])
}

const tableNames = {
  mysql:
    "select table_name as name from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'",
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
}

/** Returns the rows of all tables, with their columns in the order of their names. */
async function contents(session: Session): Promise<string> {
  const isSqlite = session.dialect === 'sqlite'
  const tables = await session.query<{readonly name: string}>(tableNames[isSqlite ? 'sqlite' : 'mysql'])
  const found: string[] = []
  for (const {name} of tables) {
    const quoted = session.platform.quoteIdentifier(name)
    const rows = await session.query<Readonly<Record<string, unknown>>>(`select * from ${quoted}`)
    found.push(
      ...rows.map((row) => `${name} ${JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`),
    )
  }
  return found.toSorted().join('\n')
}
