import {spawnSync} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {chmodSync, existsSync, symlinkSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {switchTo} from '../../src/api/git/switch.ts'
import type {SwitchOptions} from '../../src/api/git/switch.ts'
import type {ErrorCode} from '../../src/errors.ts'
import type {RunEvent} from '../../src/api/events.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
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
  /** The hint of the error, if it is one of the switch. */
  readonly hint?: string
  /** Notes of the plan. */
  readonly before?: readonly string[]
  /** The branch and the applied revisions after the failure. */
  readonly state: string
  readonly cure?: (repo: GitFolder) => unknown
  /** What the note says to run: the same command, or `mig switch`. */
  readonly again: 'main' | undefined
}

const unchanged =
  'The checkout is unchanged, and the database is where the run stopped; run `mig switch main` to resume, or `mig upgrade heads` to return to this checkout.'
const unreverted =
  'The checkout is unchanged, and the database is where the run stopped; run `mig upgrade heads` to return to this checkout.'
const switched = 'The checkout is at main, and the database is where the run stopped; run `mig switch` to resume.'

const unknownDatabase =
  'The configuration of main differs and cannot be read without running it: which database it names is known only after the checkout.'

const reverted = (event: RunEvent): boolean => event.kind === 'step-done' && event.direction === 'downgrade'

const failures: Readonly<Record<string, Failure>> = {
  'a downgrade fails': {
    act: (repo) => rowsOf(repo, 'drop table t_cccc'),
    code: 'REVISION_FAILED',
    note: unreverted,
    hint: 'Fix the cause and run `mig switch main`; if the downgrade itself is wrong, commit a corrected one and run `mig switch main --trust`.',
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
      repo.write({'mig.config.js': 'throw new Error("broken")\n'}).commit('broken')
      repo.git('switch', '-q', 'work')
    },
    code: 'CONFIG_FAILED',
    note: switched,
    before: [unknownDatabase],
    state: 'main: aaaa',
    cure: (repo) => repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/test.db'}\n"}),
    again: undefined,
  },
  'an upgrade fails': {
    act: (repo) => rowsOf(repo, 'create table t_bbbb (n integer)'),
    code: 'REVISION_FAILED',
    note: 'The checkout is at main, and the database is where the run stopped.',
    hint: 'Fix the revision and run `mig switch`.',
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
      const {act, code, note, hint, before = [], state, cure, again} = failure
      const repo = await projectToSwitch()
      await act?.(repo)
      const notes = await running(repo, failure, async (options) => {
        const error = await rejectionOf(code, async () => switchTo(options))
        if (hint !== undefined) expect(error.hint).to.equal(hint)
      })
      expect([notes, stateOf(repo)]).to.deep.equal([[...before, note], state])
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
    expect([status, stderr.includes('Fix the cause and run `mig switch main`')], stderr).to.deep.equal([1, true])
  })
})

interface HalfCheckout {
  /** The filter that git runs for `mid.bin` of main, in the middle of the checkout. */
  readonly smudge?: string
  readonly hook?: string
  readonly message: RegExp
  readonly note: string
  /** The branch, the applied revisions, and what git says of the work tree after the failure. */
  readonly state: string
  readonly tree: string
  readonly cure?: (repo: GitFolder) => unknown
}

