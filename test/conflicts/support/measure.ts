import {Client} from 'pg'
import {readPostgres} from '../../../src/catalogue/snapshot/postgres.ts'
import {differencesOf, snapshotOf} from '../../../src/catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../../../src/catalogue/snapshot/snapshot.ts'
import type {Case} from './catalogue-cases.ts'
import type {Setting} from './changes.ts'
import {particularsOf} from './particulars.ts'

/** Returns why two changes of a setting collide on a server; undefined if both orders give one catalogue and the same rows. */
export type Measure = (a: string, b: string) => Promise<string | undefined>

/** Runs measurements of a setting in a database of its own, which has its parent schema and nothing else. */
export async function measuring<Result>(
  url: string,
  {parent, changes}: Setting,
  run: (measure: Measure) => Promise<Result>,
): Promise<Result> {
  const client = new Client({connectionString: url})
  await client.connect()
  try {
    await client.query(parent)
    const text = (name: string): string => changes[name]?.sql ?? ''
    const restart = await restarting(client)
    return await run(async (a, b) => measured(client, restart, text(a), text(b)))
  } finally {
    await client.end()
  }
}

async function measured(client: Client, restart: string, first: string, second: string): Promise<string | undefined> {
  const results: (readonly [Snapshot, string])[] = []
  for (const order of first === second
    ? [[first, second]]
    : [
        [first, second],
        [second, first],
      ]) {
    await client.query('begin')
    try {
      await client.query(restart)
      for (const text of order) {
        await client.query(text)
        await client.query('set search_path to public')
      }
      if (first !== second) results.push([await snapshot(client), await contents(client)])
    } catch (error) {
      return (error as Error).message
    } finally {
      await client.query('rollback')
    }
  }
  const [one, other] = results
  if (one === undefined || other === undefined) return undefined
  const [difference] = differencesOf(one[0], other[0])
  if (difference !== undefined) return `differs: ${difference.key}`
  return one[1] === other[1] ? undefined : `the rows differ: ${one[1]} and ${other[1]}`
}

/** Returns statements that set all sequences to their current values, which no rollback does. */
async function restarting(client: Client): Promise<string> {
  const {rows} = await client.query<{readonly name: string; readonly next: string}>(
    `select format('%I.%I', schemaname, sequencename) as name,
       coalesce(last_value + increment_by, start_value) as next from pg_sequences`,
  )
  return rows.map(({name, next}) => `alter sequence ${name} restart with ${next};`).join(' ')
}

/** Returns the rows of all tables and the values of all sequences, as text. */
async function contents(client: Client): Promise<string> {
  const {rows: relations} = await client.query<{readonly name: string; readonly kind: string}>(
    `select c.oid::regclass::text as name, relkind as kind from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'm', 'S') and relispopulated and nspname not like 'pg\\_%' and nspname <> 'information_schema' order by 1`,
  )
  const queries = relations.map(({name, kind}) =>
    kind === 'S'
      ? `select '${name}' as place, array[last_value::text, is_called::text] as found from ${name}`
      : `select '${name}', array_agg(to_jsonb(r)::text order by to_jsonb(r)::text) from ${kind === 'm' ? '' : 'only '}${name} r`,
  )
  if (queries.length === 0) return ''
  const {rows} = await client.query(queries.join(' union all '))
  return JSON.stringify(rows)
}

async function snapshot(client: Client): Promise<Snapshot> {
  const query = async <Row>(sql: string): Promise<readonly Row[]> => (await client.query(sql)).rows as Row[]
  const schemas = await query<{readonly name: string}>(
    "select nspname as name from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema'",
  )
  const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const names = schemas.map(({name}) => name)
  return snapshotOf(await readPostgres(query, {schemas: names, defaultSchema: 'public', quote}))
}

/** Whether two changes collide on a server, and which orders fail. */
export interface Failures {
  readonly collides: boolean
  readonly oursFirst: boolean
  readonly theirsFirst: boolean
}

/** Measures two changes in both orders, each after the schema in a transaction that is rolled back. */
export async function failuresOf(client: Client, [common, ours, theirs]: Case): Promise<Failures> {
  const [one, other] = [
    await catalogueAfter(client, common, [ours, theirs]),
    await catalogueAfter(client, common, [theirs, ours]),
  ]
  return {collides: one === undefined || one !== other, oursFirst: one === undefined, theirsFirst: other === undefined}
}

async function catalogueAfter(client: Client, common: string, changes: readonly string[]): Promise<string | undefined> {
  await client.query('begin')
  try {
    await client.query(common)
    try {
      for (const text of changes) await client.query(text)
    } catch {
      return undefined
    }
    const entries = [...(await snapshot(client)).entries()]
    return `${await particularsOf(client)} ${await contents(client)} ${JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))}`
  } finally {
    await client.query('rollback')
  }
}
