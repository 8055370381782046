import type {Dialect} from '../../src/operations/operation.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import type {Connection} from '../../src/runner/connection/connect.ts'
import {withSession} from './session.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {newName, onServer, runOn, serverOf} from './databases.ts'
import {runText} from './run-text.ts'

/** A database that is emptied between tests. */
export interface Scratch {
  use<Result>(work: (session: Session) => Promise<Result>): Promise<Result>
  clear(): Promise<void>
  close(): Promise<void>
}

/** Makes a database for the tests of a file. */
export async function openScratch(dialect: Dialect): Promise<Scratch> {
  switch (dialect) {
    case 'postgresql': {
      const schemas = `select string_agg(format('drop schema %I cascade', nspname), '; ') as sql from pg_namespace where nspname !~ '^pg_|^information_schema$'`
      return openOnServer(dialect, async (session) => {
        const [row] = await session.query<{readonly sql: string}>(schemas)
        await runText(session, `${row?.sql}; create schema public`)
      })
    }
    case 'sqlite': {
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
    case 'mysql':
    case 'mariadb':
      return openOnServer(dialect, async (session, name) => {
        for (const sql of [`drop database ${name}`, `create database ${name}`, `use ${name}`])
          await runText(session, sql)
      })
  }
}

async function openOnServer(
  dialect: Exclude<Dialect, 'sqlite'>,
  clear: (session: Session, name: string) => Promise<void>,
): Promise<Scratch> {
  const server = await serverOf(dialect)
  const name = newName()
  await runOn(server, `create database ${name}`)
  const connection = await connect({kind: 'url', url: onServer(server, name)}, process.cwd())
  return {
    use: async (work) => withSession(connection, undefined, work),
    clear: async () => withSession(connection, undefined, async (session) => clear(session, name)),
    close: async () => {
      await connection.close()
      await runOn(server, `drop database ${name}`)
    },
  }
}
