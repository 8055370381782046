import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import {GitFolder, textOfRevision} from '../support/git.ts'
import {fileOf, project, projectWithHooks, withMig} from '../support/hooked.ts'

/** Returns the text of a revision that runs one statement. */
const sqlOf = (id: string, down: string, sql: string, more = ''): string =>
  `export const revision = '${id}'\nexport const downRevision = ['${down}']\n${more}export async function upgrade(op) {\n  op.execute('${sql}')\n}\nexport async function downgrade() {}\n`

/** A branch with cccc whose upstream has dddd, and what is done with both. */
const situations: Readonly<
  Record<string, {readonly act?: (repo: GitFolder) => unknown; readonly next: RegExp; readonly hint: string}>
> = {
  'the upstream is not merged': {
    next: /git merge origin\/main$/m,
    hint: 'Run `git fetch origin` and `git merge origin/main` on this branch, then `mig merge heads -m "..."`.',
  },
  'the upstream is merged': {
    act: (repo) => repo.git('merge', '-q', 'origin/main'),
    next: /mig merge heads -m "\.\.\."$/m,
    hint: 'Run `mig merge heads -m "..."` on this branch, and commit the result.',
  },
  'the heads are joined by a file that is not committed': {
    act: (repo) => {
      repo.git('merge', '-q', 'origin/main')
      repo.revisions('eeee:cccc,dddd')
    },
    next: /git add migrations\/versions\/eeee_add_eeee\.ts && git commit$/m,
    hint: 'Commit migrations/versions/eeee_add_eeee.ts, which joins them.',
  },
  'a merge is not finished': {
    act: (repo) => {
      repo.git('merge', '-q', '--no-commit', 'origin/main')
      repo.revisions('eeee:cccc,dddd')
    },
    next: /git (?:merge --continue|add migrations\/versions\/eeee_add_eeee\.ts && git commit)$/m,
    hint: 'Commit migrations/versions/eeee_add_eeee.ts, which joins them.',
  },
  'a bisection is not finished': {
    act: (repo) => repo.git('bisect', 'start'),
    next: /^next: +nothing to do$/m,
    hint: 'Run `git fetch origin` and `git merge origin/main` on this branch, then `mig merge heads -m "..."`.',
  },
}

