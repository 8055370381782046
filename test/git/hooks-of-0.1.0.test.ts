import {chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {GitFolder} from '../support/git.ts'

const fixtures = 'fixtures/git/hooks-0.1.0'
const names = ['post-merge', 'pre-commit', 'pre-push'] as const

/** A clone of a project, with the hooks that mig 0.1.0 has installed in it, and the mig of today. */
function clone(): {readonly origin: GitFolder; readonly repo: GitFolder} {
  const origin = GitFolder.init().write({'mig.config.js': `export default {}\n`, '.gitignore': 'node_modules\n.mig/\n'})
  origin.revisions('aaaa bbbb:aaaa').commit('first')
  const repo = GitFolder.clone(origin)
  mkdirSync(join(repo.path, 'node_modules/.bin'), {recursive: true})
  writeFileSync(
    join(repo.path, 'node_modules/.bin/mig'),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/mig.js')}" "$@"\n`,
    {mode: 0o755},
  )
  for (const name of names) {
    const file = hookOf(repo, name)
    copyFileSync(join(fixtures, name), file)
    chmodSync(file, 0o755)
  }
  return {origin, repo}
}

const hookOf = (repo: GitFolder, name: string): string => join(repo.path, '.git/hooks', name)

describe('git hooks that mig 0.1.0 has installed', () => {
  it('report diverging heads after a pull', () => {
    const {origin, repo} = clone()
    origin.revisions('dddd:bbbb').commit('a table for dddd')
    repo.revisions('cccc:bbbb').git('add', '-A')
    expect(repo.tryGit('commit', '-q', '-m', 'a table for cccc').status).to.equal(0)
    const {output, status} = repo.tryGit('pull', '-q', '--no-rebase')
    expect(status, output).to.equal(0)
    expect(output).to.contain('mig:').and.to.contain('cccc').and.to.contain('dddd')
  })

  it('stop a commit of a file that cannot be read, and a push of two heads', () => {
    const {origin, repo} = clone()
    repo.revisions('cccc:zzzz').git('add', '-A')
    const {output, status} = repo.tryGit('commit', '-q', '-m', 'no parent')
    expect(status).to.equal(1)
    expect(output).to.contain('zzzz')
    repo.revisions('cccc:bbbb').write({'mig.config.js': "export default {policy: {heads: 'one'}}\n"})
    repo.revisions('dddd:bbbb').git('add', '-A')
    repo.git('commit', '-q', '--no-verify', '-m', 'two heads')
    origin.git('switch', '-q', '-c', 'elsewhere')
    const pushed = repo.tryGit('push', '-q', 'origin', 'main')
    expect(pushed.status).to.equal(1)
    expect(pushed.output).to.contain('cccc').and.to.contain('dddd')
  })

  it('are replaced and removed as those of today', async () => {
    const {repo} = clone()
    expect((await repo.mig('hooks status')).stdout).to.match(/^post-merge +installed/m)
    expect((await repo.mig('hooks install')).status).to.equal(0)
    expect(existsSync(`${hookOf(repo, 'post-merge')}.before-mig`)).to.equal(false)
    expect(readFileSync(hookOf(repo, 'post-merge'), 'utf8')).to.contain('# mig hook')
    expect((await repo.mig('hooks uninstall')).status).to.equal(0)
    for (const name of names) expect(existsSync(hookOf(repo, name)), name).to.equal(false)
  })
})