const halfCheckouts: Readonly<Record<string, HalfCheckout>> = {
  'a required filter that fails': {
    smudge: 'false',
    message: /^`git switch --quiet main` failed: external filter 'false' failed/,
    note: unchanged,
    state: 'work: aaaa',
    tree: '',
  },
  'git killed in the middle': {
    smudge: 'kill -9 $PPID',
    message: /^`git switch --quiet main` failed: /,
    note: unchanged,
    state: 'work: aaaa',
    tree: '',
    cure: (repo) => repo.remove('.git/index.lock'),
  },
  'a file that is only half written': {
    smudge: 'echo half > new.txt; false',
    message: /^`git switch --quiet main` failed: external filter/,
    note: 'HEAD is still at work, but git left changes in new.txt, and the database is where the run stopped; after fixing the cause, run `git switch --force work`, `git clean -f -x -- :/new.txt` and `mig switch main` to resume.',
    state: 'work: aaaa',
    tree: '?? new.txt',
  },
  'a file that cannot be written, of which git only prints a line': {
    smudge: 'mkdir -p sub; chattr +i sub || chmod 555 sub; cat',
    message: /^`git switch --quiet main` could not update sub\/new\.txt: unable to create file/,
    note: 'HEAD is at main, but git did not update sub/new.txt, and the database is where the run stopped; after fixing the cause, run `git switch --force work` and `mig switch main` to resume.',
    state: 'main: aaaa',
    tree: 'D sub/new.txt',
    cure: (repo) => spawnSync('sh', ['-c', 'chattr -i sub || chmod 755 sub'], {cwd: repo.path}),
  },
  'a hook that switches back': {
    hook: 'test -e .git/done || { touch .git/done; git switch -q work; }',
    message: /^After `git switch --quiet main`, the checkout is at work: a git hook may have changed it\.$/,
    note: 'The checkout is still at work, and the database is where the run stopped; run `mig switch main` to resume, or `mig upgrade heads` to return to this checkout.',
    state: 'work: aaaa',
    tree: '',
  },
  'a hook that switches to another commit': {
    hook: 'test -e .git/done || { touch .git/done; git switch -q -c third main~1; }',
    message: /^After `git switch --quiet main`, the checkout is at third: /,
    note: 'The checkout is at third, and the database is where the run stopped; run `mig switch main` to resume, or `mig upgrade heads` to return to this checkout.',
    state: 'third: aaaa',
    tree: '',
  },
}

/** Runs the commands that a note names, as a user would. */
async function follow(repo: GitFolder, note: string): Promise<void> {
  for (const [, command = ''] of note.split(' to resume')[0]?.matchAll(/`([^`]+)`/g) ?? []) {
    const [program, ...args] = command.split(' ')
    if (program === 'git') repo.git(...args)
    else expect((await repo.mig([...args, '--yes'])).status, command).to.equal(0)
  }
}

describe('mig switch says where HEAD and the work tree are, and its advice works, after', () => {
  for (const [name, {smudge, hook, message, note, state, tree, cure}] of Object.entries(halfCheckouts))
    it(name, async () => {
      const repo = await projectToSwitch()
      repo.git('switch', '-q', 'main')
      repo
        .write({'.gitattributes': '*.bin filter=test\n', 'mid.bin': 'mid\n', 'new.txt': 'new\n', 'sub/new.txt': 'z\n'})
        .commit('more on main')
      repo.git('switch', '-q', 'work')
      repo.git('config', 'filter.test.smudge', smudge ?? 'cat')
      repo.git('config', 'filter.test.clean', 'cat')
      repo.git('config', 'filter.test.required', 'true')
      if (hook !== undefined) {
        repo.write({'.git/hooks/post-checkout': `#!/bin/sh\n${hook}\n`})
        chmodSync(join(repo.path, '.git/hooks/post-checkout'), 0o755)
      }
      const notes = await running(repo, {}, async (options) => {
        const error = await rejectionOf('GIT_FAILED', async () => switchTo(options))
        expect(error.message).to.match(message)
      })
      expect([notes, stateOf(repo), repo.git('status', '--porcelain')]).to.deep.equal([[note], state, tree])
      repo.git('config', 'filter.test.smudge', 'cat')
      await cure?.(repo)
      await follow(repo, note)
      expect([stateOf(repo), repo.git('status', '--porcelain')]).to.deep.equal(['main: aaaa bbbb', ''])
    })
})

