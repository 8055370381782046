import {connect} from '../../src/runner/connection/connect.ts'
import type {Connection} from '../../src/runner/connection/connect.ts'
import {withSession} from '../../src/runner/connection/open-session.ts'
import type {Dialect} from '../../src/operations/operation.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {createDatabase, databaseKinds} from './databases.ts'
import {runText} from './run-text.ts'

/** A database that is emptied between tests. */
export interface Scratch {
  use<Result>(work: (session: Session) => Promise<Result>): Promise<Result>
  clear(): Promise<void>
  close(): Promise<void>
}

/** The dialects that operations are run on. */
export const scratchDialects: readonly Dialect[] = databaseKinds.filter((kind) => kind !== 'pglite')

/** Makes a database for the tests of a file. */
export async function openScratch(dialect: Dialect): Promise<Scratch> {
  if (dialect === 'sqlite') return inMemory()
  const database = await createDatabase(dialect)
  const connection = await connect({kind: 'url', url: database.url}, process.cwd())
  return {
    use: async (work) => withSession(connection, undefined, work),
    clear: async () =>
      withSession(connection, undefined, async (session) => {
        for (const sql of await emptying(session)) await runText(session, sql)
      }),
    close: async () => {
      await connection.close()
      await database.drop()
    },
  }
}

function inMemory(): Scratch {
  let connection: Connection | undefined
  return {
    use: async (work) => withSession(connection as Connection, undefined, work),
    clear: async () => {
      await connection?.close()
      connection = await connect({kind: 'url', url: 'sqlite::memory:'}, process.cwd())
    },
    close: async () => connection?.close(),
  }
}

/** Returns what empties the database of a session. */
async function emptying(session: Session): Promise<readonly string[]> {
  if (session.dialect === 'postgresql') {
    const [row] = await session.query<{readonly sql: string}>(
      `select string_agg(format('drop schema %I cascade', nspname), '; ') as sql from pg_namespace where nspname !~ '^pg_|^information_schema$'`,
    )
    return [`${row?.sql}; create schema public`]
  }
  const [row] = await session.query<{readonly name: string}>('select database() as name')
  return [`drop database ${row?.name}`, `create database ${row?.name}`, `use ${row?.name}`]
}
