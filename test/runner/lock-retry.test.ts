import {expect} from 'chai'
import {Client} from 'pg'
import {upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/api/events.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

describe('a table that somebody else has locked', () => {
  let on: Bench
  let other: Client
  beforeEach(async () => {
    on = new Bench('postgresql', await createDatabase('postgresql'))
    other = new Client({connectionString: on.database.url, application_name: 'report'})
    await other.connect()
    await other.query('create table t (n integer)')
    await other.query('begin')
    await other.query('select * from t')
  })
  afterEach(async () => {
    await other.end()
    await on.end()
  })

  const config = {tableLockTimeout: '1s'}
  const alter = "export function upgrade(op) {\n  op.execute('alter table t add m integer')\n}\n"
  const dynamic =
    "export async function upgrade(op) {\n  op.execute('create table u (n integer)')\n  await op.query('select 1')\n  op.execute('alter table t add m integer')\n}\n"

  for (const [name, body] of [
    ['whose statements are all known', alter],
    ['that waits for results', dynamic],
  ] as const)
    it(`lets a revision try again ${name}, until it is free`, async () => {
      on.use('a', () => body, config)
      const events: RunEvent[] = []
      const onEvent = (event: RunEvent): void => {
        events.push(event)
        if (event.kind === 'retry') void other.query('commit')
      }
      await upgrade({cwd: on.cwd, onEvent})
      expect(await on.state()).to.equal('a*')
      expect(await on.log()).to.deep.equal(['upgrade a done'])
      const kinds = events.map(({kind}) => kind).filter((kind) => kind === 'blocked' || kind === 'retry')
      expect(kinds).to.deep.equal(['blocked', 'retry'])
      const blocked = events.find((event) => event.kind === 'blocked')
      expect(blocked?.kind === 'blocked' && blocked.by.map(({name: who, query}) => [who, query])).to.deep.equal([
        ['report', 'select * from t'],
      ])
    })

  it('makes a revision fail in the end, and the message says who has it', async () => {
    on.use('a', () => alter, {...config, lockRetries: 1})
    const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.match(
      /a\.ts:8: canceling statement due to lock timeout, held by session \d+ \(report, for \d.*: select \* from t\)/,
    )
    expect(error.message).to.contain('The revision was rolled back')
  })

  it('is waited for as long as the revision says', async () => {
    on.use('a', () => `export const lockTimeout = '20s'\n${alter}`, {...config, lockRetries: 0})
    setTimeout(() => void other.query('commit'), 500)
    await upgrade({cwd: on.cwd})
    expect(await on.state()).to.equal('a*')
  })
})

for (const kind of databaseKinds.filter((one) => one === 'mariadb' || one === 'mysql'))
  it(`a table that somebody else has locked lets a revision try again, on ${kind}`, async () => {
    const on = new Bench(kind, await createDatabase(kind))
    try {
      const {createConnection} = await import('mysql2/promise')
      const other = await createConnection(on.database.url.replace('mariadb:', 'mysql:'))
      await other.query('create table t (n integer)')
      await other.query('start transaction')
      await other.query('select * from t')
      on.use('a', () => "export function upgrade(op) {\n  op.execute('alter table t add m integer')\n}\n", {
        tableLockTimeout: '1s',
      })
      const events: RunEvent[] = []
      const onEvent = (event: RunEvent): void => {
        events.push(event)
        if (event.kind === 'retry') void other.query('commit')
      }
      await upgrade({cwd: on.cwd, onEvent})
      await other.end()
      expect(events.filter(({kind: one}) => one === 'retry')).to.have.length(1)
      expect(await on.state()).to.equal('a*')
    } finally {
      await on.end()
    }
  })
