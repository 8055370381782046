import {expect} from 'chai'
import {spawn} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {DatabaseSync} from 'node:sqlite'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {lockHolders} from '../../src/api/runs/lock.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

describe('a SQLite file that another process keeps in use', () => {
  // The driver waits five seconds for the file each time.
  const cases = [
    {how: 'by reading, before the first run', sql: 'begin', isFirst: true},
    {how: 'by writing, after a run', sql: 'begin immediate', isFirst: false},
  ]
  for (const {how, sql, isFirst} of cases)
    it(`is not said to be locked by a run: ${how}`, async () => {
      const folder = new Folder().writeGraph('a <- b')
      folder.write({'mig.config.js': "export default {orm: 'sqlite:main.db'}"})
      const {path: cwd} = folder
      const prepared = new DatabaseSync(`${cwd}/main.db`)
      prepared.exec('pragma journal_mode = delete; create table t (n integer); insert into t values (1), (2)')
      prepared.close()
      if (!isFirst) await upgrade({cwd, target: 'a'})
      const other = await blocker(`${cwd}/main.db`, sql)
      try {
        const error = await rejectionOf('LOCK_TIMEOUT', () => upgrade({cwd, lockTimeout: '100ms'}))
        expect(error.message).to.match(
          /is not locked by a run, but another process kept its file in use for 100 ms: database is locked\.$/,
        )
        expect((await lockHolders({cwd}))[0]?.holder).to.equal(null)
      } finally {
        other.kill()
        await once(other, 'exit')
      }
      await upgrade({cwd})
    })
})

/** Starts a process of its own: within one, SQLite's locks do not exclude each other. */
async function blocker(file: string, sql: string): Promise<ChildProcess> {
  const code = `const {DatabaseSync} = require('node:sqlite')
const database = new DatabaseSync(${JSON.stringify(file)})
database.exec(${JSON.stringify(sql)})
// A statement that is not read to its end keeps its lock.
const rows = database.prepare('select * from t').iterate()
rows.next()
console.log('ready')
setInterval(() => rows, 1000)`
  const child = spawn(process.execPath, ['-e', code], {stdio: ['ignore', 'pipe', 'ignore']})
  await once(child.stdout, 'data')
  return child
}
