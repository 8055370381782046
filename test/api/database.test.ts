import {symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {MikroORM as Mikro} from '@mikro-orm/core'
import {MikroORM} from '@mikro-orm/postgresql'
import {NodeSqliteDialect, SqliteDriver} from '@mikro-orm/sql'
import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {run} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder, revisionText} from '../support/folder.ts'
import {copyMig} from '../support/packages.ts'

describe('api, on databases', () => {
  let postgres: TestDatabase
  before(async () => {
    postgres = await createDatabase('postgresql')
  })
  after(async () => postgres.drop())

  /** A project with the packages of this one, and this configuration. */
  function project(config: string, files: Readonly<Record<string, string>> = {}): Folder {
    const folder = new Folder().writeGraph('a')
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'))
    return folder.write({'mig.config.ts': config, ...files})
  }

  const ways: {name: string; config: string; files?: (url: string) => Record<string, string>}[] = [
    {
      name: 'the path of a MikroORM configuration',
      config: "export default {orm: './mikro-orm.config.ts'}",
      files: (url) => ({
        'mikro-orm.config.ts': `import {PostgreSqlDriver} from '@mikro-orm/postgresql'
export default {driver: PostgreSqlDriver, clientUrl: ${JSON.stringify(url)} as string, entities: [], discovery: {warnWhenNoEntities: false}}`,
      }),
    },
    {
      name: 'a MikroORM configuration that is a promise from a function',
      config: "export default {orm: './src/orm.ts'}",
      files: (url) => ({
        'src/orm.ts': `import {defineConfig} from '@mikro-orm/postgresql'
export default async () => defineConfig({clientUrl: ${JSON.stringify(url)}, entities: [], discovery: {warnWhenNoEntities: false}})`,
      }),
    },
    {name: 'options whose URL picks the driver', config: 'export default ({x}) => ({orm: {clientUrl: x.url}})'},
    {name: 'a function that returns options', config: 'export default ({x}) => ({orm: () => ({clientUrl: x.url})})'},
    {name: 'a URL', config: 'export default ({x}) => ({orm: x.url})'},
  ]
  it('keeps what options say of the driver beside their URL', async () => {
    const folder = project(
      'export default ({x}) => ({orm: {clientUrl: x.url, driverOptions: {statement_timeout: 54321}}})',
    )
    folder.write({
      'migrations/versions/a.ts': revisionText(
        {id: 'a', downRevisions: [], branchLabels: [], dependsOn: []},
        "export async function upgrade(op) {\n  const [{name}] = await op.query(\"select current_setting('statement_timeout') as name\")\n  if (name !== '54321ms') throw new Error(name)\n}\n",
      ),
    })
    const database = await createDatabase('postgresql')
    const {steps} = await upgrade({cwd: folder.path, x: {url: database.url}})
    expect(steps.map(({revision}) => revision)).to.deep.equal(['a'])
    await database.drop()
  })

  for (const way of ways)
    it(`takes ${way.name}`, async () => {
      const folder = project(way.config, way.files?.(postgres.url))
      const result = await current({cwd: folder.path, x: {url: postgres.url}})
      expect(result.databases[0]).to.match(/^postgresql:\/\/postgres@127\.0\.0\.1:\d+\/mig_test_/)
    })

  it('works with an instance of MikroORM that it is given, and leaves it open', async () => {
    const orm = await MikroORM.init({clientUrl: postgres.url, entities: [], discovery: {warnWhenNoEntities: false}})
    try {
      const folder = project('export default {}')
      await upgrade({cwd: folder.path, orm})
      expect(await orm.em.execute('select revision from mig_version')).to.deep.equal([{revision: 'a'}])
    } finally {
      await orm.close(true)
    }
  })

  const refused = [
    {
      name: 'a MikroORM configuration that is not there',
      config: "{orm: './nope.ts'}",
      code: 'ORM_CONFIG_NOT_FOUND',
      message: 'nope.ts',
    },
    {
      name: 'options without a driver',
      config: "{orm: {dbName: 'x'}}",
      code: 'ORM_FAILED',
      message: 'MikroORM cannot be initialised from the `orm` of the configuration: No driver specified',
    },
    {
      name: 'a function that returns none',
      config: '{orm: () => 5}',
      code: 'INVALID_CONFIG',
      message: 'the `orm` of the configuration',
    },
    {
      name: 'a URL of something else',
      config: "{orm: 'oracle://x:secret@y/z'}",
      code: 'UNKNOWN_DATABASE_URL',
      message: 'Unknown database URL: oracle://x:***@y/z',
    },
  ] as const
  for (const c of refused)
    it(`refuses ${c.name}`, async () => {
      const folder = project(`export default ${c.config}`)
      const error = await rejectionOf(c.code, () => current({cwd: folder.path}))
      expect(error.message).to.contain(c.message)
    })

  it('works with a MikroORM whose dialect of Kysely the caller chose', async () => {
    const database = await createDatabase('sqlite')
    const dbName = database.url.replace('sqlite:', '')
    const orm = await Mikro.init({
      driver: SqliteDriver,
      dbName,
      driverOptions: new NodeSqliteDialect(dbName),
      entities: [],
      discovery: {warnWhenNoEntities: false},
    })
    const {steps} = await upgrade({cwd: project('export default {}').path, orm})
    expect(steps.map(({revision}) => revision)).to.deep.equal(['a'])
    await orm.close(true)
    await database.drop()
  })

  it('says where a MikroORM configuration fails', async () => {
    const folder = project("export default {orm: './orm.ts'}", {'orm.ts': '\nthrow new Error("no luck")'})
    const error = await rejectionOf('CONFIG_FAILED', () => current({cwd: folder.path}))
    expect(error.message).to.match(/orm\.ts:2: Error: no luck/)
  })

  it('passes on what the database says when it refuses', async () => {
    const nowhere = new URL(postgres.url)
    nowhere.pathname = 'no_such_database'
    const folder = project(`export default {orm: ${JSON.stringify(nowhere.href)}}`)
    const error = await rejectionOf('DATABASE_MISSING', () => current({cwd: folder.path}))
    expect(error.message).to.match(/^postgresql:.*\/no_such_database does not exist\.$/)
    const schema = project(`export default {orm: ${JSON.stringify(postgres.url)}, versionTableSchema: 'nope'}`)
    const failed = await rejectionOf('DATABASE_FAILED', () => ensureVersion({cwd: schema.path}))
    expect(failed.message).to.contain('schema "nope" does not exist')
  })

  it('keeps its tables in a schema of their own', async () => {
    await postgres.query('create schema meta')
    const folder = project(`export default {orm: ${JSON.stringify(postgres.url)}, versionTableSchema: 'meta'}`)
    const database = await createDatabase('postgresql')
    await database.query('create schema meta')
    folder.write({'mig.config.ts': `export default {orm: ${JSON.stringify(database.url)}, versionTableSchema: 'meta'}`})
    await upgrade({cwd: folder.path})
    const [rows] = await database.query('select revision, is_head from meta.mig_version')
    expect(rows).to.deep.equal([{revision: 'a', is_head: true}])
    expect((await upgrade({cwd: folder.path})).steps).to.deep.equal([])
    await database.drop()
  })

  const packages = {
    sqlite: 'sqlite:x.db',
    libsql: 'libsql:x.db',
    mariadb: 'mariadb://u:secret@h/d',
    mysql: 'mysql://u:secret@h/d',
  }
  for (const [name, url] of Object.entries(packages))
    it(`says that the package of the driver is missing, for ${name}`, async () => {
      // A copy of mig whose neighbours are all packages but one.
      const folder = new Folder().writeGraph('a')
      const program = copyMig(folder.path, {without: [`@mikro-orm/${name}`]})
      const {stderr, status} = await run(process.execPath, [program, 'current'], {
        cwd: folder.path,
        env: {MIG_DATABASE_URL: url},
      })
      expect([status, stderr]).to.deep.equal([
        2,
        `error: ${url.replace('secret', '***')} requires @mikro-orm/${name}, which is not installed.\nhint: Run \`npm install @mikro-orm/${name}\`.\n`,
      ])
    })
})
