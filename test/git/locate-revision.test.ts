import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {rejectionOf} from '../support/errors.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const fileOf = (id: string): string => `migrations/versions/${id}_add_${id}.ts`

/** A project with a <- b on `main`, all of which is applied to a database beside it. */
async function project(): Promise<GitFolder> {
  const repo = GitFolder.init()
  repo.write({'mig.config.js': `export default {orm: 'sqlite:.git/test.db'}\n`})
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  return repo
}

/** Applies a revision that is then nowhere in the files. */
async function applied(repo: GitFolder, id: string): Promise<void> {
  repo.revisions(`${id}:bbbb`)
  expect((await repo.mig('upgrade -q')).status).to.equal(0)
}

describe('a revision that is applied and in no file', () => {
  const places: Readonly<Record<string, {act: (repo: GitFolder) => unknown; says: string}>> = {
    'on a local branch': {
      act: (repo) => {
        repo.git('switch', '-q', '-c', 'work')
        repo.commit('mine')
        repo.git('switch', '-q', 'main')
      },
      says: 'it is on work (COMMIT, Ana, AGE ago)',
    },
    'on a remote branch': {
      act: (repo) => {
        repo.commit('mine')
        repo.git('update-ref', 'refs/remotes/origin/feature/x', 'HEAD')
        repo.git('reset', '-q', '--hard', 'HEAD~1')
      },
      says: 'it is on origin/feature/x (COMMIT, Ana, AGE ago)',
    },
    'in a tag': {
      act: (repo) => {
        repo.commit('mine')
        repo.git('tag', '-a', 'v2', '-m', 'v2')
        repo.git('reset', '-q', '--hard', 'HEAD~1')
      },
      says: 'it is in tag v2 (COMMIT, Ana, AGE ago)',
    },
    'on a branch that has moved the script directory': {
      act: (repo) => {
        repo.git('switch', '-q', '-c', 'work')
        repo.git('add', '-A')
        repo.git('mv', 'migrations', 'db')
        repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db', scriptDirectory: 'db'}\n"})
        repo.commit('move')
        repo.git('switch', '-q', 'main')
        rmSync(join(repo.path, '.git/logs'), {recursive: true})
      },
      says: 'it is on work (COMMIT, Ana, AGE ago)',
    },
    'in a stash, never committed': {
      act: (repo) => repo.git('stash', '--include-untracked'),
      says: 'it is in a stash (COMMIT, Ana, AGE ago)',
    },
    'in a commit that was thrown away': {
      act: (repo) => {
        repo.commit('mine')
        repo.git('reset', '-q', '--hard', 'HEAD~1')
      },
      says: 'it is in a commit that was previously checked out here (COMMIT, Ana, AGE ago)',
    },
    'in the history, deleted since': {
      act: (repo) => {
        repo.commit('mine')
        repo.remove(fileOf('cccc')).commit('delete it')
        rmSync(join(repo.path, '.git/logs'), {recursive: true})
      },
      says: 'it is in the history, but was deleted later (COMMIT, Ana, AGE ago)',
    },
    'under another name, with the text that was applied': {
      act: (repo) => {
        repo.git('switch', '-q', '-c', 'work')
        repo.write({'migrations/versions/renamed.ts': repo.folder.read(fileOf('cccc'))})
        repo.remove(fileOf('cccc')).commit('mine')
        repo.git('switch', '-q', 'main')
      },
      says: 'it is on work (COMMIT, Ana, AGE ago)',
    },
    'with another text only': {
      act: (repo) => {
        repo.git('switch', '-q', '-c', 'work')
        repo.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb']).replace('integer', 'bigint')}).commit('mine')
        repo.git('switch', '-q', 'main')
      },
      says: 'it is on work (COMMIT, Ana, AGE ago), with content that differs from the applied one',
    },
    'in what was staged once': {
      act: (repo) => {
        repo.git('add', '-A')
        repo.git('reset', '-q', '--hard')
      },
      says: 'it is in no commit, but git still has its content (COMMIT)',
    },
    nowhere: {
      act: (repo) => repo.remove(fileOf('cccc')),
      says: 'it is in no commit of this clone; try `git fetch --all`',
    },
  }
  for (const [name, {act, says}] of Object.entries(places))
    it(`is found ${name}`, async () => {
      const repo = await project()
      await applied(repo, 'cccc')
      act(repo)
      const {stderr} = await repo.mig('current')
      expect(withoutChance(stderr)).to.contain(`cccc: ${says}.`)
    })

  it('is named by every command that meets it', async () => {
    const repo = await project()
    await applied(repo, 'cccc')
    places['on a local branch']?.act(repo)
    const commands = [
      'upgrade',
      'downgrade -1',
      'current',
      'current -v',
      'current --json',
      'status',
      'status --json',
      'show cccc',
      'show ccc',
      'show cccd',
      'edit cccc',
    ]
    for (const command of commands) {
      const {stdout, stderr, status} = await repo.mig(command)
      const notes = stderr === '' ? '' : `\n--- stderr\n${stderr}`
      const text = withoutChance(`$ mig ${command}\n${stdout}${notes}--- exit ${status}\n`, repo)
      expectGolden(`git/unknown/${command.replaceAll(/[^a-z0-9]+/g, '-')}.txt`, text)
    }
    const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', async () => upgrade({cwd: repo.path}))
    expect(error.hint).to.contain('`git merge work` restores the file')
  })

  it('is not looked for where there is no git', async () => {
    const repo = await project()
    await applied(repo, 'cccc')
    repo.remove(fileOf('cccc'))
    const database = join(repo.path, '.git/test.db')
    const copy = new GitFolder()
    copy.write({'mig.config.js': `export default {orm: 'sqlite:${database}'}\n`}).revisions('aaaa bbbb:aaaa')
    expect((await copy.mig('current')).stderr).to.contain('git is not available here: it is not in a git repository')
    const {stdout, status} = await copy.mig('status')
    expect(stdout).to.contain('git:      not available here: it is not in a git repository').and.to.contain('cccc')
    expect(status).to.equal(0)
  })
})

