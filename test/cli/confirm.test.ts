import {expect} from 'chai'
import {hasTerminals, migOnTerminal} from '../support/terminal.ts'
import {GitFolder, gitEnvironment} from '../support/git.ts'

/** `main` has a <- b, `work` has c on it and is checked out; all of it is applied. */
async function project(): Promise<GitFolder> {
  const repo = GitFolder.init().write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"})
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  repo.git('switch', '-q', '-c', 'work')
  repo.revisions('cccc:bbbb').commit('on work')
  expect((await repo.mig('upgrade -q')).status).to.equal(0)
  return repo
}

describe('mig switch on a terminal', () => {
  before(function () {
    if (!hasTerminals) this.skip()
  })

  const answers: Readonly<Record<string, {typed: string; status: number; says: string; isDone: boolean}>> = {
    y: {typed: 'y\r', status: 0, says: 'The database is at bbbb.', isDone: true},
    YES: {typed: 'YES\r', status: 0, says: 'The database is at bbbb.', isDone: true},
    n: {typed: 'n\r', status: 130, says: 'error: Cancelled; nothing was changed.', isDone: false},
    nothing: {typed: '\r', status: 130, says: 'error: Cancelled; nothing was changed.', isDone: false},
    'something else': {typed: 'yellow\r', status: 130, says: 'error: Cancelled; nothing was changed.', isDone: false},
    'Ctrl-C': {typed: '\u0003', status: 130, says: 'error: Cancelled; nothing was changed.', isDone: false},
    'Ctrl-D': {typed: '\u0004', status: 130, says: 'error: Cancelled; nothing was changed.', isDone: false},
  }
  for (const [name, {typed, status, says, isDone}] of Object.entries(answers))
    it(`asks, and ${isDone ? 'does it' : 'does nothing'} when the answer is ${name}`, async () => {
      const repo = await project()
      const result = await migOnTerminal('switch main', [['Do it? [y/N]', typed]], {
        cwd: repo.path,
        env: gitEnvironment,
      })
      expect(result.output).to.match(
        /^This would be done:\n {2}loses the rows of t_cccc \(downgrade cccc\)\n {2}downgrade cccc/,
      )
      expect(result.output).to.contain(says)
      expect(result.status).to.equal(status)
      expect(repo.git('branch', '--show-current')).to.equal(isDone ? 'main' : 'work')
    }).timeout(40_000)
})
