import {existsSync, mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {heads} from '../../src/api/files/listings.ts'
import type {ErrorCode} from '../../src/errors.ts'
import {rejectionOf} from '../support/errors.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'

const versions = 'migrations/versions'
const fileOf = (id: string): string => `${versions}/${id}_add_${id}.ts`

/** A project with a <- b on `main`. */
function project(config = 'export default {}\n'): GitFolder {
  return GitFolder.init().write({'mig.config.js': config, 'README.md': 'one\n'}).revisions('aaaa bbbb:aaaa')
}

type FindingCode = 'DIVERGENT_HEADS' | 'MERGE_CONFLICT' | `PUBLISHED_${'EDITED' | 'DELETED' | 'RENAMED'}`

interface Case {
  readonly config?: string
  /** What happens on the branch that is checked, and on `main` meanwhile. */
  readonly ours: (repo: GitFolder) => unknown
  readonly theirs?: (repo: GitFolder) => unknown
  readonly status: string
  readonly codes?: readonly (ErrorCode | FindingCode)[]
  readonly heads?: string
  /** Files that a finding names together. */
  readonly names?: readonly string[]
  /** Set where git sees a conflict and mig none, or the other way round. */
  readonly gitDiffers?: true
}

const edit = (id: string, from: string, to: string) => (repo: GitFolder) =>
  repo.write({[fileOf(id)]: repo.folder.read(fileOf(id)).replace(from, to)})

const cases: Readonly<Record<string, Case>> = {
  'nothing new': {ours: () => {}, status: 'ok', heads: 'bbbb'},
  'a revision on one side': {ours: (r) => r.revisions('cccc:bbbb'), status: 'ok', heads: 'cccc'},
  'a revision on the other side': {
    ours: () => {},
    theirs: (r) => r.revisions('dddd:bbbb'),
    status: 'ok',
    heads: 'dddd',
  },
  'a revision on either side': {
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.revisions('dddd:bbbb'),
    status: 'diverged',
    codes: ['DIVERGENT_HEADS'],
    heads: 'cccc dddd',
  },
  'two branches that the policy allows': {
    config: "export default {policy: {heads: 'many'}}",
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.revisions('dddd:bbbb'),
    status: 'ok',
    heads: 'cccc dddd',
  },
  'a labelled branch that the policy allows': {
    config: "export default {policy: {heads: 'one', labels: ['billing']}}",
    ours: (r) => r.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb'], ['billing'])}),
    theirs: (r) => r.revisions('dddd:bbbb'),
    status: 'ok',
    heads: 'cccc dddd',
  },
  'two heads that were there before': {
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.revisions('dddd:bbbb eeee:aaaa'),
    status: 'diverged',
    codes: ['DIVERGENT_HEADS'],
    heads: 'cccc dddd eeee',
  },
  'nothing new where two heads were before': {
    ours: (r) => r.write({'README.md': 'mine\n'}),
    theirs: (r) => r.revisions('dddd:bbbb eeee:aaaa'),
    status: 'ok',
    heads: 'dddd eeee',
  },
  'nothing new where two heads were before, and one is allowed': {
    config: "export default {policy: {heads: 'one'}}",
    ours: (r) => r.write({'README.md': 'mine\n'}),
    theirs: (r) => r.revisions('dddd:bbbb eeee:aaaa'),
    status: 'diverged',
    codes: ['DIVERGENT_HEADS'],
    heads: 'dddd eeee',
  },
  'a conflict in a file that is no revision': {
    ours: (r) => r.write({'README.md': 'mine\n'}).revisions('cccc:bbbb'),
    theirs: (r) => r.write({'README.md': 'theirs\n'}),
    status: 'ok',
    heads: 'cccc',
    gitDiffers: true,
  },
  'a published revision is edited': {
    ours: edit('bbbb', 'integer', 'bigint'),
    status: 'broken',
    codes: ['PUBLISHED_EDITED'],
    heads: 'bbbb',
  },
  'a published revision is edited where that is allowed': {
    config: "export default {policy: {published: 'editable'}}",
    ours: edit('bbbb', 'integer', 'bigint'),
    status: 'ok',
    codes: ['PUBLISHED_EDITED'],
    heads: 'bbbb',
  },
  'a published revision gets other line ends': {
    ours: (r) => r.write({[fileOf('bbbb')]: r.folder.read(fileOf('bbbb')).replaceAll('\n', '\r\n')}),
    status: 'ok',
    heads: 'bbbb',
  },
  'a published revision is deleted': {
    ours: (r) => r.remove(fileOf('bbbb')),
    status: 'broken',
    codes: ['PUBLISHED_DELETED'],
    heads: 'aaaa',
  },
  'a published revision is deleted that the other side goes on from': {
    ours: (r) => r.remove(fileOf('bbbb')),
    theirs: (r) => r.revisions('cccc:bbbb'),
    status: 'broken',
    codes: ['UNKNOWN_DOWN_REVISION', 'PUBLISHED_DELETED'],
  },
  'a file is renamed that the other side edits': {
    ours: (r) => r.git('mv', fileOf('bbbb'), `${versions}/other.ts`),
    theirs: edit('bbbb', 'integer', 'bigint'),
    status: 'ok',
    codes: ['PUBLISHED_RENAMED'],
    heads: 'bbbb',
  },
  'the directory is moved while the other side adds to it': {
    ours: (r) => {
      r.git('mv', 'migrations', 'db')
      r.write({'mig.config.js': "export default {scriptDirectory: 'db'}"})
    },
    theirs: (r) => r.revisions('cccc:bbbb'),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_RENAMED'],
    names: [fileOf('cccc'), 'db/versions'],
    heads: 'cccc',
  },
  'the same id in two files': {
    ours: (r) => r.write({[`${versions}/mine.ts`]: textOfRevision('cccc', ['bbbb'])}),
    theirs: (r) => r.write({[`${versions}/theirs.ts`]: textOfRevision('cccc', ['aaaa'])}),
    status: 'broken',
    codes: ['DUPLICATE_REVISION'],
  },
  'the same revision in two files': {
    ours: (r) => r.write({[`${versions}/mine.ts`]: textOfRevision('cccc', ['bbbb'])}),
    theirs: (r) => r.write({[`${versions}/theirs.ts`]: textOfRevision('cccc', ['bbbb'])}),
    status: 'broken',
    codes: ['DUPLICATE_REVISION'],
    names: [`${versions}/mine.ts`, `${versions}/theirs.ts`],
  },
  'the same revision in two files, one in SQL': {
    ours: (r) => r.write({[`${versions}/mine.sql`]: '-- revision: cccc\n-- revises: bbbb\n-- upgrade\nselect 1;\n'}),
    theirs: (r) => r.write({[`${versions}/theirs.ts`]: textOfRevision('cccc', ['bbbb'])}),
    status: 'broken',
    codes: ['DUPLICATE_REVISION'],
    names: [`${versions}/mine.sql`, `${versions}/theirs.ts`],
  },
  'the same revision in two version locations': {
    config: `export default {versionLocations: ['${versions}', 'more']}`,
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.revisions('cccc:bbbb', 'more'),
    status: 'broken',
    codes: ['DUPLICATE_REVISION'],
    names: [fileOf('cccc'), 'more/cccc_add_cccc.ts'],
  },
  'files of one name in two version locations': {
    config: `export default {versionLocations: ['${versions}', 'more'], policy: {heads: 'many'}}`,
    ours: (r) => r.write({[`${versions}/new.ts`]: textOfRevision('cccc', ['bbbb'])}),
    theirs: (r) => r.write({'more/new.ts': textOfRevision('dddd', ['bbbb'])}),
    status: 'ok',
    heads: 'cccc dddd',
  },
  'a new file with the id of a revision that the other side renames': {
    ours: (r) => r.write({[`${versions}/copy.ts`]: textOfRevision('bbbb', ['aaaa'])}),
    theirs: (r) => r.git('mv', fileOf('bbbb'), `${versions}/renamed.ts`),
    status: 'broken',
    codes: ['DUPLICATE_REVISION'],
    names: [`${versions}/copy.ts`, `${versions}/renamed.ts`],
  },
  'both sides rename a file differently': {
    ours: (r) => r.git('mv', fileOf('bbbb'), `${versions}/mine.ts`),
    theirs: (r) => r.git('mv', fileOf('bbbb'), `${versions}/theirs.ts`),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_RENAMED'],
    names: [`${versions}/mine.ts`, `${versions}/theirs.ts`],
    heads: 'bbbb',
  },
  'both sides rename a file alike': {
    ours: (r) => r.git('mv', fileOf('bbbb'), `${versions}/new.ts`),
    theirs: (r) => r.git('mv', fileOf('bbbb'), `${versions}/new.ts`),
    status: 'ok',
    codes: ['PUBLISHED_RENAMED'],
    heads: 'bbbb',
  },
  'one side deletes what the other renames': {
    ours: (r) => r.remove(fileOf('bbbb')),
    theirs: (r) => r.git('mv', fileOf('bbbb'), `${versions}/new.ts`),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_DELETED'],
    heads: 'bbbb',
  },
  'both sides rename files to one name': {
    ours: (r) => r.git('mv', fileOf('bbbb'), `${versions}/new.ts`),
    theirs: (r) => r.git('mv', fileOf('aaaa'), `${versions}/new.ts`),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_RENAMED'],
    heads: 'bbbb',
  },
  'a revision that the other side makes the label of another': {
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.write({[fileOf('dddd')]: textOfRevision('dddd', ['bbbb'], ['cccc'])}),
    status: 'broken',
    codes: ['DUPLICATE_LABEL'],
    names: [fileOf('cccc'), fileOf('dddd')],
  },
  'parents that form a cycle only together': {
    config: "export default {policy: {published: 'editable'}}",
    ours: (r) => {
      r.revisions('cccc')
      edit('aaaa', 'downRevision = []', 'downRevision = ["cccc"]')(r)
    },
    theirs: (r) => r.write({[`${versions}/cccc_add_cccc.ts`]: textOfRevision('cccc', ['bbbb'])}),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'CYCLE', 'PUBLISHED_EDITED'],
  },
  'the same file with two ids': {
    ours: (r) => r.write({[`${versions}/new.ts`]: textOfRevision('cccc', ['bbbb'])}),
    theirs: (r) => r.write({[`${versions}/new.ts`]: textOfRevision('dddd', ['bbbb'])}),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'DIVERGENT_HEADS'],
    heads: 'cccc dddd',
  },
  'the same new file on both sides': {
    ours: (r) => r.revisions('cccc:bbbb'),
    theirs: (r) => r.revisions('cccc:bbbb'),
    status: 'ok',
    heads: 'cccc',
  },
  'the same label on two revisions': {
    ours: (r) => r.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb'], ['x'])}),
    theirs: (r) => r.write({[fileOf('dddd')]: textOfRevision('dddd', ['bbbb'], ['x'])}),
    status: 'broken',
    codes: ['DUPLICATE_LABEL'],
  },
  'both sides edit other lines of a file': {
    ours: edit('bbbb', 'create table t_bbbb', 'create table mine'),
    theirs: edit('bbbb', 'drop table t_bbbb', 'drop table theirs'),
    status: 'broken',
    codes: ['PUBLISHED_EDITED'],
    heads: 'bbbb',
  },
  'both sides edit the same line of a file': {
    ours: edit('bbbb', 'integer', 'bigint'),
    theirs: edit('bbbb', 'integer', 'smallint'),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_EDITED'],
    heads: 'bbbb',
  },
  'one side deletes what the other edits': {
    ours: (r) => r.remove(fileOf('bbbb')),
    theirs: edit('bbbb', 'integer', 'smallint'),
    status: 'conflict',
    codes: ['MERGE_CONFLICT', 'PUBLISHED_DELETED'],
    heads: 'bbbb',
  },
  'a file that cannot be read': {
    ours: (r) => r.write({[fileOf('cccc')]: "export const revision = 'a' + 'b'\n"}),
    status: 'broken',
    codes: ['INVALID_REVISION_FILE'],
    heads: 'bbbb',
  },
}

