import {cpSync, existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {randomBytes} from 'node:crypto'
import {connect} from '../../src/runner/connect.ts'
import {withSession} from '../../src/runner/session.ts'
import {postgresServer, stopPostgres} from './postgres.ts'

/** A database that exists for one test. */
export interface TestDatabase {
  /** What MIG_DATABASE_URL is to be. */
  readonly url: string
  /** Runs queries and returns the rows of each. */
  query(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[][]>
  drop(): Promise<void>
}

/** The databases that behaviour is tested on. */
export const databaseKinds = ['postgresql', 'pglite', 'sqlite'] as const

export type DatabaseKind = (typeof databaseKinds)[number]

let scratch: string | undefined
let preparedPglite: Promise<string> | undefined

/** Makes an empty database. */
export async function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const name = `mig_test_${randomBytes(6).toString('hex')}`
  switch (kind) {
    case 'postgresql': {
      const server = await postgresServer()
      await runOn(server, `create database ${name}`)
      const url = new URL(server)
      url.pathname = name
      return testDatabase(url.href, async () => void (await runOn(server, `drop database ${name} with (force)`)))
    }
    case 'pglite': {
      const folder = join(scratchFolder(), name)
      cpSync(await (preparedPglite ??= preparePglite()), folder, {recursive: true})
      return testDatabase(`pglite:${folder}`, async () => rmSync(folder, {recursive: true, force: true}))
    }
    case 'sqlite': {
      const file = join(scratchFolder(), `${name}.db`)
      return testDatabase(`sqlite:${file}`, async () => rmSync(file, {force: true}))
    }
  }
}

/** Removes what the databases of this run have left. */
export async function dropAll(): Promise<void> {
  await stopPostgres()
  if (scratch !== undefined) rmSync(scratch, {recursive: true, force: true})
}

function testDatabase(url: string, drop: () => Promise<void>): TestDatabase {
  return {url, drop, query: async (...statements) => runOn(url, ...statements)}
}

async function runOn(url: string, ...statements: readonly string[]): Promise<Readonly<Record<string, unknown>>[][]> {
  const connection = await connect({kind: 'url', url}, process.cwd())
  try {
    return await withSession(connection, undefined, async (session) => {
      const results: Readonly<Record<string, unknown>>[][] = []
      for (const statement of statements) results.push([...(await session.query<Record<string, unknown>>(statement))])
      return results
    })
  } finally {
    await connection.close()
  }
}

/** A new PGlite folder takes two seconds to make; a copy of one takes a fraction of that. */
async function preparePglite(): Promise<string> {
  const folder = join(scratchFolder(), 'prepared')
  if (!existsSync(folder)) await runOn(`pglite:${folder}`, 'select 1')
  return folder
}

function scratchFolder(): string {
  return (scratch ??= mkdtempSync(join(tmpdir(), 'mig-databases-')))
}
