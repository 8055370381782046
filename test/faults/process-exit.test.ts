import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

/** Code of a project, of which line 3 is what would end the process. */
interface Case {
  readonly name: string
  /** The whole configuration, the body of the upgrade of the second revision, or a MikroORM configuration. */
  readonly config?: (orm: string) => string
  readonly upgrade?: string
  readonly orm?: string
  readonly command?: string
  readonly status: 1 | 2
  readonly message: RegExp
  /** The revisions that are applied afterwards. */
  readonly applied?: string
}

const fails = (what: string, file: string, why: string): RegExp =>
  new RegExp(`^error: ${what} \\S*(?:/.* .*/)?${file}:3: ${why}\n`)
const exitCalled = 'process\\.exit\\(\\d?\\) was called; throw an error instead'
const unawaited = 'Project code that is not awaited failed at'

const later = (code: string): string => `
setTimeout(() => { ${code} }, 1)
await new Promise((done) => setTimeout(done, 60_000))`

const cases: readonly Case[] = [
  {
    name: 'the top of a configuration',
    config: (orm) => `\n\nprocess.exit(0)\nexport default {orm: ${orm}}\n`,
    status: 2,
    message: fails('The configuration failed at', 'mig\\.config\\.js', `Error: ${exitCalled}`),
  },
  {
    name: '`orm`, which imports it by its name',
    config: () => "import {exit} from 'node:process'\nexport default {orm: () => {\nexit()\n}}\n",
    status: 2,
    message: fails('The configuration failed at', 'mig\\.config\\.js', `Error: ${exitCalled}`),
  },
  {
    name: 'a MikroORM configuration',
    orm: '\n\nprocess.exit(0)\n',
    config: () => "export default {orm: './orm.config.js'}\n",
    status: 2,
    message: fails('The configuration failed at', 'orm\\.config\\.js', `Error: ${exitCalled}`),
  },
  {
    name: 'a hook',
    config: (orm) =>
      `export default {orm: ${orm}, onVersionApply: (event) => {\n\nif (event.revision === 'b') process.exit(0)\n}}\n`,
    status: 1,
    message: fails('The hook onVersionApply failed at', 'mig\\.config\\.js', exitCalled),
    applied: 'a',
  },
  {
    name: 'a hook when all is done',
    config: (orm) => `export default {orm: ${orm}, afterRun: () => {\n\nprocess.exit(0)\n}}\n`,
    status: 1,
    message: fails('The hook afterRun failed at', 'mig\\.config\\.js', exitCalled),
    applied: 'a b',
  },
  {
    name: 'an upgrade',
    upgrade: "\nop.execute('create table t (n integer)'); process.exit(0)",
    status: 1,
    message: fails('The upgrade of revision b failed at', 'migrations/versions/b\\.ts', exitCalled),
    applied: '',
  },
  {
    name: 'an upgrade that has begun',
    upgrade: "await op.query('select 1')\nprocess.exit(0)",
    status: 1,
    message: fails('The upgrade of revision b failed at', 'migrations/versions/b\\.ts', exitCalled),
    applied: 'a',
  },
  {
    name: 'an upgrade that catches everything',
    upgrade: '\ntry { process.exit(0) } catch {}',
    status: 1,
    message: fails('Code of the project failed at', 'migrations/versions/b\\.ts', exitCalled),
    applied: 'a b',
  },
  {
    name: 'a timer of an upgrade',
    upgrade: later('process.exit(0)'),
    status: 1,
    message: fails('The upgrade of revision b failed at', 'migrations/versions/b\\.ts', exitCalled),
    applied: '',
  },
  {
    name: 'an exception in a timer',
    upgrade: later("throw new Error('the reason')"),
    status: 1,
    message: fails('The upgrade of revision b failed at', 'migrations/versions/b\\.ts', 'the reason'),
    applied: '',
  },
  {
    name: 'a rejection that nobody waits for',
    upgrade: later("void Promise.reject(new Error('the reason'))"),
    status: 1,
    message: fails('The upgrade of revision b failed at', 'migrations/versions/b\\.ts', 'the reason'),
    applied: '',
  },
  {
    name: 'a rejection without a stack, of an upgrade that has begun',
    upgrade: "await op.query('select 1')\nvoid Promise.reject('the reason')\nawait new Promise(() => {})",
    status: 1,
    message: /^error: The upgrade of revision b failed at migrations\/versions\/b\.ts: the reason\n/,
    applied: 'a',
  },
  ...Object.entries({
    'an error whose cause leads back to it': ["const e = new Error('the reason'); e.cause = e; throw e", 'the reason'],
    'an object without a text': ['throw Object.create(null)', String.raw`\[Object: null prototype\] \{\}`],
    'an object that cannot be looked at': [
      'const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); throw proxy',
      '<Revoked Proxy>',
    ],
    'an error whose message cannot be read': [
      "throw Object.defineProperty(new Error('x'), 'message', {get() { throw new Error('inner') }})",
      '.*',
    ],
    'several errors at once': [
      "throw new AggregateError([new Error('one'), new Error('two')], 'the reason')",
      'the reason: one; two',
    ],
  }).map(([name, [upgrade, text]]): Case => ({
    name,
    upgrade: `await op.query('select 1')\n${upgrade}`,
    status: 1,
    message: new RegExp(
      `^error: The upgrade of revision b failed at migrations/versions/b\\.ts(?::3)?: ${text}\n  The revision was rolled back; the database is at a\\.`,
    ),
    applied: 'a',
  })),
  {
    name: 'an exception in a timer of a hook',
    config: (orm) =>
      `export default {orm: ${orm}, onVersionApply: async () => {\n\nsetTimeout(() => { throw new Error('the reason') }, 1)\nawait new Promise(() => {})\n}}\n`,
    status: 1,
    message: fails('The hook onVersionApply failed at', 'mig\\.config\\.js', 'the reason'),
    applied: '',
  },
  {
    name: 'an exception in a timer of a configuration',
    config: (orm) => `\n\nsetTimeout(() => { throw new Error('the reason') }, 50)\nexport default {orm: ${orm}}\n`,
    status: 1,
    message: fails(unawaited, 'mig\\.config\\.js', 'the reason'),
  },
]

