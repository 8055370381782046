import {DatabaseSync} from 'node:sqlite'
import {expect} from 'chai'
import {assert, asyncProperty, constantFrom, string} from 'fast-check'
import {current} from '../../src/api/runs/current.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {status as statusOf} from '../../src/api/status.ts'
import {failureOf} from '../../src/cli/failure.ts'
import type {Failure} from '../../src/cli/failure.ts'
import {MigError} from '../../src/errors.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {mig} from '../support/cli.ts'
import {Folder} from '../support/folder.ts'

/** A password whose characters end it early wherever one of them means something. */
const password = `XQ1X 'a"b@c/d#e?f:g&h=i%j XQ2X`
const leaked = /XQ[12]X/

const config = (orm: string): string => `const password = ${JSON.stringify(password)}\nexport default {orm: ${orm}}\n`
const driver = `import {PostgreSqlDriver} from '${import.meta.resolve('@mikro-orm/postgresql')}'\n`

interface Case {
  readonly act?: (options: {readonly cwd: string}) => Promise<unknown>
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  /** The code of the error. */
  readonly code: string
}

const cases: Readonly<Record<string, Case>> = {
  'a URL without a colon': {env: {MIG_DATABASE_URL: `postgresql//u:${password}@h/x`}, code: 'UNKNOWN_DATABASE_URL'},
  'a URL of another kind': {env: {MIG_DATABASE_URL: `bogus://u:${password}@h`}, code: 'UNKNOWN_DATABASE_URL'},
  'a URL with one slash': {env: {MIG_DATABASE_URL: `postgres:/u:${password}@h`}, code: 'INVALID_DATABASE_URL'},
  'a URL without a scheme': {env: {MIG_DATABASE_URL: `u:${password}@h/x`}, code: 'UNKNOWN_DATABASE_URL'},
  'a password that is not escaped': {
    env: {MIG_DATABASE_URL: `mysql://u:${password}@h/x`},
    code: 'INVALID_DATABASE_URL',
  },
  'a password that is read as port and path': {
    env: {MIG_DATABASE_URL: 'postgresql://u:1/XQ1X@127.0.0.1:1/d'},
    code: 'INVALID_DATABASE_URL',
  },
  'a password that is read as port, path and parameter': {
    env: {MIG_DATABASE_URL: 'postgresql://u:1/XQ1X?=b@h'},
    code: 'INVALID_DATABASE_URL',
  },
  'a connection string': {
    env: {MIG_DATABASE_URL: `host=h user=u password='${password}'`},
    code: 'UNKNOWN_DATABASE_URL',
  },
  'a URL in the configuration': {
    files: {'mig.config.js': config('`postgresql//u:${password}@h/x`')},
    code: 'UNKNOWN_DATABASE_URL',
  },
  'a URL where there should be databases': {
    files: {'mig.config.js': 'export default {databases: `postgresql://u:XQ1X@h/x`}'},
    code: 'INVALID_CONFIG',
  },
  'the options of MikroORM': {
    files: {
      'mig.config.js': driver + config('{driver: PostgreSqlDriver, clientUrl: `postgresql://u:1/${password}@h/x`}'),
    },
    code: 'INVALID_DATABASE_URL',
  },
  'the variables of MikroORM': {
    env: {MIKRO_ORM_TYPE: 'postgresql', MIKRO_ORM_CLIENT_URL: `postgresql//u:${password}@h/x`},
    code: 'ORM_FAILED',
  },
  'a server that does not answer': {
    env: {MIG_DATABASE_URL: `postgresql://u:${encodeURIComponent(password)}@127.0.0.1:1/d?sslpassword=XQ1X`},
    code: 'DATABASE_UNREACHABLE',
  },
  'a file': {env: {MIG_DATABASE_URL: `sqlite://u:${password}@h/x`}, code: 'DATABASE_MISSING'},
  'what a configuration throws': {
    files: {
      'mig.config.js': config("'orm.config.js'"),
      'orm.config.js':
        'throw new Error("cannot use `postgresql://u:XQ1X \'XQ2X@h/x`", {cause: new Error("bogus://u:XQ1X@h")})',
    },
    code: 'CONFIG_FAILED',
  },
  'what a function throws': {
    files: {'mig.config.js': config('() => { throw new Error(`cannot use postgresql//u:XQ1X"@h/x`) }')},
    code: 'CONFIG_FAILED',
  },
  'what a function throws of the URL that mig was given': {
    env: {MIG_DATABASE_URL: `host=h password='${password}'`},
    files: {'mig.config.js': config('() => { throw new Error("cannot use " + process.env.MIG_DATABASE_URL) }')},
    code: 'CONFIG_FAILED',
  },
  'what a hook throws': {
    files: {
      'mig.config.js': `export default {orm: 'sqlite:main.db', beforeRun: () => { throw new Error('bogus://u:XQ1X@h') }}`,
    },
    act: upgrade,
    code: 'HOOK_FAILED',
  },
}

