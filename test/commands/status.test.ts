import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'
import {fileOf} from '../support/switch.ts'

describe('the next step of mig status', () => {
  const nextIn = async (cwd: string, url: string): Promise<string> => {
    const {stdout} = await mig('status', {cwd, env: {MIG_DATABASE_URL: url}})
    return /^next: +(?<next>.*)$/m.exec(stdout)?.groups?.['next'] ?? ''
  }

  it('in a new project is a revision, or the database that is missing', async () => {
    const database = await createDatabase('sqlite')
    const {path: cwd} = new Folder().write({'mig.config.js': 'export default {}', 'migrations/versions/.keep': ''})
    expect(await nextIn(cwd, database.url)).to.equal('mig revision -m "..."')
    expect(await nextIn(cwd, 'sqlite:nowhere/x.db')).to.equal('mig ensure-version --create-database')
    await database.drop()
  })

  for (const [dag, next] of [
    ['aaaa', 'mig upgrade --create-database'],
    ['aaaa; bbbb', 'mig upgrade heads --create-database'],
  ] as const)
    it(`creates a missing database: ${next}`, async () => {
      const folder = new Folder().writeGraph(dag)
      const {path: cwd} = folder.write({'mig.config.js': "export default {policy: {heads: 'many'}}"})
      const env = {MIG_DATABASE_URL: 'sqlite:nowhere/x.db'}
      expect(await nextIn(cwd, env.MIG_DATABASE_URL)).to.equal(next)
      expect((await mig(next.slice(4), {cwd, env})).status).to.equal(0)
      expect(await nextIn(cwd, env.MIG_DATABASE_URL)).to.equal('nothing to do')
    })

  it('without git names both ways out of a missing revision, as other commands do', async () => {
    const database = await createDatabase('sqlite')
    const env = {MIG_DATABASE_URL: database.url}
    const folder = new Folder().writeGraph('aaaa <- bbbb')
    const {path: cwd} = folder
    await mig('upgrade', {cwd, env})
    folder.remove('migrations/versions/bbbb.ts')
    expect(await nextIn(cwd, database.url)).to.equal(
      'restore the missing file, or overwrite the recorded state: mig stamp --purge heads',
    )
    expect((await mig('upgrade', {cwd, env})).stderr).to.contain(
      'Restore the file, or overwrite the recorded state with `mig stamp --purge heads`.',
    )
    const {stdout, stderr} = await mig('current', {cwd, env})
    expect([stdout, stderr]).to.deep.equal([
      'bbbb (missing from the files), revision bbbb\n',
      'bbbb: git is not available here: it is not in a git repository.\n`mig status` shows the next step.\n',
    ])
    await mig('stamp --purge heads', {cwd, env})
    expect(await nextIn(cwd, database.url)).to.equal('nothing to do')
    await database.drop()
  })
})

describe('mig status on a branch that follows another', () => {
  /** A clone of a project with a <- b, on main. */
  const cloned = (config = "export default {orm: 'sqlite:.git/test.db'}"): GitFolder => {
    const origin = GitFolder.init().write({'mig.config.js': `${config}\n`})
    origin.revisions('aaaa bbbb:aaaa').commit('first')
    return GitFolder.clone(origin)
  }
  const partsOf = async (
    repo: GitFolder,
  ): Promise<{readonly git: string; readonly next: string; readonly text: string}> => {
    const {stdout: text} = await repo.mig('status')
    const next = /^next: +(?<next>.*)$/m.exec(text)?.groups?.['next'] ?? ''
    return {git: text.slice(0, text.indexOf('\nfiles:')), next, text}
  }

  for (const isApplied of [false, true])
    it(`names a published revision that was reverted, ${isApplied ? '' : 'not '}applied, and a way back`, async () => {
      const repo = cloned()
      await repo.mig(isApplied ? 'upgrade' : 'upgrade aaaa')
      repo.remove(fileOf('bbbb')).commit('revert b')
      const {git, next} = await partsOf(repo)
      expect(git).to.contain(`Revision bbbb (${fileOf('bbbb')}) is deleted, but already published on origin/main`)
      expect(next).to.equal(`git restore --source origin/main --staged --worktree -- ${fileOf('bbbb')}`)
      repo.git(...next.split(' ').slice(1))
      const second = await partsOf(repo)
      expect(second.next).to.equal(`git add ${fileOf('bbbb')} && git commit`)
      repo.commit('restore b')
      expect((await partsOf(repo)).next).to.equal(isApplied ? 'nothing to do' : 'mig upgrade')
    })

  it('says why the merge is not evaluated', async () => {
    const repo = cloned()
    repo.git('switch', '-q', '-c', 'other')
    repo.write({'mig.config.js': 'const policy = JSON.parse("{}")\nexport default {policy}\n'}).commit('code')
    repo.git('push', '-q', '-u', 'origin', 'other')
    repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"}).commit('literal')
    expect((await partsOf(repo)).git).to.contain(
      'merged into origin/other: not evaluated: The policy of origin/other cannot be read from mig.config.js without running it',
    )
  })

  it('gives the reason of broken files once', async () => {
    const repo = cloned()
    repo.remove(fileOf('aaaa'))
    const {text} = await partsOf(repo)
    expect(text.split('revises unknown revision aaaa')).to.have.length(2)
    expect(text).to.contain('database: not available without the files\n')
  })
})

describe('the document of mig current', () => {
  it('has every field, also without anything to say', async () => {
    const database = await createDatabase('sqlite')
    const {path: cwd} = new Folder().writeGraph('aaaa')
    const {stdout} = await mig('current --json', {cwd, env: {MIG_DATABASE_URL: database.url}})
    expect(JSON.parse(stdout)).to.deep.equal({
      current: [],
      upToDate: false,
      pending: ['aaaa'],
      partiallyApplied: [],
      databases: [database.url],
      edited: [],
      reformatted: [],
      tenants: [],
    })
    await database.drop()
  })
})

describe('a file for several databases', () => {
  it('is edited on the database whose function does something else, and reformatted on the other', async () => {
    const text = (table: string): string => `export const revision = 'aaaa'
export const downRevision = null
export function upgradeMain(op) { op.execute('create table t (n integer)') }
export function downgradeMain(op) { op.dropTable('t') }
export function upgradeOther(op) { op.execute('create table ${table} (n integer)') }
export function downgradeOther(op) { op.dropTable('${table}') }
`
    const folder = new Folder().write({
      'mig.config.js': `export default {databases: {main: {orm: 'sqlite:main.db'}, other: {orm: 'sqlite:other.db'}}}\n`,
      'migrations/versions/aaaa.ts': text('t'),
    })
    expect((await mig('upgrade -q', {cwd: folder.path})).status).to.equal(0)
    folder.write({'migrations/versions/aaaa.ts': text('u')})
    const {database} = JSON.parse((await mig('status --json', {cwd: folder.path})).stdout)
    const namesOf = (files: readonly {readonly database: string}[]): readonly string[] =>
      files.map((file) => file.database)
    expect([namesOf(database.edited), namesOf(database.reformatted)]).to.deep.equal([['other'], ['main']])
  })
})
