import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {switchTo} from '../../src/api/git/switch.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, textOfRevision} from '../support/git.ts'
import {appliedIn, fileOf, projectToSwitch, rowsOf} from '../support/switch.ts'

interface Case {
  readonly act?: (repo: GitFolder) => unknown
  readonly ref: string
  readonly checkout: string | null
  /** The branch afterwards; empty for a commit. */
  readonly branch: string
  readonly applied: string
}

/** A clone has no branch `main` of its own yet. */
function onlyAtOrigin(repo: GitFolder): void {
  const origin = GitFolder.clone(repo)
  origin.git('branch', 'main', 'origin/main')
  repo.git('branch', '-q', '-D', 'main')
  repo.git('remote', 'add', 'origin', `file://${origin.path}`)
  repo.git('fetch', '-q', 'origin')
}

const cases: Readonly<Record<string, Case>> = {
  'a branch that only a remote has': {
    act: onlyAtOrigin,
    ref: 'main',
    checkout: 'git switch --quiet --guess main',
    branch: 'main',
    applied: 'aaaa bbbb',
  },
  'the branch of a remote itself': {
    act: onlyAtOrigin,
    ref: 'origin/main',
    checkout: 'git switch --quiet --detach origin/main',
    branch: '',
    applied: 'aaaa bbbb',
  },
  'a branch rather than a tag of its name': {
    act: (repo) => repo.git('tag', 'main', 'work~1'),
    ref: 'main',
    checkout: 'git switch --quiet main',
    branch: 'main',
    applied: 'aaaa bbbb',
  },
  'a branch whose name a tag has, too, which is checked out afterwards': {
    act: (repo) => repo.git('tag', 'main', 'main'),
    ref: 'main',
    checkout: 'git switch --quiet main',
    branch: 'main',
    applied: 'aaaa bbbb',
  },
  'a tag': {
    act: (repo) => repo.git('tag', '-a', '-m', 'v1', 'v1', 'main'),
    ref: 'v1',
    checkout: 'git switch --quiet --detach v1',
    branch: '',
    applied: 'aaaa bbbb',
  },
  'the previous branch': {
    act: (repo) => repo.git('switch', '-q', 'main') + repo.git('switch', '-q', 'work'),
    ref: '-',
    checkout: 'git switch --quiet main',
    branch: 'main',
    applied: 'aaaa bbbb',
  },
  'the branch before': {
    act: (repo) => repo.git('switch', '-q', 'main') + repo.git('switch', '-q', 'work'),
    ref: '@{-1}',
    checkout: 'git switch --quiet main',
    branch: 'main',
    applied: 'aaaa bbbb',
  },
  'a commit': {
    ref: 'main~1',
    checkout: "git switch --quiet --detach 'main~1'",
    branch: '',
    applied: 'aaaa',
  },
  'HEAD, which stays': {ref: 'HEAD', checkout: null, branch: 'work', applied: 'aaaa cccc'},
  'the current branch, even with changes': {
    act: (repo) => repo.write({'notes.txt': 'mine\n'}),
    ref: 'work',
    checkout: null,
    branch: 'work',
    applied: 'aaaa cccc',
  },
  'a branch whose name a shell would run': {
    act: (repo) => repo.git('branch', "it's;$(id)", 'main'),
    ref: "it's;$(id)",
    checkout: String.raw`git switch --quiet 'it'\''s;$(id)'`,
    branch: "it's;$(id)",
    applied: 'aaaa bbbb',
  },
}

describe('mig switch goes, as git does, to', () => {
  for (const [name, {act, ref, checkout, branch, applied}] of Object.entries(cases))
    it(name, async () => {
      const repo = await projectToSwitch()
      await act?.(repo)
      const result = await switchTo({cwd: repo.path, ref})
      expect([result.checkout, repo.git('branch', '--show-current'), appliedIn(repo)]).to.deep.equal([
        checkout,
        branch,
        applied,
      ])
    })
})

