import {readdirSync, writeFileSync, chmodSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {IsomorphicRepository} from '../../src/git/isomorphic.ts'
import {locateRepository, obstacleIn} from '../../src/git/locate.ts'
import {openRepository} from '../../src/git/open.ts'
import {GitProgramRepository} from '../../src/git/program.ts'
import type {Repository} from '../../src/git/repository.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'

/** A history with a merge, an annotated tag, a stash, a remote branch, packed and loose objects. */
function story(): GitFolder {
  const repo = GitFolder.init()
  repo.write({'a.txt': 'one\n', 'dir/b c.txt': 'two\n', 'dir/ä/c.txt': 'three\n'}).commit('first')
  repo.git('tag', '-a', 'v1', '-m', 'version 1')
  repo.git('switch', '-q', '-c', 'feature/x')
  repo.write({'dir/new.txt': 'new\n'}).commit('on the branch')
  repo.git('gc', '-q')
  repo.git('switch', '-q', 'main')
  repo.write({'a.txt': 'changed\n'}).commit('on main')
  repo.git('merge', '-q', '--no-ff', '-m', 'join', 'feature/x')
  repo.write({'a.txt': 'stashed\n'}).git('stash')
  repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~1')
  repo.git('branch', 'config', 'HEAD~1')
  repo.git('branch', 'both', 'HEAD~1')
  repo.git('tag', 'both', 'HEAD')
  repo.git('config', 'branch.main.remote', 'origin')
  repo.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*')
  repo.git('config', 'branch.main.merge', 'refs/heads/main')
  repo.git('config', 'remote.origin.url', 'file:///nowhere')
  repo.git('fetch', '-q', '.', 'feature/x', 'main')
  // git stores no tree for a commit without files.
  repo.git('branch', 'lonely', repo.git('commit-tree', '4b825dc642cb6eb9a060e54bf8d69288fbee4904', '-m', 'empty'))
  repo.git('branch', 'odd', commitBy(repo, 'E\rv'))
  return repo
}

/** Writes a commit of an author whose name git would not take on its command line. */
function commitBy(repo: GitFolder, name: string): string {
  const text = repo.git('cat-file', 'commit', 'HEAD').replace(/^author .*? </m, () => `author ${name} <`)
  repo.write({'commit.txt': `${text}\n`})
  return repo.git('hash-object', '-t', 'commit', '-w', 'commit.txt')
}

describe('a repository, as isomorphic-git and as the program git read it', () => {
  let made: GitFolder
  let both: readonly Repository[]
  before(() => {
    made = story()
    const place = locateRepository(join(made.path, 'dir'))!
    both = [new IsomorphicRepository(place), new GitProgramRepository(place)]
  })

  const names =
    'HEAD @ main feature/x v1 v1^{} v1^{commit} refs/heads/main heads/main HEAD~2 HEAD^2 HEAD^2~1 HEAD~1^0 stash stash@{0} origin/main @{u} main@{upstream} HEAD@{1} config both heads/both ORIG_HEAD FETCH_HEAD FETCH_HEAD~1 MERGE_HEAD lonely odd nope HEAD~99 v1~1'
  for (const name of names.split(' '))
    it(`agree on what ${name} means`, async () => {
      const {output, status} = made.tryGit('rev-parse', '--verify', '-q', `${name}^{commit}`)
      const expected = status === 0 ? output.trim() : undefined
      for (const one of both) expect(await one.resolve(name), one.source).to.equal(expected)
    })

  it('agree on abbreviated ids, and on those that mean nothing', async () => {
    const id = made.id('main')
    for (const one of both) {
      expect(await one.resolve(id.slice(0, 8)), one.source).to.equal(id)
      expect(await one.resolve(id)).to.equal(id)
      expect(await one.resolve('0'.repeat(40))).to.equal(undefined)
      expect(await one.resolve('../../etc')).to.equal(undefined)
      expect(await one.resolve('-v')).to.equal(undefined)
      expect(await one.resolve('main:a.txt')).to.equal(undefined)
    }
  })

  const questions: Readonly<Record<string, (one: Repository) => Promise<unknown>>> = {
    commits: async (one) =>
      Promise.all(['HEAD', 'v1', 'stash', 'odd'].map(async (ref) => one.commit((await one.resolve(ref))!))),
    refs: async (one) => one.refs(),
    reflog: async (one) => [...(await one.reflog())].toSorted(),
    stashes: async (one) => one.stashes(),
    branch: async (one) => one.branch(),
    'files of the top': async (one) => one.files(made.id('HEAD'), '', false),
    'files of a folder': async (one) => one.files(made.id('HEAD'), 'dir', false),
    'files of a folder and below': async (one) =>
      (await one.files(made.id('HEAD'), 'dir', true))?.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    'files of a commit without any': async (one) => one.files(made.id('lonely'), '', true),
    'a missing folder': async (one) => one.files(made.id('HEAD'), 'nope', true),
    'a file as a folder': async (one) => one.files(made.id('HEAD'), 'a.txt', true),
    blobs: async (one) => {
      const files = (await one.files(made.id('HEAD'), '', false)) ?? []
      return (await one.blobs(files.map(({id}) => id))).map(String)
    },
    'the merge base': async (one) => one.mergeBases(made.id('HEAD^1'), made.id('feature/x')),
    'the commit that added a file': async (one) => one.commitThatAdded(made.id('HEAD'), 'dir/new.txt'),
    'the commits that added files': async (one) => [
      ...(await one.commitsThatAdded(made.id('HEAD'), ['a.txt', 'dir/new.txt', 'nope.txt'])),
    ],
    'a file that is not there': async (one) => one.commitThatAdded(made.id('HEAD~1'), 'dir/new.txt'),
    'all states of files': async (one) => {
      const states = new Set<string>()
      for await (const {path, id} of one.past([made.id('HEAD')], ['dir'])) states.add(`${path} ${id}`)
      return [...states].toSorted()
    },
    'all states of files at the top': async (one) => {
      const states: string[] = []
      for await (const {path, id} of one.past([made.id('HEAD')], [''])) states.push(`${path} ${id}`)
      expect(states.some((state) => state.startsWith('a.txt '))).to.equal(true)
      return states.toSorted()
    },
    'whether an object is there': async (one) => [await one.has(made.id('v1')), await one.has('1'.repeat(40))],
  }
  for (const [name, ask] of Object.entries(questions))
    it(`agree on ${name}`, async () => {
      const [isomorphic, program] = await Promise.all(both.map(ask))
      expect(isomorphic).to.deep.equal(program)
    })
})

describe('openRepository', () => {
  const kinds: Readonly<Record<string, {make: () => GitFolder; source: Repository['source']}>> = {
    'an ordinary clone': {make: () => GitFolder.clone(story()), source: 'isomorphic-git'},
    'a shallow clone': {make: () => GitFolder.clone(story(), '--depth', '1'), source: 'isomorphic-git'},
    'a clone that borrows objects': {make: borrowing, source: 'git'},
    'a partial clone': {make: partial, source: 'git'},
    'a linked work tree': {make: linked, source: 'git'},
    'a submodule': {make: submodule, source: 'isomorphic-git'},
    'a repository with SHA-256 ids': {make: sha256, source: 'git'},
    'a repository with packed refs': {make: packed, source: 'isomorphic-git'},
    'a detached HEAD': {make: detached, source: 'isomorphic-git'},
  }
  for (const [name, {make, source}] of Object.entries(kinds))
    it(`reads ${name} with ${source}`, async () => {
      const made = make()
      const repository = await openRepository(join(made.path, 'dir/deeper'))
      expect(repository.source).to.equal(source)
      const head = await repository.resolve('HEAD')
      expect(head).to.equal(made.id('HEAD'))
      const files = (await repository.files(head!, 'dir', true)) ?? []
      expect(files.map(({path}) => path)).to.include('dir/b c.txt')
      const contents = await repository.blobs(files.map(({id}) => id))
      expect(contents.map(String)).to.include('two\n')
      expect((await repository.branch()).name ?? '').to.equal(made.git('branch', '--show-current'))
    })

  it('says that there is no repository', async () => {
    const error = await rejectionOf('GIT_UNAVAILABLE', async () => openRepository(new Folder().path))
    expect(error.message).to.contain('is not in a git repository')
  })

  it('says that only the program git could read it, where that is missing', async () => {
    const made = linked()
    const {PATH} = process.env
    process.env['PATH'] = new Folder().path
    try {
      const error = await rejectionOf('GIT_UNAVAILABLE', async () => openRepository(made.path))
      expect(error.message).to.contain('a linked work tree, which requires the git executable')
    } finally {
      process.env['PATH'] = PATH
    }
  })

  it("passes on that git refuses another user's repository", async () => {
    const made = linked()
    process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1'
    try {
      const error = await rejectionOf('GIT_FAILED', async () => openRepository(made.path))
      expect(error.message).to.contain('dubious ownership')
      expect(error.hint).to.contain('safe.directory')
    } finally {
      delete process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER']
    }
  })

  it('leaves a reftable to the program git', () => {
    const made = GitFolder.init()
    made.write({'.git/config': '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n'})
    expect(obstacleIn(locateRepository(made.path)!)).to.equal('refs in a reftable')
  })

  it('names an object that is corrupt, and one that is missing', async () => {
    const made = GitFolder.init()
    made.write({'dir/a.txt': 'text\n'}).commit()
    const id = made.git('rev-parse', 'HEAD:dir/a.txt')
    const file = join(made.path, '.git/objects', id.slice(0, 2), id.slice(2))
    chmodSync(file, 0o644)
    writeFileSync(file, 'garbage')
    const repository = await openRepository(made.path)
    const corrupt = await rejectionOf('GIT_OBJECT_UNREADABLE', async () => repository.blobs([id]))
    expect(corrupt.message).to.contain(`Git object ${id} cannot be read: it is corrupt`)
    const missing = await rejectionOf('GIT_OBJECT_UNREADABLE', async () => repository.blobs(['1'.repeat(40)]))
    expect(missing.message).to.contain('it is not in this clone')
  })
})

function borrowing(): GitFolder {
  const from = story()
  const folder = new Folder()
  from.git('clone', '-q', '--shared', from.path, join(folder.path, 'clone'))
  return new GitFolder(folder, join(folder.path, 'clone'))
}

function partial(): GitFolder {
  const from = story()
  from.git('config', 'uploadpack.allowFilter', 'true')
  return GitFolder.clone(from, '--filter=blob:none')
}

function linked(): GitFolder {
  const from = story()
  const folder = new Folder()
  from.git('worktree', 'add', '-q', '-b', 'other', join(folder.path, 'tree'))
  return new GitFolder(folder, join(folder.path, 'tree'))
}

function submodule(): GitFolder {
  const outer = GitFolder.init()
  outer.git('submodule', '--quiet', 'add', `file://${story().path}`, 'parts/inner')
  return new GitFolder(outer.folder, join(outer.path, 'parts/inner'))
}

function sha256(): GitFolder {
  const made = GitFolder.init('--object-format=sha256')
  made.write({'dir/b c.txt': 'two\n'}).commit()
  return made
}

function packed(): GitFolder {
  const made = story()
  made.git('gc', '-q', '--aggressive')
  made.git('pack-refs', '--all')
  expect(readdirSync(join(made.path, '.git/refs/heads'))).to.not.contain('main')
  return made
}

function detached(): GitFolder {
  const made = story()
  made.git('switch', '-q', '--detach', 'HEAD~1')
  return made
}
