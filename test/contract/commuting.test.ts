import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {CommuteCheck} from '../../src/api/checks/check-commute.ts'
import {merge} from '../../src/api/files/create-revision.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

const users = "op.execute('create table users (id integer not null primary key, name varchar(20))')"
const body = (upgrade: string): string => `export async function upgrade(op) { ${upgrade} }`
const run = (...statements: readonly string[]): string =>
  body(statements.map((sql) => `op.execute(${JSON.stringify(sql)})`).join('; '))

/** Writes two branches after a revision that creates the table `users`. */
function fork(on: Bench, b: string, c: string, a = body(users)): void {
  const bodies: Readonly<Record<string, string>> = {a, b, c}
  on.use('a <- b; a <- c', ({id}) => bodies[id] ?? '')
}

async function prove(on: Bench): Promise<CommuteCheck> {
  const {checks} = await check({cwd: on.cwd, names: ['commute']})
  return checks[0] as CommuteCheck
}

const codesOf = ({findings}: CommuteCheck): readonly string[] => findings.map(({code, level}) => `${level} ${code}`)

contract('two branches that give the same in both orders are proved to, also with rows', (on) => {
  it('if each adds a column', async () => {
    fork(on, run('alter table users add b integer'), run('alter table users add c integer'))
    const found = await prove(on)
    expect(codesOf(found)).to.deep.equal([])
    expect(found.ok).to.equal(true)
    const {commutes, withRows, orders, compared, difference} = found.proof ?? {}
    expect({commutes, withRows, difference}).to.deep.equal({commutes: true, withRows: true, difference: undefined})
    expect(orders).to.deep.equal([
      {order: ['b', 'c'], heads: ['b', 'c']},
      {order: ['c', 'b'], heads: ['c', 'b']},
    ])
    expect(compared).to.be.at.least(5)
  })

  it('whatever the clock and chance put into rows', async () => {
    const log = "op.execute('create table log (id integer not null primary key, at varchar(40), who varchar(9))')"
    const insert = (id: number): string =>
      body(`op.execute("insert into log values (${id}, '" + process.hrtime.bigint() + "', 'x${id}')")`)
    fork(on, insert(1), insert(2), body(log))
    expect((await prove(on)).proof).to.include({commutes: true, withRows: true})
  })
})

contract('branches that collide in the database, which git does not see, are found', (on) => {
  const collisions: readonly (readonly [name: string, b: string, c: string, code: string, says: RegExp])[] = [
    [
      'both create the same table',
      run('create table posts (id integer not null primary key)'),
      run('create table posts (id integer not null primary key)'),
      'error ORDER_FAILS',
      /^In the order b, c, revision c fails: .*posts.* \(migrations\/versions\/c\.ts:\d+\)\.$/,
    ],
    [
      'one drops what the other one uses',
      run('drop table users'),
      run('alter table users add c integer'),
      'error ORDER_FAILS',
      /^In the order b, c, revision c fails: .*users/,
    ],
    [
      'both change the same rows',
      run("update users set name = 'b'"),
      run("update users set name = 'c'"),
      'error ORDERS_DIFFER',
      /^The order decides: after b, c, table users has the rows \{id: 1, name: "c"\}; after c, b, it has the rows \{id: 1, name: "b"\}\.$/,
    ],
    [
      'one copies the columns that the other one adds, in code that nothing but running tells',
      body("op.execute(['create', 'table', 'copies', 'as', 'select', '*', 'from', 'users'].join(' '))"),
      run('alter table users add c integer'),
      'error ORDERS_DIFFER',
      /^The order decides: after b, c, column copies\.c is missing; after c, b, it is /,
    ],
  ]
  for (const [name, b, c, code, says] of collisions)
    it(`if ${name}`, async () => {
      fork(on, b, c, body(`${users}; op.execute("insert into users values (1, 'x')")`))
      const found = await prove(on)
      expect(found.ok).to.equal(false)
      expect(found.proof).to.include({commutes: false, withRows: null})
      expect(codesOf(found)[0]).to.equal(code)
      expect(found.findings[0]?.message).to.match(says)
    })

  it('and a merge of them is not written', async () => {
    fork(on, run('create table posts (id integer)'), run('create table posts (id integer)'))
    const error = await rejectionOf('MERGE_NOT_PROVED', () => merge({cwd: on.cwd, targets: ['heads'], prove: true}))
    expect(error.message).to.match(/^Nothing was written: In the order b, c, revision c fails: /)
    expect(on.folder.list('migrations/versions')).to.have.members([
      'migrations/versions/a.ts',
      'migrations/versions/b.ts',
      'migrations/versions/c.ts',
    ])
    fork(on, run('create table posts (id integer)'), run('create table others (id integer)'))
    expect((await merge({cwd: on.cwd, targets: ['heads'], prove: true})).proof?.commutes).to.equal(true)
  })
})

contract('a branch that fails with rows by itself is a finding about it, not a collision', (on) => {
  it('if it adds a unique index to equal values', async () => {
    const adds = run(
      'create table t as select id from users',
      'insert into t select 1 from users',
      'insert into t select 1 from users',
      'create unique index t_id on t (id)',
    )
    fork(on, adds, run('alter table users add c integer'))
    const found = await prove(on)
    expect(found.ok).to.equal(true)
    expect(found.proof).to.include({commutes: true, withRows: null})
    expect(codesOf(found)).to.deep.equal(['warning FAILS_WITH_ROWS'])
    expect(found.findings[0]).to.include({revision: 'b', file: 'migrations/versions/b.ts'})
  })

  it('and rows that only the order decides about are one', async () => {
    fork(on, run("update users set name = 'b'"), run("update users set name = 'c'"))
    const found = await prove(on)
    expect(found.proof).to.include({commutes: true, withRows: false})
    expect(codesOf(found)).to.deep.equal(['warning ORDERS_DIFFER_WITH_ROWS'])
  })
})