describe('what would end the process is an error of the command:', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createDatabase('sqlite')
  })
  afterEach(async () => database.drop())

  function project({config, upgrade, orm}: Partial<Case>): Folder {
    const url = JSON.stringify(database.url)
    const folder = new Folder().write({
      'mig.config.js': config?.(url) ?? `export default {orm: ${url}}\n`,
      'migrations/versions/a.ts':
        "export const revision = 'a'\nexport const downRevision = null\nexport function upgrade() {}\n",
      'migrations/versions/b.ts': `export async function upgrade(op) {\n${upgrade ?? ''}\n}\nexport const revision = 'b'\nexport const downRevision = 'a'\n`,
    })
    return orm === undefined ? folder : folder.write({'orm.config.js': orm})
  }

  for (const c of cases)
    it(c.name, async () => {
      const {stderr, stdout, status} = await mig('upgrade -q', {cwd: project(c).path})
      expect(stderr).to.match(c.message)
      expect(stderr).not.to.match(/^ +at /m)
      expect(stderr).not.to.contain('defect of mig')
      expect(status).to.equal(c.status)
      if (c.applied === '') expect(stdout).to.equal('')
      if (c.applied === undefined || c.applied === '') return
      const [rows = []] = await database.query('select revision from mig_version order by revision')
      expect(rows.map(({revision}) => revision).join(' ')).to.equal(c.applied)
    })

  it('a call of `op` when the run is over, though its error is caught', async () => {
    const upgrade =
      "const {execFile} = await import('node:child_process')\nexecFile('sleep', ['1'], () => { try { op.execute('x') } catch {} })"
    const {stderr, stdout, status} = await mig('upgrade -q', {cwd: project({upgrade}).path})
    expect(stdout).to.match(/^The database is at b: /)
    expect(stderr).to.match(
      /^error: op\.execute was called at \/.*b\.ts:3 after the revision's function had returned\.\nhint: Await every promise/,
    )
    expect(status).to.equal(1)
  })

  it('a project that keeps the process alive is left after ten seconds, with a note', async () => {
    const config = (orm: string): string => `setInterval(() => {}, 1000)\nexport default {orm: ${orm}}\n`
    const start = performance.now()
    const {stderr, stdout, status} = await mig('upgrade -q', {cwd: project({config}).path})
    expect(performance.now() - start)
      .to.be.greaterThan(10_000)
      .and.to.be.lessThan(20_000)
    expect(stdout).to.match(/^The database is at b: /)
    expect(stderr).to.match(
      /^The command is done, but the project keeps the process alive \(.*Timeout.*\); it was ended\.\n$/,
    )
    expect(status).to.equal(0)
  })

  it('as JSON', async () => {
    const {stdout, stderr, status} = await mig('upgrade --json', {
      cwd: project({upgrade: later('process.exit(0)')}).path,
    })
    const {error} = JSON.parse(stdout) as {readonly error: {readonly code: string}}
    expect([error.code, stderr, status]).to.deep.equal(['REVISION_FAILED', '', 1])
  })
})
