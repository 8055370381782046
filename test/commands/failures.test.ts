import type {ChildProcess} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {mig, run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {copyMig} from '../support/packages.ts'

/** A failure as `--json` prints it. */
interface Printed {
  readonly error: {readonly code: ErrorCode; readonly data: object | null}
}

interface Case {
  readonly name: string
  readonly args: string
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string
  readonly code: ErrorCode
  readonly status: number
  readonly data: object
  /** The files that are written nevertheless. */
  readonly leaves?: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'a misspelt command',
    args: 'upgrad',
    code: 'UNKNOWN_COMMAND',
    status: 2,
    data: {command: 'upgrad'},
  },
  {
    name: 'a command that resembles no other',
    args: 'zzzzzzzz',
    code: 'UNKNOWN_COMMAND',
    status: 2,
    data: {command: 'zzzzzzzz'},
  },
  {
    name: 'no editor',
    args: 'edit head',
    env: {VISUAL: '', EDITOR: ''},
    code: 'EDITOR_FAILED',
    status: 1,
    data: {editor: '(none)'},
  },
  {
    name: 'an editor that does not exist',
    args: 'edit head',
    env: {VISUAL: 'no-such-editor --wait', EDITOR: 'true'},
    code: 'EDITOR_FAILED',
    status: 1,
    data: {editor: 'no-such-editor --wait'},
  },
  {
    name: 'an editor that fails',
    args: 'edit head',
    env: {VISUAL: '', EDITOR: 'false'},
    code: 'EDITOR_FAILED',
    status: 1,
    data: {editor: 'false'},
  },
  {
    name: 'a misspelt template',
    args: 'init elsewhere --template sqll',
    code: 'UNKNOWN_TEMPLATE',
    status: 2,
    data: {name: 'sqll', templates: ['generic', 'javascript', 'sql', 'multi-database']},
  },
  {
    name: 'a post-write hook that fails',
    args: 'revision -m x --rev-id bbbb',
    config: `export default {postWriteHooks: [{command: ['false', '{file}']}]}`,
    code: 'POST_WRITE_HOOK_FAILED',
    status: 1,
    data: {file: 'migrations/versions/bbbb_x.ts', program: 'false'},
    leaves: ['migrations/versions/bbbb_x.ts'],
  },
  {
    name: 'a post-write hook that does not exist',
    args: 'revision -m x --rev-id bbbb',
    config: `export default {postWriteHooks: [{command: ['no-such-program']}]}`,
    code: 'POST_WRITE_HOOK_FAILED',
    status: 1,
    data: {file: 'migrations/versions/bbbb_x.ts', program: 'no-such-program'},
    leaves: ['migrations/versions/bbbb_x.ts'],
  },
]

describe('failures with --json:', () => {
  for (const {name, args, env = {}, config, code, status, data, leaves = []} of cases)
    it(`${code}: ${name}`, async () => {
      const folder = new Folder().writeGraph('aaaa')
      if (config !== undefined) folder.write({'mig.config.js': config})
      const before = folder.list()
      const result = await mig(`${args} --json`, {cwd: folder.path, env})
      expect(printed(result)).to.deep.include({code, data})
      expect(result.status).to.equal(status)
      expect(folder.list().filter((file) => !before.includes(file))).to.deep.equal(leaves)
    })

  it('DRIVER_MISSING: a database whose driver is not installed', async () => {
    const folder = new Folder().writeGraph('aaaa')
    const program = copyMig(folder.path, {without: ['@mikro-orm/mysql']})
    const env = {MIG_DATABASE_URL: 'mysql://u:secret@127.0.0.1/d'}
    const result = await run(process.execPath, [program, 'current', '--json'], {cwd: folder.path, env})
    expect(printed(result)).to.deep.include({
      code: 'DRIVER_MISSING',
      data: {package: '@mikro-orm/mysql'},
    })
    expect(result.stdout + result.stderr).not.to.contain('secret')
    expect(result.status).to.equal(2)
  })

  for (const kind of databaseKinds.filter((one) => one === 'pglite'))
    it(`PGLITE_IN_USE: a database that another run has open, on ${kind}`, async () => {
      const folder = new Folder().writeGraph(
        'aaaa',
        () => `import {writeFileSync} from 'node:fs'
export async function upgrade(op) {
  op.execute('create table t_aaaa (n integer)')
  if (op.x.first !== 'yes') return
  await op.query('select 1')
  writeFileSync('is-open', '')
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}
`,
      )
      const database = await createDatabase(kind)
      const env = {MIG_DATABASE_URL: database.url}
      let first: ChildProcess | undefined
      const end = mig('upgrade -x first=yes', {cwd: folder.path, env, onStart: (child) => (first = child)})
      try {
        while (!existsSync(join(folder.path, 'is-open'))) await Promise.race([sleep(20), end.then(failEarly)])
        const result = await mig('current --json', {cwd: folder.path, env})
        const {code, data} = printed(result)
        expect([code, result.status]).to.deep.equal(['PGLITE_IN_USE', 1])
        expect(data).to.include({pid: first?.pid, folder: database.url.replace('pglite:', '')})
      } finally {
        first?.kill('SIGKILL')
      }
      expect((await end).status).to.equal('SIGKILL')
      await database.drop()
    })
})

function printed({stdout, stderr}: CliResult): Printed['error'] {
  expect(stdout, stderr).to.match(/^\{/)
  return (JSON.parse(stdout) as Printed).error
}

function failEarly({stderr}: CliResult): never {
  throw new Error(`the first run ended: ${stderr}`)
}