/** Errors that keep every command from reading the revisions. */
const unreadableCodes: readonly string[] = [
  'INVALID_REVISION_FILE',
  'DUPLICATE_REVISION',
  'DUPLICATE_LABEL',
  'UNKNOWN_DOWN_REVISION',
  'UNKNOWN_DEPENDENCY',
  'CYCLE',
]

describe('mig check heads --onto', () => {
  for (const [
    name,
    {config, ours, theirs = () => {}, status, codes = [], heads: expected, names = [], gitDiffers},
  ] of Object.entries(cases))
    it(`finds "${status}" for ${name}`, async () => {
      const repo = project(config)
      repo.commit('first')
      repo.git('switch', '-q', '-c', 'work')
      ours(repo)
      repo.commit('ours')
      repo.git('switch', '-q', 'main')
      theirs(repo)
      repo.commit('theirs')
      repo.git('switch', '-q', 'work')
      const {ok, merge} = await checkOnto(repo, 'main')
      expect([merge?.status, merge?.findings.map(({code}) => code)]).to.deep.equal([status, codes])
      expect(ok).to.equal(status === 'ok')
      const messages = merge?.findings.map(({message}) => message) ?? []
      expect(
        names.length === 0 || messages.some((message) => names.every((one) => message.includes(one))),
        messages.join('\n'),
      ).to.equal(true)
      expect(merge?.heads?.toSorted().join(' ')).to.equal(expected)
      const isConflict = gitDiffers === true || status === 'conflict'
      expect(repo.tryGit('merge', '-q', '-m', 'join', 'main').status).to.equal(isConflict ? 1 : 0)
      // What git makes of the merge has the same heads, or cannot be read for the same reason.
      const unreadable = codes.find((code): code is ErrorCode => unreadableCodes.includes(code))
      const readMerged = async (): Promise<string> => (await mergedHeads(repo)).toSorted().join(' ')
      if (!isConflict && unreadable === undefined) expect(await readMerged()).to.equal(expected)
      if (!isConflict && unreadable !== undefined) await rejectionOf(unreadable, readMerged)
    })

  for (const mover of ['work', 'main'])
    for (const setting of ['conflict', 'true', 'false', 'a kept folder'])
      it(`finds what ${mover === 'work' ? 'the other' : 'this'} branch adds to a moved folder, with ${setting}`, async () => {
        const repo = project()
        const isKept = setting === 'a kept folder'
        if (isKept) repo.write({[`${versions}/.gitkeep`]: ''})
        else repo.git('config', 'merge.directoryRenames', setting)
        repo.commit('first')
        repo.git('branch', 'work')
        for (const branch of ['work', 'main']) {
          repo.git('switch', '-q', branch)
          if (branch === mover) {
            mkdirSync(join(repo.path, 'db/versions'), {recursive: true})
            for (const id of ['aaaa', 'bbbb']) repo.git('mv', fileOf(id), `db/versions/${id}.ts`)
            repo.write({'mig.config.js': "export default {scriptDirectory: 'db'}\n"})
          } else repo.revisions('cccc:bbbb')
          repo.commit(branch)
        }
        repo.git('switch', '-q', 'work')
        const {ok, merge} = await checkOnto(repo, 'main')
        const found = merge?.findings.find(({code}) => code === 'MERGE_CONFLICT')
        expect([ok, merge?.status, found?.file]).to.deep.equal([false, 'conflict', fileOf('cccc')])
        expect(found?.hint).to.equal(
          `Run \`git merge main\` on this branch and commit ${fileOf('cccc')} in db/versions.`,
        )
        expect(found?.message).to.contain(
          isKept ? 'no version location contains it after the merge' : 'moves its folder to db/versions',
        )

        repo.tryGit('merge', '-q', '-m', 'join', 'main')
        if (existsSync(join(repo.path, fileOf('cccc')))) {
          repo.commit('without moving it')
          if (mover === 'work') expect((await checkOnto(repo, 'main')).ok).to.equal(false)
          repo.git('mv', fileOf('cccc'), 'db/versions')
        }
        repo.commit('moved')
        expect(await mergedHeads(repo)).to.deep.equal(['cccc'])
        expect((await checkOnto(repo, 'main')).ok).to.equal(true)
      })

  it('is not evaluated where both sides change the version locations', async () => {
    const repo = project()
    repo.commit('first')
    for (const branch of ['work', 'main']) {
      if (branch === 'work') repo.git('switch', '-q', '-c', branch)
      else repo.git('switch', '-q', branch)
      repo.write({'mig.config.js': `export default {versionLocations: ['${versions}', '${branch}']}\n`})
      repo.revisions(branch === 'work' ? 'cccc:bbbb' : 'dddd:bbbb', branch).commit(branch)
    }
    repo.git('switch', '-q', 'work')
    const {message, hint} = await rejectionOf('NOT_EVALUATED', async () => checkOnto(repo, 'main'))
    expect(message).to.equal('HEAD and main both change the version locations.')
    expect(hint).to.equal('Run `git merge main` on this branch, and commit the result.')
  })

  it('merges the merge bases of a criss-cross first, as git does', async () => {
    const repo = project()
    repo.commit('first')
    repo.git('branch', 'work')
    repo.revisions('cccc:bbbb').commit('on main')
    repo.git('switch', '-q', 'work')
    repo.revisions('dddd:bbbb').commit('on work')
    const [main, work] = [repo.id('main'), repo.id('work')]
    repo.git('merge', '-q', '-m', 'one', main)
    repo.git('switch', '-q', 'main')
    repo.git('merge', '-q', '-m', 'other', work)
    repo.remove(fileOf('dddd')).commit('delete what came from work')
    repo.git('switch', '-q', 'work')
    repo.write({'README.md': 'else\n'}).commit('something else')
    expect(repo.git('merge-base', '--all', 'main', 'work').split('\n')).to.have.length(2)
    const {merge} = await checkOnto(repo, 'main')
    expect([merge?.status, merge?.heads]).to.deep.equal(['ok', ['cccc']])
    repo.git('merge', '-q', '-m', 'join', 'main')
    expect(await mergedHeads(repo)).to.deep.equal(['cccc'])
  })

  it('fails where a shallow clone does not reach back far enough, and says so', async () => {
    const repo = project()
    repo.commit('first')
    repo.git('switch', '-q', '-c', 'work')
    repo.revisions('cccc:bbbb').commit('ours')
    repo.write({'README.md': 'more\n'}).commit('more')
    repo.git('switch', '-q', 'main')
    repo.revisions('dddd:bbbb').commit('theirs')
    const clone = GitFolder.clone(repo, '--depth', '1', '--no-single-branch')
    const error = await rejectionOf('NOT_EVALUATED', async () => checkOnto(clone, 'origin/work'))
    expect(error.message).to.contain('This clone is shallow')
    expect((await clone.mig('check heads --onto origin/work')).status).to.equal(1)
    const table = await clone.mig(['check', 'heads', '--onto', 'origin/main', '--refs', 'origin/*', '--json'])
    expect(table.stdout).to.contain('"status": "not evaluated"').and.to.contain('NOT_EVALUATED')
    expect(table.status).to.equal(1)
    clone.git('fetch', '-q', '--deepen', '5')
    expect((await checkOnto(clone, 'origin/work')).merge?.status).to.equal('diverged')
  })

  it('fails where a shallow clone has an older common ancestor than the merge base, with either reader', async () => {
    const repo = project()
    repo.revisions('aaaa').remove(fileOf('bbbb')).commit('first')
    repo.git('branch', 'side')
    repo.revisions('bbbb:aaaa').commit('published')
    repo.git('switch', '-q', '-c', 'work')
    repo.remove(fileOf('bbbb'))
    for (const branch of ['work', 'main']) {
      repo.git('switch', '-q', branch)
      for (let i = 0; i < 4; i++) repo.write({[`${branch}.md`]: `${i}\n`}).commit('more')
    }
    repo.git('switch', '-q', 'side')
    repo.write({'side.md': 'x\n'}).commit('side')
    for (const branch of ['work', 'main']) {
      repo.git('switch', '-q', branch)
      repo.git('merge', '-q', '-m', 'join', 'side')
    }
    repo.git('switch', '-q', 'work')
    expect((await checkOnto(repo, 'main')).merge?.status).to.equal('broken')
    for (const extension of [false, true]) {
      const clone = GitFolder.clone(repo, '--depth', '3', '--no-single-branch')
      expect(clone.git('merge-base', 'origin/main', 'origin/work')).to.equal(repo.id('side'))
      if (extension) clone.git('config', 'extensions.partialClone', 'origin')
      await rejectionOf('NOT_EVALUATED', async () => checkOnto(clone, 'origin/main'))
      clone.git('fetch', '-q', '--unshallow')
      expect((await checkOnto(clone, 'origin/main')).merge?.status).to.equal('broken')
    }
  })

  it('fails for histories without a common beginning, and passes where neither side has revisions', async () => {
    const repo = project()
    repo.commit('first')
    repo.git('switch', '-q', '--orphan', 'other')
    repo.revisions('cccc').commit('another beginning')
    const unrelated = await rejectionOf('NOT_EVALUATED', async () => checkOnto(repo, 'main'))
    expect(unrelated.message).to.equal('HEAD and main have no common ancestor.')
    repo.git('switch', '-q', '--orphan', 'empty')
    repo.write({'mig.config.js': 'export default {}'}).commit('nothing')
    expect((await checkOnto(repo, 'HEAD')).merge).to.deep.include({status: 'ok', heads: []})
  })

  it('takes a branch from before the first revision as one without revisions', async () => {
    const repo = GitFolder.init().write({'mig.config.js': 'export default {}', 'README.md': 'x'})
    repo.commit('before')
    repo.git('switch', '-q', '-c', 'work')
    repo.revisions('aaaa').commit('the first')
    expect((await checkOnto(repo, 'main')).merge).to.deep.include({status: 'ok', heads: ['aaaa']})
  })

  it('gives the same answer where the program git reads the repository', async () => {
    const repo = project()
    repo.commit('first')
    repo.git('branch', 'work')
    repo.revisions('dddd:bbbb').commit('theirs')
    const path = `${repo.path} linked`
    repo.git('worktree', 'add', '-q', path, 'work')
    const linked = new GitFolder(repo.folder, path)
    linked.git('config', 'extensions.worktreeConfig', 'true')
    const {stdout, status} = await linked.mig('check heads --onto main')
    expect([stdout, status]).to.deep.equal(['heads: HEAD merged into main: ok, 1 head\n', 0])
  })
})

