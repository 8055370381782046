import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {switchTo} from '../../src/api/git/switch.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, textOfRevision} from '../support/git.ts'
import {appliedIn, fileOf, projectToSwitch} from '../support/switch.ts'

interface Refusal {
  readonly act: (repo: GitFolder) => unknown
  readonly ref?: string
  readonly reason: string
  readonly hint: string
}

/** A submodule `lib` on both branches. */
function withSubmodule(repo: GitFolder): void {
  const library = GitFolder.init().write({'a.txt': 'a\n'})
  library.commit()
  for (const branch of ['main', 'work']) {
    repo.git('switch', '-q', branch)
    repo.git('submodule', 'add', '-q', '--force', `file://${library.path}`, 'lib')
    repo.commit('lib')
  }
}

/** Two remotes that both have a branch `feat`. */
function withRemotes(repo: GitFolder): void {
  for (const name of ['origin', 'fork']) {
    const remote = GitFolder.clone(repo)
    remote.git('branch', 'feat', 'origin/main')
    repo.git('remote', 'add', name, `file://${remote.path}`)
    repo.git('fetch', '-q', name)
  }
}

const refusals: Readonly<Record<string, Refusal>> = {
  'an untracked file that would be overwritten': {
    act: (repo) => repo.write({'only/on-main.txt': 'mine\n'}),
    reason: 'only/on-main.txt is not tracked by git, and main has a file of that name',
    hint: 'Move or delete it, or run `git stash push --all -- :/only/on-main.txt`.',
  },
  'an ignored file that git would overwrite without asking': {
    act: (repo) => {
      writeFileSync(join(repo.path, '.git/info/exclude'), 'only\n')
      repo.write({'only/on-main.txt': 'mine\n'})
    },
    reason: 'only/on-main.txt is not tracked by git, and main has a file of that name',
    hint: 'Move or delete it, or run `git stash push --all -- :/only/on-main.txt`.',
  },
  'an untracked file in place of a folder': {
    act: (repo) => repo.write({only: 'mine\n'}),
    reason: 'only is not tracked by git, and main has a file of that name',
    hint: 'Move or delete it, or run `git stash push --all -- :/only`.',
  },
  'an untracked revision file that the destination has, too': {
    act: (repo) => repo.write({[fileOf('bbbb')]: textOfRevision('bbbb', ['aaaa'])}),
    reason: `${fileOf('bbbb')} is not tracked by git, and main has a file of that name`,
    hint: `Move or delete it, or run \`git stash push --all -- :/${fileOf('bbbb')}\`.`,
  },
  'a branch of another work tree': {
    act: (repo) => repo.git('worktree', 'add', '-q', join(new Folder().path, 'other'), 'main'),
    reason: 'main is checked out in the work tree /OTHER',
    hint: "Run mig there, or check out its commit without the branch: `mig switch 'main~0'`.",
  },
  'a branch of a work tree that is gone': {
    act: (repo) => {
      const place = join(new Folder().path, 'other')
      repo.git('worktree', 'add', '-q', place, 'main')
      new GitFolder(repo.folder, place).remove('')
    },
    reason: 'main is checked out in the work tree /OTHER',
    hint: 'That work tree is gone: run `git worktree prune`.',
  },
  'a branch that is being bisected in another work tree': {
    act: (repo) => {
      const place = join(new Folder().path, 'other')
      repo.git('worktree', 'add', '-q', place, 'main')
      new GitFolder(repo.folder, place).git('bisect', 'start', 'HEAD', 'HEAD~1')
      new GitFolder(repo.folder, place).git('switch', '-q', '--detach', 'HEAD')
    },
    reason: 'main is being rebased or bisected in the work tree /OTHER',
    hint: 'Finish that first.',
  },
  'a changed file': {
    act: (repo) => repo.write({'notes.txt': 'mine\n'}),
    reason: 'the work tree has uncommitted changes in notes.txt',
    hint: 'Commit them, or run `git stash`.',
  },
  'a changed file that is assumed to be unchanged': {
    act: (repo) => {
      repo.git('update-index', '--assume-unchanged', 'notes.txt')
      repo.write({'notes.txt': 'mine\n'})
    },
    reason: 'notes.txt has changes that its flag assume-unchanged hides, and main has another version of it',
    hint: 'Run `git update-index --no-assume-unchanged -- notes.txt`, then commit the changes or run `git stash`.',
  },
  'a changed file that is skipped': {
    act: (repo) => {
      repo.git('update-index', '--skip-worktree', 'notes.txt')
      repo.write({'notes.txt': 'mine\n'})
    },
    reason: 'notes.txt has changes that its flag skip-worktree hides, and main has another version of it',
    hint: 'Run `git update-index --no-skip-worktree -- notes.txt`, then commit the changes or run `git stash`.',
  },
  'a sparse checkout without a revision': {
    act: (repo) => repo.git('sparse-checkout', 'set', '--no-cone', '/*', `!${fileOf('cccc')}`),
    reason: `the sparse checkout leaves out ${fileOf('cccc')}`,
    hint: `Run \`git sparse-checkout add /${fileOf('cccc')}\`.`,
  },
  'a sparse checkout without a revision of the destination': {
    act: (repo) => {
      repo.git('config', 'core.sparseCheckout', 'true')
      repo.write({'.git/info/sparse-checkout': `/*\n!/${fileOf('bbbb')}\n`})
    },
    reason: `the sparse checkout leaves out ${fileOf('bbbb')}`,
    hint: `Run \`git sparse-checkout add /${fileOf('bbbb')}\`.`,
  },
  'a submodule with changes': {
    act: (repo) => {
      withSubmodule(repo)
      repo.write({'lib/a.txt': 'mine\n'})
    },
    reason: 'the submodule lib has uncommitted changes',
    hint: 'Commit them there, or run `git -C lib stash`.',
  },
  'a submodule at another commit': {
    act: (repo) => {
      withSubmodule(repo)
      new GitFolder(repo.folder, join(repo.path, 'lib')).commit('more')
    },
    reason: 'the submodule lib is at another commit than the one recorded',
    hint: 'Commit it, or run `git submodule update -- lib`.',
  },
  'a conflict that a stash has left': {
    act: (repo) => {
      repo.write({'notes.txt': 'mine\n'})
      repo.git('stash', '-q')
      repo.write({'notes.txt': 'of work\n'}).commit('notes')
      repo.tryGit('stash', 'pop')
    },
    reason: 'the conflict in notes.txt is not resolved',
    hint: 'Resolve it, then run `git add` and `git commit`.',
  },
  'a bisection': {
    act: (repo) => repo.git('bisect', 'start'),
    reason: 'a git bisect is in progress',
    hint: 'End it with `git bisect reset`.',
  },
  'an unfinished revert': {
    act: (repo) => repo.git('revert', '--no-commit', 'HEAD'),
    reason: 'a git revert is in progress',
    hint: 'Finish it, or run `git revert --abort`.',
  },
  'an unfinished am': {
    act: (repo) => {
      repo.git('format-patch', '-q', '-1', 'main', '-o', '.git/patches')
      repo.write({'notes.txt': 'of work\n'}).commit('notes')
      repo.tryGit('am', '-q', '.git/patches/0001-on-main.patch')
    },
    reason: 'a git am is in progress',
    hint: 'Finish it, or run `git am --abort`.',
  },
  'another git command at work': {
    act: (repo) => writeFileSync(join(repo.path, '.git/index.lock'), ''),
    reason: '/REPO/.git/index.lock exists, so another git command is running or has crashed',
    hint: 'Wait for that command; if there is none, delete the file.',
  },
  'a branch of two remotes': {
    act: withRemotes,
    ref: 'feat',
    reason: 'there is no branch feat, but origin/feat and fork/feat',
    hint: 'Create the branch from one of them: `git branch --track feat origin/feat`.',
  },
  'uncommitted work on a revision that would be reverted': {
    act: async (repo) => {
      repo.revisions('wwww:cccc')
      await upgrade({cwd: repo.path})
    },
    reason: `${fileOf('wwww')} is not committed, and is based on cccc, which main does not have`,
    hint: `Commit it, or put it away with \`git stash push --all -- :/${fileOf('wwww')}\`: it is then reverted with the others.`,
  },
  'uncommitted work on a revision that the destination has in another file': {
    act: (repo) => repo.write({'migrations/versions/mine.ts': textOfRevision('bbbb', ['aaaa'])}),
    reason: 'migrations/versions/mine.ts is not committed, and main has another file of revision bbbb',
    hint: 'Delete the file, or put it away with `git stash push --all -- :/migrations/versions/mine.ts`.',
  },
}

