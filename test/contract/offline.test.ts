import {expect} from 'chai'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {downgradeSql, ensureVersionSql, stampSql, upgradeSql} from '../../src/api/runs/offline.ts'
import {Bench, contract} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'
import {runScript} from '../support/run-script.ts'
import {snapshotOf} from '../support/snapshot.ts'

/** A branched history with a merge and a dependency, whose revisions do what scripts can get wrong. */
const dag = 'a <- b <- l1{L} <- l2; b <- r1{R}; l2, r1 <- m; x <- y(b)'

const bodies: Readonly<Record<string, string>> = {
  a: `  op.execute('create table t (id integer primary key, name varchar(40) not null)')
  op.bulkInsert('t', [{id: 1, name: "it's; -- \\\\\\\\ ? # x"}, {id: 2, name: 'zwei'}])`,
  b: `  op.execute('create index t_name on t (name) -- a comment')
  op.execute("update t set name = ? where id = ?", ['two;', 2])`,
  l1: `  await op.autocommit(() => op.execute({postgresql: 'create index concurrently t_two on t (name, id)', sqlite: 'create index t_two on t (name, id)', mariadb: 'create index t_two on t (name, id)', mysql: 'create index t_two on t (name, id)'}))
  op.execute("insert into t values (3, 'three')")`,
  l2: `  op.execute({
    postgresql: 'create function f() returns integer language plpgsql as $$ begin return 1; end $$',
    sqlite: 'create trigger f after insert on t begin update t set name = name; select 1; end',
    mariadb: 'create function f() returns integer deterministic begin set @a = 1; return 1; end',
    mysql: 'create function f() returns integer deterministic begin set @a = 1; return 1; end',
  })`,
}

const undo: Readonly<Record<string, string>> = {
  a: "op.execute('drop table t')",
  b: "op.execute({postgresql: 'drop index t_name', sqlite: 'drop index t_name', mariadb: 'drop index t_name on t', mysql: 'drop index t_name on t'})",
  l1: "op.execute({postgresql: 'drop index t_two', sqlite: 'drop index t_two', mariadb: 'drop index t_two on t', mysql: 'drop index t_two on t'})",
  l2: "op.execute({postgresql: 'drop function f()', sqlite: 'drop trigger f', mariadb: 'drop function f', mysql: 'drop function f'})",
}

const body = ({id}: {readonly id: string}): string =>
  `export async function upgrade(op) {\n${bodies[id] ?? `  op.execute('create table t_${id} (n integer)')`}\n}\nexport async function downgrade(op) {\n  ${undo[id] ?? `op.execute('drop table t_${id}')`}\n}\n`

contract('a script for the command-line client has the same result as an online run', (on) => {
  /** Runs `work` on a second database with the same revisions, and compares what both have. */
  async function compare(online: (cwd: string) => Promise<unknown>, script: string): Promise<void> {
    const other = new Bench(on.kind, await createDatabase(on.kind))
    on.atEnd(async () => other.end())
    other.use(dag, body)
    await online(other.cwd)
    const {status, output} = await runScript(on, script)
    expect(output).to.equal('')
    expect(status).to.equal(0)
    expect(await snapshotOf(on.database)).to.deep.equal(await snapshotOf(other.database))
  }

  it('up to several heads', async () => {
    on.use(dag, body)
    const {sql, heads} = await upgradeSql({cwd: on.cwd, target: 'heads', tag: "v1's"})
    expect(heads).to.deep.equal(['m', 'y'])
    await compare(async (cwd) => upgrade({cwd, target: 'heads', tag: "v1's"}), sql)
  })

  it('on from where another script ended', async () => {
    on.use(dag, body)
    const first = await upgradeSql({cwd: on.cwd, target: 'l1'})
    const second = await upgradeSql({cwd: on.cwd, target: 'l1:m'})
    expect((await runScript(on, first.sql)).output).to.equal('')
    await compare(async (cwd) => {
      await upgrade({cwd, target: 'l1'})
      await upgrade({cwd, target: 'm'})
    }, second.sql)
  })

  it('down again', async () => {
    on.use(dag, body)
    await upgrade({cwd: on.cwd, target: 'heads'})
    const {sql} = await downgradeSql({cwd: on.cwd, target: 'heads:b'})
    await compare(async (cwd) => {
      await upgrade({cwd, target: 'heads'})
      await downgrade({cwd, target: 'b'})
    }, sql)
  })

  it('a stamp', async () => {
    on.use(dag, body)
    const {sql} = await stampSql({cwd: on.cwd, target: 'm'})
    await compare(async (cwd) => stamp({cwd, target: 'm'}), sql)
  })

  it('the tables alone', async () => {
    on.use(dag, body)
    const {sql} = await ensureVersionSql({cwd: on.cwd})
    await compare(async (cwd) => ensureVersion({cwd}), sql)
  })
})

contract('a script refuses a database that is not at its start', (on) => {
  it('and changes nothing', async () => {
    on.use(dag, body)
    await upgrade({cwd: on.cwd, target: 'b'})
    const before = await snapshotOf(on.database)
    for (const {sql} of [
      await upgradeSql({cwd: on.cwd, target: 'heads'}),
      await upgradeSql({cwd: on.cwd, target: 'l1:m'}),
      await upgradeSql({cwd: on.cwd, target: 'a:l1'}),
      await downgradeSql({cwd: on.cwd, target: 'a:base'}),
      await stampSql({cwd: on.cwd, target: 'm'}),
    ]) {
      const {status, output} = await runScript(on, sql)
      expect([status === 0, output]).to.satisfy(
        ([isDone, text]: [boolean, string]) => !isDone && /database is not at/.test(text),
      )
      expect(await snapshotOf(on.database)).to.deep.equal(before)
    }
  })

  it('also when it is run a second time', async () => {
    on.use(dag, body)
    const scripts = [
      await upgradeSql({cwd: on.cwd, target: 'm'}),
      await downgradeSql({cwd: on.cwd, target: 'm:a'}),
      await stampSql({cwd: on.cwd, target: 'a:m'}),
    ]
    for (const {sql} of scripts) {
      expect(await runScript(on, sql)).to.deep.equal({status: 0, output: ''})
      const before = await snapshotOf(on.database)
      const {status, output} = await runScript(on, sql)
      expect(status).to.not.equal(0)
      expect(output).to.match(/database is not at/)
      expect(await snapshotOf(on.database)).to.deep.equal(before)
    }
  })

  it('and an empty database', async () => {
    on.use(dag, body)
    for (const {sql} of [
      await upgradeSql({cwd: on.cwd, target: 'l1:m'}),
      await downgradeSql({cwd: on.cwd, target: 'a:base'}),
      await stampSql({cwd: on.cwd, target: 'a:m'}),
    ]) {
      const {status, output} = await runScript(on, sql)
      expect(status).to.not.equal(0)
      const isPostgres = on.kind === 'postgresql' || on.kind === 'pglite'
      expect(output).to.match(isPostgres ? /the database is not at/ : /mig_version/)

      expect(await on.tables()).to.deep.equal([])
    }
  })
})