const schemes = [
  'postgresql://',
  'POSTGRES://',
  'postgresql:/',
  'postgresql//',
  'mysql://',
  'mariadb:///',
  'bogus://',
  'jdbc:postgresql://',
  '',
  ' mysql://',
]
const parts: readonly ((secret: string) => string)[] = [
  (secret) => `u:${secret}@127.0.0.1:1/d`,
  (secret) => `u:a@${secret}@127.0.0.1:1/d`,
  (secret) => `u:1/${secret}@127.0.0.1:1/d`,
  (secret) => `:${secret}@127.0.0.1:1`,
  (secret) => `127.0.0.1:1/d?password=${secret}`,
  (secret) => `127.0.0.1:1/d?x=1&sslpassword=${secret}`,
  (secret) => `127.0.0.1:1/d?authToken=${secret}#x`,
  (secret) => `127.0.0.1:1/d?user=u;Pwd=${secret}`,
  (secret) => `host=127.0.0.1 port=1 password=${secret}`,
  (secret) => `Server=127.0.0.1;Password="${secret}"`,
  (secret) => `u/${secret}@127.0.0.1:1521/x`,
  (secret) => `127.0.0.1:1/d?encryptionKey=${secret}`,
  (secret) => `127.0.0.1:1/d?x=1&key=${secret}`,
]
const secrets = ['XQ1X', "XQ1X'%XQ2X"]
/** Well-formed and malformed addresses, with a secret in each part that may hold one. */
const addresses = [
  ...schemes.flatMap((scheme) => parts.flatMap((part) => secrets.map((secret) => scheme + part(secret)))),
  'postgres:/u:XQ1X?=XQ2X@127.0.0.1:1/d',
]

