import {renameSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import {pathToFileURL} from 'node:url'
import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {Check, CheckOptions} from '../../src/api/checks/check-options.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import type {ErrorCode} from '../../src/errors.ts'
import {mig} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'
import {ModelProject} from '../support/models.ts'

const users = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary()}})

const imports = `
import {fileURLToPath} from 'node:url'
import {defineEntity, p} from '${pathToFileURL('node_modules/@mikro-orm/core/index.js').href}'
import {SqliteDriver} from '${pathToFileURL('node_modules/@mikro-orm/sqlite/index.js').href}'
const users = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary()}})
const driver = SqliteDriver
`

/** Returns a configuration of SQLite databases, each with its entities as source text. */
function configOf(databases: Readonly<Record<string, string>>, folder = '', more = ''): string {
  const all = Object.entries(databases).map(([name, entities]) => {
    const file = `fileURLToPath(new URL('${folder}${name}.db', import.meta.url))`
    return [name, `{driver, entities: ${entities}, dbName: ${file}, discovery: {warnWhenNoEntities: false}}`] as const
  })
  const orm =
    all.length === 1
      ? `orm: ${all[0]?.[1]}`
      : `databases: {${all.map(([name, options]) => `${name}: {orm: ${options}}`).join(', ')}}`
  return `${imports}\nexport default {${orm}, ${more}}\n`
}

describe('check models', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('sqlite')
    await project.use([users])
  })
  afterEach(async () => project.close())

  const run = async (options: CheckOptions = {names: ['models']}): Promise<Check | undefined> => {
    const {checks} = await check({cwd: project.cwd, orm: project.orm, ...options})
    return checks.find(({name}) => name === 'models')
  }

  it('compares a database with unknown revisions only if they are allowed', async () => {
    await project.generate()
    await project.upgrade()
    project.removeRevisions()
    await rejectionOf('DATABASE_NOT_AT_HEADS', async () => run())
    expect((await run({names: ['models'], allowUnknown: true}))?.findings).to.deep.equal([])
    expect((await run({names: ['models'], scratch: false, allowUnknown: true}))?.ok).to.equal(true)
  })

  it('fails with what MikroORM cannot create, unless that is excluded', async () => {
    const indexes = [{name: 'broken', expression: 'create index broken on users (missing)'}]
    const properties = {id: p.integer().primary()}
    await project.use([defineEntity({name: 'User', tableName: 'users', properties, indexes} as never)])
    const found = await run()
    expect(found?.findings.map(({code, message}) => [code, message])).to.deep.include([
      'NOT_EVALUATED',
      'Left out of the comparison: create index broken on users (missing): no such column: missing.',
    ])
    project.folder.write({'mig.config.js': `export default {autogenerate: {exclude: ['users']}}\n`})
    expect((await run())?.findings).to.deep.equal([])
  })

  it('fails with every difference, until there is none', async () => {
    expect(await run()).to.deep.equal({
      name: 'models',
      ok: false,
      findings: [
        {
          code: 'MODEL_DIFFERENCE',
          level: 'error',
          message: "Detected added table 'users'.",
          hint: '`mig revision --autogenerate -m "..."` generates the revision.',
        },
      ],
    })
    await project.generate()
    await project.upgrade()
    expect(await run()).to.deep.equal({name: 'models', ok: true, findings: []})
  })

  it('compares with the history alone, where that is asked for', async () => {
    await project.generate()
    expect(await run({names: ['models'], scratch: true})).to.deep.equal({name: 'models', ok: true, findings: []})
  })

  it('is no check where there are no entities', async () => {
    await project.use([])
    expect(await run({})).to.equal(undefined)
  })

  it('skips databases without entities where another database has some', async () => {
    project.folder.write({'mig.config.js': configOf({main: '[users]', other: '[]'})})
    await upgrade({cwd: project.cwd})
    const {checks} = await check({cwd: project.cwd})
    const models = checks.find(({name}) => name === 'models')
    expect(models?.findings.map(({message}) => message)).to.deep.equal(["Detected added table 'users'."])
    const replayed = await check({cwd: project.cwd, names: ['models'], scratch: true})
    expect(replayed.checks).to.deep.equal([models])
  })
})

