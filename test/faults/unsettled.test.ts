import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'

const waits = "console.error('waits'); await new Promise(() => {})"
const never = `{ ${waits} }`

/** Code of a project that waits for something that never happens. */
interface Case {
  readonly name: string
  /** What is around the export of a configuration. */
  readonly config?: {readonly before?: string; readonly keys?: string}
  /** The body of the upgrade of the second revision. */
  readonly upgrade?: string
  /** What stands in the second revision beside its function. */
  readonly top?: string
  readonly waiting: RegExp
  readonly state?: RegExp
  /** The state where DDL commits by itself. */
  readonly partial?: RegExp
  /** The applied revisions afterwards; undefined when the run did not begin. */
  readonly applied?: string
}

const before = /The error occurred before the run; nothing was executed\./
const rolledBack = /The revision was rolled back; the database is at a\./

const cases: readonly Case[] = [
  {name: 'the top of a configuration', config: {before: never}, waiting: /The configuration \S.*mig\.config\.js/},
  {
    name: '`orm`',
    config: {keys: `orm: async () => { ${never} },`},
    waiting: /`orm` in the configuration/,
  },
  {name: 'the top of a revision', top: waits, waiting: /migrations\/versions\/b\.ts/},
  {name: 'an upgrade', upgrade: never, waiting: /The upgrade of revision b \(revision b\)/, state: before},
  {
    name: 'an upgrade that has begun',
    upgrade: `op.execute('select 1'); await op.query('select 1'); ${never}`,
    waiting: /The upgrade of revision b \(revision b\)/,
    state: rolledBack,
    applied: 'a*',
  },
  {
    name: 'an upgrade that has executed DDL',
    upgrade: `op.execute('create table t (n integer)'); await op.query('select 1'); ${never}`,
    waiting: /The upgrade of revision b \(revision b\)/,
    state: rolledBack,
    partial: /1 statement was executed and stays applied; according to the version table, the database is at a\./,
    applied: 'a*',
  },
  {
    name: 'op.autocommit',
    upgrade: `await op.autocommit(async () => { ${never} })`,
    waiting: /The upgrade of revision b \(revision b\)/,
    state: before,
  },
  {
    name: 'the hook beforeRun',
    config: {keys: `beforeRun: async () => { ${never} },`},
    waiting: /The hook beforeRun/,
    state: /Nothing was executed\./,
  },
  {
    name: 'the hook onVersionApply',
    config: {
      keys: `onVersionApply: async ({revision, query}) => { await query('select 1'); if (revision === 'b') ${never} },`,
    },
    waiting: /The hook onVersionApply/,
    state: rolledBack,
    applied: 'a*',
  },
  {
    name: 'the hook afterEach',
    config: {keys: `afterEach: async () => { ${never} },`},
    waiting: /The hook afterEach/,
    state: /Committed revisions stay applied: the database is at a\./,
    applied: 'a*',
  },
  {
    name: 'the hook afterRun',
    config: {keys: `afterRun: async () => { ${never} },`},
    waiting: /The hook afterRun/,
    state: /The run is complete; the database is at b\./,
    applied: 'a b*',
  },
]

