import {expect} from 'chai'
import {squash} from '../../src/api/files/squash.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'

/** `a` to `d` make a table, change it, and fill it; `e` needs a table that is gone afterwards. */
const bodies: Readonly<Record<string, string>> = {
  a: "op.createTable('people', (t) => ({id: t.integer().primaryKey(), name: t.varchar(9).notNull()}))",
  b: "op.bulkInsert('people', [{id: 1, name: 'x'}, {id: 2, name: 'it''s'}])",
  c: "op.addColumn('people', 'note', (t) => t.varchar(9).nullable()); op.createIndex('people', ['name'])",
  d: 'op.execute("update people set note = name where id = 2", [], {inverse: \'select 1\'})',
  e: "op.createTable('log', (t) => ({id: t.integer().primaryKey()})); op.bulkInsert('log', [{id: 7}]); op.execute('insert into people (id, name) select id, \\'l\\' from log', [], {inverse: 'delete from people where id = 7'}); op.dropTable('log')",
}

const project = (on: Bench, dag: string): void =>
  on.use(dag, ({id}) => `export function upgrade(op) {\n  ${(bodies[id] ?? '').replaceAll("''", "\\'")}\n}\n`)

async function people(on: Bench): Promise<readonly string[]> {
  const [rows = []] = await on.database.query('select id, name, note from people order by id')
  return rows.map(({id, name, note}) => `${String(id)} ${String(name)} ${String(note)}`)
}

contract('a squash makes what the revisions make, and is proved before it is written', (on) => {
  it('of a history from its beginning', async () => {
    project(on, 'a <- b <- c <- d')
    const {revision, proof} = await squash({cwd: on.cwd, range: 'base:heads', revisionId: 'abcd'})
    expect(revision.replaces).to.deep.equal(['a', 'b', 'c', 'd'])
    expect(proof.map(({rows, isReversible}) => ({rows, isReversible}))).to.deep.equal([{rows: 2, isReversible: true}])
    await upgrade({cwd: on.cwd})
    expect(await on.state()).to.equal('abcd*')
    expect(await people(on)).to.deep.equal(['1 x null', "2 it's it's"])
    await downgrade({cwd: on.cwd, target: 'base'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })

  it('of a part of it, whose revisions may be applied already', async () => {
    project(on, 'a <- b <- c <- d')
    await upgrade({cwd: on.cwd, target: 'c'})
    await squash({cwd: on.cwd, range: 'b:d', revisionId: 'bcd'})
    await upgrade({cwd: on.cwd})
    expect(await people(on)).to.deep.equal(['1 x null', "2 it's it's"])
    expect(await on.state()).to.equal('a b bcd* c d')
  })

  it('in another way where rows need a table that is gone', async () => {
    project(on, 'a <- b <- c <- d <- e')
    const {proof} = await squash({cwd: on.cwd, range: 'base:heads', revisionId: 'all'})
    expect(proof.map(({rows}) => rows)).to.deep.equal([3])
    await upgrade({cwd: on.cwd})
    expect(await people(on)).to.deep.equal(['1 x null', "2 it's it's", '7 l null'])
  })

  it('with statements whose effect is not compared', async () => {
    const sql = {
      postgresql: 'revoke all on people from public',
      sqlite: 'pragma user_version = 7',
      mariadb: 'alter table people auto_increment = 100',
      mysql: 'alter table people auto_increment = 100',
    }
    on.use('a <- b', ({id}) =>
      id === 'a'
        ? "export function upgrade(op) { op.createTable('people', (t) => ({id: t.integer().primaryKey().autoincrement()})) }\n"
        : `export function upgrade(op) { op.execute(${JSON.stringify(sql)}, [], {inverse: 'select 1'}) }\n`,
    )
    const {revision} = await squash({cwd: on.cwd, range: 'base:heads'})
    expect(on.folder.read(revision.file ?? '')).to.match(/revoke all|user_version|auto_increment = 100/)
  })

  it('of revisions with values of the clock and of chance', async () => {
    const random = {postgresql: 'md5(random()::text)', sqlite: 'hex(randomblob(9))', mysql: 'uuid()', mariadb: 'uuid()'}
    const sql = Object.fromEntries(
      Object.entries(random).map(([dialect, text]) => [dialect, `insert into people (id, name) values (1, ${text})`]),
    )
    on.use('a <- b', ({id}) =>
      id === 'a'
        ? "export function upgrade(op) { op.createTable('people', (t) => ({id: t.integer().primaryKey(), name: t.varchar(40)})) }\n"
        : `export function upgrade(op) { op.execute(${JSON.stringify(sql)}, [], {inverse: 'delete from people'}) }\n`,
    )
    const {proof} = await squash({cwd: on.cwd, range: 'base:heads'})
    expect(proof.map(({rows}) => rows)).to.deep.equal([1])
  })
})
