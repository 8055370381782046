import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {createDatabase, databaseKinds, serverOf} from '../support/databases.ts'
import {noteMissing} from '../support/requirements.ts'
import type {DatabaseKind, TestDatabase} from '../support/databases.ts'
import {GitFolder} from '../support/git.ts'

/** An empty project on a database of its own. */
class ExistingProject {
  readonly repository = new GitFolder()
  readonly database: TestDatabase

  private constructor(database: TestDatabase) {
    this.database = database
    this.repository.write({
      'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}}\n`,
      'migrations/versions/.gitkeep': '',
    })
  }

  static async open(kind: DatabaseKind, ...statements: readonly string[]): Promise<ExistingProject> {
    const database = await createDatabase(kind)
    if (statements.length > 0) await database.query(...statements)
    return new ExistingProject(database)
  }

  async run(args: string): Promise<CliResult> {
    return mig(args, {cwd: this.repository.path})
  }

  /** Runs a command that must fail, and returns its error. */
  async refused(args: string): Promise<{readonly code: string; readonly message: string; readonly hint: string}> {
    const {status, stdout} = await this.run(`${args} --json`)
    expect(status, stdout).to.equal(1)
    return (JSON.parse(stdout) as {error: {code: string; message: string; hint: string}}).error
  }

  get files(): readonly string[] {
    return this.repository.folder.list('migrations/versions').filter((file) => !file.endsWith('.gitkeep'))
  }
}

const tables = [
  'create table people (id integer primary key, name text not null)',
  'create table pets (id integer primary key, owner integer references people (id))',
]