/** A comparison that cannot be made, and the error that says so. */
const impossible: readonly {
  readonly name: string
  readonly code: ErrorCode
  /** Files of a project with one revision, which is not applied. */
  readonly files?: Readonly<Record<string, string>>
  readonly prepare?: (cwd: string) => Promise<unknown>
}[] = [
  {name: 'the database is behind the files', code: 'DATABASE_NOT_AT_HEADS'},
  {
    name: 'the database is ahead of the files',
    code: 'DATABASE_NOT_AT_HEADS',
    prepare: async (cwd) => {
      await upgrade({cwd})
      renameSync(`${cwd}/migrations/versions/aaaa.ts`, `${cwd}/aaaa.txt`)
    },
  },
  {
    name: 'the database does not exist',
    code: 'DATABASE_MISSING',
    files: {'mig.config.js': configOf({main: '[users]'}, 'nowhere/')},
  },
  {
    name: 'the server does not answer',
    code: 'DATABASE_UNREACHABLE',
    files: {
      'mig.config.js': `${imports}
        export default {orm: {entities: [users], clientUrl: 'postgresql://me@127.0.0.1:1/none'}}`,
    },
  },
  {
    name: 'the configuration of MikroORM fails',
    code: 'CONFIG_FAILED',
    files: {
      'mig.config.js': "export default {orm: 'orm.config.js'}",
      'orm.config.js': "throw new Error('DATABASE_URL is not set')",
    },
  },
  {
    name: 'MikroORM refuses its options',
    code: 'ORM_FAILED',
    files: {'mig.config.js': configOf({main: '[users, undefined]'})},
  },
  {
    name: 'no file has the entities that the configuration names',
    code: 'NO_ENTITIES',
    files: {'mig.config.js': configOf({main: "['missing/*.js']"})},
  },
  {
    name: 'the version table cannot be read',
    code: 'VERSION_TABLE_UNKNOWN',
    prepare: async (cwd) => {
      const database = new DatabaseSync(`${cwd}/main.db`)
      database.exec('create table mig_version (n integer)')
      database.close()
    },
  },
  {
    name: 'the comparison crashes',
    code: 'PROJECT_CODE_FAILED',
    files: {
      'mig.config.js': configOf(
        {main: '[users]'},
        '',
        "autogenerate: {comparators: {own: () => { throw new TypeError('of no use') }}}",
      ),
    },
    prepare: async (cwd) => upgrade({cwd}),
  },
  {
    name: 'a revision cannot be read',
    code: 'INVALID_REVISION_FILE',
    files: {'migrations/versions/bbbb.ts': "export const revision = 'b' + 'b'"},
  },
]

describe('a check that cannot be evaluated', () => {
  for (const {name, code, files = {}, prepare} of impossible)
    it(`fails when ${name}`, async () => {
      const {path: cwd} = new Folder()
        .writeGraph('aaaa')
        .write({'mig.config.js': configOf({main: '[users]'}), ...files})
      await prepare?.(cwd)
      const error = await rejectionOf(code, async () => check({cwd, names: ['models']}))
      const {checks} = await check({cwd})
      expect(checks.map((one) => one.name)).to.deep.equal(['files', 'heads', 'models'])
      const models = checks.find((one) => one.name === 'models')
      expect(models).to.deep.include({ok: false, isEvaluated: false})
      expect(models?.findings.map((finding) => [finding.level, finding.code])).to.deep.equal([['error', code]])
      expect(models?.findings[0]?.message).to.contain(error.message)
      expect(models?.findings[0]?.hint).to.contain('`mig check files heads`')
    })

  it('does not hide what the others find, on the command line', async () => {
    const {path: cwd} = new Folder().writeGraph('aaaa').write({'mig.config.js': configOf({main: '[users]'})})
    const {stdout, stderr, status} = await mig('check', {cwd})
    expect({stdout, stderr, status}).to.deep.equal({
      stdout: `files: ok
heads: ok, 1 head
models: not evaluated
error: The models check could not run: sqlite:${cwd}/main.db is not at the heads of the files: aaaa is not applied.
hint: Run \`mig upgrade heads\` first, generate the revision again with \`mig revision --autogenerate --amend\`, or compare with a temporary database: \`--scratch\`. \`mig check files heads\` skips this check.
`,
      stderr: '',
      status: 1,
    })
    const skipped = await mig('check files heads', {cwd})
    expect([skipped.stdout, skipped.status]).to.deep.equal(['files: ok\nheads: ok, 1 head\n', 0])
  })

  it('is an error for the other checks, too', async () => {
    const repo = GitFolder.init().write({'mig.config.js': 'export default {}'}).revisions('aaaa')
    repo.commit()
    repo.git('switch', '-q', '--orphan', 'other')
    repo.write({'mig.config.js': 'export default {}'}).revisions('bbbb').commit()
    for (const [onto, code] of [
      ['main', 'NOT_EVALUATED'],
      ['nowhere', 'UNKNOWN_REF'],
    ] as const) {
      const {checks} = await check({cwd: repo.path, onto})
      expect(checks.map(({name, ok, findings}) => [name, ok, ...findings.map((one) => one.code)])).to.deep.equal([
        ['files', true],
        ['heads', false, code],
      ])
    }
  })

  it('warns where a comparison could only have warned', async () => {
    const {path: cwd} = new Folder()
      .writeGraph('aaaa')
      .write({'mig.config.js': configOf({main: '[users]'}, 'nowhere/')})
    const {checks} = await check({cwd, names: ['files']})
    expect(checks.map(({ok, findings}) => [ok, ...findings.map(({level, code}) => `${level} ${code}`)])).to.deep.equal([
      [true, 'warning DATABASE_MISSING'],
    ])
  })

  it('leaves a wrong configuration an error of the command', async () => {
    const {path: cwd} = new Folder().write({'mig.config.js': 'export default {nonsense: true}'})
    await rejectionOf('INVALID_CONFIG', async () => check({cwd}))
  })
})
