import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {array, assert, boolean, constantFrom, pre, property, tuple} from 'fast-check'
import {unifiedDiff} from '../../src/git/unified-diff.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const file = 'migrations/versions/bbbb_add_bbbb.ts'

/** A project with a <- b, both applied, of which b is edited afterwards. */
async function project(before: (repo: GitFolder) => unknown = (repo) => repo.commit('first')): Promise<GitFolder> {
  const repo = GitFolder.init().write({'mig.config.js': `export default {orm: 'sqlite:.git/test.db'}\n`})
  repo.revisions('aaaa bbbb:aaaa')
  before(repo)
  expect((await repo.mig('upgrade -q')).status).to.equal(0)
  return repo.write({[file]: textOfRevision('bbbb', ['aaaa']).replace('n integer', 'n bigint').replace('drop', 'DROP')})
}

describe('mig show --diff', () => {
  it('says how the file was edited after it was applied', async () => {
    const repo = await project()
    const {stdout, status} = await repo.mig('show bbbb --diff')
    expect(status).to.equal(0)
    expectGolden('git/show/diff.txt', withoutChance(stdout))
    expect((await repo.mig('show aaaa --diff')).stdout).to.contain('The file matches what was applied.')
    repo.revisions('cccc:bbbb')
    expect((await repo.mig('show cccc --diff')).stdout).to.contain('Not applied.')
    const {revisions} = JSON.parse((await repo.mig('show bbbb --diff --json')).stdout)
    expect(revisions[0].differences[0].state).to.equal('edited')
    expect(revisions[0].differences[0].diff).to.contain("\n-  op.execute('create table t_bbbb (n integer)')\n+")
  }).timeout(40_000)

  it('says that a file was only reformatted, with the difference', async () => {
    const repo = await project()
    repo.write({[file]: textOfRevision('bbbb', ['aaaa']).replaceAll("'", '"')})
    const {stdout} = await repo.mig('show bbbb --diff')
    expect(stdout).to.contain('The file was reformatted after it was applied, and its operations are the same:\n---')
    expect(stdout).to.contain('+  op.execute("create table t_bbbb (n integer)")')
    const verbose = await repo.mig('current -v')
    expect(verbose.stderr).to.contain('bbbb was reformatted after it was applied, and its operations are the same: ')
    expect((await repo.mig('status')).stdout).to.contain('up to date')
    expect((await repo.mig('check files')).stdout).not.to.contain('bbbb')
  }).timeout(40_000)

  it('paints it on a terminal', async () => {
    const repo = await project()
    const {stdout} = await repo.mig('show bbbb --diff', {env: {FORCE_COLOR: '1'}})
    expect(stdout).to.contain('\u001B[31m-  op.execute').and.to.contain('\u001B[32m+  op.execute')
  }).timeout(40_000)

  it('finds what was applied deep in the history, and with other line ends', async () => {
    const repo = await project((r) => {
      r.write({[file]: textOfRevision('bbbb', ['aaaa']).replaceAll('\n', '\r\n')}).commit('first')
    })
    repo.commit('edit it')
    rmSync(join(repo.path, '.git/logs'), {recursive: true})
    expect((await repo.mig('show bbbb --diff')).stdout)
      .to.contain('(n integer)')
      .and.to.contain('(n bigint)')
  }).timeout(40_000)

  it('says that git never had what was applied, and that there is no git', async () => {
    const repo = await project(() => {})
    expect((await repo.mig('show bbbb --diff')).stdout).to.match(
      /\. The applied text is not available: the applied text \([0-9a-f]{12}\) is not in git: it was never committed here\./,
    )
    const copy = new GitFolder().write({
      'mig.config.js': `export default {orm: 'sqlite:${join(repo.path, '.git/test.db')}'}\n`,
      [file]: repo.folder.read(file),
    })
    copy.revisions('aaaa')
    expect((await copy.mig('show bbbb --diff')).stdout).to.contain(
      'git is not available here: it is not in a git repository',
    )
  }).timeout(40_000)
})

describe('a unified diff', () => {
  const line = constantFrom('a', 'b', 'c', '', ' x')
  const text = tuple(array(line, {maxLength: 30}), boolean()).map(
    ([lines, isEnded]) => lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : ''),
  )

  it('is empty for what is alike, whatever the line ends', () => {
    expect(unifiedDiff('a\nb\n', 'a\r\nb\r\n', ['a', 'b'])).to.equal('')
  })

  it('is what `git apply` makes the one text into the other with', () => {
    const folder = new Folder()
    assert(
      property(text, text, (before, after) => {
        const diff = unifiedDiff(before, after, ['a/f.txt', 'b/f.txt'])
        expect(diff === '').to.equal(before === after)
        pre(diff !== '')
        folder.write({'f.txt': before})
        const options = {cwd: folder.path, input: diff, encoding: 'utf8'} as const
        const {stderr} = spawnSync('git', ['apply', '--unidiff-zero', '-'], options)
        expect(folder.read('f.txt'), `${stderr}\n${diff}`).to.equal(after)
      }),
      {numRuns: 40},
    )
  }).timeout(40_000)
})
