import {expect} from 'chai'
import {assert, asyncProperty} from 'fast-check'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {TransactionEndedError} from '../../src/runner/statement-errors.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {programs, SaidState} from '../support/said-state.ts'

const runs: Readonly<Record<DatabaseKind, number>> = {postgresql: 6, pglite: 2, sqlite: 12, mariadb: 6, mysql: 6}

describe('what mig says of a database after a random revision is what is there', () => {
  for (const kind of databaseKinds)
    it(`[${kind}]`, async () => {
      const said = await SaidState.on(kind)
      try {
        await assert(
          asyncProperty(programs, async (program) => void (await said.check(program))),
          {numRuns: runs[kind]},
        )
      } finally {
        await said.end()
      }
    })
})

interface Way {
  /** The body of the revision; by default, the configuration has no hooks. */
  readonly body: string
  readonly hook?: string
  readonly code: 'TRANSACTION_CONTROL' | 'LOCK_RELEASE' | 'REVISION_FAILED' | 'HOOK_FAILED'
  readonly says: RegExp | ((kind: DatabaseKind) => RegExp)
  /** Where it applies, if not everywhere. */
  readonly on?: readonly DatabaseKind[]
  readonly isPartial?: (kind: DatabaseKind) => boolean
}

const commitsDdl = (kind: DatabaseKind): boolean => kind === 'mariadb' || kind === 'mysql'
const rolledBack = /The revision was rolled back; the database is at base\./
const ofDdl = (kind: DatabaseKind): RegExp =>
  commitsDdl(kind) ? /1 statement was executed and stays applied/ : rolledBack
const control = (command: string): RegExp => new RegExp(`^Revision a contains ${command} \\(.*a\\.ts:\\d+\\), but`)
const caught = (sql: string): string => `await op.query(${JSON.stringify(sql)}).catch(() => {})`

