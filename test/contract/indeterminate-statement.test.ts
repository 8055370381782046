import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {partiallyApplied, repair} from '../../src/api/runs/repair.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** Leaves the log as it is when the process dies while this statement, the first of its revision, is being run. */
async function dieDuring(on: Bench, statement: string, begin = ''): Promise<void> {
  use(on, 'create table other (n integer)', begin)
  await upgrade({cwd: on.cwd})
  await on.database.query(
    'delete from mig_version',
    'drop table other',
    `update mig_log set outcome = null, statements_done = 0, statement = '${statement}', digest = '${createHash('sha1').digest('hex')}'`,
  )
  use(on, statement, begin)
}

function use(on: Bench, statement: string, begin = ''): void {
  const body = `export const transactional = false\nexport async function upgrade(op) {\n${begin}  op.execute('${statement}')\n}\n`
  on.use('a', () => body)
}

const resume = async (on: Bench, inDoubt?: 'executed' | 'not-executed'): Promise<unknown> =>
  repair({cwd: on.cwd, action: 'resume', reason: 'mended', inDoubt})

contract('a statement stays indeterminate until someone determines whether it ran', (on) => {
  it('also when what goes on fails before it comes to it', async () => {
    const statement = 'create table one (n integer)'
    await dieDuring(on, statement, "  await op.query('select 1 as n')\n")
    use(on, statement, "  await op.query('select n from nowhere')\n")
    await rejectionOf('REVISION_FAILED', () => resume(on))
    const [rows] = await on.database.query('select statement from mig_log where outcome is null')
    expect(rows).to.deep.equal([{statement}])
    use(on, statement)
    await resume(on)
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'one'])
  })
})

const elsewhere = 'never indeterminate: it shares a transaction with its progress record'

contract(
  "mig runs an indeterminate statement again, and the database's answer tells whether it had run",
  (on) => {
    const cases = [
      {before: 'create table t (n integer)', statement: 'create table t (n integer)', isDone: true},
      {before: 'create table t (n integer)', statement: 'alter table t add column n integer', isDone: true},
      {before: 'create table t (n integer)', statement: 'alter table t drop column m', isDone: true},
      {before: 'create table t (n integer, key k (n))', statement: 'create index k on t (n)', isDone: true},
      {before: 'create table t (n integer)', statement: 'drop table u', isDone: true},
      {before: 'create table t (n integer)', statement: 'alter table t rename column m to n', isDone: true},
      {before: 'create table t (n integer)', statement: 'alter table t change column m n integer', isDone: true},
      {before: 'create table t (n integer)', statement: 'create table if not exists t (n integer)', isDone: true},
      {before: 'create table t (n integer)', statement: 'alter table t modify n bigint', isDone: true},
      {
        before: 'create table t (n integer, constraint c check (n > 0))',
        statement: 'alter table t add constraint c check (n > 0)',
        isDone: true,
      },
      {before: 'create view v as select 1 as n', statement: 'create view v as select 1 as n', isDone: true},
      {before: 'create table t (n integer)', statement: 'drop view v', isDone: true},
      // The duplicate is another one than the effect of the statement.
      {
        before: 'create table t (n integer)',
        statement: 'create table u (n integer, n integer)',
        isDone: false,
      },
      {before: 'create table t (n integer)', statement: 'create index k on u (n)', isDone: false},
      {before: 'create table t (n integer)', statement: 'alter table u add column n integer', isDone: false},
      {before: 'create table t (n integer)', statement: 'alter table u drop column n', isDone: false},
      {before: 'create table t (n integer)', statement: 'create view v as select m from t', isDone: false},
    ]
    for (const {before, statement, isDone} of cases)
      it(`${statement}, where ${before}: ${isDone ? 'was run' : 'was not'}`, async () => {
        await dieDuring(on, statement)
        await on.database.query(before)
        if (isDone) {
          await resume(on)
          expect(await on.state()).to.equal('a*')
        } else {
          await rejectionOf('REVISION_FAILED', () => resume(on))
          expect((await partiallyApplied({cwd: on.cwd}))[0]?.statements).to.deep.equal([
            {sql: statement, state: 'in doubt'},
          ])
        }
      })
    it('between others: they are counted as before', async () => {
      const [first, second, third] = ['one', 'two', 'three'].map((name) => `create table ${name} (n integer)`)
      await dieDuring(on, second!)
      const digest = createHash('sha1').update(`${first}\0`).digest('hex')
      await on.database.query(first!, second!, `update mig_log set statements_done = 1, digest = '${digest}'`)
      use(on, [first, second, third].join("')\n  op.execute('"))
      await resume(on)
      expect([await on.state(), await on.tables()]).to.deep.equal([
        'a*',
        ['mig_log', 'mig_version', 'one', 'three', 'two'],
      ])
    })
  },
  {postgresql: elsewhere, pglite: elsewhere, sqlite: elsewhere},
)

