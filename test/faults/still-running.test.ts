import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {repair} from '../../src/api/runs/repair.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {withSession} from '../support/session.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, serverKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

const onMysql = {
  hold: ['start transaction', 'insert into t values (2)'],
  statement: 'create index k on t (n)',
  waiting:
    "select count(*) as n from information_schema.processlist where db = database() and info like 'create index k%' and state like '%metadata lock%'",
  index: "select count(*) as n from information_schema.statistics where table_schema = database() and index_name = 'k'",
} as const

/** How somebody keeps a statement on a table waiting, and where it is seen to wait. */
const cases = {
  postgresql: {
    hold: ['begin', 'insert into t values (2)'],
    statement: 'create index concurrently k on t (n)',
    waiting:
      "select count(*) as n from pg_stat_activity where datname = current_database() and query like 'create index concurrently k%' and wait_event_type = 'Lock'",
    index: "select count(*) as n from pg_indexes where indexname = 'k'",
  },
  mariadb: onMysql,
  mysql: onMysql,
} as const

for (const kind of serverKinds)
  describe(`a statement that the server still runs for a process that was killed, on ${kind}`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async () => on.end())

    it('is waited for, and not run a second time', async () => {
      await killInTheMiddle(on, cases[kind], {}, async () => {
        await rejectionOf('LOCK_TIMEOUT', () => resume(on, '300ms'))
      })
      expect(await on.log()).to.deep.equal(['upgrade a done', 'repair a done'])
    })

    it('is done once, also where the lock is a row, which is taken from a process that is gone', async () => {
      await killInTheMiddle(on, cases[kind], {lock: 'table'}, async () => {})
    })
  })

/** Kills a run while the server runs a statement of it, and goes on with `repair`, before that statement has ended. */
async function killInTheMiddle(
  on: Bench,
  {hold, statement, waiting, index}: (typeof cases)[keyof typeof cases],
  config: object,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await on.database.query('create table t (n integer)')
  const body = `export const transactional = false
export const lockTimeout = '60s'
export function upgrade(op) {
  op.execute('${statement}')
  op.execute('insert into t values (1)')
}
`
  on.use('a', () => body, config)
  await beside(on, async (other) => {
    for (const sql of hold) await other.query(sql)
    const killed = await mig('upgrade', {
      cwd: on.cwd,
      onStart: (child) => void seen(on, waiting, 1).then(() => child.kill('SIGKILL')),
    })
    expect(killed.status).to.equal('SIGKILL')
    expect((await current({cwd: on.cwd})).partiallyApplied).to.deep.equal(['a'])
    expect(await count(on, waiting)).to.equal(1)
    await meanwhile()
    const resumed = resume(on, '30s')
    await setTimeout(500)
    await other.query('commit')
    await resumed
  })
  expect(await on.state()).to.equal('a*')
  expect(await count(on, index)).to.equal(1)
  expect(await count(on, 'select count(*) as n from t where n = 1')).to.equal(1)
}

async function resume(on: Bench, lockTimeout: string): Promise<unknown> {
  return repair({cwd: on.cwd, action: 'resume', reason: 'it was killed', lockTimeout})
}

/** Works with a session of its own on the database. */
async function beside(on: Bench, use: (session: Session) => Promise<void>): Promise<void> {
  const connection = await connect({kind: 'url', url: on.database.url}, on.cwd)
  try {
    await withSession(connection, undefined, use)
  } finally {
    await connection.close()
  }
}

async function count(on: Bench, sql: string): Promise<number> {
  const [rows = []] = await on.database.query(sql)
  return Number(rows[0]?.['n'])
}

/** Waits until a query counts so many. */
async function seen(on: Bench, sql: string, n: number): Promise<void> {
  while ((await count(on, sql)) !== n) await setTimeout(50)
}