describe('the advice for several heads', () => {
  for (const [name, {act, next, hint}] of Object.entries(situations))
    it(`fits where ${name}`, async () => {
      const origin = project()
      const repo = withMig(GitFolder.clone(origin))
      origin.revisions('dddd:bbbb').commit('dddd')
      repo.revisions('cccc:bbbb').commit('cccc')
      repo.git('fetch', '-q')
      act?.(repo)
      const env = {MIG_DATABASE_URL: `sqlite:${repo.path}/.git/test.db`}
      await repo.mig('upgrade heads -q', {env})
      expect((await repo.mig('check heads --onto origin/main', {env})).stdout).to.contain(hint)
      expect((await repo.mig('status', {env})).stdout).to.match(next)
    })

  /** Names that only a code host has, as they are passed in CI, and what the author has instead. */
  const names: Readonly<Record<string, {readonly act: (repo: GitFolder) => string; readonly hint: string}>> = {
    'a ref of a pull request': {
      act: (repo) => {
        repo.git('update-ref', 'refs/pull/7/head', 'HEAD')
        return '--onto refs/remotes/origin/main --head-ref refs/pull/7/head'
      },
      hint: 'Run `git fetch origin` and `git merge origin/main` on the branch of pull request 7, then `mig merge heads -m "..."`.',
    },
    'a ref of a merge request': {
      act: (repo) => {
        repo.git('update-ref', 'refs/merge-requests/7/head', 'HEAD')
        return '--onto origin/main --head-ref refs/merge-requests/7/head'
      },
      hint: 'Run `git fetch origin` and `git merge origin/main` on the branch of merge request 7, then',
    },
    'commit ids': {
      act: (repo) => `--onto ${repo.id('origin/main')} --head-ref ${repo.id('HEAD')}`,
      hint: 'Run `git fetch origin` and `git merge origin/main` on the branch of commit ',
    },
    'local branches': {
      act: (repo) => {
        repo.git('branch', 'target', 'origin/main')
        return '--onto refs/heads/target --head-ref refs/heads/main'
      },
      hint: 'Run `git merge target` on main, then `mig merge heads -m "..."`.',
    },
    'a rebased branch': {
      act: (repo) => {
        repo.git('rebase', '-q', 'origin/main')
        return '--onto origin/main'
      },
      hint: 'Run `mig merge heads -m "..."` on this branch, and commit the result.',
    },
    'a rebased branch and what was pushed of it': {
      act: (repo) => {
        repo.git('update-ref', 'refs/remotes/origin/work', 'HEAD')
        repo.git('rebase', '-q', 'origin/main')
        return '--onto origin/work --head-ref refs/heads/main'
      },
      hint: 'Run `mig merge heads -m "..."` on main, and commit the result.',
    },
  }
  for (const [name, {act, hint}] of Object.entries(names))
    it(`names what the author has: ${name}`, async () => {
      const origin = project()
      const repo = GitFolder.clone(origin)
      origin.revisions('dddd:bbbb').commit('dddd')
      repo.revisions('cccc:bbbb').commit('cccc')
      repo.git('fetch', '-q')
      const [, onto = '', , headRef] = act(repo).split(' ')
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto, headRef})
      const found = checks[0]?.findings.find(({code}) => code === 'DIVERGENT_HEADS')
      expect(found?.hint).to.contain(hint)
    })

  it('joins only the heads that diverge, and counts all of them', async () => {
    const repo = GitFolder.init()
    repo.write({
      'mig.config.js': "export default {policy: {labels: ['billing']}}\n",
      'migrations/versions/xxxx.ts': textOfRevision('xxxx', ['aaaa'], ['billing']),
    })
    repo.revisions('aaaa bbbb:aaaa cccc:aaaa').commit('all')
    for (const onto of [undefined, 'HEAD']) {
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto})
      const found = checks[0]?.findings.find(({code}) => code === 'DIVERGENT_HEADS')
      expect(found?.message).to.contain('3 heads, of which 2 must be joined: bbbb and cccc.')
      expect(found?.hint).to.contain('`mig merge bbbb cccc -m "..."`')
    }
    expect((await repo.mig('merge bbbb cccc -m join')).status).to.equal(0)
    expect((await check({cwd: repo.path, names: ['heads']})).checks[0]?.ok).to.equal(true)
  })

  it('is given by `mig merge`, with the objects that the branches touch', async () => {
    const repo = project().revisions('cccc:bbbb dddd:bbbb')
    const {stderr} = await repo.mig('merge heads -m join')
    expect(stderr).to.equal('They touch no common objects, as far as their code shows.\nnext: mig upgrade\n')
  })

  it('works when a colliding revision is ordered by its `dependsOn`, as the hook says', async () => {
    const {origin, clone} = await projectWithHooks("export default {orm: 'sqlite:.git/test.db'}\n")
    origin.write({[fileOf('bbbb')]: sqlOf('bbbb', 'aaaa', 'create table t (k integer)')}).commit('t')
    clone.git('pull', '-q')
    origin.write({[fileOf('cccc')]: sqlOf('cccc', 'bbbb', 'create index j on t (k)')}).commit('theirs')
    const ours = (more = ''): string => sqlOf('dddd', 'bbbb', 'alter table t rename column k to k2', more)
    clone.write({[fileOf('dddd')]: ours()}).commit('ours')
    const {output} = clone.tryGit('pull', '-q', '--no-rebase')
    const steps = [...output.matchAll(/^ {2}(mig .*)$/gm)].map(([, step = '']) => step)
    expect(output).to.contain('If it must run after theirs, list that one in its `dependsOn`. Then join them')
    expect(steps).to.deep.equal(['mig merge heads -m "..."', 'mig upgrade'])

    clone.write({[fileOf('dddd')]: ours("export const dependsOn = ['cccc']\n")}).commit('order')
    expect((await clone.mig('status')).stdout).to.contain(`next:     ${steps[0]}\n`)
    expect((await clone.mig('check heads --onto origin/main')).stdout).to.contain('Run `mig merge heads -m "..."`')
    expect((await clone.mig('upgrade')).stderr).to.contain('`mig merge heads -m "..."`')
    for (const args of ['merge heads -m join', 'upgrade']) {
      const {status, stderr} = await clone.mig(args)
      expect(status, stderr).to.equal(0)
    }
    clone.commit('join')
    expect((await clone.mig('check heads --onto origin/main')).status).to.equal(0)
    expect((await clone.mig('status')).stdout).to.contain('next:     nothing to do\n')
  })

  for (const [name, header] of Object.entries({
    dependency: ['bbbb', "export const dependsOn = ['cccc']\n"],
    parent: ['cccc', ''],
  } satisfies Record<string, readonly [down: string, more: string]>))
    it(`reverts what is applied already before the upgrade to its new ${name}`, async () => {
      const origin = project("export default {orm: 'sqlite:.git/test.db'}\n")
      origin.write({[fileOf('bbbb')]: sqlOf('bbbb', 'aaaa', 'create table t (k integer)')}).commit('t')
      const clone = withMig(GitFolder.clone(origin))
      origin.write({[fileOf('cccc')]: sqlOf('cccc', 'bbbb', 'create index j on t (k)')}).commit('theirs')
      const ours = (down: string, more: string): string =>
        sqlOf('dddd', down, 'alter table t rename column k to k2', more).replace(
          'downgrade() {',
          "downgrade(op) { op.execute('alter table t rename column k2 to k') ",
        )
      clone.write({[fileOf('dddd')]: ours('bbbb', '')}).commit('ours')
      expect((await clone.mig('upgrade --create-database')).status).to.equal(0)
      clone.git('pull', '-q', '--no-rebase')
      clone.write({[fileOf('dddd')]: ours(header[0] ?? '', header[1] ?? '')}).commit('order')
      const seen: string[] = []
      for (let next = ''; next !== 'nothing to do' && seen.length < 6; seen.push(next)) {
        const {stdout} = await clone.mig('status')
        next = /^next: +(.*)$/m.exec(stdout)?.[1] ?? ''
        if (!next.startsWith('mig ')) continue
        const {status, stderr} = await clone.mig(next.slice(4).replace('"..."', 'join'))
        expect(status, `${next}\n${stderr}`).to.equal(0)
        clone.commit(next)
      }
      expect(seen).to.deep.equal([
        ...(name === 'dependency' ? ['mig merge heads -m "..."'] : []),
        'mig downgrade bbbb',
        'mig upgrade',
        'nothing to do',
      ])
    })

  it('reverts nothing that is published, or where nothing shows what is', async () => {
    for (const isCloned of [true, false]) {
      const origin = project("export default {orm: 'sqlite:.git/test.db'}\n")
      origin.revisions('dddd:bbbb').commit('applied')
      const repo = isCloned ? withMig(GitFolder.clone(origin)) : origin
      expect((await repo.mig('upgrade --create-database')).status).to.equal(0)
      repo.revisions('cccc:bbbb dddd:cccc').commit('another order')
      const {database, next} = JSON.parse((await repo.mig('status --json')).stdout) as Record<string, object | string>
      expect(database).to.not.have.property('outOfOrder')
      expect(next).to.not.contain('downgrade')
    }
  })
})