describe('mig switch with uncommitted revisions', () => {
  for (const isIgnored of [false, true])
    it(`keeps ${isIgnored ? 'ignored' : 'untracked'} ones, with their rows`, async () => {
      const repo = await projectToSwitch()
      if (isIgnored) writeFileSync(join(repo.path, '.git/info/exclude'), 'wwww*\n')
      repo.revisions('wwww:aaaa')
      await upgrade({cwd: repo.path, target: 'heads'})
      rowsOf(repo, 'insert into t_wwww values (7)')
      const {uncommitted, steps} = await switchTo({cwd: repo.path, ref: 'main'})
      expect(uncommitted).to.deep.equal([
        {revision: 'wwww', message: 'add wwww', file: fileOf('wwww'), isApplied: true},
      ])
      expect(steps.map(({direction, revision}) => `${direction} ${revision}`)).to.deep.equal([
        'downgrade cccc',
        'upgrade bbbb',
      ])
      expect([appliedIn(repo), rowsOf(repo, 'select n from t_wwww')]).to.deep.equal(['aaaa bbbb wwww', [{n: 7}]])
    })

  it('keeps them in a project below the top of another work tree', async () => {
    const repo = await projectToSwitch()
    const place = join(new Folder().path, 'other')
    for (const branch of ['main', 'work']) {
      repo.git('switch', '-q', branch)
      repo.write({'app/mig.config.js': `export default {orm: 'sqlite:${join(repo.path, '.git/test.db')}'}\n`})
      repo.git('mv', 'migrations', 'app')
      repo.commit('move')
    }
    repo.git('switch', '-q', '--detach')
    repo.git('worktree', 'add', '-q', place, 'work')
    const cwd = join(place, 'app')
    new GitFolder(repo.folder, place).git('clean', '-q', '-f')
    writeFileSync(join(cwd, fileOf('wwww')), textOfRevision('wwww', ['aaaa']))
    await upgrade({cwd, target: 'heads'})
    const {uncommitted} = await switchTo({cwd, ref: 'main'})
    expect([uncommitted.map(({file}) => file), appliedIn(repo)]).to.deep.equal([[fileOf('wwww')], 'aaaa bbbb wwww'])
  })

  it('applies those that are not applied yet, and says so before', async () => {
    const repo = await projectToSwitch()
    repo.revisions('wwww:aaaa')
    const {stdout} = await repo.mig('switch main --dry-run')
    expect(stdout).to.contain(`  keep wwww, not applied and not committed: ${fileOf('wwww')}\n`)
    expect(stdout).to.contain('upgrade wwww')
  })

  it('reverts those that were put away with git stash -u', async () => {
    const repo = await projectToSwitch()
    repo.revisions('wwww:cccc')
    await upgrade({cwd: repo.path})
    repo.git('stash', '-q', '-u')
    await switchTo({cwd: repo.path, ref: 'main'})
    expect(appliedIn(repo)).to.equal('aaaa bbbb')
    await switchTo({cwd: repo.path, ref: 'work'})
    repo.git('stash', 'pop')
    await upgrade({cwd: repo.path})
    expect(appliedIn(repo)).to.equal('aaaa cccc wwww')
  })
})

describe('mig switch --trust', () => {
  /** The downgrade of e was applied with a mistake, which was corrected and committed later. */
  async function corrected(): Promise<GitFolder> {
    const repo = await projectToSwitch()
    repo.revisions('eeee:cccc')
    const wrong = textOfRevision('eeee', ['cccc']).replace('drop table', 'drop tabel')
    repo.write({[fileOf('eeee')]: wrong}).commit('wrong')
    await upgrade({cwd: repo.path})
    repo.write({[fileOf('eeee')]: textOfRevision('eeee', ['cccc'])}).commit('corrected')
    return repo
  }

  it('runs a corrected downgrade, also when its branch is not checked out any more', async () => {
    for (const isLeft of [false, true]) {
      const repo = await corrected()
      const options = {cwd: repo.path}
      if (isLeft) repo.git('switch', '-q', 'main')
      const ref = isLeft ? {} : {ref: 'main'}
      const {hint} = await rejectionOf('REVISION_FAILED', async () => switchTo({...options, ...ref}))
      const command = isLeft ? 'mig switch' : 'mig switch main'
      expect(hint).to.equal(
        `Fix the cause and run \`${command}\`; if the downgrade itself is wrong, commit a corrected one and run \`${command} --trust\`.`,
      )
      expect(appliedIn(repo)).to.equal('aaaa cccc eeee')
      await switchTo({...options, ...ref, trust: true})
      expect(appliedIn(repo)).to.equal('aaaa bbbb')
    }
  })
})