const ways: Readonly<Record<string, Way>> = {
  'a commit of op.query': {body: "await op.query('commit')", code: 'TRANSACTION_CONTROL', says: control('COMMIT')},
  'a commit behind another statement of op.query': {
    body: "await op.query('select 1; commit')",
    code: 'TRANSACTION_CONTROL',
    says: control('COMMIT'),
  },
  'a rollback of a query builder': {
    body: "await (await op.kysely()).executeQuery({sql: 'rollback', parameters: [], query: {kind: 'RawNode'}})",
    code: 'TRANSACTION_CONTROL',
    says: control('ROLLBACK'),
  },
  'a begin of an entity manager': {
    body: "await (await op.entityManager()).execute('begin')",
    // MikroORM wraps the error.
    code: 'REVISION_FAILED',
    says: /contains BEGIN .*, but mig manages its transaction[^]*The revision was rolled back/,
  },
  'a savepoint outside of a transaction': {
    body: "await op.autocommit(async () => op.query('savepoint s'))",
    code: 'TRANSACTION_CONTROL',
    says: /contains SAVEPOINT .* outside of a transaction/,
  },
  'a table of op.query': {
    body: "await op.query('create table made (n integer)')\n  throw new Error('late')",
    code: 'REVISION_FAILED',
    says: ofDdl,
    isPartial: commitsDdl,
  },
  'a table of a query builder': {
    body: "await (await op.kysely()).schema.createTable('made').addColumn('n', 'integer').execute()\n  throw new Error('late')",
    code: 'REVISION_FAILED',
    says: ofDdl,
    isPartial: commitsDdl,
  },
  'a table of an entity manager': {
    body: "await (await op.entityManager()).execute('create table made (n integer)')\n  throw new Error('late')",
    code: 'REVISION_FAILED',
    says: ofDdl,
    isPartial: commitsDdl,
  },
  ...Object.fromEntries(
    [
      'em.fork().execute(sql)',
      'em.getConnection().execute(sql)',
      'em.fork().getConnection("read").execute(sql)',
      'em.getDriver().execute(sql)',
      'em.getConnection().getClient().executeQuery({sql, parameters: [], query: {kind: "RawNode"}})',
      'em.transactional((fork) => fork.execute(sql), {propagation: "not_supported"})',
      'em.transactional((fork) => fork.execute(sql), {propagation: "requires_new"})',
      'em.getConnection().transactional((ctx) => em.fork().execute(sql, [], "run", ctx))',
      'em.begin(); await em.execute(sql); await em.commit()',
      'em.fork().begin(); await em.execute(sql)',
    ].map((call): [string, Way] => [
      `a table of an entity manager: ${call}`,
      {
        body: `const em = await op.entityManager()
  const sql = 'create table made (n integer)'
  await ${call}
  throw new Error('late')`,
        code: 'REVISION_FAILED',
        says: ofDdl,
        isPartial: commitsDdl,
      },
    ]),
  ),
  'an error that ends the transaction, caught': {
    body: `await op.query('create table made (n integer primary key)')
  await op.query('insert into made values (1)')
  ${caught('insert or rollback into made values (1)')}
  op.execute('create table later (n integer)')`,
    code: 'REVISION_FAILED',
    says: /the database rolled back the transaction of revision a when a statement failed: UNIQUE[^]*The revision was rolled back; the database is at base\./,
    on: ['sqlite'],
  },
  ...Object.fromEntries(
    [
      'query(sql)',
      'kysely().executeQuery({sql, parameters: [], query: {kind: "RawNode"}})',
      'entityManager().execute(sql)',
    ].map((call): [string, Way] => [
      `a failed statement that a hook catches: event.${call}`,
      {
        body: "op.execute('create table made (n integer)')",
        hook: `async (event) => { const sql = 'select * from nope'; await event.${call}.catch(() => {}) }`,
        code: 'HOOK_FAILED',
        says: /onVersionApply failed at .*nope[^]*The revision was rolled back; the database is at base\./,
        on: ['postgresql', 'pglite'],
      },
    ]),
  ),
  'a failed statement that a hook catches, after a statement of its own transaction': {
    body: "await op.autocommit(() => op.execute('create table made (n integer)'))",
    hook: "async ({query}) => query('select * from nope').catch(() => {})",
    code: 'HOOK_FAILED',
    says: /onVersionApply failed at .*nope[^]*1 of 1 statement was executed and stays applied/,
    on: ['postgresql', 'pglite'],
    isPartial: () => true,
  },
  'a statement that ends the lock of the run': {
    body: "await op.autocommit(async () => op.query('discard all'))",
    code: 'LOCK_RELEASE',
    says: /^Revision a contains discard all \(.*a\.ts:\d+\), which releases the lock of the run\./,
    on: ['postgresql', 'pglite'],
  },
  'a query that ends the lock of the run': {
    body: "await op.query('/* all */ select pg_advisory_unlock_all()')",
    code: 'LOCK_RELEASE',
    says: /releases the lock of the run/,
    on: ['postgresql', 'pglite'],
  },
  'a query that ends the named locks': {
    body: "await op.query('select release_all_locks()')",
    code: 'LOCK_RELEASE',
    says: /releases the lock of the run/,
    on: ['mariadb', 'mysql'],
  },
  'a hook that commits': {
    body: "op.execute('select 1')",
    hook: "async ({query}) => query('commit')",
    code: 'HOOK_FAILED',
    says: /would not survive the statement: commit\n[^]*The revision was rolled back/,
  },
}

describe('a revision cannot end its transaction unnoticed', () => {
  for (const [name, {body, hook, code, says, on = databaseKinds, isPartial = () => false}] of Object.entries(ways))
    for (const kind of databaseKinds.filter((each) => on.includes(each)))
      it(`[${kind}] ${name}`, async () => {
        const bench = new Bench(kind, await createDatabase(kind))
        try {
          bench.use(
            'a',
            () => `export async function upgrade(op) {\n  ${body}\n}\nexport async function downgrade() {}\n`,
          )
          if (hook !== undefined) {
            const {url: orm} = bench.database
            bench.folder.write({
              'mig.config.js': `export default {orm: ${JSON.stringify(orm)}, onVersionApply: ${hook}}\n`,
            })
          }
          const error = await rejectionOf(code, () => upgrade({cwd: bench.cwd}))
          expect(error.message).to.match(says instanceof RegExp ? says : says(kind))
          expect(await bench.log()).to.deep.equal([`upgrade a ${isPartial(kind) ? 'open' : 'failed'}`])
          expect(await bench.tables()).to.deep.equal(
            ['mig_log', 'mig_version', ...(isPartial(kind) ? ['made'] : [])].toSorted(),
          )
          if (isPartial(kind)) await rejectionOf('HALF_APPLIED', () => upgrade({cwd: bench.cwd}))
        } finally {
          await bench.end()
        }
      })

  it('names the code TRANSACTION_ENDED in the cause', () => {
    expect(new TransactionEndedError('a', new Error('failed')).code).to.equal('TRANSACTION_ENDED')
  })
})
