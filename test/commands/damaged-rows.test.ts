import {expect} from 'chai'
import {DatabaseSync} from 'node:sqlite'
import {failureOf} from '../../src/cli/failure.ts'
import {current} from '../../src/api/runs/current.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {partiallyApplied} from '../../src/api/runs/repair.ts'
import {status} from '../../src/api/status.ts'
import {Folder} from '../support/folder.ts'

const versions = [
  "down_revisions = 'null'",
  "down_revisions = ''",
  "down_revisions = '[1]'",
  "down_revisions = '{}'",
  "revision = ''",
  "content_id = ''",
]
const logs = [
  'statements_done = -1',
  'statements_done = null',
  "statements_done = 'x'",
  'statements_total = -5',
  "statement = ''",
  "digest = ''",
  "action = 'x'",
]
const changes: readonly string[] = [
  ...versions.map((set) => `update mig_version set ${set} where revision = 'a'`),
  ...logs.map((set) => `update mig_log set outcome = null, ${set} where revision = 'b'`),
]

describe('a damaged row of the version table or the log', () => {
  const folder = new Folder().writeGraph('a <- b <- c')
  folder.write({'mig.config.js': "export default {orm: 'sqlite:main.db'}"})
  const {path: cwd} = folder
  for (const change of changes)
    it(`is no defect of mig: ${change}`, async () => {
      await upgrade({cwd, target: 'b'})
      const database = new DatabaseSync(`${cwd}/main.db`)
      const tables = ['mig_version', 'mig_log']
      for (const table of tables) database.exec(`create table kept_${table} as select * from ${table}`)
      try {
        database.exec('pragma ignore_check_constraints = on')
        database.exec(change)
        for (const act of [current, status, upgrade, partiallyApplied])
          try {
            await act({cwd})
          } catch (error) {
            const {code, message} = failureOf(error, 'current')
            expect(code, message).to.not.equal('INTERNAL')
            expect(message).to.not.match(/Cannot read|is not a function|undefined|defect/)
          }
      } finally {
        for (const table of tables)
          database.exec(
            `delete from ${table}; insert into ${table} select * from kept_${table}; drop table kept_${table}`,
          )
        database.close()
      }
      expect(await upgrade({cwd, target: 'b'})).to.be.an('object')
    })
})