describe('mig switch refuses before the database is touched:', () => {
  for (const [name, {act, ref = 'main', reason, hint}] of Object.entries(refusals))
    it(name, async () => {
      const repo = await projectToSwitch()
      await act(repo)
      const before = [appliedIn(repo), repo.git('status', '--porcelain'), repo.git('rev-parse', 'HEAD')]
      const error = await rejectionOf('SWITCH_REFUSED', async () => switchTo({cwd: repo.path, ref}))
      const said = error.message.replace(repo.path, '/REPO').replace(/\/.*\/other\b/, '/OTHER')
      expect([said, error.hint]).to.deep.equal([`Nothing was changed: ${reason}.`, hint])
      expect([appliedIn(repo), repo.git('status', '--porcelain'), repo.git('rev-parse', 'HEAD')]).to.deep.equal(before)
      expect(existsSync(join(repo.path, fileOf('bbbb'))), 'not checked out').to.equal(
        name.includes('untracked revision'),
      )
    })

  it('a hidden change, with a hint that works in a folder', async () => {
    const repo = await projectToSwitch()
    repo.write({
      'app/mig.config.js': "export default {orm: 'sqlite:../.git/test.db', scriptDirectory: '../migrations'}\n",
    })
    repo.git('update-index', '--assume-unchanged', 'notes.txt')
    repo.write({'notes.txt': 'mine\n'})
    const error = await rejectionOf('SWITCH_REFUSED', async () => switchTo({cwd: join(repo.path, 'app'), ref: 'main'}))
    expect(error.hint).to.contain('`git update-index --no-assume-unchanged -- ../notes.txt`')
  })
})
