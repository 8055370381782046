import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

/** Prints in every way, if NOISY is set. */
const noise = `
import {Console} from 'node:console'
import {env, stdout} from 'node:process'
import {pipeline} from 'node:stream/promises'
if (env.NOISY) {
  console.log('noise of console.log')
  console.table([{noise: 1}])
  new Console(stdout).info('noise of a console')
  process.stdout.write('noise of write\\n')
  await pipeline(['noise of a pipeline\\n'], stdout, {end: false})
  stdout.end('noise of end\\n')
}
`

const revision = (id: string, down: string): string => `${noise}
export const revision = '${id}'
export const downRevision = ${down}
export function upgrade(op) {
  if (env.NOISY) console.log('noise of upgrade')
  op.execute('create table ${id} (n integer)')
}
export function downgrade(op) {
  if (env.NOISY) console.log('noise of downgrade')
  op.dropTable('${id}')
}
`

interface Case {
  readonly command: string
  readonly prints?: 'text' | 'json' | 'json lines' | 'nothing'
  /** The function of the revisions that is called. */
  readonly calls?: 'upgrade' | 'downgrade'
  readonly connects?: true
  readonly status?: number
}

const cases: readonly Case[] = [
  {command: 'upgrade heads', calls: 'upgrade', connects: true},
  {command: 'upgrade heads --json', prints: 'json', calls: 'upgrade', connects: true},
  {command: 'upgrade heads --json-lines', prints: 'json lines', calls: 'upgrade', connects: true},
  {command: 'upgrade heads --dry-run', calls: 'upgrade', connects: true},
  {command: 'upgrade heads --sql', calls: 'upgrade'},
  {command: 'upgrade heads --sql --json', prints: 'json', calls: 'upgrade'},
  {command: 'downgrade b:a --sql', calls: 'downgrade'},
  {command: 'upgrade nowhere', prints: 'nothing', connects: true, status: 1},
  {command: 'upgrade nowhere --json', prints: 'json', connects: true, status: 1},
  {command: 'upgrade nowhere --json-lines', prints: 'json lines', connects: true, status: 1},
  {command: 'stamp heads --json', prints: 'json', connects: true},
  {command: 'current', prints: 'nothing', connects: true},
  {command: 'current --json', prints: 'json', connects: true},
  {command: 'status', connects: true},
  {command: 'check heads --json', prints: 'json'},
  {command: 'heads'},
  {command: 'history'},
  {command: 'show b'},
]

const masked = (text: string): string => text.replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'TIME')

describe('stdout is only for the output of mig:', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createDatabase('sqlite')
  })
  afterEach(async () => database.drop())

  for (const {command, prints = 'text', calls, connects, status = 0} of cases)
    it(`mig ${command}`, async () => {
      const file = database.url.replace('sqlite:', '')
      const {path: cwd} = new Folder().write({
        'mig.config.js': `${noise}\nexport default {orm: './orm.config.js'}\n`,
        'orm.config.js': `${noise}
import {SqliteDriver} from '${import.meta.resolve('@mikro-orm/sqlite')}'
export default {
  driver: SqliteDriver, dbName: ${JSON.stringify(file)}, debug: Boolean(env.NOISY),
  entities: [], discovery: {warnWhenNoEntities: false},
}
`,
        'migrations/versions/a.ts': revision('a', 'null'),
        'migrations/versions/b.ts': revision('b', "'a'"),
      })
      const run = async (NOISY: string): Promise<CliResult> => mig(command, {cwd, env: {NOISY}})
      const noisy = await run('yes')
      const {stdout, stderr} = noisy
      expect(noisy.status, stderr).to.equal(status)
      expect(stdout).to.not.match(/noise|\[query\]/)
      for (const source of ['console.log', 'a console', 'write', 'a pipeline', 'end', calls ?? 'end'])
        expect(stderr).to.contain(`noise of ${source}\n`)
      if (connects) expect(stderr).to.contain('[query]')
      switch (prints) {
        case 'json':
          return void JSON.parse(stdout)
        case 'json lines':
          return stdout
            .trim()
            .split('\n')
            .forEach((line) => void JSON.parse(line))
        case 'nothing':
          return expect(stdout).to.equal('')
        case 'text':
          await database.query(
            'drop table if exists a',
            'drop table if exists b',
            'drop table if exists mig_version',
            'drop table if exists mig_log',
          )
          expect(masked(stdout))
            .to.equal(masked((await run('')).stdout))
            .and.to.not.equal('')
      }
    })
})
