import {expect} from 'chai'
import {failureOf} from '../../src/cli/failure.ts'
import {current} from '../../src/api/runs/current.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {partiallyApplied} from '../../src/api/runs/repair.ts'
import {status} from '../../src/api/status.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'

const versions = [
  "down_revisions = 'null'",
  "down_revisions = ''",
  "down_revisions = '[1]'",
  "down_revisions = '{}'",
  "down_revisions = '{'",
  "revision = ''",
  "content_id = ''",
]
const logs = [
  'statements_done = -1',
  'statements_done = null',
  'statements_total = -5',
  "statement = ''",
  "digest = ''",
  "action = 'x'",
]
/** Only SQLite stores a text in a column of integers. */
const onlySqlite: readonly string[] = ["statements_done = 'x'"]

const changesOn = (kind: DatabaseKind): readonly string[] => [
  ...versions.map((set) => `update mig_version set ${set} where revision = 'a'`),
  ...[...logs, ...(kind === 'sqlite' ? onlySqlite : [])].map(
    (set) => `update mig_log set outcome = null, ${set} where revision = 'b'`,
  ),
]

const tables = ['mig_version', 'mig_log']

for (const kind of databaseKinds)
  describe(`a damaged row of the version table or the log, on ${kind},`, () => {
    let on: Bench
    before(async () => {
      on = new Bench(kind, await createDatabase(kind))
      on.use('a <- b <- c')
      await upgrade({cwd: on.cwd, target: 'b'})
      await on.database.query(...tables.map((table) => `create table kept_${table} as select * from ${table}`))
    })
    after(async () => on.end())
    afterEach(async () =>
      on.database.query(
        ...tables.flatMap((table) => [`delete from ${table}`, `insert into ${table} select * from kept_${table}`]),
      ),
    )

    for (const change of changesOn(kind))
      it(`is no defect of mig: ${change}`, async () => {
        const {cwd} = on
        await on.database.query(change)
        for (const act of [current, status, upgrade, partiallyApplied])
          try {
            await act({cwd})
          } catch (error) {
            const {code, message} = failureOf(error, 'current')
            expect(code, message).to.not.equal('INTERNAL')
            expect(message).to.not.match(/Cannot read|is not a function|undefined|defect/)
          }
        // What a run has done beside the damage is undone.
        await on.database.query('drop table if exists t_c')
        expect(await on.tables()).to.include.members(tables)
      })
  })
