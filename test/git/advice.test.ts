import {expect} from 'chai'
import {GitFolder} from '../support/git.ts'
import {project, withMig} from '../support/hooked.ts'

/** A branch with cccc whose upstream has dddd, and what is done with both. */
const situations: Readonly<
  Record<string, {readonly act?: (repo: GitFolder) => unknown; readonly next: RegExp; readonly hint: string}>
> = {
  'the upstream is not merged': {
    next: /git merge origin\/main$/m,
    hint: 'Run `git merge origin/main` on this branch, then `mig merge heads -m "..."`.',
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
    next: /^(?![^]*\nnext:)/,
    hint: 'Run `git merge origin/main` on this branch, then `mig merge heads -m "..."`.',
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

  it('is given by `mig merge`, with the objects that the branches touch', async () => {
    const repo = project().revisions('cccc:bbbb dddd:bbbb')
    const {stderr} = await repo.mig('merge heads -m join')
    expect(stderr).to.equal('They touch no common objects, as far as their code shows.\nnext: mig upgrade\n')
  })
})