describe('mig baseline', () => {
  let project: ExistingProject | undefined
  const on = async (kind: DatabaseKind, ...statements: readonly string[]): Promise<ExistingProject> =>
    (project = await ExistingProject.open(kind, ...statements))
  afterEach(async () => {
    await project?.database.drop()
    project = undefined
  })

  it('writes the file, records it, and names the next command', async () => {
    const existing = await on('sqlite', ...tables)
    const {stdout, stderr, status} = await existing.run('baseline -m first --rev-id first')
    expect({stdout, stderr, status}).to.deep.equal({
      stdout: 'wrote migrations/versions/first_first.ts\nThe database is at first.\n',
      stderr: 'next: mig revision -m "…"\n',
      status: 0,
    })
    const text = existing.repository.folder.read('migrations/versions/first_first.ts')
    expect(text).to.contain(
      "export const revision = 'first'\nexport const baseline = true\nexport const downRevision = null\n",
    )
    expect(text).to.contain(
      "op.createTable('people', (t) => ({id: t.integer(), name: t.text().notNull()}), {primaryKey: ['id']})",
    )
    expect((await existing.run('current')).stdout).to.contain('first')
  })

  it('writes a SQL file that runs on an empty database', async () => {
    const existing = await on('sqlite', ...tables, 'create view names as select name from people')
    expect((await existing.run('baseline --sql --rev-id first')).status).to.equal(0)
    const text = existing.repository.folder.read('migrations/versions/first_baseline.sql')
    expect(text).to.contain('-- revision: first\n-- baseline: true\n-- revises: base\n')
    expect(text).to.match(/-- downgrade\n[^]*drop table/)
    existing.repository.write({'mig.config.js': `export default {orm: 'sqlite:new.db'}\n`})
    expect((await existing.run('upgrade')).status).to.equal(0)
    expect((await existing.run('downgrade base --baseline')).status).to.equal(0)
  })

  it('is never reverted without --baseline, by any command', async () => {
    const existing = await on('sqlite', ...tables)
    const {repository} = existing
    repository.git('init', '-q', '-b', 'main')
    repository.commit()
    repository.git('switch', '-q', '-c', 'with')
    await existing.run('baseline --rev-id first')
    repository.commit()
    for (const args of ['downgrade base', 'downgrade -1', 'downgrade first:base --sql', 'switch main']) {
      const {code, message} = await existing.refused(args)
      expect([code, message], args).to.deep.equal([
        'BASELINE_REVERTED',
        'Revision first is a baseline: reverting it drops what the database had before mig was used.',
      ])
    }
    expect((await existing.run('downgrade first:base --sql --baseline')).stdout).to.contain('drop table')
    expect((await existing.run('downgrade base --baseline')).status).to.equal(0)
  })

  it('must be the first revision', async () => {
    const existing = await on('sqlite')
    existing.repository.folder.writeGraph('a <- b')
    existing.repository.write({
      'migrations/versions/b.ts': `export const revision = 'b'\nexport const downRevision = 'a'\nexport const baseline = true\nexport async function upgrade() {}\n`,
    })
    const {code, message} = await existing.refused('history')
    expect(code).to.equal('INVALID_REVISION_FILE')
    expect(message).to.contain('a baseline is the first revision and cannot have parents')
    existing.repository.write({
      'migrations/versions/b.ts': `export const revision = 'b'\nexport const downRevision = null\nexport const baseline = 'yes'\nexport async function upgrade() {}\n`,
    })
    expect((await existing.refused('history')).message).to.contain('baseline must be true or false')
  })

  it('is named where a first upgrade finds what it creates', async () => {
    const existing = await on('sqlite', ...tables)
    await existing.run('baseline --rev-id first')
    await existing.run('stamp --purge base')
    const {code, hint} = await existing.refused('upgrade')
    expect([code, hint]).to.deep.equal([
      'REVISION_FAILED',
      'If the database has the schema of the baseline, record it without running the revision: `mig baseline --verify`.',
    ])
    expect((await existing.run('baseline --verify')).status).to.equal(0)
  })

  it('writes and records nothing where it cannot be proved', async () => {
    const existing = await on('sqlite', ...tables)
    await existing.run('baseline --rev-id first')
    await existing.run('stamp --purge base')
    await existing.database.query('alter table pets add column age int', 'create index aged on pets (age)')
    const {code, message} = await existing.refused('baseline --verify')
    expect(code).to.equal('BASELINE_DIFFERS')
    expect(message).to.contain('column pets.age is only in the database and index pets.aged is only in the database')
    expect((await existing.run('current')).stdout).not.to.contain('first')
  })

  it('refuses where there is no baseline to verify', async () => {
    const existing = await on('sqlite', ...tables)
    const {code, message} = await existing.refused('baseline --verify')
    expect([code, message]).to.deep.equal(['BASELINE_REFUSED', 'The history has no baseline revision.'])
  })

  describe('--from-sql', () => {
    const refusals: readonly (readonly [name: string, text: string, message: RegExp])[] = [
      [
        'a statement that fails',
        'create table a (id int);\ncreate index i on b (x);\n',
        /^dump\.sql:2: the database refuses a statement: no such table: main\.b\.$/,
      ],
      ['an archive', 'PGDMP\u0001', /^dump\.sql:1: this is an archive of pg_dump and not SQL\.$/],
      ['nothing', '-- empty\n', /is empty; there is nothing to make a baseline of\.$/],
    ]
    for (const [name, text, message] of refusals)
      it(`refuses ${name}`, async () => {
        const existing = await on('sqlite')
        existing.repository.write({'dump.sql': text})
        const error = await existing.refused('baseline --from-sql dump.sql')
        expect(error.code).to.equal(name === 'nothing' ? 'BASELINE_REFUSED' : 'INVALID_DUMP')
        expect(error.message).to.match(message)
        expect(existing.files).to.deep.equal([])
      })

    it('takes the schema of a dump of SQLite, and no rows', async () => {
      const existing = await on('sqlite', ...tables)
      existing.repository.write({
        'dump.sql': `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n${tables.join(';\n')};\nINSERT INTO people VALUES(1,'x;y');\nPRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','found','found',0,'CREATE VIRTUAL TABLE found using fts5(body)');
CREATE TABLE IF NOT EXISTS 'found_data'(id INTEGER PRIMARY KEY, block BLOB);\nPRAGMA writable_schema=OFF;\nCOMMIT;\n`,
      })
      const {stderr, status} = await existing.run('baseline --from-sql dump.sql --rev-id first')
      expect([status, stderr]).to.deep.equal([0, 'next: mig baseline --verify\n'])
      expect((await existing.refused('baseline --verify')).message).to.contain('table found is not in the database')
      await existing.database.query('create virtual table found using fts5(body)')
      const verified = await existing.run('baseline --verify')
      expect([verified.stdout, verified.stderr]).to.deep.equal([
        'The database is at first.\n',
        'next: mig revision -m "…"\n',
      ])
    })

    if (databaseKinds.includes('postgresql')) {
      const statements = [
        'create schema app',
        `create type app.mood as enum ('sad', 'ok')`,
        `create table app.people (id serial primary key, name text, mood app.mood default 'ok')`,
        `insert into app.people (name) values ('ana'), (E'b\\nc')`,
        `create function app.one() returns int language sql as $$ select id from app.people limit 1 $$`,
        'create view people as select * from app.people',
      ]
      const isTaken = async (dumpOf: (url: string) => string): Promise<void> => {
        const existing = await on('postgresql', ...statements)
        existing.repository.write({'dump.sql': dumpOf(existing.database.url)})
        const {stderr, status} = await existing.run('baseline --from-sql dump.sql --rev-id first')
        expect([status, stderr]).to.deep.equal([0, 'next: mig baseline --verify\n'])
        const verified = await existing.run('baseline --verify')
        expect(verified.stdout, verified.stderr).to.equal('The database is at first.\n')
      }

      it('takes the schema of a dump that pg_dump 15 has written, with rows and owners left out', async () =>
        isTaken(() => readFileSync('fixtures/dumps/pg_dump-15.sql', 'utf8')))

      it('takes the schema of pg_dump, where it is as new as the server', async function () {
        const dump = (url: string): string => execFileSync('pg_dump', [url], {encoding: 'utf8', stdio: 'pipe'})
        try {
          dump(await serverOf('postgresql'))
        } catch (error) {
          noteMissing('pg_dump', `no dump of the server: ${/(?:ENOENT|version mismatch)/.exec(String(error))?.[0]}`)
          return this.skip()
        }
        await isTaken(dump)
      })

      it('refuses commands of psql in a dump', async () => {
        const existing = await on('postgresql')
        existing.repository.write({
          'dump.sql': 'create database other;\n\n\\connect other\n\ncreate table a (id int);\n',
        })
        const {code, message, hint} = await existing.refused('baseline --from-sql dump.sql')
        expect(code).to.equal('INVALID_DUMP')
        expect(message).to.equal('dump.sql:3: \\connect is a command of psql, which mig does not run.')
        expect(hint).to.equal('Dump a single database without `--create`: `pg_dump --schema-only`.')
      })
    }
  })
})