/** Configurations of main, with what a switch to it says; the last one is code. */
const otherConfigurations: readonly (readonly [config: string, message: string, state: string])[] = [
  [
    "export default {orm: 'sqlite:.git/other.db'}",
    'Nothing was changed: the configuration of main names another database: sqlite:.git/other.db.',
    'work: aaaa cccc',
  ],
  [
    "export default {databases: {one: {orm: 'sqlite:.git/test.db'}}}",
    'Nothing was changed: the configuration of main names another database: sqlite:.git/test.db.',
    'work: aaaa cccc',
  ],
  [
    "export default {databases: 'one'}",
    'Nothing was changed: the configuration mig.config.js of main is invalid: ',
    'work: aaaa cccc',
  ],
  [
    "const name = 'other'\nexport default {orm: `sqlite:.git/${name}.db`}",
    'names another database, for which nothing was planned: sqlite:.git/other.db',
    'main: aaaa',
  ],
]

describe('a switch to another configuration', () => {
  for (const [config, message, state] of otherConfigurations)
    it(`stops before another database is touched: ${config.split('\n')[0]}`, async () => {
      const repo = await projectToSwitch()
      repo.git('switch', '-q', 'main')
      repo.write({'mig.config.js': `${config}\n`}).commit('another configuration')
      repo.git('switch', '-q', 'work')
      const error = await rejectionOf('SWITCH_REFUSED', async () => switchTo({cwd: repo.path, ref: 'main'}))
      expect(error.message).to.contain(message)
      expect([stateOf(repo), existsSync(join(repo.path, '.git/other.db'))]).to.deep.equal([state, false])
    })

  it('says how to return if that is known only after the checkout', async () => {
    const repo = await projectToSwitch()
    repo.git('switch', '-q', 'main')
    repo.write({'mig.config.js': "export default {orm: 'sqlite:.git/' + 'other.db'}\n"}).commit('another')
    repo.git('switch', '-q', 'work')
    const {stderr} = await repo.mig('switch main --yes')
    expect(stderr).to.contain(
      'The checkout is at main, and the database is where the run stopped; to return, run `git switch work` and `mig upgrade heads`.',
    )
    expect(stderr).to.contain('error: The switch stopped after the checkout: ')
    repo.git('switch', '-q', 'work')
    await upgrade({cwd: repo.path, target: 'heads'})
    expect(stateOf(repo)).to.equal('work: aaaa cccc')
  })
})

describe('a switch to files with a filter that cannot read them', () => {
  it('knows where the checkout is', async () => {
    const repo = await projectToSwitch()
    repo.git('switch', '-q', 'main')
    repo.write({'.gitattributes': '*.bin filter=broken\n', 'a.bin': '1'}).commit('a file with a filter')
    repo.git('switch', '-q', 'work')
    repo.git('config', 'filter.broken.smudge', 'cat')
    repo.git('config', 'filter.broken.clean', 'false')
    repo.git('config', 'filter.broken.required', 'true')
    await switchTo({cwd: repo.path, ref: 'main'})
    expect(stateOf(repo)).to.equal('main: aaaa bbbb')
  })
})

/** Configurations of main that name other tables of mig, with what a switch to it says, and where it stops. */
const otherTables: readonly (readonly [config: string, message: string, state: string])[] = [
  [
    "export default {orm: 'sqlite:.git/test.db', versionTable: 'other'}",
    'Nothing was changed: the configuration of main has another `versionTable`: other instead of mig_version, where nothing that is applied here is recorded.',
    'work: aaaa cccc',
  ],
  [
    "export default {orm: 'sqlite:.git/test.db', logTable: 'other'}",
    'Nothing was changed: the configuration of main has another `logTable`: other instead of mig_log, where nothing that is applied here is recorded.',
    'work: aaaa cccc',
  ],
  [
    "export default {orm: 'sqlite:.git/test.db', versionTableSchema: 'other'}",
    'Nothing was changed: the configuration of main has another `versionTableSchema`: other instead of none, where nothing that is applied here is recorded.',
    'work: aaaa cccc',
  ],
  [
    "export default {orm: 'sqlite:.git/test.db', versionTable: ['ot', 'her'].join('')}",
    'The switch stopped after the checkout: the configuration that was checked out has another `versionTable`: other instead of mig_version, for which nothing was planned.',
    'main: aaaa',
  ],
]

