import type {ChildProcess} from 'node:child_process'
import {chmodSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {switchTo} from '../../src/api/git/switch.ts'
import type {SwitchOptions} from '../../src/api/git/switch.ts'
import type {ErrorCode} from '../../src/errors.ts'
import type {RunEvent} from '../../src/api/events.ts'
import {rejectionOf} from '../support/errors.ts'
import type {GitFolder} from '../support/git.ts'
import {textOfRevision} from '../support/git.ts'
import {appliedIn, fileOf, projectToSwitch, rowsOf} from '../support/switch.ts'

interface Failure {
  /** Makes a step fail before the switch begins. */
  readonly act?: (repo: GitFolder) => unknown
  /** Makes a step fail while the switch runs. */
  readonly during?: (event: RunEvent, repo: GitFolder, abort: () => void) => void
  readonly code: ErrorCode
  readonly note: string
  /** The branch and the applied revisions after the failure. */
  readonly state: string
  readonly cure?: (repo: GitFolder) => unknown
  /** What the note says to run: the same command, or `mig switch`. */
  readonly again: 'main' | undefined
}

const unchanged =
  'The checkout is unchanged, and the database is where the run stopped; run `mig switch main` to resume, or `mig upgrade heads` to return to this checkout.'
const switched = 'The checkout is at main, and the database is where the run stopped; run `mig switch` to resume.'

const reverted = (event: RunEvent): boolean => event.kind === 'step-done' && event.direction === 'downgrade'

const failures: Readonly<Record<string, Failure>> = {
  'a downgrade fails': {
    act: (repo) => rowsOf(repo, 'drop table t_cccc'),
    code: 'REVISION_FAILED',
    note: unchanged,
    state: 'work: aaaa cccc',
    cure: (repo) => rowsOf(repo, 'create table t_cccc (n integer)'),
    again: 'main',
  },
  'it is interrupted after the downgrade': {
    during: (event, _, abort) => {
      if (reverted(event)) abort()
    },
    code: 'INTERRUPTED',
    note: unchanged,
    state: 'work: aaaa',
    again: 'main',
  },
  'the checkout fails, because a file has come in between': {
    during: (event, repo) => {
      if (reverted(event)) repo.write({'only/on-main.txt': 'mine\n'})
    },
    code: 'GIT_FAILED',
    note: unchanged,
    state: 'work: aaaa',
    cure: (repo) => repo.remove('only'),
    again: 'main',
  },
  'the configuration of the destination is broken': {
    act: (repo) => {
      repo.git('switch', '-q', 'main')
      repo.write({'mig.config.js': 'export default {orm: 7}\n'}).commit('broken')
      repo.git('switch', '-q', 'work')
    },
    code: 'INVALID_CONFIG',
    note: switched,
    state: 'main: aaaa',
    cure: (repo) => repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"}),
    again: undefined,
  },
  'an upgrade fails': {
    act: (repo) => rowsOf(repo, 'create table t_bbbb (n integer)'),
    code: 'REVISION_FAILED',
    note: switched,
    state: 'main: aaaa',
    cure: (repo) => rowsOf(repo, 'drop table t_bbbb'),
    again: undefined,
  },
}

/** Runs a switch to main, and returns its notes. */
async function running(
  repo: GitFolder,
  {during}: Pick<Failure, 'during'>,
  run: (options: SwitchOptions) => Promise<unknown>,
): Promise<readonly string[]> {
  const notes: string[] = []
  const controller = new AbortController()
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'note') notes.push(event.text)
    during?.(event, repo, () => controller.abort())
  }
  await run({cwd: repo.path, ref: 'main', onEvent, signal: controller.signal})
  return notes
}

/** Sends Ctrl-C to all processes of the terminal while git runs a hook, and lets the hook end later. */
async function interruptAtHook(repo: GitFolder, {pid = 0}: ChildProcess): Promise<void> {
  while (!existsSync(join(repo.path, '.git/hooked'))) await setTimeout(20)
  process.kill(-pid, 'SIGINT')
  await setTimeout(200)
  repo.write({'.git/go': ''})
}

const stateOf = (repo: GitFolder): string => `${repo.git('branch', '--show-current')}: ${appliedIn(repo)}`

describe('mig switch says how to resume, and resumes, after', () => {
  for (const [name, failure] of Object.entries(failures))
    it(name, async () => {
      const {act, code, note, state, cure, again} = failure
      const repo = await projectToSwitch()
      await act?.(repo)
      const notes = await running(repo, failure, async (options) => rejectionOf(code, async () => switchTo(options)))
      expect([notes, stateOf(repo)]).to.deep.equal([[note], state])
      await cure?.(repo)
      // Whatever the note says, the same command works, too.
      for (const ref of [...new Set([again, 'main'])]) await switchTo({cwd: repo.path, ref})
      expect(stateOf(repo)).to.equal('main: aaaa bbbb')
    })

  it('a failing post-checkout hook, which is reported, and the switch continues', async () => {
    const repo = await projectToSwitch()
    repo.write({'.git/hooks/post-checkout': '#!/bin/sh\necho it broke >&2\nexit 3\n'})
    chmodSync(join(repo.path, '.git/hooks/post-checkout'), 0o755)
    const notes = await running(repo, {}, switchTo)
    expect(notes).to.deep.equal(['git switched to main, but its post-checkout hook failed: it broke'])
    expect(stateOf(repo)).to.equal('main: aaaa bbbb')
  })

  it('Ctrl-C during the checkout, which ends first', async () => {
    const repo = await projectToSwitch()
    repo.write({
      '.git/hooks/post-checkout':
        '#!/bin/sh\ntouch .git/hooked\nwhile test ! -e .git/go; do sleep 0.05; done\ntouch .git/ended\n',
    })
    chmodSync(join(repo.path, '.git/hooks/post-checkout'), 0o755)
    const {stderr, status} = await repo.mig('switch main --yes', {
      isGroup: true,
      onStart: (child) => void interruptAtHook(repo, child),
    })
    expect([status, existsSync(join(repo.path, '.git/ended')), stateOf(repo)], stderr).to.deep.equal([
      130,
      true,
      'main: aaaa',
    ])
    expect(stderr).to.contain(switched)
    await switchTo({cwd: repo.path})
    expect(stateOf(repo)).to.equal('main: aaaa bbbb')
  })

  it('a failure of `mig switch -`, which names the branch', async () => {
    const repo = await projectToSwitch()
    repo.git('switch', '-q', 'main')
    repo.git('switch', '-q', 'work')
    repo.write({[fileOf('eeee')]: textOfRevision('eeee', ['cccc']).replace('drop table', 'drop tabel')}).commit()
    expect((await repo.mig('upgrade -q')).status).to.equal(0)
    const {stderr, status} = await repo.mig('switch - --yes')
    expect([status, stderr.includes('run `mig switch main` to resume')], stderr).to.deep.equal([1, true])
  })
})

describe('a switch to a configuration of another database', () => {
  it('stops before that database is touched', async () => {
    const repo = await projectToSwitch()
    repo.git('switch', '-q', 'main')
    repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/other.db'}\n"}).commit('another database')
    repo.git('switch', '-q', 'work')
    const error = await rejectionOf('SWITCH_REFUSED', async () => switchTo({cwd: repo.path, ref: 'main'}))
    expect(error.message).to.contain('names another database, for which nothing was planned: sqlite:.git/other.db')
    expect(existsSync(join(repo.path, '.git/other.db'))).to.equal(false)
  })
})
