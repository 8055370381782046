import type {Session} from '../runner/connection/session.ts'
import {temporaryName} from './empty-database.ts'

/**
 * Calls `use` on a copy of a MySQL or MariaDB schema, which cannot roll back DDL: a temporary database without rows.
 *
 * @param touched the tables and views to copy, with what they refer to and what refers to them; all when omitted
 */
export async function rehearseOnCopy<Result>(
  session: Session,
  use: () => Promise<Result>,
  touched: readonly string[] | undefined,
): Promise<Result> {
  const [row] = await session.query<{readonly name: string}>('select database() as name')
  const quote = (name: string): string => session.platform.quoteIdentifier(name)
  const own = row?.name ?? ''
  const copy = temporaryName('mig_rehearsal_')
  const statements = await definitionsOf(session, own, quote, touched)
  const send = async (...all: readonly string[]): Promise<void> => session.send(all.map((sql) => ({sql})))
  const [collation] = await session.query<{readonly charset: string; readonly collation: string}>(
    'select default_character_set_name as charset, default_collation_name as collation from information_schema.schemata where schema_name = database()',
  )
  try {
    await send(
      `create database ${quote(copy)} character set ${collation?.charset ?? 'utf8mb4'} collate ${collation?.collation ?? 'utf8mb4_general_ci'}`,
    )
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
  touched: readonly string[] | undefined,
): Promise<readonly string[]> {
  const show = async (what: string, name: string, column: string): Promise<string> => {
    const [row = {}] = await session.query<Readonly<Record<string, unknown>>>(`show create ${what} ${quote(name)}`)
    return String(row[column])
  }
  const list = async (sql: string): Promise<readonly string[]> =>
    (await session.query<{readonly name: string}>(sql)).map(({name}) => name)
  const views = new Map<string, string>()
  for (const name of await list(named('VIEW')))
    // View definitions qualify each table with the database.
    views.set(name, (await show('view', name, 'Create View')).replaceAll(`${quote(database)}.`, ''))
  const copied = touched && (await neighbourhoodOf(session, touched, views))
  const isCopied = (name: string): boolean => copied === undefined || copied.has(name)
  const found: string[] = []
  for (const name of await list(named('SEQUENCE'))) found.push(await show('sequence', name, 'Create Table'))
  for (const name of (await list(named('BASE TABLE'))).filter(isCopied))
    // A default may take the next value of a sequence, which is qualified with the database.
    found.push((await show('table', name, 'Create Table')).replaceAll(`${quote(database)}.`, ''))
  found.push(...[...views].filter(([name]) => isCopied(name)).map(([, sql]) => sql))
  const triggers = await list(
    'select trigger_name as name from information_schema.triggers where trigger_schema = database()',
  )
  const databases = await list('select schema_name as name from information_schema.schemata')
  for (const name of triggers.filter((trigger) => touched === undefined || touched.includes(trigger))) {
    const sql = (await show('trigger', name, 'SQL Original Statement')).replaceAll(`${quote(database)}.`, '')
    // A trigger that writes to a database by its name would write to the real one.
    if (!databases.some((other) => qualifies(sql, other))) found.push(sql)
  }
  return found
}

/** Returns tables and views with those that they use, and those whose foreign keys or definitions use them. */
async function neighbourhoodOf(
  session: Session,
  touched: readonly string[],
  views: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const found = new Set(touched)
  for (const [name, sql] of views) {
    const words = quotedNames(sql)
    if (!found.has(name) && !words.some((word) => touched.includes(word))) continue
    for (const word of [name, ...words]) found.add(word)
  }
  const keys = await session.query<{readonly table: string; readonly other: string}>(
    'select distinct table_name as `table`, referenced_table_name as other from information_schema.key_column_usage where table_schema = database() and referenced_table_name is not null',
  )
  const core = new Set(found)
  for (const {table, other} of keys)
    if (core.has(table) || core.has(other)) for (const name of [table, other]) found.add(name)
  return found
}

function quotedNames(sql: string): readonly string[] {
  const found = sql.matchAll(/`(?<name>(?:[^`]|``)+)`/g)
  return [...found].map((match) => match.groups?.['name']?.replaceAll('``', '`') ?? '')
}

function qualifies(sql: string, database: string): boolean {
  const name = database.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`(?<![\\w$])[\`"]?${name}[\`"]?\\s*\\.`, 'i').test(sql)
}