for (const kind of databaseKinds.filter((each) => each !== 'pglite'))
  describe(`a promise that never settles, on ${kind}, in`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async () => on.end())

    function use({config = {}, upgrade = '', top = ''}: Case): void {
      on.use('a <- b', ({id}) =>
        id === 'a'
          ? 'export function upgrade() {}\n'
          : `${top}\nexport async function upgrade(op) {\n  ${upgrade}\n}\n`,
      )
      const orm = `orm: ${JSON.stringify(on.database.url)}, `
      on.folder.write({
        'mig.config.js': `${config.before ?? ''}\nexport default {${orm}${config.keys ?? ''}}\n`,
      })
    }

    for (const c of cases) {
      const {name, waiting, state, partial, applied} = c
      const isPartial = partial !== undefined && (kind === 'mariadb' || kind === 'mysql')
      const stateHere = isPartial ? partial : state
      const isSampled = name === 'an upgrade that has begun' || name === 'the hook beforeRun'
      const expectState = async (): Promise<void> => {
        if (applied !== undefined) expect(await on.state()).to.equal(applied)
        else expect(await on.tables()).to.not.contain('t')
      }

      it(`${name} ends with a sentence`, async () => {
        use(c)
        const {stderr, stdout, status} = await mig('upgrade -q', {cwd: on.cwd})
        const [, error = '', second = ''] = stderr.split('\n')
        expect(error).to.match(new RegExp(`^error: ${waiting.source} waits for a promise that never settles\\.$`))
        if (stateHere !== undefined) expect(second).to.match(new RegExp(`^  ${stateHere.source}$`))
        expect(stderr).to.match(isPartial ? /^hint: Run `mig repair`/m : /^hint: Check that each/m)
        expect([stdout, status]).to.deep.equal(['', 1])
        await expectState()
      })

      const signals = {SIGINT: 130, ...(isSampled && {SIGTERM: 143})} as const
      for (const [signal, exit] of Object.entries(signals))
        it(`${name} is left after ${signal}, even if something else goes on`, async () => {
          use(c)
          on.folder.write({'mig.config.js': `setInterval(() => {}, 1000)\n${on.folder.read('mig.config.js')}`})
          let sent = 0
          const onStart = (child: ChildProcess): void =>
            void child.stderr?.once('data', () => {
              sent = performance.now()
              child.kill(signal as NodeJS.Signals)
            })
          const {stderr, status} = await mig('upgrade -q', {cwd: on.cwd, onStart})
          expect(performance.now() - sent).to.be.lessThan(15_000)
          expect(stderr).to.match(/^error: Interrupted: /m)
          expect(stderr).to.not.match(/^ +at /m)
          if (stateHere !== undefined && stateHere !== before)
            expect(stderr.toLowerCase()).to.match(new RegExp(stateHere.source.toLowerCase()))
          if (isPartial) expect(stderr).to.match(/^hint: Run `mig repair`/m)
          expect(status).to.equal(exit)
          await expectState()
        })
    }

    it('a downgrade does not prevent the upgrade, nor the effects', async () => {
      const body = `export function upgrade(op) {}\nexport async function downgrade(op) { await new Promise(() => {}) }\n`
      on.use('a <- b', () => body)
      const {stderr, status} = await mig('upgrade -q', {cwd: on.cwd, env: {MIG_DATABASE_URL: on.database.url}})
      expect([stderr, status, await on.state()]).to.deep.equal(['', 0, 'a b*'])
      const shown = await mig('show b --effects', {cwd: on.cwd})
      expect(shown.status).to.equal(0)
    })

    it('an upgrade whose downgrade is derived from it is named', async () => {
      on.use('a <- b', () => 'export async function upgrade(op) {}\n')
      const env = {MIG_DATABASE_URL: on.database.url}
      await mig('upgrade -q', {cwd: on.cwd, env})
      on.use('a <- b', () => `export async function upgrade(op) { await new Promise(() => {}) }\n`)
      const {stderr, status} = await mig('downgrade base -q', {cwd: on.cwd, env})
      expect(stderr).to.match(/^error: The upgrade of revision b .*waits for a promise that never settles\./m)
      expect(status).to.equal(1)
      expect(await on.state()).to.equal('a b*')
    })

    it('an upgrade is an error with a code and the state, as JSON', async () => {
      use({name: '', upgrade: `await op.query('select 1'); ${never}`, waiting: /x/})
      const {stdout, status} = await mig('upgrade --json', {cwd: on.cwd})
      const {error} = JSON.parse(stdout) as {readonly error: {readonly code: string; readonly data: object}}
      expect([error.code, status]).to.deep.equal(['UNSETTLED_PROMISE', 1])
      expect(error.data)
        .to.include({revision: 'b', file: 'migrations/versions/b.ts'})
        .and.to.deep.include({heads: ['a']})
    })
  })
