import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {hasTerminals, migOnTerminal} from '../support/terminal.ts'
import {createDatabase, runOn} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, gitEnvironment} from '../support/git.ts'

/** `main` has a <- b, `work` has c on it and is checked out; all of it is applied. */
async function project(): Promise<GitFolder> {
  const repo = GitFolder.init().write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"})
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  repo.git('switch', '-q', '-c', 'work')
  repo.revisions('cccc:bbbb').commit('on work')
  expect((await repo.mig('upgrade -q')).status).to.equal(0)
  await runOn(`sqlite:${join(repo.path, '.git/test.db')}`, 'insert into t_cccc values (1)')
  return repo
}

interface Answer {
  readonly typed: string
  readonly isYes: boolean
}

const answers: Readonly<Record<string, Answer>> = {
  y: {typed: 'y\r', isYes: true},
  YES: {typed: 'YES\r', isYes: true},
  n: {typed: 'n\r', isYes: false},
  nothing: {typed: '\r', isYes: false},
  'something else': {typed: 'yellow\r', isYes: false},
  'Ctrl-C': {typed: '\u0003', isYes: false},
  'Ctrl-D': {typed: '\u0004', isYes: false},
}
const cancelled = {status: 130, says: 'error: Cancelled; nothing was changed.'}

describe('mig switch on a terminal', () => {
  before(function () {
    if (!hasTerminals) this.skip()
  })

  for (const [name, {typed, isYes}] of Object.entries(answers))
    it(`asks, and ${isYes ? 'does it' : 'does nothing'} when the answer is ${name}`, async () => {
      const repo = await project()
      const result = await migOnTerminal('switch main', [['Do it? [y/N]', typed]], {
        cwd: repo.path,
        env: gitEnvironment,
      })
      expect(result.output).to.match(
        /^This would be done:\n {2}loses 1 row of t_cccc \(downgrade cccc\)\n {2}downgrade cccc/,
      )
      const {status, says} = isYes ? {status: 0, says: 'The database is at bbbb.'} : cancelled
      expect(result.output).to.contain(says)
      expect(result.status).to.equal(status)
      expect(repo.git('branch', '--show-current')).to.equal(isYes ? 'main' : 'work')
    }).timeout(40_000)
})

describe('mig downgrade on a terminal', () => {
  before(function () {
    if (!hasTerminals) this.skip()
  })

  for (const [name, {typed, isYes}] of Object.entries(answers))
    it(`asks about lost data, and ${isYes ? 'does it' : 'does nothing'} when the answer is ${name}`, async () => {
      const database = await createDatabase('sqlite')
      const {path: cwd} = new Folder().writeGraph('aaaa <- bbbb')
      const options = {cwd, env: {MIG_DATABASE_URL: database.url}}
      await mig('upgrade', options)
      await database.query('insert into t_bbbb values (1), (2)')
      const result = await migOnTerminal('downgrade -1', [['Do it? [y/N]', typed]], options)
      expect(result.output).to.match(/^ {2}loses 2 rows of t_bbbb \(downgrade bbbb\)\nDo it\? \[y\/N\]/)
      const {status, says} = isYes ? {status: 0, says: 'The database is at aaaa: 1 revision reverted'} : cancelled
      expect(result.output).to.contain(says)
      expect(result.status).to.equal(status)
      expect((await mig('current', options)).stdout).to.contain(isYes ? 'aaaa' : 'bbbb')
      await database.drop()
    }).timeout(40_000)
})
