import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {partiallyApplied, repair} from '../../src/api/runs/repair.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** Uses a revision of these statements; the last argument may be code. */
function use(on: Bench, ...statements: readonly string[]): void {
  const body = statements.map((sql) => `  op.execute(${JSON.stringify(sql)})\n`).join('')
  on.use('a', () => `export async function upgrade(op) {\n${body}}\n`)
}

async function rows(on: Bench, table = 't'): Promise<readonly unknown[]> {
  const [found = []] = await on.database.query(`select n from ${table} order by n`)
  return found.map(({n}) => n)
}

async function failed(on: Bench): Promise<string> {
  return (await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))).message
}

const resume = async (on: Bench): Promise<unknown> => repair({cwd: on.cwd, action: 'resume', reason: 'mended'})

const none = 'does not apply: all tables have transactions'

contract(
  'changes of a table without transactions are recorded one by one, and never repeated in silence',
  (on) => {
    const [first, second] = ['insert into t values (1)', 'insert into t values (2)']

    for (const engine of ['MyISAM', 'MEMORY', 'CSV'] as const)
      it(`${engine}: what was executed stays, and is not executed again`, async () => {
        await on.database.query(`create table t (n integer not null) engine = ${engine}`)
        use(on, first, 'insert into nowhere values (1)')
        expect(await failed(on)).to.contain('1 of 2 statements was executed and stays applied')
        use(on, first, second)
        await resume(on)
        expect([await rows(on), await on.state()]).to.deep.equal([[1, 2], 'a*'])
      })

    it('a table that the revision itself creates', async () => {
      const create = 'create table t (n integer) engine = MyISAM'
      use(on, create, first, 'insert into nowhere values (1)')
      expect(await failed(on)).to.contain('2 of 3 statements were executed and stay applied')
      use(on, create, first, second)
      await resume(on)
      expect(await rows(on)).to.deep.equal([1, 2])
    })

    it('a statement that fails in the middle of its rows is in doubt', async () => {
      await on.database.query('create table t (n integer primary key) engine = MyISAM')
      const several = 'insert into t values (1), (1)'
      use(on, several)
      expect(await failed(on)).to.contain(
        '0 of 1 statement was executed and stays applied, and it is unknown how much of the next one was executed',
      )
      expect((await partiallyApplied({cwd: on.cwd}))[0]?.statements).to.deep.equal([{sql: several, state: 'in doubt'}])
      await rejectionOf('STATEMENT_IN_DOUBT', () => resume(on))
      expect(await rows(on)).to.deep.equal([1])
    })

    for (const [name, ...objects] of [
      ['a view', 'create view v as select n from t'],
      [
        'a trigger',
        'create table v (n integer)',
        'create trigger tr after insert on v for each row insert into t values (new.n)',
      ],
    ] as const)
      it(`through ${name}`, async () => {
        await on.database.query('create table t (n integer) engine = MyISAM', ...objects)
        use(on, 'insert into v values (1)', 'insert into nowhere values (1)')
        expect(await failed(on)).to.contain('1 of 2 statements was executed and stays applied')
        use(on, 'insert into v values (1)', 'insert into v values (2)')
        await resume(on)
        expect(await rows(on)).to.deep.equal([1, 2])
      })

    it('of queries, a query builder and an entity manager', async () => {
      await on.database.query('create table t (n integer) engine = MyISAM')
      on.use(
        'a',
        () => `export async function upgrade(op) {\n  await op.query('${first}')\n  throw new Error('no')\n}\n`,
      )
      expect(await failed(on)).to.contain('1 statement was executed and stays applied')
      await rejectionOf('RESUME_MISMATCH', () => resume(on))
      expect(await rows(on)).to.deep.equal([1])
    })

    it('that only the server notices are said to stay', async () => {
      await on.database.query(
        'create table t (n integer) engine = MyISAM',
        'create function f() returns integer deterministic begin insert into t values (1); return 1; end',
      )
      use(on, 'select f()', 'insert into nowhere values (1)')
      expect(await failed(on)).to.contain(
        '0 of 2 statements were executed and stay applied; later statements were rolled back, except for their changes of tables without transactions; according to the version table, the database is at base.',
      )
      expect(await on.log()).to.deep.equal(['upgrade a open'])
      await rejectionOf('RESUME_MISMATCH', () => resume(on))
      expect(await rows(on)).to.deep.equal([1])
    })

    it('are refused where all revisions share one transaction', async () => {
      await on.database.query('create table t (n integer) engine = MyISAM')
      on.use('a', () => `export function upgrade(op) {\n  op.execute('${first}')\n}\n`, {transaction: 'all'})
      const error = await rejectionOf('NOT_TRANSACTIONAL_STATEMENT', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(/^A change of a table without transactions cannot share one transaction/)
      expect(await rows(on)).to.deep.equal([])
    })

    it('while other tables are rolled back as ever', async () => {
      await on.database.query('create table t (n integer) engine = MyISAM', 'create table u (n integer)')
      use(on, 'insert into u values (1)', 'insert into nowhere values (1)')
      expect(await failed(on)).to.contain('The revision was rolled back; the database is at base.')
      expect([await rows(on, 'u'), await on.log()]).to.deep.equal([[], ['upgrade a failed']])
    })
  },
  {postgresql: none, pglite: none, sqlite: none},
)
