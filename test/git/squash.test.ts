import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {switchTo} from '../../src/api/git/switch.ts'
import {current} from '../../src/api/runs/current.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {GitFolder} from '../support/git.ts'
import {rowsOf} from '../support/switch.ts'

/** Returns the text of a SQL revision that creates a table for each of some ids. */
function sqlOf(id: string, revises: string, ids: readonly string[] = [id]): string {
  const replaces = ids.length > 1 ? `-- replaces: ${ids.join(', ')}\n` : ''
  const create = ids.map((one) => `create table t_${one} (n integer);\n`).join('')
  const drop = ids.map((one) => `drop table t_${one};\n`).join('')
  return `-- revision: ${id}\n-- revises: ${revises}\n${replaces}-- upgrade\n${create}-- downgrade\n${drop}`
}

const fileOf = (id: string): string => `migrations/versions/${id}.sql`

/** `main` has p <- a <- b, `squashed` also a squash s of a and b, and `more` has x and y after a and b. */
function project(): GitFolder {
  const repo = GitFolder.init().write({
    'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n",
    [fileOf('p')]: sqlOf('p', 'base'),
    [fileOf('a')]: sqlOf('a', 'p'),
    [fileOf('b')]: sqlOf('b', 'a'),
  })
  repo.commit('first')
  repo.git('branch', 'more')
  repo.git('switch', '-q', '-c', 'squashed')
  repo.write({[fileOf('s')]: sqlOf('s', 'p', ['a', 'b'])}).commit('squash')
  repo.git('switch', '-q', 'more')
  repo.write({[fileOf('x')]: sqlOf('x', 'a'), [fileOf('y')]: sqlOf('y', 'b')}).commit('more')
  return repo
}

const recordedIn = (repo: GitFolder): string =>
  rowsOf(repo, 'select revision, is_head from mig_version order by revision')
    .map(({revision, is_head: isHead}) => `${String(revision)}${isHead ? '*' : ''}`)
    .join(' ')

describe('squashes on branches', () => {
  for (const [ours, theirs] of [
    ['more', 'squashed'],
    ['squashed', 'more'],
  ] as const)
    it(`${ours} merged into ${theirs} has the new revisions after the squash`, async () => {
      const repo = project()
      repo.git('switch', '-q', ours)
      const {checks} = await check({cwd: repo.path, names: ['heads'], onto: theirs})
      const [heads] = checks as readonly [HeadsCheck]
      const [merge] = heads.merges ?? []
      expect(merge?.heads).to.deep.equal(['x', 'y'])
      expect(merge?.status).to.equal(theirs === 'more' ? 'ok' : 'diverged')
    })

  it('are completed by a switch where some of their revisions are applied', async () => {
    const repo = project()
    repo.git('switch', '-q', 'more')
    await upgrade({cwd: repo.path, target: 'a'})
    const {steps} = await switchTo({cwd: repo.path, ref: 'squashed'})
    expect(steps.map(({revision}) => revision)).to.deep.equal(['b'])
    expect(recordedIn(repo)).to.equal('a b p s*')
  })

  it('reverts nothing where only a squash is missing, recorded or run', async () => {
    for (const first of ['more', 'squashed']) {
      const repo = project()
      repo.git('switch', '-q', first)
      await upgrade({cwd: repo.path, target: 'heads'})
      for (const [branch, heads] of [
        ['squashed', ['s']],
        ['main', ['b']],
        ['squashed', ['s']],
      ] as const) {
        const {steps} = await switchTo({cwd: repo.path, ref: branch})
        const reverted = steps.filter(({direction}) => direction === 'downgrade').map(({revision}) => revision)
        expect(reverted.includes('s') || reverted.includes('a') || reverted.includes('b')).to.equal(false)
        expect((await current({cwd: repo.path})).current.map(({revision}) => revision)).to.deep.equal(heads)
      }
      expect(recordedIn(repo)).to.equal(first === 'more' ? 'a b p s*' : 'p s*')
    }
  })

  it('reverts a squash where a part of it is missing', async () => {
    const repo = project()
    repo.git('branch', 'shorter', 'main')
    repo.git('switch', '-q', 'shorter')
    repo.git('rm', '-q', fileOf('b'))
    repo.commit('without b')
    repo.git('switch', '-q', 'squashed')
    await upgrade({cwd: repo.path})
    const {steps} = await switchTo({cwd: repo.path, ref: 'shorter'})
    expect(steps.map(({direction, revision}) => `${direction} ${revision}`)).to.deep.equal(['downgrade s', 'upgrade a'])
    expect(recordedIn(repo)).to.equal('a* p')
  })
})