describe('a switch to other tables of mig', () => {
  for (const [config, message, state] of otherTables)
    it(`stops before anything is applied: ${config}`, async () => {
      const repo = await projectToSwitch()
      repo.git('switch', '-q', 'main')
      repo.write({'mig.config.js': `${config}\n`}).commit('other tables')
      repo.git('switch', '-q', 'work')
      const notes: string[] = []
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'note') notes.push(event.text)
      }
      const error = await rejectionOf('SWITCH_REFUSED', async () => switchTo({cwd: repo.path, ref: 'main', onEvent}))
      expect([error.message, stateOf(repo)]).to.deep.equal([message, state])
      expect(notes.some((text) => text.includes('which tables of mig it names is known only after'))).to.equal(
        state.startsWith('main'),
      )
    })

  it('goes on where its configuration differs elsewhere', async () => {
    const repo = await projectToSwitch()
    repo.git('switch', '-q', 'main')
    const config = "export default {orm: 'sqlite:.git/test.db', versionTable: 'mig_version', transaction: 'all'}\n"
    repo.write({'mig.config.js': config}).commit('another configuration')
    repo.git('switch', '-q', 'work')
    await switchTo({cwd: repo.path, ref: 'main'})
    expect(stateOf(repo)).to.equal('main: aaaa bbbb')
  })
})

/** MikroORM configurations of main, with what a switch to it says; that of `work` names `.git/test.db`. */
const ormConfigurations: Readonly<
  Record<
    string,
    {readonly config: string; readonly error?: string; readonly notes: readonly string[]; readonly state: string}
  >
> = {
  'names another database': {
    config: "{dbName: '.git/other.db', entities: []}",
    error: 'Nothing was changed: mikro-orm.config.js of main names another database: dbName ".git/other.db".',
    notes: [],
    state: 'work: aaaa cccc',
  },
  'names the same one, and differs elsewhere': {
    config: "{dbName: '.git/test.db', entities: [], discovery: {warnWhenNoEntities: [].length > 0}}",
    notes: [],
    state: 'main: aaaa bbbb',
  },
  'computes the name of another one': {
    config: "{dbName: ['.git/', 'other.db'].join(''), entities: []}",
    error: 'names another database, for which nothing was planned: ',
    notes: [
      'mikro-orm.config.js of main differs and cannot be read without running it: which database it names is known only after the checkout.',
      'The checkout is at main, and the database is where the run stopped; to return, run `git switch work` and `mig upgrade heads`.',
    ],
    state: 'main: aaaa',
  },
}

describe('a switch to another configuration of MikroORM, which', () => {
  for (const [name, {config, error, notes, state}] of Object.entries(ormConfigurations))
    it(name, async () => {
      const repo = await projectToSwitch()
      symlinkSync(resolve('node_modules'), join(repo.path, 'node_modules'))
      repo.write({'.git/info/exclude': 'node_modules\n'})
      const configured = (branch: string, options: string): void => {
        repo.git('switch', '-q', branch)
        const text = `import {defineConfig} from '@mikro-orm/sqlite'\nexport default defineConfig(${options})\n`
        repo.write({'mig.config.js': 'export default {}\n', 'mikro-orm.config.js': text}).commit('MikroORM')
      }
      configured('main', config)
      configured('work', "{dbName: '.git/test.db', entities: [], discovery: {warnWhenNoEntities: false}}")
      const said = await running(repo, {}, async (options) => {
        if (error === undefined) await switchTo(options)
        else expect((await rejectionOf('SWITCH_REFUSED', async () => switchTo(options))).message).to.contain(error)
      })
      expect([said, stateOf(repo), existsSync(join(repo.path, '.git/other.db'))]).to.deep.equal([notes, state, false])
    }).timeout(30_000)
})