describe('passwords', () => {
  for (const [name, {act = current, env = {}, files = {}, code}] of Object.entries(cases))
    it(`are in no text of an error about ${name}`, async () => {
      const {path: cwd} = new Folder().writeGraph('aaaa').write(files)
      const failure = await failureWith(env, async () => act({cwd}))
      expect(failure.code).to.equal(code)
      expect(JSON.stringify(failure)).to.not.match(leaked)
    })

  for (const [args, code] of [
    ['current', 'UNKNOWN_DATABASE_URL'],
    ['upgrade --timestamps', 'UNKNOWN_DATABASE_URL'],
    ['current bogus://u:XQ1X@h/x', 'USAGE'],
    ['current -c postgresql://u:XQ1X@h/x', 'CONFIG_NOT_FOUND'],
  ] as const)
    it(`are not printed by \`${args}\``, async () => {
      const {path: cwd} = new Folder().writeGraph('aaaa')
      for (const flags of ['--debug', '--debug --json']) {
        const env = {MIG_DATABASE_URL: `postgresql//u:${password}@h/x`}
        const {stdout, stderr, status} = await mig(`${args} ${flags}`, {cwd, env})
        expect(status).to.equal(2)
        expect(stdout + stderr)
          .to.contain(code)
          .and.contain('***')
        expect(stdout + stderr).to.not.match(leaked)
      }
    })

  it('are not printed by a driver that knows no such parameter', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa')
    for (const parameters of ['password=a&XQ1X', 'password=a&XQ1X=b', 'ssl={"passphrase":"XQ1X"}&XQ2X'])
      for (const scheme of ['mysql', 'mariadb']) {
        const env = {MIG_DATABASE_URL: `${scheme}://u@127.0.0.1:1/d?${parameters}`}
        const {stdout, stderr} = await mig('current --debug', {cwd, env})
        expect(stderr).to.contain('an & in a value is not written %26')
        expect(stdout + stderr).to.not.match(leaked)
      }
  })

  it('are not printed with the configuration of a connection', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa').write({
      'mig.config.js': `${driver}const ssl = {key: '-----BEGIN PRIVATE KEY-----\\nXQ1X\\n-----END PRIVATE KEY-----', passphrase: 'XQ1X and more'}
export default {orm: () => { throw new Error('cannot use ' + JSON.stringify({ssl}), {cause: {ssl}}) }}
`,
    })
    for (const flags of ['', '--debug', '--json']) {
      const {stdout, stderr} = await mig(`current ${flags}`, {cwd})
      expect(stdout + stderr).to.contain('cannot use')
      expect(stdout + stderr).to.not.match(leaked)
    }
  })

  it('are not printed by what does not fail', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa')
    for (const url of [`postgresql//u:${password}@h`, `host=h password=${password}`])
      for (const command of ['status', 'status --json', 'check files', 'check files --json']) {
        const {stdout, stderr, status} = await mig(command, {cwd, env: {MIG_DATABASE_URL: url}})
        expect(status).to.equal(0)
        expect(stdout + stderr).to.contain('***')
        expect(stdout + stderr).to.not.match(leaked)
      }
  })

  it('are not kept in the log either', async () => {
    const folder = new Folder().writeGraph(
      'aaaa',
      () => `export const transactional = false
export async function upgrade(op) {
  op.execute('create table t (n integer)')
  await op.query('select 1')
  throw new Error("cannot reach bogus://u:XQ1X 'XQ2X@h")
}
export async function downgrade() {}
`,
    )
    folder.write({'mig.config.js': "export default {orm: 'sqlite:main.db'}"})
    const {path: cwd} = folder
    for (const command of ['upgrade --json-lines --debug', 'repair', 'repair --json', 'upgrade', 'upgrade --json']) {
      const {stdout, stderr} = await mig(command, {cwd})
      expect(stdout + stderr, command).to.contain('cannot reach bogus://u:***@h')
      expect(stdout + stderr).to.not.match(leaked)
    }
    await mig(['repair', '--mark-not-applied', '--reason', 'see postgresql://u:XQ1X@h'], {cwd})
    const database = new DatabaseSync(`${cwd}/main.db`)
    const rows = database.prepare('select reason from mig_log where reason is not null').all()
    database.close()
    expect(rows).to.have.length.greaterThan(1)
    expect(JSON.stringify(rows)).to.not.match(leaked)
  })

  it('are in no text of an error, whatever characters they have', async () => {
    const {path: root} = new Folder()
    const shape = constantFrom<(secret: string) => string>(
      (secret) => `postgresql//u:${secret}@h/x`,
      (secret) => `postgres:/u:${secret}@h`,
      (secret) => `bogus://u:${secret}@h`,
      (secret) => `mysql://u:${secret}@127.0.0.1:1/d`,
      (secret) => `postgresql://u:${secret}@127.0.0.1:1/d`,
      (secret) => `mariadb://u@127.0.0.1:1/d?password=${secret}`,
      (secret) => `host=h password=${secret}`,
    )
    await assert(
      asyncProperty(shape, string({maxLength: 6}), string({maxLength: 6}), async (write, before, behind) => {
        const url = write(`${before}XQ1X${behind}XQ2X`)
        const failure = await failureWith({}, async () => connect({kind: 'url', url}, root))
        expect(JSON.stringify(failure)).to.not.match(leaked)
      }),
      {numRuns: 100},
    )
  })

  it('are in nothing that status and current report or keep, in whatever part of an address they are', async () => {
    const folder = new Folder().writeGraph('aaaa')
    const {path: cwd} = folder
    for (const [n, url] of addresses.entries()) {
      const env = {MIG_DATABASE_URL: url}
      const failure = await failureWith(env, async () => current({cwd}))
      const view = n % 5 === 0 ? await inEnvironment(env, async () => statusOf({cwd})) : undefined
      expect(JSON.stringify([failure, view]), url).to.not.match(leaked)
    }
    for (const name of folder.list()) expect(folder.read(name), name).to.not.match(leaked)
    expect(addresses).to.have.length(261)
  }).timeout(120_000)
})

/** Runs `act` with these environment variables. */
async function inEnvironment<Result>(
  env: Readonly<Record<string, string>>,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]))
  Object.assign(process.env, env)
  try {
    return await act()
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** Returns what a command reports, with `--debug`, of the error that something must throw, and what the error itself says. */
async function failureWith(
  env: Readonly<Record<string, string>>,
  act: () => Promise<unknown>,
): Promise<Failure & {readonly own?: readonly unknown[]}> {
  try {
    await inEnvironment(env, act)
  } catch (error) {
    const own = error instanceof MigError ? {own: [error.message, error.stack, error.hint, error.data]} : {}
    return {...failureOf(error, 'current'), ...own}
  }
  throw new Error('an error was expected')
}
