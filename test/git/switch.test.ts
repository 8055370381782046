import {existsSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DatabaseSync} from 'node:sqlite'
import {switchTo} from '../../src/api/git/switch.ts'
import {rejectionOf} from '../support/errors.ts'
import {runOn} from '../support/databases.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const fileOf = (id: string): string => `migrations/versions/${id}_add_${id}.ts`

/**
 * `main` has a <- b <- d, `work` has a <- b <- c and is checked out. All of it is applied.
 *
 * @param text how the text of c is changed before it is applied
 */
async function project(text = (original: string): string => original): Promise<GitFolder> {
  const repo = GitFolder.init().write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"})
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  repo.git('branch', 'work')
  repo.revisions('dddd:bbbb').commit('on main')
  repo.git('tag', 'v1')
  repo.git('switch', '-q', 'work')
  repo.write({[fileOf('cccc')]: text(textOfRevision('cccc', ['bbbb']))}).commit('on work')
  expect((await repo.mig('upgrade -q')).status).to.equal(0)
  return repo
}

/** The tables that revisions made. */
function tables(repo: GitFolder): string {
  const database = new DatabaseSync(join(repo.path, '.git/test.db'), {readOnly: true})
  const rows = database
    .prepare("select name from sqlite_master where name like 't\\_%' escape '\\' order by name")
    .all()
  database.close()
  return rows.map(({name}) => String(name)).join(' ')
}

/** Makes git forget the text of c that was applied. */
const neverCommitted = (
  repo: GitFolder,
  text = textOfRevision('cccc', ['bbbb']).replace('integer', 'bigint'),
): void => {
  repo.write({[fileOf('cccc')]: text})
  repo.git('commit', '-q', '-a', '--amend', '-m', 'another')
  repo.git('reflog', 'expire', '--expire=now', '--all')
  repo.git('gc', '-q', '--prune=now')
}

/** A downgrade that asks the database, so that it is not known when the revision is applied. */
const asking = (text: string): string =>
  text.replace("op.execute('drop table", "await op.query('select 1')\n  op.execute('drop table")

describe('the data that the upgrades of a switch lose', () => {
  const bodies: Readonly<Record<string, readonly [text: string, plan: object]>> = {
    'SQL in the words of the database': ["op.execute('drop table [t_bbbb]')", {losesData: ['the rows of t_bbbb']}],
    'code that is known only when it runs': ["const name = 't_bbbb'\n  op.dropTable(name)", {mayLoseData: true}],
  }
  for (const [name, [body, plan]] of Object.entries(bodies))
    it(`is in the plan, and asked about: ${name}`, async () => {
      const repo = await project()
      repo.git('switch', '-q', 'main')
      const text = textOfRevision('eeee', ['dddd']).replace("op.execute('create table t_eeee (n integer)')", body)
      repo.write({[fileOf('eeee')]: text.replace("op.execute('drop table t_eeee')", '')}).commit('a loss')
      repo.git('switch', '-q', 'work')
      await runOn(`sqlite:${join(repo.path, '.git/test.db')}`, 'insert into t_bbbb values (1), (2)')
      const {steps} = await switchTo({cwd: repo.path, ref: 'main', dryRun: true})
      expect(steps.find(({revision}) => revision === 'eeee')).to.deep.include(plan)
      const error = await rejectionOf('DATA_LOSS', async () =>
        switchTo({cwd: repo.path, ref: 'main', acceptLoss: false}),
      )
      expect(error.message).to.equal('The upgrade would lose 2 rows of t_bbbb; nothing was executed.')
      expect(tables(repo)).to.contain('t_bbbb')
      await switchTo({cwd: repo.path})
      expect(tables(repo)).not.to.contain('t_bbbb')
    })
})

