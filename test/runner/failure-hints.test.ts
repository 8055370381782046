import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {rejectionOf} from '../support/errors.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'

const cases: readonly {
  readonly name: string
  readonly kinds: readonly DatabaseKind[]
  readonly sql: string
  readonly config?: object
  readonly hint: RegExp
}[] = [
  {
    name: 'a statement that takes too long',
    kinds: ['postgresql'],
    sql: 'select pg_sleep(2);',
    config: {statementTimeout: '100ms'},
    hint: /`statementTimeout`/,
  },
  {
    name: 'a new value of an enum that is used at once',
    kinds: ['postgresql', 'pglite'],
    sql: "alter type mood add value 'fine';\ninsert into t values ('fine');",
    hint: /in an earlier revision, or with `op\.autocommit`/,
  },
  {
    name: 'a trigger whose statements are split',
    kinds: ['mariadb', 'mysql'],
    sql: 'create trigger x before insert on t for each row begin set @a = 1; set @b = 2; end;',
    hint: /`DELIMITER \/\/`/,
  },
  {
    name: 'a server that only reads',
    kinds: ['postgresql', 'pglite'],
    sql: 'set transaction read only;\ncreate table x (n int);',
    hint: /^The server is read-only, like a replica: connect to the primary\.$/,
  },
  {
    name: 'a privilege that the user lacks',
    kinds: ['postgresql', 'pglite'],
    sql: 'set role pg_monitor;\ncreate table x (n int);',
    hint: /^The user lacks a privilege: ask the schema owner to grant it\.$/,
  },
  {
    name: 'a mistake',
    kinds: ['postgresql', 'sqlite', 'mariadb'],
    sql: 'create tabel x (n int);',
    hint: /^Fix the revision and run the same command again\.$/,
  },
]

for (const {name, kinds, sql, config, hint} of cases)
  for (const kind of kinds.filter((one) => databaseKinds.includes(one)))
    it(`the hint for ${name} can be followed, on ${kind}`, async () => {
      const on = new Bench(kind, await createDatabase(kind))
      try {
        if (kind === 'postgresql' || kind === 'pglite')
          await on.database.query("create type mood as enum ('ok')", 'create table t (m mood)')
        else await on.database.query('create table t (n int)')
        on.use('', undefined, config)
        on.folder.write({'migrations/versions/a.sql': `-- revision: a\n-- revises: base\n\n-- upgrade\n${sql}\n`})
        const error = await rejectionOf('REVISION_FAILED', async () => upgrade({cwd: on.cwd}))
        expect(error.hint).to.match(hint)
      } finally {
        await on.end()
      }
    })

if (databaseKinds.includes('postgresql'))
  it('the hint for a session that is idle in its transaction for too long can be followed', async () => {
    const on = new Bench('postgresql', await createDatabase('postgresql'))
    const slow = 'await new Promise((done) => setTimeout(done, 1500))'
    const use = (...lines: readonly string[]): void =>
      on.use('a', () => `export async function upgrade(op) {\n  ${lines.join('\n  ')}\n}\n`)
    try {
      const name = new URL(on.database.url).pathname.slice(1)
      await on.database.query(`alter database ${name} set idle_in_transaction_session_timeout = '300ms'`)
      use("await op.query('select 1')", slow, "await op.query('select 2')")
      const error = await rejectionOf('REVISION_FAILED', async () => upgrade({cwd: on.cwd}))
      expect(error.hint).to.equal(
        'The server ends sessions that are idle in a transaction: raise `idle_in_transaction_session_timeout`, or do slow work before the first statement.',
      )
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
      use(slow, "await op.query('select 1')", "await op.query('select 2')")
      await upgrade({cwd: on.cwd})
      await on.database.query(`alter database ${name} set idle_in_transaction_session_timeout = '1min'`)
      on.use('a <- b', ({id}) =>
        id === 'a'
          ? 'export function upgrade() {}\n'
          : `export async function upgrade(op) {\n  await op.query('select 1')\n  ${slow}\n  await op.query('select 2')\n}\n`,
      )
      await upgrade({cwd: on.cwd})
      expect(await on.state()).to.equal('a b*')
    } finally {
      await on.end()
    }
  })
