import {randomBytes} from 'node:crypto'
import type {Session} from '../runner/connection/session.ts'

/**
 * Calls `use` on a copy of a MySQL or MariaDB schema, which cannot roll back DDL: a temporary database without rows.
 */
export async function rehearseOnCopy<Result>(session: Session, use: () => Promise<Result>): Promise<Result> {
  const [row] = await session.query<{readonly name: string}>('select database() as name')
  const quote = (name: string): string => session.platform.quoteIdentifier(name)
  const own = row?.name ?? ''
  const copy = `mig_rehearsal_${randomBytes(6).toString('hex')}`
  const statements = await definitionsOf(session, own, quote)
  const send = async (...all: readonly string[]): Promise<void> => session.send(all.map((sql) => ({sql})))
  const [collation] = await session.query<{readonly charset: string; readonly collation: string}>(
    'select default_character_set_name as charset, default_collation_name as collation from information_schema.schemata where schema_name = database()',
  )
  await send(
    `create database ${quote(copy)} character set ${collation?.charset ?? 'utf8mb4'} collate ${collation?.collation ?? 'utf8mb4_general_ci'}`,
  )
  try {
    await send(`use ${quote(copy)}`, 'set foreign_key_checks = 0', ...statements, 'set foreign_key_checks = 1')
    return await use()
  } finally {
    const end = [`use ${quote(own)}`, 'set foreign_key_checks = 1', `drop database if exists ${quote(copy)}`]
    for (const sql of end) await session.sendRegardless([{sql}])
  }
}

const named = (type: string): string =>
  `select table_name as name from information_schema.tables where table_schema = database() and table_type = '${type}'`

/** Returns the statements that create the tables, triggers, and views of a database. */
async function definitionsOf(
  session: Session,
  database: string,
  quote: (name: string) => string,
): Promise<readonly string[]> {
  const show = async (what: string, name: string, column: string): Promise<string> => {
    const [row = {}] = await session.query<Readonly<Record<string, unknown>>>(`show create ${what} ${quote(name)}`)
    return String(row[column])
  }
  const list = async (sql: string): Promise<readonly string[]> =>
    (await session.query<{readonly name: string}>(sql)).map(({name}) => name)
  const found: string[] = []
  for (const name of await list(named('SEQUENCE'))) found.push(await show('sequence', name, 'Create Table'))
  for (const name of await list(named('BASE TABLE'))) found.push(await show('table', name, 'Create Table'))
  for (const name of await list(named('VIEW')))
    // View definitions qualify each table with the database.
    found.push((await show('view', name, 'Create View')).replaceAll(`${quote(database)}.`, ''))
  const triggers = 'select trigger_name as name from information_schema.triggers where trigger_schema = database()'
  for (const name of await list(triggers)) found.push(await show('trigger', name, 'SQL Original Statement'))
  return found
}
