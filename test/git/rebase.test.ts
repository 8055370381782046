import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {GitFolder} from '../support/git.ts'
import {fileOf, project, projectWithHooks, withMig} from '../support/hooked.ts'

/** A branch with cccc and eeee, whose upstream has dddd, after a pull. */
function pulled(): GitFolder {
  const origin = project()
  const repo = withMig(GitFolder.clone(origin))
  origin.revisions('dddd:bbbb').commit('dddd')
  repo.revisions('cccc:bbbb eeee:cccc').commit('cccc')
  repo.git('pull', '-q', '--no-rebase', '--no-edit')
  return repo
}

const textIn = (repo: GitFolder, file: string): string => readFileSync(join(repo.path, file), 'utf8')

const env = (repo: GitFolder): object => ({env: {MIG_DATABASE_URL: `sqlite:${repo.path}/.git/test.db`}})

/** Gives cccc and dddd bodies on a table of aaaa. */
function colliding(repo: GitFolder, cccc: string, dddd: string): void {
  const sql = {aaaa: 'create table t (n integer)', cccc, dddd}
  for (const [id, text] of Object.entries(sql))
    repo.write({[fileOf(id)]: textIn(repo, fileOf(id)).replace(/'create table t_.*?'/, () => `'${text}'`)})
}

