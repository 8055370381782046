import {hash} from 'node:crypto'
import {resolve} from 'node:path'
import {expect} from 'chai'
import {importHistory} from '../../src/api/files/import-history.ts'
import type {ImportResult} from '../../src/api/files/import-history.ts'
import {toolNames} from '../../src/import/tools.ts'
import type {ToolName} from '../../src/import/tools.ts'
import {cumulativeHashes} from '../../src/import/tools/atlas.ts'
import {checksumOf} from '../../src/import/tools/flyway.ts'
import {mig, run} from '../support/cli.ts'
import {createDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

type Files = Readonly<Record<string, string>>

const config = {'mig.config.js': 'export default {}\n', 'migrations/.gitkeep': ''}
const table = 'create table t (n int);\n'

/** Imports the folder `db`. */
async function importFrom(folder: Folder, tool: ToolName, url?: string): Promise<ImportResult> {
  folder.write({
    'mig.config.js': `export default {orm: ${JSON.stringify(url ?? 'sqlite::memory:')}, scriptDirectory: 'migrations'}\n`,
  })
  return importHistory({cwd: folder.path, tool, folder: 'db', stamp: url !== undefined})
}

const refused: readonly (readonly [tool: ToolName, files: Files, message: RegExp])[] = [
  ['dbmate', {'db/1_a.sql': table}, /^db\/1_a\.sql cannot be imported: it must have one line `-- migrate:up`/],
  ['dbmate', {'db/1_a.sql': '-- migrate:down\n'}, /1_a\.sql .* `-- migrate:up`/],
  ['dbmate', {'db/1_a.sql': '-- migrate:up\n-- migrate:down\n-- migrate:up\n'}, /1_a\.sql/],
  ['dbmate', {'db/1_a.sql': '-- migrate:up\n', 'db/1_b.sql': '-- migrate:up\n'}, /two migrations 1\./],
  ['golang-migrate', {'db/1_a.down.sql': table}, /version 1 has no \.up\.sql file/],
  ['golang-migrate', {'db/1_a.up.sql': table, 'db/01_b.up.sql': table}, /several files have version 1/],
  ['flyway', {'db/V1__a.sql': table, 'db/R__view.sql': table}, /R__view\.sql .* repeatable migration/],
  ['flyway', {'db/B2__a.sql': table}, /B2__a\.sql .* baseline migration/],
  ['flyway', {'db/V1__a.sql': '-- downgrade\n'}, /its line `-- downgrade` begins a section/],
  ['atlas', {'db/1_a.sql': table, 'db/atlas.sum': 'h1:x\n1_a.sql h1:wrong\n'}, /1_a\.sql .* does not match atlas\.sum/],
  ['atlas', {'db/1_a.sql': `-- atlas:checkpoint\n\n${table}`}, /atlas:checkpoint is not supported/],
  ['mikro-orm', {'db/a.js': 'export const up = 1\n'}, /a\.js .* exports no class/],
  ['mikro-orm', {'db/a.js': "import 'nowhere-at-all'\n"}, /a\.js .* it cannot be loaded/],
  ['prisma', {'db/1_a/x': '', 'db/2_b/migration.sql': table}, /db\/1_a cannot be imported: it has no migration\.sql/],
  ['umzug', {}, /^db cannot be imported: it does not exist\.$/],
]

/** Rows that do not fit, with the statements that make them. */
const states: readonly (readonly [tool: ToolName, files: Files, statements: readonly string[], message: RegExp])[] = [
  [
    'dbmate',
    {'db/1_a.sql': '-- migrate:up\n'},
    ['create table other (n int)'],
    /schema_migrations of .* there is no such table/,
  ],
  [
    'dbmate',
    {'db/1_a.sql': '-- migrate:up\n', 'db/2_b.sql': '-- migrate:up\n'},
    ['create table schema_migrations (version text)', "insert into schema_migrations values ('2')"],
    /2 is applied, and 1 before it is not/,
  ],
  [
    'dbmate',
    {'db/1_a.sql': '-- migrate:up\n'},
    ['create table schema_migrations (version text)', "insert into schema_migrations values ('9')"],
    /9 is not in db/,
  ],
  [
    'golang-migrate',
    {'db/1_a.up.sql': table},
    ['create table schema_migrations (version integer, dirty integer)', 'insert into schema_migrations values (1, 1)'],
    /1 is dirty/,
  ],
  ...(
    [
      [`1, ${checksumOf('select 2')}`, /1 was edited/],
      [`0, ${checksumOf('select 1')}`, /1 failed/],
    ] as const
  ).map(
    ([values, message]) =>
      [
        'flyway',
        {'db/V1__a.sql': 'select 1'},
        [
          'create table flyway_schema_history (installed_rank int, version text, type text, success int, checksum int)',
          `insert into flyway_schema_history values (1, '1', 'SQL', ${values})`,
        ],
        message,
      ] as const,
  ),
  ...(
    [
      ["'now', null, 'x'", /1_a was edited/],
      ["null, null, 'x'", /1_a failed/],
    ] as const
  ).map(
    ([values, message]) =>
      [
        'prisma',
        {'db/1_a/migration.sql': table},
        [
          'create table _prisma_migrations (migration_name text, finished_at text, rolled_back_at text, checksum text)',
          `insert into _prisma_migrations values ('1_a', ${values})`,
        ],
        message,
      ] as const,
  ),
  ...(
    [
      ["1, 2, 'syntax', ''", /1 is partially applied: 1 of 2/],
      ["1, 1, null, 'x'", /1 was edited/],
    ] as const
  ).map(
    ([values, message]) =>
      [
        'atlas',
        {'db/1_a.sql': table},
        [
          'create table atlas_schema_revisions (version text, applied int, total int, error text, hash text)',
          `insert into atlas_schema_revisions values ('1', ${values})`,
        ],
        message,
      ] as const,
  ),
]

/** Records that fit: those of tools that the tests do not run. */
const recorded: readonly (readonly [
  tool: ToolName,
  files: Files,
  statements: readonly string[],
  ids: readonly string[],
])[] = [
  [
    'golang-migrate',
    {'db/1_a.up.sql': table, 'db/2_b.up.sql': table, 'db/10_c.up.sql': table},
    ['create table schema_migrations (version integer, dirty integer)', 'insert into schema_migrations values (2, 0)'],
    ['1', '2'],
  ],
  [
    'flyway',
    {'db/V1_1__a.sql': table, 'db/V1_10__c.sql': table, 'db/V1_2__b.sql': table, 'db/U1_2__b.sql': 'drop table t'},
    [
      'create table flyway_schema_history (installed_rank int, version text, type text, success int, checksum int)',
      "insert into flyway_schema_history values (1, '1.1', 'BASELINE', 1, null)",
      `insert into flyway_schema_history values (2, '1.2', 'SQL', 1, ${checksumOf(table)})`,
      "insert into flyway_schema_history values (3, '1.2', 'UNDO_SQL', 1, null)",
      `insert into flyway_schema_history values (4, '1.2', 'SQL', 1, ${checksumOf(table)})`,
      "insert into flyway_schema_history values (5, null, 'SCHEMA', 1, null)",
    ],
    ['1.1', '1.2'],
  ],
  [
    'prisma',
    {'db/1_a/migration.sql': table, 'db/2_b/migration.sql': table, 'db/migration_lock.toml': ''},
    [
      'create table _prisma_migrations (migration_name text, finished_at text, rolled_back_at text, checksum text)',
      "insert into _prisma_migrations values ('1_a', null, 'then', 'x')",
      `insert into _prisma_migrations values ('1_a', 'now', null, '${hash('sha256', table)}')`,
    ],
    ['1_a'],
  ],
  [
    'atlas',
    {'db/1_a.sql': table, 'db/2_b.sql': table},
    [
      'create table atlas_schema_revisions (version text, applied int, total int, error text, hash text)',
      "insert into atlas_schema_revisions values ('.atlas_cloud_identifier', 0, 0, null, '')",
      `insert into atlas_schema_revisions values ('1', 1, 1, '', '${cumulativeHashes(['1_a.sql'], [table])[0]}')`,
    ],
    ['1'],
  ],
]

/** A file of a migration of each tool. */
const one: Readonly<Record<ToolName, string>> = {
  'mikro-orm': 'Migration1.js',
  prisma: '1_a/migration.sql',
  umzug: '1_a.sql',
  dbmate: '1_a.sql',
  'golang-migrate': '1_a.up.sql',
  flyway: 'V1__a.sql',
  atlas: '1_a.sql',
  sqitch: 'sqitch.plan',
  drizzle: 'meta/_journal.json',
  knex: '1_a.js',
  typeorm: '1-a.ts',
  'node-pg-migrate': '1_a.js',
  alembic: 'a_users.py',
  django: 'manage.py',
}

describe('mig import: a folder without migrations', () => {
  for (const tool of toolNames) {
    it(`${tool}: an empty one is refused, also with --stamp`, async () => {
      const folder = new Folder().write({...config, 'db/.gitkeep': '', 'db/readme.md': ''})
      const database = await createDatabase('sqlite')
      for (const url of [undefined, database.url]) {
        const {message} = await rejectionOf('IMPORT_REFUSED', async () => importFrom(folder, tool, url))
        expect(message).to.match(/^db cannot be imported: it has no migration of [\w-]+: there is no /)
      }
      await database.drop()
    })

    for (const place of ['db/below', 'beside'])
      it(`${tool}: the hint names the folder in ${place}`, async () => {
        const folder = new Folder().write({...config, 'db/.gitkeep': '', [`${place}/${one[tool]}`]: table})
        const {hint} = await rejectionOf('IMPORT_REFUSED', async () => importFrom(folder, tool))
        expect(hint).to.equal(
          `Pass the folder of the migrations: \`mig import ${tool} ${place}\`. No file was written.`,
        )
      })
  }

  it('one level too deep, and one level too high', async () => {
    const folder = new Folder().write({...config, 'prisma/migrations/1_a/migration.sql': table})
    for (const wrong of ['prisma', 'prisma/migrations/1_a']) {
      const importing = async (): Promise<ImportResult> =>
        importHistory({cwd: folder.path, tool: 'prisma', folder: wrong})
      const {hint} = await rejectionOf('IMPORT_REFUSED', importing)
      expect(hint).to.contain('`mig import prisma prisma/migrations`')
    }
  })
})

const openUntil = (file: string): string => `import {existsSync} from 'node:fs'
class Migration {
  queries = []
  addSql(sql) { this.queries.push(sql) }
  getQueries() { return this.queries }
  isTransactional() { return true }
}
export class A extends Migration {
  async up() { existsSync(${JSON.stringify(file)}) ? this.addSql('create table t (n int)') : this.execute('select 1') }
}
`

describe('mig import: revisions that were left open', () => {
  it('are completed by a later import that knows their statements, until they are edited', async () => {
    for (const isEdited of [false, true]) {
      const folder = new Folder().write(config)
      folder.write({'db/A1.js': openUntil(`${folder.path}/ready`), 'db/B2.js': openUntil(folder.path)})
      const first = await importFrom(folder, 'mikro-orm')
      expect(first.open.map(({revision}) => revision)).to.deep.equal(['A1'])
      const again = await importFrom(folder, 'mikro-orm')
      expect([again.revisions.length, ...again.open.map(({revision}) => revision)]).to.deep.equal([0, 'A1'])
      const file = first.open[0]?.file ?? ''
      if (isEdited)
        folder.write({
          [file]: folder.read(file).replace('  throw new Error', '  op.execute("select 1")\n  throw new Error'),
        })
      folder.write({ready: ''})
      const last = await importFrom(folder, 'mikro-orm')
      expect(last.open).to.deep.equal([])
      expect(last.revisions.map(({revision}) => revision)).to.deep.equal(isEdited ? [] : ['A1'])
      const files = folder.list('migrations/versions')
      expect(files).to.deep.equal([isEdited ? file : file.replace(/\.\w+$/, '.sql'), 'migrations/versions/B2.sql'])
      if (!isEdited)
        expect(folder.read(files[0] ?? ''))
          .to.contain('create table t (n int)')
          .and.not.to.contain('Left open')
    }
  })

  it('are said to be open when they are recorded as applied', async () => {
    const database = await createDatabase('sqlite')
    const folder = new Folder().write({
      'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}}\n`,
      'migrations/.gitkeep': '',
      'db/A1.js': openUntil('nowhere'),
    })
    await database.query(
      'create table mikro_orm_migrations (id integer, name text)',
      "insert into mikro_orm_migrations values (1, 'A1')",
    )
    for (const args of [[], ['--stamp'], ['--stamp']]) {
      const {stderr, status} = await mig(['import', 'mikro-orm', 'db', ...args], {cwd: folder.path})
      expect(status, stderr).to.equal(0)
      expect(stderr).to.contain('1 revision left open; write what is missing')
      expect(stderr.includes('other databases need it')).to.equal(args.length > 0)
    }
    await database.drop()
  })

  it('are not written for a stamp on a database that nothing has configured', async () => {
    const folder = new Folder().write({...config, 'db/1_a.sql': table})
    const importing = async (): Promise<ImportResult> =>
      importHistory({cwd: folder.path, tool: 'umzug', folder: 'db', stamp: true})
    const {message, hint} = await rejectionOf('IMPORT_REFUSED', importing)
    expect(message).to.equal(
      'db cannot be imported: no database is configured in which Umzug has recorded what it applied.',
    )
    expect(hint).to.equal('Set `orm` in the configuration to the database of Umzug. No file was written.')
    expect(folder.list('migrations')).to.deep.equal(['migrations/.gitkeep'])
  })

  it('are none where Alembic is not on the PATH', async () => {
    const folder = new Folder().write({
      ...config,
      'db/a.py': "revision = 'a'\ndown_revision = None\n\ndef upgrade():\n    op.drop_table('t')\n",
    })
    const before = process.env['PATH']
    process.env['PATH'] = folder.path
    try {
      const {message, hint} = await rejectionOf('IMPORT_REFUSED', async () => importFrom(folder, 'alembic'))
      expect(message).to.contain('there is no `alembic` on the PATH')
      expect(hint).to.contain('Activate the virtual environment')
    } finally {
      process.env['PATH'] = before
    }
    expect(folder.list('migrations')).to.deep.equal(['migrations/.gitkeep'])
  })
})

describe('mig import: what is refused', () => {
  for (const [tool, files, message] of refused)
    it(`${tool}: ${Object.keys(files).join(', ')}: ${message.source}`, async () => {
      const folder = new Folder().write({...config, ...files})
      const error = await rejectionOf('IMPORT_REFUSED', async () => importFrom(folder, tool))
      expect(error.message).to.match(message)
      expect(folder.list('migrations')).to.deep.equal(['migrations/.gitkeep'])
    })

  for (const [tool, files, statements, message] of states)
    it(`${tool}: a record of which ${message.source}`, async () => {
      const folder = new Folder().write({...config, ...files})
      const database = await createDatabase('sqlite')
      await database.query(...statements)
      const error = await rejectionOf('IMPORT_STATE_REFUSED', async () => importFrom(folder, tool, database.url))
      expect(error.message).to.match(message)
      await database.drop()
    })

  for (const [tool, files, statements, ids] of recorded)
    it(`${tool}: a record that fits is stamped`, async () => {
      const folder = new Folder().write({...config, ...files})
      const database = await createDatabase('sqlite')
      await database.query(...statements)
      await importFrom(folder, tool, database.url)
      const [rows = []] = await database.query('select revision from mig_version')
      expect(rows.map(({revision}) => revision)).to.have.members(ids)
      await database.drop()
    })
})

const idOf = (name: string): string => hash('sha256', `umzug\n${name}`).slice(0, 12)

describe('mig import', () => {
  it('imports only what is new the second time, and notices edits', async () => {
    const up = (sql: string): string => `-- migrate:up\n${sql}-- migrate:down\ndrop table t;\n`
    const folder = new Folder().write({...config, 'db/1_a.sql': up(table), 'db/3_c.sql': up('')})
    const first = await importFrom(folder, 'dbmate')
    expect(first.revisions.map(({revision}) => revision)).to.deep.equal(['1', '3'])
    expect((await importFrom(folder, 'dbmate')).revisions).to.deep.equal([])
    folder.write({'db/2_b.sql': up('')})
    const second = await importFrom(folder, 'dbmate')
    expect(second.revisions.map(({revision, downRevisions}) => [revision, downRevisions])).to.deep.equal([['2', ['3']]])
    folder.write({'db/1_a.sql': up('')})
    const error = await rejectionOf('IMPORT_REFUSED', async () => importFrom(folder, 'dbmate'))
    expect(error.message).to.match(
      /^db\/1_a\.sql cannot be imported: it was edited after it was imported as migrations/,
    )
  })

  it('names the package of a tool that the project does not have', async () => {
    const folder = new Folder().write({...config, 'db/1_a.js': 'export const up = () => {}\n'})
    const error = await rejectionOf('IMPORT_PACKAGE_MISSING', async () => importFrom(folder, 'knex'))
    expect(error.message).to.contain('The migrations in db are code, and the package knex')
    expect(folder.list('migrations')).to.deep.equal(['migrations/.gitkeep'])
  })

  it('records no statements of code that reads, asks for the time, or uses the driver', async () => {
    const migration = (body: string): string =>
      `export class A {\n  queries = []\n  addSql(sql) { this.queries.push(sql) }\n  getQueries() { return this.queries }\n  isTransactional() { return true }\n  async up() { ${body} }\n}\n`
    const folder = new Folder().write({
      ...config,
      'db/a.js': migration("try { await this.execute('select 1') } catch {} this.addSql('select 2')"),
      'db/b.js': migration('this.addSql(`select ${process.hrtime.bigint()}`)'),
      'db/c.js': migration('this.getEntityManager().clear()'),
      'db/d.js': migration("throw new Error('no luck')"),
      'db/e.js': migration("this.addSql('create table t (n int)')"),
    })
    const {open} = await importFrom(folder, 'mikro-orm')
    expect(open.map(({revision, reason}) => [revision, reason])).to.deep.equal([
      ['a', 'it calls `this.execute()`.'],
      ['b', 'its statements differ from run to run.'],
      ['c', 'it calls `this.getEntityManager()`.'],
      ['d', 'its code fails without a database: no luck.'],
    ])
  })

  it('keeps several parents of Drizzle', async () => {
    const snapshot = (id: string, prevIds: readonly string[]): string => JSON.stringify({id, prevIds})
    const folder = new Folder().write({
      ...config,
      ...Object.fromEntries(['1_a', '2_b', '3_c', '4_d'].map((name) => [`db/${name}/migration.sql`, table])),
      'db/1_a/snapshot.json': snapshot('a', ['00000000-0000-0000-0000-000000000000']),
      'db/2_b/snapshot.json': snapshot('b', ['a']),
      'db/3_c/snapshot.json': snapshot('c', ['a']),
      'db/4_d/snapshot.json': snapshot('d', ['b', 'c']),
    })
    const {revisions} = await importFrom(folder, 'drizzle')
    expect(revisions.map(({downRevisions}) => downRevisions)).to.deep.equal([[], ['1_a'], ['1_a'], ['2_b', '3_c']])
  })

  it('keeps names in the header, and makes ids of those that cannot be one', async () => {
    const folder = new Folder().write({...config, 'db/2026-a b.sql': table, 'db/head.sql': table})
    const {revisions} = await importFrom(folder, 'umzug')
    expect(revisions.map(({revision}) => revision)).to.deep.equal([idOf('2026-a b.sql'), idOf('head.sql')])
    expect(folder.read(revisions[0]?.file ?? '')).to.contain('Imported from umzug: 2026-a b.sql.')
  })

  it('leaves open what depends on data, and what is left open fails when it is run', async () => {
    const folder = new Folder().write({
      ...config,
      'db/1_a.js': 'export const up = async ({context}) => {\n  await context.doIt()\n}\n',
    })
    const database = await createDatabase('sqlite')
    const env = {MIG_DATABASE_URL: database.url}
    const imported = await mig('import umzug db', {cwd: folder.path, env})
    expect(imported.stdout).to.equal('wrote migrations/versions/1_a.ts\n')
    expect(imported.stderr)
      .to.contain('migrations/versions/1_a.ts: it is code for a context')
      .and.to.contain('1 revision left open')
      .and.to.contain('If umzug has applied them to the database, record that: `mig import --stamp umzug db`.\n')
    expect(folder.read('migrations/versions/1_a.ts')).to.contain('  //   await context.doIt()')
    const upgraded = await mig('upgrade', {cwd: folder.path, env})
    expect(upgraded.status).to.equal(1)
    expect(upgraded.stderr).to.contain(
      'hint: Write its statements. If umzug has applied it to the database, record that: `mig import --stamp umzug db`.\n',
    )
    expect(upgraded.stderr).to.contain('1_a.js was imported from umzug without its statements')
    await database.drop()
  })

  for (const [name, imports] of [
    ['at once', ['import umzug db --stamp']],
    ['later', ['import umzug db', 'import umzug db --stamp']],
  ] as const)
    it(`does not take the body of an open revision for an edit, where it was stamped ${name}`, async () => {
      const folder = new Folder().write({
        ...config,
        'db/1_a.js': 'export const up = async ({context}) => {\n  await context.doIt()\n}\n',
        'db/2_b.sql': table,
      })
      const database = await createDatabase('sqlite')
      const env = {MIG_DATABASE_URL: database.url}
      await database.query(
        'create table SequelizeMeta (name text)',
        "insert into SequelizeMeta values ('1_a.js'), ('2_b.sql')",
      )
      for (const line of imports) expect((await mig(line, {cwd: folder.path, env})).status).to.equal(0)
      const file = 'migrations/versions/1_a.ts'
      folder.write({[file]: folder.read(file).replace(/throw new Error\(.*\)/, "op.execute('select 1')")})
      expect((await mig('status', {cwd: folder.path, env})).stdout).to.contain('up to date')
      expect((await mig('check files', {cwd: folder.path, env})).stdout).to.equal('files: ok\n')
      await database.drop()
    })

  it('says what it has written before what it records', async () => {
    const folder = new Folder().write({...config, 'db/1_a.sql': table})
    const database = await createDatabase('sqlite')
    await database.query('create table SequelizeMeta (name text)', "insert into SequelizeMeta values ('1_a.sql')")
    const env = {MIG_DATABASE_URL: database.url}
    const script = `exec "$0" "$@" 2>&1`
    const {stdout} = await run(
      'sh',
      ['-c', script, process.execPath, resolve('bin/mig.js'), 'import', 'umzug', 'db', '--stamp'],
      {
        cwd: folder.path,
        env,
      },
    )
    expect(stdout.split('\n').map((line) => line.split(' ', 1)[0])).to.deep.equal(['wrote', 'stamped', 'The', ''])
    await database.drop()
  })

  it('is named where the first revision creates what the other tool has created', async () => {
    const folder = new Folder().write({...config, 'db/1_a.sql': table})
    const database = await createDatabase('sqlite')
    await database.query(
      table,
      'create table SequelizeMeta (name text)',
      "insert into SequelizeMeta values ('1_a.sql')",
    )
    const env = {MIG_DATABASE_URL: database.url}
    await mig('import umzug db', {cwd: folder.path, env})
    expect((await mig('upgrade', {cwd: folder.path, env})).stderr).to.contain(
      'hint: If umzug has applied it to the database, record that: `mig import --stamp umzug db`.\n',
    )
    const status = await mig('status', {cwd: folder.path, env})
    expect(status.stdout)
      .to.contain('it has tables, and no revision is applied\n')
      .and.to.contain('next:     mig import --stamp umzug db\n')
    await mig('import --stamp umzug db', {cwd: folder.path, env})
    expect((await mig('upgrade', {cwd: folder.path, env})).stdout).to.contain('nothing to do')
    await database.drop()
  })

  it('keeps transactions where SQL has them', async () => {
    const folder = new Folder().write({
      ...config,
      'db/1_a.sql': `begin;\n${table}commit;\n`,
      'db/2_b.sql': `${table}commit;\nbegin;\n${table}`,
    })
    await importFrom(folder, 'umzug')
    expect(folder.read('migrations/versions/1_a.sql')).to.contain(`-- upgrade\n${table}\n-- downgrade`)
    expect(folder.read('migrations/versions/2_b.ts')).to.contain('throw new Error').and.to.contain('  // create table')
  })
})