describe('what mig check prints', () => {
  let repo: GitFolder
  before(() => {
    repo = project()
    repo.commit('first')
    repo.git('switch', '-q', '-c', 'feature/äö')
    repo.revisions('cccc:bbbb').commit('a table for cccc')
    repo.git('switch', '-q', 'main')
    repo.revisions('dddd:bbbb').commit('a table for dddd')
    repo.git('update-ref', 'refs/pull/1/head', 'main')
    repo.git('update-ref', 'refs/pull/20/head', 'feature/äö')
    repo.git('switch', '-q', 'feature/äö')
  })

  const transcripts = [
    'check',
    'check files heads',
    'check heads --onto main',
    'check heads --onto main --format github',
    'check heads --onto main --format markdown',
    'check heads --onto main --format sarif',
    'check heads --onto main --json',
    'check heads --onto main --head-ref main~1',
    'check heads --onto main --refs refs/pull/*/head',
    'check heads --onto main --refs refs/pull/*/head --format markdown',
    'check heads --onto main --refs nope/*',
    'check heads --onto mian',
    'check head',
    'check --refs x',
  ]
  for (const command of transcripts)
    it(command, async () => {
      const {stdout, stderr, status} = await repo.mig(command)
      const notes = stderr === '' ? '' : `\n--- stderr\n${stderr}`
      const name = command.replaceAll(/[^a-z0-9]+/g, '-')
      expectGolden(`git/check/${name}.txt`, withoutChance(`$ mig ${command}\n${stdout}${notes}--- exit ${status}\n`))
    })

  it('names files from the top of the repository where a code host reads it', async () => {
    const inner = GitFolder.init()
    inner.write({'packages/a b/mig.config.js': 'export default {}'})
    inner.revisions('aaaa bbbb', 'packages/a b/migrations/versions').commit()
    const {stdout} = await inner.mig('check heads --format github', {cwd: `${inner.path}/packages/a b`})
    expect(stdout).to.contain('file=packages/a b/migrations/versions/aaaa_add_aaaa.ts')
  })

  it('reports files that cannot be read as findings', async () => {
    const broken = project().write({[fileOf('cccc')]: 'export const downRevision = null'})
    const {stdout, status} = await broken.mig('check --json')
    const {checks} = JSON.parse(stdout) as {checks: readonly {ok: boolean; findings: readonly {code: string}[]}[]}
    expect(status).to.equal(1)
    expect(checks.map(({ok, findings}) => [ok, findings[0]?.code])).to.deep.equal([
      [false, 'INVALID_REVISION_FILE'],
      [false, 'INVALID_REVISION_FILE'],
    ])
  })

  it('reports a revision that is a symbolic link, which a checkout would follow', async () => {
    const linked = project()
    linked.commit()
    linked.git('switch', '-q', '-c', 'linked', 'main')
    linked.write({'cccc.ts': textOfRevision('cccc', ['aaaa'])})
    symlinkSync('../../cccc.ts', join(linked.path, fileOf('cccc')))
    linked.commit('a link')
    const {ok, merge} = await checkOnto(linked, 'main')
    expect([ok, merge?.findings.map(({code, file}) => `${code} ${file}`)]).to.deep.equal([
      false,
      [`INVALID_REVISION_FILE ${fileOf('cccc')}`],
    ])
  })

  it('refuses a check that it does not have', async () => {
    await rejectionOf('UNKNOWN_CHECK', async () => check({cwd: repo.path, names: ['head']}))
  })
})

async function checkOnto(
  repo: GitFolder,
  onto: string,
): Promise<{ok: boolean; merge: NonNullable<HeadsCheck['merges']>[number] | undefined}> {
  const {checks} = await check({cwd: repo.path, names: ['heads'], onto})
  const [found] = checks as readonly HeadsCheck[]
  return {ok: found?.ok ?? false, merge: found?.merges?.[0]}
}

async function mergedHeads(repo: GitFolder): Promise<string[]> {
  return (await heads({cwd: repo.path})).heads.map(({revision}) => revision)
}
