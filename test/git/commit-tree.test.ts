import {join} from 'node:path'
import {expect} from 'chai'
import {rejectionOf} from '../support/errors.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {heads} from '../../src/api/files/listings.ts'
import {expectGolden} from '../support/golden.ts'

/** `main` has a <- b <- c; `feature` has a <- b <- d; the tag v1 is at b. */
function project(): GitFolder {
  const repo = GitFolder.init()
  repo.write({'mig.config.js': 'export default {}\n'})
  repo.revisions('aaaa bbbb:aaaa').commit('the first two')
  repo.git('tag', 'v1')
  repo.git('switch', '-q', '-c', 'feature')
  repo.revisions('dddd:bbbb').commit('on the feature')
  repo.git('switch', '-q', 'main')
  repo.revisions('cccc:bbbb').commit('on main')
  return repo
}

describe('commands at a commit', () => {
  let repo: GitFolder
  before(() => {
    repo = project()
  })

  const transcripts = [
    'heads --at feature',
    'heads --at HEAD~1',
    'history --at feature',
    'branches --at v1',
    'show dddd --at feature',
    'show dddd --at feature --effects',
    'heads --at featur',
    'heads --at 4f2a9c1',
    'show git:v1',
    'show git:feature',
    'show git:',
    'history -r git:v1:',
    'history -r git:v1:git:main',
    'history -r git:feature:heads',
    'history -r :git:v1',
    'history -r git:v1:bbbb',
    'history -r git:v1:git:feature',
    'upgrade git:v1 --dry-run',
    'upgrade git:feature --dry-run',
    'upgrade git:v1 --sql',
    'upgrade git:v1:head --sql',
    'upgrade git:v1:git:feature --sql',
    'upgrade git:nowhere --sql',
    'downgrade git:main:git:v1 --sql',
    'stamp git:v1 --sql',
    'stamp git:v1:git:main --sql',
    'revision -m x --head git:v1',
  ]
  for (const command of transcripts)
    it(command, async () => {
      const {stdout, stderr, status} = await repo.mig(command, {env: {MIG_DATABASE_URL: 'sqlite::memory:'}})
      const notes = stderr === '' ? '' : `\n--- stderr\n${stderr}`
      const name = command.replaceAll(/[^a-z0-9]+/g, '-')
      expectGolden(`git/at/${name}.txt`, withoutChance(`$ mig ${command}\n${stdout}${notes}--- exit ${status}\n`, repo))
    })

  it('go up to what a commit has, and down to what another has', async () => {
    const database = {env: {MIG_DATABASE_URL: `sqlite:${join(repo.path, '.git/test.db')}`}}
    repo.git('merge', '-q', '-m', 'join', 'feature')
    await repo.mig('upgrade git:v1', database)
    expect((await repo.mig('current -q', database)).stdout).to.contain('bbbb')
    await repo.mig('upgrade git:HEAD', database)
    expect((await repo.mig('current -q', database)).stdout.split('\n')).to.have.length(3)
    const down = await repo.mig('downgrade git:feature', database)
    expect(down.stdout).to.match(/^The database is at dddd: 1 revision reverted in [\d.]+ m?s\.\n$/)
    const stamped = await repo.mig('stamp git:HEAD^1', database)
    expect(stamped.stdout).to.contain('cccc')
    repo.git('reset', '-q', '--hard', 'HEAD~1')
  })

  it('do not load git where nobody asks for it', async () => {
    const {stderr} = await repo.mig('history', {env: {NODE_DEBUG: 'module,esm'}})
    expect(stderr).to.contain('dist/commands/history').and.not.to.contain('chunks/isomorphic')
  })
})

describe('the files of a commit', () => {
  const cases: Readonly<Record<string, () => {repo: GitFolder; cwd?: string; expected: string[]}>> = {
    'in a folder that was moved since': () => {
      const repo = project()
      repo.git('mv', 'migrations', 'db')
      repo.write({'mig.config.js': "export default {scriptDirectory: 'db'}"}).commit('move')
      return {repo, expected: ['bbbb migrations/versions/bbbb_add_bbbb.ts']}
    },
    'in a folder that is new, where nothing was moved': () => {
      const repo = project()
      repo.write({'mig.config.js': "export default {scriptDirectory: 'db'}"})
      repo.revisions('eeee', 'db/versions').commit('another')
      return {repo, expected: ['SCRIPT_DIRECTORY_MISSING']}
    },
    'of one project of several in a repository': () => {
      const repo = GitFolder.init()
      repo.write({'a/mig.config.js': 'export default {}', 'b c/mig.config.js': 'export default {}'})
      repo.revisions('aaaa', 'a/migrations/versions').revisions('bbbb', 'b c/migrations/versions').commit()
      repo.git('tag', 'v1')
      return {repo, cwd: 'b c', expected: ['bbbb migrations/versions/bbbb_add_bbbb.ts']}
    },
    'with spaces and other letters in their names': () => {
      const repo = GitFolder.init()
      repo.write({
        'mig.config.js': "export default {scriptDirectory: 'übung eins'}",
        'übung eins/versions/äöü ß.ts': textOfRevision('aaaa', []),
      })
      repo.commit()
      repo.git('tag', 'v1')
      return {repo, expected: ['aaaa übung eins/versions/äöü ß.ts']}
    },
    'with line ends as Windows has them': () => {
      const repo = GitFolder.init()
      repo.write({
        'mig.config.js': 'export default {}',
        'migrations/versions/a.ts': textOfRevision('aaaa', []).replaceAll('\n', '\r\n'),
      })
      repo.commit()
      repo.git('tag', 'v1')
      return {repo, expected: ['aaaa migrations/versions/a.ts']}
    },
    'of a stash': () => {
      const repo = project()
      repo.revisions('eeee:cccc').git('add', '-A')
      repo.git('stash')
      repo.git('tag', '-f', 'v1', 'stash@{0}')
      return {repo, expected: ['eeee migrations/versions/eeee_add_eeee.ts']}
    },
    'in a submodule, from the repository around it': () => {
      const outer = GitFolder.init()
      const inner = project()
      outer.git('submodule', '--quiet', 'add', `file://${inner.path}`, 'db')
      outer.write({'mig.config.js': "export default {scriptDirectory: 'db/migrations'}"})
      return {repo: outer, expected: ['bbbb db/migrations/versions/bbbb_add_bbbb.ts']}
    },
    'in two repositories': () => {
      const repo = project()
      repo.write({'mig.config.js': `export default {versionLocations: ['migrations/versions', '..']}`})
      return {repo, expected: ['OUTSIDE_REPOSITORY']}
    },
  }
  for (const [name, make] of Object.entries(cases))
    it(`are found ${name}`, async () => {
      const {repo, cwd = '.', expected} = make()
      const list = heads({cwd: join(repo.path, cwd), at: 'v1'}).then((found) =>
        found.heads.map(({revision, file}) => `${revision} ${file}`),
      )
      if (/^[A-Z_]+$/.test(expected[0]!)) await rejectionOf(expected[0] as 'UNKNOWN_REF', async () => list)
      else expect(await list).to.deep.equal(expected)
    })
})
