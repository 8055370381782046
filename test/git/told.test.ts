import {expect} from 'chai'
import type {GitFolder} from '../support/git.ts'
import {textOfRevision, withoutChance} from '../support/git.ts'
import {fileOf, projectWithHooks} from '../support/hooked.ts'

/** Two clones of one project: `origin` has dddd, and this one, which has hooks, has cccc. Both change a file. */
async function diverged(config?: string): Promise<GitFolder> {
  const {origin, clone} = await projectWithHooks(config)
  origin.revisions('dddd:bbbb').write({notes: 'theirs'}).commit('a table for dddd')
  clone.revisions('cccc:bbbb').commit('a table for cccc')
  clone.git('fetch', '-q')
  return clone
}

/** Makes a command stop for a conflict in a file, and resolves that. */
function afterConflict(repo: GitFolder, ...args: readonly string[]): void {
  repo.write({notes: 'ours'}).commit('notes')
  expect(repo.tryGit(...args).output)
    .to.contain('CONFLICT')
    .and.to.not.contain('mig:')
  repo.write({notes: 'both'}).git('add', 'notes')
}

const both = ['there are now 2 heads, where there was 1', 'ours    cccc, add cccc', 'theirs  dddd, add dddd']

describe('more heads after a change', () => {
  const changes: Readonly<
    Record<string, {readonly act: (repo: GitFolder) => {readonly output: string}; readonly says: readonly string[]}>
  > = {
    'a merge with conflicts, ended by `git commit`': {
      act: (r) => {
        afterConflict(r, 'merge', 'origin/main')
        return r.tryGit('commit', '-q', '--no-edit')
      },
      says: both,
    },
    'a merge with conflicts, ended by `git merge --continue`': {
      act: (r) => {
        afterConflict(r, 'merge', 'origin/main')
        return r.tryGit('merge', '--continue')
      },
      says: both,
    },
    'a merge with `--no-commit`': {
      act: (r) => {
        r.git('merge', '-q', '--no-commit', 'origin/main')
        return r.tryGit('commit', '-q', '--no-edit')
      },
      says: both,
    },
    'a cherry-pick': {act: (r) => r.tryGit('cherry-pick', 'origin/main'), says: both},
    'a cherry-pick with conflicts': {
      act: (r) => {
        afterConflict(r, 'cherry-pick', 'origin/main')
        return r.tryGit('cherry-pick', '--continue')
      },
      says: both,
    },
    'the last of several cherry-picks': {
      act: (r) => {
        r.git('switch', '-q', '--no-track', '-c', 'other', 'origin/main')
        r.revisions('eeee:dddd').commit('one more')
        r.git('switch', '-q', 'main')
        return r.tryGit('cherry-pick', 'origin/main', 'other')
      },
      says: [both[0]!, both[1]!, 'theirs  eeee, add eeee'],
    },
    patches: {
      act: (r) => {
        const patch = r.git('format-patch', '--stdout', '-1', 'origin/main')
        r.write({'.git/patch': `${patch}\n`})
        return r.tryGit('am', '-q', '.git/patch')
      },
      says: both,
    },
    'a rebase with conflicts': {
      act: (r) => {
        afterConflict(r, 'rebase', 'origin/main')
        return r.tryGit('rebase', '--continue')
      },
      says: both,
    },
    "a pull, with a revision of one's own that is not committed": {
      act: (r) => {
        r.git('reset', '-q', '--hard', 'HEAD~1')
        r.revisions('cccc:bbbb')
        return r.tryGit('merge', '-q', 'origin/main')
      },
      says: [...both, 'add_cccc.ts (not committed)'],
    },
    "a squash merge, with a revision of one's own that is not committed": {
      act: (r) => {
        r.git('reset', '-q', '--hard', 'HEAD~1')
        r.revisions('cccc:bbbb')
        return r.tryGit('merge', '-q', '--squash', 'origin/main')
      },
      says: both,
    },
    'a revert of the revision that joined them': {
      act: (r) => {
        r.git('merge', '-q', '--no-verify', 'origin/main')
        r.revisions('eeee:cccc,dddd').commit('join')
        return r.tryGit('revert', '--no-edit', 'HEAD')
      },
      says: [both[0]!, both[1]!, 'ours    dddd, add dddd'],
    },
    'a commit of what a squash merge with conflicts brought': {
      act: (r) => {
        r.write({notes: 'ours'}).commit('notes')
        r.tryGit('merge', '--squash', 'origin/main')
        r.write({notes: 'both'}).git('add', 'notes')
        return r.tryGit('commit', '-q', '-m', 'squashed')
      },
      says: ['warning: With this commit there are 2 heads: cccc and dddd.', 'Join them with `mig merge heads -m'],
    },
    'a commit of a second branch': {
      act: (r) => {
        r.revisions('eeee:bbbb').git('add', '-A')
        return r.tryGit('commit', '-q', '-m', 'another')
      },
      says: ['warning: With this commit there are 2 heads: cccc and eeee.'],
    },
    'a revert of a published revision': {
      act: (r) => {
        r.git('switch', '-q', '-c', 'work', '--track', 'origin/main')
        return r.tryGit('revert', '--no-edit', 'HEAD')
      },
      says: [`warning: Revision dddd (${fileOf('dddd')}) is deleted, but already published on origin/main.`],
    },
    'a revert of a revision that others continue': {
      act: (r) => {
        r.revisions('eeee:cccc').commit('one more')
        return r.tryGit('revert', '--no-edit', 'HEAD~1')
      },
      says: ['eeee_add_eeee.ts', 'revises unknown revision cccc'],
    },
  }
  for (const [name, {act, says}] of Object.entries(changes))
    it(`is reported once after ${name}`, async () => {
      const {output} = act(await diverged())
      for (const text of says) expect(withoutChance(output).includes(text), `${text} in ${output}`).to.equal(true)
      expect(output.match(/^(?:mig: there are now|warning: |error: )/gm), output).to.have.length(1)
    })

  it('is not reported where nothing of it is new', async () => {
    const repo = await diverged("export default {policy: {heads: 'one'}}\n")
    const quiet = (...args: readonly string[]): void => {
      const {output, status} = repo.tryGit(...args)
      expect([status, output], args.join(' ')).to.deep.equal([0, ''])
    }
    repo.revisions('eeee:cccc').git('stash', '-q', '-u')
    expect(repo.tryGit('stash', 'pop', '-q').output).to.not.contain('mig:')
    repo.git('add', '-A')
    quiet('commit', '-q', '-m', 'one more')
    quiet('commit', '-q', '--amend', '-m', 'said better')
    repo.git('switch', '-q', '-c', 'other', 'HEAD~1')
    quiet('cherry-pick', '--quit')
    expect(repo.tryGit('cherry-pick', 'main').output).to.not.contain('mig:')
    repo.git('switch', '-q', 'main')
    expect(repo.tryGit('merge', '-q', 'origin/main').output).to.contain('there are now 2 heads')
    repo.write({[fileOf('eeee')]: textOfRevision('eeee', ['cccc']).replace('integer', 'bigint')}).git('add', '-A')
    quiet('commit', '-q', '-m', 'edited', '--no-verify')
    expect(repo.tryGit('revert', '--no-edit', 'HEAD').output).to.not.contain('mig:')
  })
})
