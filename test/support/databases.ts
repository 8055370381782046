import {cpSync, existsSync, mkdtempSync, renameSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {randomBytes} from 'node:crypto'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {withSession} from './session.ts'
import {postgresServer, stopPostgres} from './postgres.ts'
import {chosenKinds, missingServers, serverVariables} from './requirements.ts'

/** A database that exists for one test. */
export interface TestDatabase {
  /** What MIG_DATABASE_URL is to be. */
  readonly url: string
  /** Runs queries and returns the rows of each. */
  query(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[][]>
  drop(): Promise<void>
}

export type DatabaseKind = Dialect | 'pglite'

/** Those that are a server, which ends sessions and goes on with what it was told. */
export type ServerKind = Exclude<DatabaseKind, 'pglite' | 'sqlite'>

/** The databases that behaviour is tested on in this run. */
export const databaseKinds: readonly DatabaseKind[] = chosenKinds.filter(
  (kind) => !missingServers.some((server) => server.kind === kind),
)

export const serverKinds: readonly ServerKind[] = databaseKinds.filter((kind) => kind !== 'pglite' && kind !== 'sqlite')

let scratch: string | undefined
let preparedPglite: Promise<string> | undefined

/** Makes an empty database. */
export async function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const name = newName()
  switch (kind) {
    case 'postgresql': {
      const server = await serverOf(kind)
      await runOn(server, `create database ${name}`)
      return testDatabase(onServer(server, name), async () => {
        await runOn(server, `drop database if exists ${name} with (force)`)
      })
    }
    case 'mariadb':
    case 'mysql': {
      const server = await serverOf(kind)
      await runOn(server, `create database ${name}`)
      return testDatabase(onServer(server, name), async () => {
        await runOn(server, `drop database if exists ${name}`)
      })
    }
    case 'pglite': {
      const folder = join(scratchFolder(), name)
      cpSync(await (preparedPglite ??= preparePglite()), folder, {recursive: true})
      return testDatabase(`pglite:${folder}`, async () => rmSync(folder, {recursive: true, force: true}))
    }
    case 'sqlite': {
      const file = join(scratchFolder(), `${name}.db`)
      return testDatabase(`sqlite:${file}`, async () => {
        for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(file + suffix, {force: true})
      })
    }
  }
}

/** Returns the URL of a server that tests may make databases on, and users, with their names from `newName`. */
export async function serverOf(kind: ServerKind): Promise<string> {
  if (kind === 'postgresql') return postgresServer()
  const variable = serverVariables[kind]
  const url = process.env[variable]
  if (!url) throw new Error(`${variable} is not set`)
  return new URL(url).pathname.length > 1 ? url : onServer(url, 'information_schema')
}

/** Returns the URL of another database on a server. */
export function onServer(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}

/** Returns a name that nothing else on a server has. */
export function newName(): string {
  return `mig_test_${randomBytes(6).toString('hex')}`
}

/** Removes what the databases of a script have left: mocha's run does so itself. */
export async function dropAll(): Promise<void> {
  await stopPostgres()
  if (scratch !== undefined) rmSync(scratch, {recursive: true, force: true})
}

function testDatabase(url: string, drop: () => Promise<void>): TestDatabase {
  return {url, drop, query: async (...statements) => runOn(url, ...statements)}
}

/** Runs queries on a database and returns the rows of each. */
export async function runOn(
  url: string,
  ...statements: readonly string[]
): Promise<Readonly<Record<string, unknown>>[][]> {
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

/** A new PGlite folder takes two seconds to make; a copy of one takes a fraction of that. Processes of one run share it. */
async function preparePglite(): Promise<string> {
  const folder = join(scratchFolder(), 'prepared')
  if (existsSync(folder)) return folder
  const mine = join(scratchFolder(), newName())
  await runOn(`pglite:${mine}`, 'select 1')
  try {
    renameSync(mine, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Returns the folder of this run, which whoever began the run removes, or else one of this process. */
function scratchFolder(): string {
  return process.env['MIG_TEST_SCRATCH'] ?? (scratch ??= mkdtempSync(join(tmpdir(), 'mig-databases-')))
}