describe('the proof of a rebase', () => {
  const config = {'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"}

  it('refuses what fails in its new place', async () => {
    const repo = pulled().write(config)
    colliding(repo, 'alter table t rename to u', 'alter table t rename to v')
    const before = textIn(repo, fileOf('cccc'))
    const {status, stderr} = await repo.mig('rebase')
    expect(status).to.equal(1)
    expect(stderr).to.contain('error: Nothing was changed: revision cccc fails after dddd: ')
    expect(textIn(repo, fileOf('cccc'))).to.equal(before)
    expect((await repo.mig('rebase --no-prove')).status).to.equal(0)
    expect(textIn(repo, fileOf('cccc'))).not.to.equal(before)
  })

  it('refuses what needs a revision that it leaves behind', async () => {
    const repo = pulled().write(config)
    colliding(repo, 'create table u (n integer)', 'create table v (n integer)')
    repo.write({
      [fileOf('eeee')]: textIn(repo, fileOf('eeee')).replace(
        /'create table t_.*?'/,
        "'alter table u add column m integer'",
      ),
    })
    const {status, stderr} = await repo.mig('rebase eeee --onto dddd')
    expect(status).to.equal(1)
    expect(stderr).to.contain('error: Nothing was changed: revision eeee fails after dddd: ')
  })

  it('says what databases need where the order decides', async () => {
    const repo = pulled().write(config)
    colliding(repo, 'insert into t values (1)', 'delete from t where n > 0')
    const {status, stderr} = await repo.mig('rebase')
    expect(status, stderr).to.equal(0)
    expect(stderr).to.contain('The rebase does not commute')
    expect(stderr).to.contain(
      'Databases that have cccc, eeee already need `mig rebase --replay`, or to revert them before.',
    )
  })
})

describe('mig rebase', () => {
  it('moves what the upstream branch does not have after its head, and changes nothing else', async () => {
    const repo = pulled()
    const before = textIn(repo, fileOf('cccc'))
    const planned = await repo.mig('rebase --dry-run', env(repo))
    expect(planned.stdout).to.equal('Dry run; nothing was changed:\n  cccc, add cccc: after dddd instead of bbbb\n')
    expect(repo.git('status', '--porcelain')).to.equal('')
    const {stdout, stderr} = await repo.mig('rebase', env(repo))
    expect(stdout).to.equal('moved cccc, add cccc: after dddd instead of bbbb\n')
    expect(stderr).to.match(/^The rebase commutes: both orders give the same schema \(.*\)\.$/m)
    expect(stderr).to.match(/\nnext: mig upgrade\n$/)
    expect(repo.git('diff', '--name-only').trim()).to.equal(fileOf('cccc'))
    expect(textIn(repo, fileOf('cccc'))).to.equal(before.replaceAll('bbbb', 'dddd'))
    expect(JSON.parse((await repo.mig('heads --json')).stdout).heads).to.have.length(1)
    expect((await repo.mig('rebase', env(repo))).stderr).to.contain(
      'There is nothing to rebase: cccc and eeee come after dddd already.',
    )
  })

  it('needs nothing on a database that has the revisions already', async () => {
    const repo = pulled()
    await repo.mig('upgrade eeee -q', env(repo))
    await repo.mig('rebase', env(repo))
    const {stdout} = await repo.mig('status', env(repo))
    expect(stdout).not.to.contain('edited')
    expect(stdout).to.match(/^next: +mig upgrade$/m)
    const upgraded = await repo.mig('upgrade', env(repo))
    expect(upgraded.stderr).to.contain(
      'dddd is below revisions that are already applied and is applied now, out of order.',
    )
    expect(JSON.parse((await repo.mig('current --json', env(repo))).stdout).current[0].revision).to.equal('eeee')
  })

  it('refuses revisions that are published', async () => {
    const repo = pulled()
    repo.git('push', '-q', 'origin', 'HEAD:refs/heads/shared')
    repo.git('fetch', '-q')
    repo.git('branch', '-q', '--set-upstream-to=origin/shared')
    const all = await repo.mig('rebase', env(repo))
    expect([all.status, all.stderr]).to.deep.equal([
      1,
      'error: There is nothing to rebase: every revision is on the upstream branch.\nhint: Run `git pull` first for revisions of others, or name the revisions to move and `--onto`.\n',
    ])
    const {status, stderr} = await repo.mig('rebase cccc --onto dddd', env(repo))
    expect([status, stderr]).to.deep.equal([
      1,
      'error: cccc and eeee cannot be moved: they are on origin/shared already.\nhint: Join the lines with `mig merge heads`, which changes no revision.\n',
    ])
    expect(repo.git('status', '--porcelain')).to.equal('')
  })

  it('needs names without an upstream branch', async () => {
    const repo = withMig(GitFolder.init())
    repo.revisions('aaaa bbbb:aaaa cccc:aaaa').commit('all')
    expect((await repo.mig('rebase', env(repo))).stderr).to.contain('error: There is no upstream branch')
    expect((await repo.mig('rebase cccc --onto bbbb', env(repo))).stdout).to.equal(
      'moved cccc, add cccc: after bbbb instead of aaaa\n',
    )
  })

  it('asks which of several heads to come after', async () => {
    const repo = pulled()
    const clone = withMig(GitFolder.clone(repo))
    clone.revisions('ffff:aaaa').commit('more')
    const {status, stderr} = await clone.mig('rebase ffff', env(clone))
    expect([status, stderr]).to.deep.equal([
      1,
      'error: There are several heads to come after: dddd and eeee.\nhint: Choose one: `--onto dddd` or `--onto eeee`.\n',
    ])
    expect((await clone.mig('rebase ffff --onto eeee', env(clone))).stdout).to.equal(
      'moved ffff, add ffff: after eeee instead of aaaa\n',
    )
  })

  it('works while git rebases, and says how to go on', async () => {
    const origin = project()
    const repo = withMig(GitFolder.clone(origin))
    origin.revisions('dddd:bbbb').write({'notes.txt': 'theirs\n'}).commit('dddd')
    repo.revisions('cccc:bbbb').write({'notes.txt': 'mine\n'}).commit('cccc')
    const pull = repo.tryGit('pull', '-q', '--rebase')
    expect(pull.status).not.to.equal(0)
    repo.write({'notes.txt': 'both\n'}).git('add', 'notes.txt')
    const {stdout, stderr} = await repo.mig('rebase', env(repo))
    expect(stdout).to.equal('moved cccc, add cccc: after dddd instead of bbbb\n')
    expect(stderr).to.contain(`next: git add -- ${fileOf('cccc')} && git rebase --continue`)
    repo.git('add', '--', fileOf('cccc'))
    repo.git('rebase', '--continue')
    expect(JSON.parse((await repo.mig('heads --json')).stdout).heads[0].revision).to.equal('cccc')
  })

  it('is offered after a pull where the policy is one head', async () => {
    for (const [policy, next] of [
      [{heads: 'one'}, ['  mig rebase', '  mig upgrade']],
      [{}, ['  mig merge heads -m "..."', '  mig upgrade']],
    ] as const) {
      const {origin, clone: repo} = await projectWithHooks(`export default ${JSON.stringify({policy})}\n`)
      origin.revisions('dddd:bbbb').commit('dddd')
      repo.revisions('cccc:bbbb').commit('cccc')
      const {output} = repo.tryGit('pull', '-q', '--no-rebase', '--no-edit')
      expect(output.trimEnd().split('\n').slice(-2), JSON.stringify(policy)).to.deep.equal(next)
    }
  })

  it('moves a squash with the revisions that it replaces', async () => {
    const repo = pulled()
    await repo.mig('squash cccc:eeee --rev-id ffff', env(repo))
    const {status, stdout, stderr} = await repo.mig('rebase', env(repo))
    expect([status, stdout], stderr).to.deep.equal([0, 'moved ffff, squash 2 revisions: after dddd instead of bbbb\n'])
    expect(textIn(repo, fileOf('cccc'))).to.match(/downRevision = .*dddd/)
    expect(JSON.parse((await repo.mig('heads --json')).stdout).heads[0].revision).to.equal('ffff')
  })

  it('writes the file of heads, too', async () => {
    const repo = withMig(GitFolder.init())
    repo.write({'mig.config.js': "export default {policy: {headsFile: 'heads.txt'}}\n"})
    repo.revisions('aaaa bbbb:aaaa cccc:aaaa').commit('all')
    await repo.mig('rebase cccc --onto bbbb', env(repo))
    expect(textIn(repo, 'heads.txt')).to.equal('cccc\n')
  })
})
