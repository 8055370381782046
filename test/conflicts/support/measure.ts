import {Client} from 'pg'
import {readPostgres} from '../../../src/catalogue/snapshot/postgres.ts'
import {differencesOf, snapshotOf} from '../../../src/catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../../../src/catalogue/snapshot/snapshot.ts'
import type {Case} from './catalogue-cases.ts'
import type {Setting} from './changes.ts'
import {particularsOf} from './particulars.ts'

/** Returns why two changes of a setting collide on a server; undefined if both orders give one catalogue. */
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
    return await run(async (a, b) => measured(client, text(a), text(b)))
  } finally {
    await client.end()
  }
}

async function measured(client: Client, first: string, second: string): Promise<string | undefined> {
  const results: Snapshot[] = []
  for (const order of first === second
    ? [[first, second]]
    : [
        [first, second],
        [second, first],
      ]) {
    await client.query('begin')
    try {
      for (const text of order) {
        await client.query(text)
        await client.query('set search_path to public')
      }
      if (first !== second) results.push(await snapshot(client))
    } catch (error) {
      return (error as Error).message
    } finally {
      await client.query('rollback')
    }
  }
  const [one, other] = results
  const [difference] = one === undefined || other === undefined ? [] : differencesOf(one, other)
  return difference === undefined ? undefined : `differs: ${difference.key}`
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
    return `${await particularsOf(client)} ${JSON.stringify([...(await snapshot(client)).entries()])}`
  } finally {
    await client.query('rollback')
  }
}