describe('mig switch', () => {
  it('goes to another branch: down, git switch, up', async () => {
    const repo = await project()
    await runOn(`sqlite:${join(repo.path, '.git/test.db')}`, 'insert into t_cccc values (1), (null)')
    const dry = await repo.mig('switch main --dry-run')
    expectGolden('git/switch/dry-run.txt', withoutChance(dry.stdout))
    expect([tables(repo), repo.git('branch', '--show-current')]).to.deep.equal(['t_aaaa t_bbbb t_cccc', 'work'])
    const {stdout, stderr, status} = await repo.mig('switch main --yes')
    expect([stdout, status]).to.deep.equal(['The database is at dddd.\n', 0])
    expect(stderr.replaceAll(/\d+ ms/g, 'N ms')).to.equal(
      'reverted cccc, add cccc (N ms)\napplied dddd, add dddd (N ms)\n',
    )
    expect([tables(repo), repo.git('branch', '--show-current')]).to.deep.equal(['t_aaaa t_bbbb t_dddd', 'main'])
    expect((await repo.mig('switch v1 --yes')).status).to.equal(0)
    expect(repo.git('branch', '--show-current')).to.equal('')
    expect((await repo.mig('switch work --yes --json')).stdout).to.contain('"checkout": "git switch --quiet work"')
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_cccc')
  }).timeout(40_000)

  it('brings the database to what is checked out, with the code that was applied', async () => {
    const repo = await project()
    repo.git('switch', '-q', 'main')
    expect((await repo.mig('switch --yes')).stdout).to.equal('The database is at dddd.\n')
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
    expect((await repo.mig('switch')).stdout).to.equal('The database matches the checkout; nothing to do.\n')
  }).timeout(40_000)

  it('takes the text that was applied from git, although the branch has another one now', async () => {
    const repo = await project()
    repo.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb']).replace('drop table', 'this was never applied')})
    repo.commit('edit it')
    expect((await repo.mig('switch main --yes')).status).to.equal(0)
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
  }).timeout(40_000)

  it('takes it from the history where no branch has it any more', async () => {
    const repo = await project()
    repo.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb']).replace('drop table', 'this was never applied')})
    repo.commit('edit it')
    rmSync(join(repo.path, '.git/logs'), {recursive: true})
    expect((await repo.mig('switch main --yes')).status).to.equal(0)
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
  }).timeout(40_000)

  it('goes on where it was stopped', async () => {
    const repo = await project()
    repo.git('switch', '-q', 'main')
    repo
      .write({[fileOf('eeee')]: textOfRevision('eeee', ['dddd']).replace('create table', 'creat table')})
      .commit('wrong')
    repo.git('switch', '-q', 'work')
    const failed = await repo.mig('switch main --yes')
    expect(failed.status).to.equal(1)
    expect(failed.stderr).to.contain('eeee').and.to.contain('The checkout is at main, and the database is where')
    expect(failed.stderr)
      .to.contain('\n  statement: creat table t_eeee')
      .and.not.to.contain(String.raw`\n`)
    expect([tables(repo), repo.git('branch', '--show-current')]).to.deep.equal(['t_aaaa t_bbbb t_dddd', 'main'])
    repo.write({[fileOf('eeee')]: textOfRevision('eeee', ['dddd'])})
    expect((await repo.mig('switch --yes')).stdout).to.equal('The database is at eeee.\n')
  }).timeout(40_000)

  const refusals: Readonly<
    Record<string, {act: (repo: GitFolder) => unknown; text?: (original: string) => string; code: string; ref?: string}>
  > = {
    'a work tree with changes': {
      act: (repo) => repo.write({[fileOf('aaaa')]: textOfRevision('aaaa', []).replace('integer', 'bigint')}),
      code: 'SWITCH_REFUSED',
    },
    'a merge that is not finished': {
      act: (repo) => repo.git('merge', '-q', '--no-commit', '--no-ff', 'main'),
      code: 'SWITCH_REFUSED',
    },
    'a ref that does not exist': {act: () => {}, code: 'UNKNOWN_REF', ref: 'mian'},
    'a revision without a downgrade': {
      act: () => {},
      text: (original) => original.slice(0, original.indexOf('export async function downgrade')),
      code: 'IRREVERSIBLE',
    },
    'a text that git does not have, and whose downgrade was not known when it was applied': {
      text: asking,
      act: (repo) => neverCommitted(repo),
      code: 'SWITCH_REFUSED',
    },
  }
  for (const [name, {act, text, code, ref = 'main'}] of Object.entries(refusals))
    it(`refuses ${name} before anything is done`, async () => {
      const repo = await project(text)
      act(repo)
      const before = repo.git('rev-parse', 'HEAD')
      await rejectionOf(code as 'SWITCH_REFUSED', async () => switchTo({cwd: repo.path, ref}))
      expect([tables(repo), repo.git('rev-parse', 'HEAD')]).to.deep.equal(['t_aaaa t_bbbb t_cccc', before])
    }).timeout(40_000)

  it('runs the SQL that was kept where git does not have the text that was applied', async () => {
    const repo = await project()
    neverCommitted(repo)
    const {stderr, status} = await repo.mig('switch main --yes')
    const note = 'cccc is reverted with the SQL recorded when it was applied.\n'
    expect([status, stderr.split(note).length]).to.deep.equal([0, 2])
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
  }).timeout(40_000)

  it('runs the downgrade of a file that was only reformatted', async () => {
    const repo = await project()
    neverCommitted(repo, `// reformatted\n${textOfRevision('cccc', ['bbbb']).replaceAll("'", '"')}`)
    const {stderr, status} = await repo.mig('switch main --yes')
    expect([status, stderr.includes('recorded when it was applied')], stderr).to.deep.equal([0, false])
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
  }).timeout(40_000)

  it('runs it where there is no git at all', async () => {
    const repo = await project()
    const database = join(repo.path, '.git/test.db')
    const copy = new GitFolder().write({'mig.config.js': `export default {orm: 'sqlite:${database}'}\n`})
    copy.revisions('aaaa bbbb:aaaa')
    expect((await copy.mig('switch --yes')).stdout).to.equal('The database is at bbbb.\n')
    expect(tables(repo)).to.equal('t_aaaa t_bbbb')
  }).timeout(40_000)

  it('runs a downgrade that was never applied only with --trust', async () => {
    const repo = await project(asking)
    neverCommitted(repo)
    expect((await repo.mig('switch main --yes')).stderr).to.contain('the text of cccc differs from what was applied')
    expect((await repo.mig('switch main --yes --trust')).status).to.equal(0)
    expect(tables(repo)).to.equal('t_aaaa t_bbbb t_dddd')
  }).timeout(40_000)

  it('does not wait for an answer where there is no terminal', async () => {
    const repo = await project()
    const {stdout, status} = await repo.mig('switch main --json')
    expect(status).to.equal(2)
    expect(stdout).to.contain('CONFIRMATION_NEEDED')
    expect(existsSync(join(repo.path, fileOf('cccc')))).to.equal(true)
  }).timeout(40_000)
})