/** Statements whose second execution would do something else, or nothing that tells of the first. */
const doubtful = [
  {
    before: ['create table b (n integer)', 'create table a (m integer)'],
    statement: 'rename table a to tmp, b to a, tmp to b',
  },
  {before: ['create table t (n integer)'], statement: 'rename table t to u'},
  {before: ['create table t (x integer)'], statement: 'alter table t add column x integer, add column y integer'},
  {before: ['create table t (n integer)'], statement: 'alter table t add index (n)'},
  {before: ['create table t (n integer)'], statement: 'alter table t add check (n > 0)'},
  {
    before: ['create table u (n integer primary key)', 'create table t (n integer)'],
    statement: 'alter table t add foreign key (n) references u (n)',
  },
  {before: ['create table t (n integer)'], statement: 'create table u as select * from t'},
  {before: ['create table t (n integer)'], statement: 'drop table t, u'},
  {before: ['create table t (n integer) engine = MyISAM'], statement: 'insert into t values (1)'},
]

contract(
  'a statement that running again would not explain is left to the user, who says whether it was executed',
  (on) => {
    const shape = async (): Promise<unknown> =>
      on.database.query(
        `select table_name, column_name from information_schema.columns where table_schema = database() and table_name not like 'mig%' order by 1, 2`,
        `select table_name, index_name from information_schema.statistics where table_schema = database() and table_name not like 'mig%' order by 1, 2`,
      )
    for (const {before, statement} of doubtful)
      it(statement, async () => {
        await dieDuring(on, statement)
        await on.database.query(...before)
        const found = await shape()
        const error = await rejectionOf('STATEMENT_IN_DOUBT', () => resume(on))
        expect(error.message).to.contain(`statement: ${statement}`)
        const [partial] = await partiallyApplied({cwd: on.cwd})
        expect(partial).to.deep.include({needsDecision: true, statements: [{sql: statement, state: 'in doubt'}]})
        await resume(on, 'executed')
        expect([await on.state(), await shape()]).to.deep.equal(['a*', found])
        const [rows = []] = await on.database.query("select reason from mig_log where action = 'repair'")
        expect(rows[0]?.['reason']).to.equal('resumed, statement in doubt executed: mended')
      })

    it('and runs it where the user says that it was not executed', async () => {
      const {statement, before} = doubtful[0]!
      await dieDuring(on, statement)
      await on.database.query(...before)
      await resume(on, 'not-executed')
      const [[columns] = []] = await on.database.query(
        "select column_name as name from information_schema.columns where table_schema = database() and table_name = 'a'",
      )
      expect([await on.state(), columns]).to.deep.equal(['a*', {name: 'n'}])
    })

    for (const [name, changed] of [
      ['another one', 'create table other (n integer)'],
      ['none', '-- nothing'],
    ] as const)
      it(`also if the file now has ${name} in its place`, async () => {
        await dieDuring(on, 'create table t (n integer)')
        if (name === 'none') on.use('a', () => 'export const transactional = false\nexport function upgrade() {}\n')
        else use(on, changed)
        await rejectionOf('STATEMENT_IN_DOUBT', () => resume(on))
        await rejectionOf('RESUME_MISMATCH', () => resume(on, 'executed'))
        await resume(on, 'not-executed')
        expect(await on.state()).to.equal('a*')
      })
  },
  {postgresql: elsewhere, pglite: elsewhere, sqlite: elsewhere},
)
