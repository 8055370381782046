import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import * as fc from 'fast-check'
import {IsomorphicRepository} from '../../src/git/isomorphic.ts'
import {locateRepository} from '../../src/git/locate.ts'
import {GitFolder} from '../support/git.ts'

/** A commit as the numbers of its parents, which are below its own, and when it says that it was made. */
interface Drawn {
  readonly parents: readonly number[]
  readonly seconds: number
}

const history = fc
  .array(fc.record({parents: fc.array(fc.nat(), {maxLength: 3}), seconds: fc.nat(50)}), {minLength: 2, maxLength: 14})
  .map((drawn) =>
    drawn.map(({parents, seconds}, i): Drawn => ({
      parents: i === 0 ? [] : [...new Set(parents.map((parent) => parent % i))],
      seconds,
    })),
  )

describe('merge bases of commits', () => {
  it('are those that git finds, whatever the dates say', () => {
    const repo = GitFolder.init()
    return fc.assert(
      fc.asyncProperty(history, async (commits) => {
        const ids = importCommits(repo, commits)
        const repository = new IsomorphicRepository(locateRepository(repo.path)!)
        const last = ids.length - 1
        for (const other of ids.keys()) {
          const ours = await repository.mergeBases(ids[last]!, ids[other]!)
          const {output} = repo.tryGit('merge-base', '--all', ids[last]!, ids[other]!)
          expect(ours.toSorted()).to.deep.equal(output.split('\n').filter(Boolean).toSorted())
        }
      }),
      {numRuns: 12},
    )
  })

  it('do not go beyond what a shallow clone has', async () => {
    const from = GitFolder.init()
    for (const name of ['one', 'two', 'three']) from.commit(name)
    const clone = GitFolder.clone(from, '--depth', '2')
    const repository = new IsomorphicRepository(locateRepository(clone.path)!)
    expect(await repository.mergeBases(clone.id('HEAD'), clone.id('HEAD~1'))).to.deep.equal([clone.id('HEAD~1')])
    expect((await repository.commit(clone.id('HEAD~1'))).parents).to.deep.equal([])
  })
})

/** Makes the commits with one call of git and returns their ids. */
function importCommits(repo: GitFolder, commits: readonly Drawn[]): readonly string[] {
  const text = commits.flatMap(({parents: [first, ...others], seconds}, i) => [
    `commit refs/heads/c${i}`,
    `mark :${i + 1}`,
    `committer A <a@b> ${1_700_000_000 + seconds} +0000`,
    `data ${String(i).length}`,
    String(i),
    ...(first === undefined ? [] : [`from :${first + 1}`]),
    ...others.map((parent) => `merge :${parent + 1}`),
    '',
  ])
  const {status, stderr} = spawnSync('git', ['fast-import', '--quiet', '--force', '--export-marks=marks'], {
    cwd: repo.path,
    input: text.join('\n'),
  })
  if (status !== 0) throw new Error(stderr.toString())
  const marks = new Map(
    [...readFileSync(join(repo.path, 'marks'), 'utf8').matchAll(/^:(\d+) (\w+)$/gm)].map(([, mark, id = '']) => [
      Number(mark),
      id,
    ]),
  )
  return commits.map((_, i) => marks.get(i + 1) ?? '')
}