describe('a revision that was edited after it was applied', () => {
  it('is named by current -v, status and check files; a change of line ends is none', async () => {
    const repo = await project()
    await repo.mig('upgrade -q')
    const text = repo.folder.read(fileOf('bbbb'))
    repo.write({[fileOf('bbbb')]: text.replaceAll('\n', '\r\n')})
    expect((await repo.mig('current -v')).stderr).to.not.contain('edited')
    repo.write({[fileOf('bbbb')]: text.replace('integer', 'bigint')})
    expect((await repo.mig('current -v')).stderr).to.contain(`bbbb was edited after it was applied: ${fileOf('bbbb')}.`)
    expect((await repo.mig('status')).stdout)
      .to.contain('bbbb was edited after it was applied')
      .and.to.contain('next:     mig show --diff bbbb\n')
    const {stdout, status} = await repo.mig('check files --json')
    expect(stdout).to.contain('APPLIED_EDITED')
    expect(status).to.equal(0)
  })

  it('is not looked for where the database cannot be reached, which is said', async () => {
    const repo = await project()
    const {stdout, status} = await repo.mig('check files', {env: {MIG_DATABASE_URL: 'postgresql://127.0.0.1:1/none'}})
    expect(stdout).to.contain('warning: The files were not compared with the applied revisions')
    expect(status).to.equal(0)
  })
})

describe('mig status', () => {
  it('shows one screen, and the one next command', async () => {
    const repo = await project()
    const show = async (name: string): Promise<void> => {
      const {stdout, stderr} = await repo.mig('status')
      expect(stderr).to.equal('')
      expectGolden(`git/status/${name}.txt`, withoutChance(stdout, repo))
    }
    await show('nothing applied')
    await repo.mig('upgrade -q')
    await show('up to date')
  })

  it('compares with the upstream branch, and says what is in the way', async () => {
    const origin = await project()
    const repo = GitFolder.clone(origin)
    repo.write({'mig.config.js': `export default {orm: 'sqlite:.git/test.db'}\n`})
    origin.revisions('dddd:bbbb').commit('theirs')
    repo.revisions('cccc:bbbb').commit('mine')
    repo.git('fetch', '-q')
    await repo.mig('upgrade -q')
    expectGolden('git/status/diverged.txt', withoutChance((await repo.mig('status')).stdout, repo))
    repo.git('merge', '-q', '-m', 'join', 'origin/main')
    expectGolden('git/status/two-heads.txt', withoutChance((await repo.mig('status')).stdout, repo))
    repo.write({[fileOf('eeee')]: 'export const downRevision = null'})
    const broken = (await repo.mig('status')).stdout
    expect(broken).to.contain('files:    not available here: migrations/versions/eeee_add_eeee.ts:1:')
    expect(broken).to.contain('next:     mig check files')
    repo.remove(fileOf('eeee'))
    const away = await repo.mig('status', {env: {MIG_DATABASE_URL: 'postgresql://127.0.0.1:1/none'}})
    expect(away.stdout).to.contain('database: not available here: Cannot reach postgresql://127.0.0.1:1/none')
    expect(away.status).to.equal(0)
  })
})

describe('the file with the heads', () => {
  const template = readFileSync('src/script/templates/generic/script.ts.eta', 'utf8')
  const config = "export default {policy: {headsFile: 'migrations/heads.lock'}}\n"

  it('is written with every revision, and makes git find a conflict', async () => {
    const repo = GitFolder.init().write({'mig.config.js': config, 'migrations/script.ts.eta': template})
    await repo.mig('revision -m first --rev-id aaaa')
    expect(repo.folder.read('migrations/heads.lock')).to.equal('aaaa\n')
    repo.commit('first')
    repo.git('switch', '-q', '-c', 'work')
    await repo.mig('revision -m mine --rev-id cccc')
    repo.commit('mine')
    repo.git('switch', '-q', 'main')
    await repo.mig('revision -m theirs --rev-id bbbb')
    repo.commit('theirs')
    expect(repo.tryGit('merge', '-q', 'work').output).to.contain(
      'CONFLICT (content): Merge conflict in migrations/heads.lock',
    )
    expect((await repo.mig('check files')).stdout).to.contain('migrations/heads.lock is out of date; the heads are ')
    await repo.mig('merge heads -m join --rev-id dddd')
    expect(repo.folder.read('migrations/heads.lock')).to.equal('dddd\n')
    expect((await repo.mig('check files')).stdout).to.equal('files: ok\n')
  })

  it('is written by hand where files were deleted, and looked at before a commit', async () => {
    const repo = GitFolder.init().write({'mig.config.js': config})
    repo.revisions('aaaa bbbb:aaaa').git('add', '-A')
    const missing = await repo.mig('hooks run pre-commit')
    expect([missing.status, missing.stdout.split('\n')[0]]).to.deep.equal([
      1,
      'error: migrations/heads.lock is missing.',
    ])
    await repo.mig('heads --write')
    expect(repo.folder.read('migrations/heads.lock')).to.equal('bbbb\n')
    repo.git('add', '-A')
    expect(await repo.mig('hooks run pre-commit')).to.deep.include({status: 0, stdout: ''})
  })
})
