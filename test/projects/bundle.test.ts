import {readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {build} from 'esbuild'
import {mig, run} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

/** Two lines of revisions in three languages, and a merge point. */
const history = {
  'package.json': '{"type": "module"}',
  'mig.config.js': "export default {versionTable: 'applied', orm: 'postgresql://app:s3cret-word@127.0.0.1/none'}\n",
  'migrations/names.ts': `export const Names = {users: 'users'}
export const insert = (name: string): string => \`insert into \${Names.users} (name) values ('\${name}')\`
`,
  'migrations/versions/aaaa.ts': `/** create users */
import type {Operations} from 'migdag'
import {Names} from '../names.ts'
export const revision = 'aaaa'
export const downRevision = null
export const branchLabels = ['core']
export async function upgrade(op: Operations): Promise<void> {
  op.createTable(Names.users, (t) => ({name: t.text().notNull()}))
}
`,
  'migrations/versions/bbbb.js': `/** add Zoë */
import {insert} from '../names.ts'
export const revision = 'bbbb'
export const downRevision = 'aaaa'
export async function upgrade(op) {
  op.execute(insert('Zoë'))
}
export async function downgrade(op) {
  // Her row goes with the table.
}
`,
  'migrations/versions/cccc.sql': `-- create notes
-- revision: cccc
-- revises: aaaa

-- upgrade
create table notes (n integer);

-- downgrade
drop table notes;
`,
  'migrations/versions/dddd.ts': `/** merge */
export const revision = 'dddd'
export const downRevision = ['bbbb', 'cccc']
export async function upgrade(): Promise<void> {}
`,
}

const failing = {
  'migrations/versions/eeee.ts': `/** fails */
export const revision = 'eeee'
export const downRevision = 'dddd'
export async function upgrade(op) {
  op.execute('insert into nowhere values (1)')
}
`,
  'migrations/versions/ffff.ts': `/** throws */
import {insert} from '../names.ts'
export const revision = 'ffff'
export const downRevision = 'dddd'
export const branchLabels = ['broken']
throw new Error('not in this environment: ' + insert('x'))
export async function upgrade(op) {}
`,
}

const app = `import {MikroORM} from '@mikro-orm/core'
import {current, downgrade, ensureVersion, heads, history, stamp, upgrade} from 'migdag'
import bundle from './history.mjs'
import {options} from './options.mjs'

const calls = {current, downgrade, ensureVersion, heads, history, stamp, upgrade}
const orm = await MikroORM.init({...options(process.argv[2]), entities: [], discovery: {warnWhenNoEntities: false}})
const results = []
for (const [name, given] of JSON.parse(process.argv[3]))
  results.push(
    await calls[name]({...given, bundle, ...(name !== 'heads' && {orm})}).catch(({code, message, hint, data}) => ({code, message, hint, data})),
  )
await orm.close(true)
console.log(JSON.stringify(results))
`

const databases = [
  {
    kind: 'postgresql',
    options: `import {PostgreSqlDriver} from '@mikro-orm/postgresql'
export const options = (url) => ({driver: PostgreSqlDriver, clientUrl: url})
`,
  },
  {
    kind: 'sqlite',
    // Node's own, because the client of the other driver is a binary that no bundle can contain.
    options: `import {NodeSqliteDialect, SqliteDriver} from '@mikro-orm/sql'
export const options = (url) => {
  const dbName = url.replace('sqlite:', '')
  return {driver: SqliteDriver, dbName, driverOptions: new NodeSqliteDialect(dbName)}
}
`,
  },
] as const

type Call = readonly [name: string, options?: object]
type Result = Readonly<Record<string, unknown>>

/** A program of one file, with mig, MikroORM and the history in it, in a folder of its own. */
class Application {
  readonly #folder = new Folder()
  readonly #options: object

  /** @param options of esbuild */
  constructor(options: object = {}) {
    this.#options = options
  }

  async build(sources: Folder, options: string): Promise<this> {
    sources.write({'app.mjs': app, 'options.mjs': options})
    await build({
      entryPoints: [join(sources.path, 'app.mjs')],
      outfile: join(this.#folder.path, 'app.mjs'),
      bundle: true,
      minify: true,
      keepNames: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      alias: {migdag: join(process.cwd(), 'dist/index.js')},
      nodePaths: [join(process.cwd(), 'node_modules')],
      banner: {
        js: "import {createRequire as requireFrom} from 'node:module'; const require = requireFrom(import.meta.url)",
      },
      ...this.#options,
    })
    return this
  }

  async run(database: TestDatabase, ...calls: readonly Call[]): Promise<readonly Result[]> {
    expect(readdirSync(this.#folder.path)).to.deep.equal(['app.mjs'])
    const args = ['app.mjs', database.url, JSON.stringify(calls.map(([name, options = {}]) => [name, options]))]
    const {stdout, stderr} = await run(process.execPath, args, {cwd: this.#folder.path})
    expect(stdout, stderr).to.not.equal('')
    return JSON.parse(stdout) as Result[]
  }
}

async function bundled(files: Readonly<Record<string, string>>): Promise<Folder> {
  const folder = new Folder().write(files)
  linkPackages(folder.path, {only: 'esbuild', from: 'esbuild'})
  const {stderr, status} = await mig('bundle --out history.mjs', {cwd: folder.path})
  expect([status, stderr]).to.deep.equal([0, ''])
  return folder
}

function revisionsOf(result: Result | undefined, key: string): unknown[] {
  const views = result?.[key]
  if (!Array.isArray(views)) throw new Error(`no ${key} in ${JSON.stringify(result)}`)
  return (views as {readonly revision: string}[]).map(({revision}) => revision)
}

describe('a bundled history in a program of one file', () => {
  for (const {kind, options} of databases)
    describe(`on ${kind}`, () => {
      let sources: Folder
      let program: Application
      let database: TestDatabase
      beforeEach(async () => {
        database = await createDatabase(kind)
      })
      afterEach(async () => database.drop())
      before(async () => {
        sources = await bundled(history)
        program = await new Application().build(sources, options)
      })

      it('is applied, listed and reverted without a file of the project', async () => {
        const [created, known, listed, ran, again, now] = await program.run(
          database,
          ['ensureVersion'],
          ['heads'],
          ['history', {range: ':bbbb'}],
          ['upgrade', {target: 'heads'}],
          ['upgrade', {target: 'heads'}],
          ['current', {verbose: true}],
        )
        expect(created).to.deep.equal({created: ['applied', 'mig_log']})
        expect(revisionsOf(known, 'heads')).to.deep.equal(['dddd'])
        expect(revisionsOf(listed, 'revisions')).to.deep.equal(['bbbb', 'aaaa'])
        expect(revisionsOf(ran, 'steps')).to.deep.equal(['aaaa', 'bbbb', 'cccc', 'dddd'])
        expect(again?.['steps']).to.deep.equal([])
        expect(now).to.include({upToDate: true})
        expect([now?.['edited'], now?.['reformatted']]).to.deep.equal([[], []])
        const [names] = await database.query('select name from users')
        expect(names).to.deep.equal([{name: 'Zoë'}])
        const [reverted, marked] = await program.run(
          database,
          ['downgrade', {target: 'base'}],
          ['stamp', {target: 'cccc'}],
        )
        expect(revisionsOf(reverted, 'steps')).to.deep.equal(['dddd', 'cccc', 'bbbb', 'aaaa'])
        expect(marked?.['heads']).to.deep.equal(['cccc'])
      })

      it('and the files are the same to a database', async () => {
        const env = {MIG_DATABASE_URL: database.url}
        rmSync(join(sources.path, 'node_modules'), {recursive: true})
        linkPackages(sources.path, {without: []})
        const {stderr, status} = await mig('upgrade cccc', {cwd: sources.path, env})
        expect(status, stderr).to.equal(0)
        const [ran, now] = await program.run(database, ['upgrade', {target: 'heads'}], ['current', {verbose: true}])
        expect(revisionsOf(ran, 'steps')).to.deep.equal(['bbbb', 'dddd'])
        expect(now).to.deep.include({upToDate: true, edited: [], reformatted: []})
        const files = await mig('current --json --verbose', {cwd: sources.path, env})
        expect(JSON.parse(files.stdout)).to.deep.include({upToDate: true, edited: [], reformatted: []})
      })

      it('names the revision that fails, and its file', async () => {
        const broken = await new Application().build(await bundled({...history, ...failing}), options)
        const [failed, thrown, unknownTarget] = await broken.run(
          database,
          ['upgrade', {target: 'eeee'}],
          ['upgrade', {target: 'broken'}],
          ['upgrade', {target: 'git:main'}],
        )
        expect(failed?.['code']).to.equal('REVISION_FAILED')
        expect(failed?.['message']).to.match(
          /^The upgrade of revision eeee \(fails\) failed at migrations\/versions\/eeee\.ts/,
        )
        expect(failed?.['message']).to.contain('insert into nowhere values (1)')
        expect(thrown).to.deep.include({code: 'REVISION_CODE_FAILED'})
        expect(thrown?.['message']).to.match(/^migrations\/versions\/ffff\.ts.*not in this environment/)
        expect(unknownTarget).to.deep.include({code: 'GIT_UNAVAILABLE', message: 'The bundle has no git repository.'})
      })
    })

  it('needs the parser of PostgreSQL for few statements, and says where it must be', async () => {
    const statement = 'create index concurrently i on notes (n)'
    const database = await createDatabase('postgresql')
    const sources = await bundled({
      ...history,
      'migrations/versions/eeee.sql': `-- revision: eeee\n-- revises: dddd\n-- transactional: false\n\n-- upgrade\n${statement};\n`,
    })
    const [{options}] = databases
    const program = await new Application({external: ['libpg-query']}).build(sources, options)
    const [failed] = await program.run(database, ['upgrade'])
    expect(failed?.['code']).to.equal('PARSER_MISSING')
    expect(failed?.['hint']).to.contain('--external:libpg-query')
    await database.drop()
  })

  it('needs the names of classes', async () => {
    const database = await createDatabase('sqlite')
    const [, {options}] = databases
    const program = await new Application({keepNames: false}).build(await bundled(history), options)
    const [failed] = await program.run(database, ['upgrade', {target: 'heads'}])
    expect(failed?.['code']).to.equal('DATABASE_FAILED')
    expect(failed?.['message']).to.match(/^MikroORM's platform \w+ is not supported\.$/)
    expect(failed?.['hint']).to.contain('must keep the names of classes')
    await database.drop()
  })

  it('writes TypeScript that a strict project can import', async () => {
    const folder = new Folder().write({
      ...history,
      'app.ts': `import type {MikroORM} from '@mikro-orm/postgresql'
import {upgrade, type Bundle} from 'migdag'
import bundle from './history.ts'
export const history: Bundle = bundle
export const run = async (orm: MikroORM) => upgrade({bundle, orm, settings: {beforeRun: ({plan}) => plan.length}})
`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          ...{strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true, types: []},
          ...{allowImportingTsExtensions: true, paths: {migdag: [join(process.cwd(), 'dist/index.d.ts')]}},
        },
        files: ['app.ts'],
      }),
    })
    linkPackages(folder.path, {without: []})
    expect(await mig('bundle --out history.ts', {cwd: folder.path})).to.include({status: 0, stderr: ''})
    const compiler = join(process.cwd(), 'node_modules/typescript5/bin/tsc')
    const {stdout, status} = await run(process.execPath, [compiler, '-p', '.'], {cwd: folder.path})
    expect([status, stdout]).to.deep.equal([0, ''])
  })
})
