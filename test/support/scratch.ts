import {MariaDbDriver} from '@mikro-orm/mariadb'
import {randomBytes} from 'node:crypto'
import type {Dialect} from '../../src/operations/operation.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import type {Connection, DatabaseSource} from '../../src/runner/connection/connect.ts'
import {withSession} from '../../src/runner/connection/open-session.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {postgresServer} from './postgres.ts'
import {runText} from './run-text.ts'

/** A database that is emptied between tests. */
export interface Scratch {
  use<Result>(work: (session: Session) => Promise<Result>): Promise<Result>
  clear(): Promise<void>
  close(): Promise<void>
}

/** A server of MariaDB is not started for the tests: they run on it where MIG_TEST_MARIADB_URL names one. */
const mariadb = process.env['MIG_TEST_MARIADB_URL']

/** The dialects that operations are run on. */
export const scratchDialects: readonly Dialect[] = ['postgresql', 'sqlite', ...(mariadb ? ['mariadb' as const] : [])]

/** Makes a database for the tests of a file. */
export async function openScratch(dialect: Dialect): Promise<Scratch> {
  const name = `mig_test_${randomBytes(6).toString('hex')}`
  switch (dialect) {
    case 'postgresql': {
      const server = await postgresServer()
      const url = new URL(server)
      url.pathname = name
      await once({kind: 'url', url: server}, `create database ${name}`)
      const connection = await connect({kind: 'url', url: url.href}, process.cwd())
      const schemas = `select string_agg(format('drop schema %I cascade', nspname), '; ') as sql from pg_namespace where nspname !~ '^pg_|^information_schema$'`
      return {
        use: async (work) => withSession(connection, undefined, work),
        clear: async () =>
          withSession(connection, undefined, async (session) => {
            const [row] = await session.query<{readonly sql: string}>(schemas)
            await runText(session, `${row?.sql}; create schema public`)
          }),
        close: async () => {
          await connection.close()
          await once({kind: 'url', url: server}, `drop database ${name} with (force)`)
        },
      }
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
    case 'mariadb': {
      const source = (dbName: string): DatabaseSource => ({
        kind: 'options',
        from: 'the test',
        options: {
          driver: MariaDbDriver,
          clientUrl: mariadb,
          dbName,
          entities: [],
          discovery: {warnWhenNoEntities: false},
          logger: () => {},
        },
      })
      await once(source('information_schema'), `create database ${name}`)
      const connection = await connect(source(name), process.cwd())
      return {
        use: async (work) => withSession(connection, undefined, work),
        clear: async () =>
          withSession(connection, undefined, async (session) => {
            for (const sql of [`drop database ${name}`, `create database ${name}`, `use ${name}`])
              await runText(session, sql)
          }),
        close: async () => {
          await connection.close()
          await once(source('information_schema'), `drop database ${name}`)
        },
      }
    }
  }
}

async function once(source: DatabaseSource, sql: string): Promise<void> {
  const connection = await connect(source, process.cwd())
  try {
    await withSession(connection, undefined, async (session) => runText(session, sql))
  } finally {
    await connection.close()
  }
}
