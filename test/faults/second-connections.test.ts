import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {mig} from '../support/cli.ts'
import {portOf} from '../support/crash.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, newName, runOn, serverOf} from '../support/databases.ts'
import {Gate} from '../support/gate.ts'
import type {Passage} from '../support/gate.ts'

/** Long enough for somebody to look, from a second connection, what it waits for. */
const slow =
  "export function upgrade(op) {\n  op.execute('create table t (n integer)')\n  op.execute('select pg_sleep(1.5)')\n}\n"
const bodies = {
  'in a transaction': slow,
  'outside of one': `export const transactional = false\n${slow}`,
} as const

describe('a slow statement on PostgreSQL, whose run', () => {
  let on: Bench
  beforeEach(async () => {
    on = new Bench('postgresql', await createDatabase('postgresql'))
  })
  afterEach(async () => on.end())

  async function completes(url: string): Promise<void> {
    const onStart = (child: ChildProcess): void => on.atEnd(() => child.kill('SIGKILL'))
    const {stderr, status} = await mig('upgrade', {cwd: on.cwd, env: {MIG_DATABASE_URL: url}, onStart})
    expect(stderr).to.match(/^(?:applied a[^\n]*\n)+$/)
    expect(status).to.equal(0)
    expect(await on.log()).to.deep.equal(['upgrade a done'])
  }

  for (const [where, body] of Object.entries(bodies))
    it(`may have one connection only, ${where}, is applied`, async () => {
      const role = newName()
      const server = await serverOf('postgresql')
      await runOn(server, `create role ${role} login password 'right' connection limit 1`)
      on.atEnd(async () => on.database.query(`drop owned by ${role}`))
      on.atEnd(async () => runOn(server, `drop role ${role}`))
      await on.database.query(`grant all on schema public to ${role}`)
      on.use('a', () => body)
      const url = Object.assign(new URL(on.database.url), {username: role, password: 'right'})
      await completes(url.href)
    })

  const passages: readonly Passage[] = ['dropped', 'silent', 'cut at a query', 'silent at a query', 'never closed']
  for (const passage of passages)
    it(`has a second connection that is ${passage}, is applied`, async () => {
      const gate = await Gate.open(portOf('postgresql', on.database.url) ?? 0, (n) => (n <= 2 ? 'open' : passage))
      on.atEnd(() => gate.close())
      on.use('a', () => slow)
      // What is waited for without limit would never end.
      await completes(`${gate.urlOf(on.database.url)}?connect_timeout=0`)
      // The first one reads the state, and the second one runs.
      expect(gate.count).to.be.greaterThan(2)
    })
})

const noticing = ["do $$ begin raise notice 'looking around'; end $$", 'create table t (n integer)']
const withNotice = `export function upgrade(op) {\n${noticing.map((sql) => `  op.execute(${JSON.stringify(sql)})\n`).join('')}}\n`

describe('a run on PostgreSQL whose notices nobody can take', () => {
  let on: Bench
  beforeEach(async () => {
    on = new Bench('postgresql', await createDatabase('postgresql'))
    on.use('a <- b', ({id}) => withNotice.replace('table t ', `table t_${id} `))
  })
  afterEach(async () => on.end())

  it('is complete when the listener throws', async () => {
    const heard: string[] = []
    await upgrade({
      cwd: on.cwd,
      onEvent: (event) => {
        if (event.kind !== 'note') return
        heard.push(event.text)
        throw new Error('cannot be shown')
      },
    })
    expect(heard).to.deep.equal(Array.from({length: 2}, () => 'notice of the database: looking around'))
    expect(await on.state()).to.equal('a b*')
  })

  it('is complete when stdout and stderr are closed', async () => {
    const onStart = ({stdout, stderr}: ChildProcess): void => {
      stdout?.destroy()
      stderr?.destroy()
    }
    const {status} = await mig('upgrade', {cwd: on.cwd, onStart})
    expect(await on.state()).to.equal('a b*')
    expect(status).to.equal(0)
  })
})
