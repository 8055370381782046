import {expect} from 'chai'
import {current} from '../../src/api/current.ts'
import {ensureVersion} from '../../src/api/ensure-version.ts'
import {downgrade, stamp, upgrade} from '../../src/api/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {DatabaseKind, TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const forked = 'a <- b <- l1{L} <- l2; b <- r1{R}'

/** What every database must do alike. */
for (const kind of databaseKinds)
  describe(`runner, on ${kind}`, () => {
    let database: TestDatabase
    let folder: Folder

    beforeEach(async () => {
      database = await createDatabase(kind)
      folder = new Folder()
    })
    afterEach(async () => database.drop())

    describe('going up and down', () => {
      it('applies a branched history and records it', async () => {
        use(forked)
        const result = await upgrade({cwd: folder.path, target: 'heads'})
        expect(
          result.steps.map((step) => `${step.direction} ${step.revision} [${step.heads.join(' ')}]`),
        ).to.deep.equal(['upgrade a [a]', 'upgrade b [b]', 'upgrade l1 [l1]', 'upgrade l2 [l2]', 'upgrade r1 [l2 r1]'])
        expect(result.heads).to.deep.equal(['l2', 'r1'])
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version', 't_a', 't_b', 't_l1', 't_l2', 't_r1'])
        expect(await state()).to.equal('a b l1 l2* r1*')
        expect(await log()).to.deep.equal(['a', 'b', 'l1', 'l2', 'r1'].map((id) => `upgrade ${id} done`))
      })

      it('goes one branch up, and down again', async () => {
        use(forked)
        await upgrade({cwd: folder.path, target: 'L@head'})
        await upgrade({cwd: folder.path, target: 'R@head'})
        expect((await downgrade({cwd: folder.path, target: 'L@-1'})).heads).to.deep.equal(['l1', 'r1'])
        expect(await state()).to.equal('a b l1* r1*')
        expect((await downgrade({cwd: folder.path, target: 'b'})).heads).to.deep.equal(['b'])
        expect(await state()).to.equal('a b*')
        await downgrade({cwd: folder.path, target: 'base'})
        expect(await state()).to.equal('')
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version'])
      })

      it('merges', async () => {
        use(`${forked}; l2, r1 <- m`)
        await upgrade({cwd: folder.path})
        expect(await state()).to.equal('a b l1 l2 m* r1')
        await downgrade({cwd: folder.path, target: 'r1'})
        expect(await state()).to.equal('a b l1 l2* r1*')
      })

      it('applies what is depended on, and has a head that is only a dependency', async () => {
        use('a <- b; x <- y(b)')
        await upgrade({cwd: folder.path, target: 'x@head'})
        expect(await state()).to.equal('a b x y*')
        const now = await current({cwd: folder.path})
        expect(now.current.map((view) => view.revision)).to.deep.equal(['b', 'y'])
        expect(now.upToDate).to.equal(true)
      })

      it('does nothing twice', async () => {
        use('a <- b')
        await upgrade({cwd: folder.path})
        expect((await upgrade({cwd: folder.path})).steps).to.deep.equal([])
      })

      it('applies what was put below an applied revision later, and says so', async () => {
        use('a <- c')
        await upgrade({cwd: folder.path})
        use('a <- b <- c')
        const events: RunEvent[] = []
        const {steps} = await upgrade({cwd: folder.path, onEvent: (event) => events.push(event)})
        expect(steps.map((step) => [step.revision, step.outOfOrder, step.heads])).to.deep.equal([['b', true, ['c']]])
        expect(events.find((event) => event.kind === 'plan')).to.deep.include({outOfOrder: ['b']})
        expect(await state()).to.equal('a b c*')
      })

      it('changes nothing on a dry run, not even the version table', async () => {
        use('a <- b')
        const {steps, heads} = await upgrade({cwd: folder.path, dryRun: true})
        expect(steps.map((step) => step.revision)).to.deep.equal(['a', 'b'])
        expect(heads).to.deep.equal(['b'])
        expect(await tables()).to.deep.equal([])
      })
    })

    describe('stamping', () => {
      it('sets the state and runs nothing', async () => {
        use(forked)
        await stamp({cwd: folder.path, target: 'heads'})
        expect(await state()).to.equal('a b l1 l2* r1*')
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version'])
        await stamp({cwd: folder.path, target: 'b'})
        expect(await state()).to.equal('a b*')
        expect(await log()).to.deep.equal(['stamp l2 done', 'stamp r1 done', 'stamp b done'])
      })

      it('empties the version table first when it is told to', async () => {
        use('a <- b')
        await upgrade({cwd: folder.path})
        use('x <- y')
        await rejectionOf('UNKNOWN_APPLIED_REVISION', () => stamp({cwd: folder.path, target: 'x'}))
        await stamp({cwd: folder.path, target: 'x', purge: true})
        expect(await state()).to.equal('x*')
      })

      it('creates the tables, and nothing else', async () => {
        use('a <- b')
        expect(await ensureVersion({cwd: folder.path})).to.deep.equal({created: ['mig_version', 'mig_log']})
        expect(await ensureVersion({cwd: folder.path})).to.deep.equal({created: []})
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version'])
      })
    })

    describe('in revision files', () => {
      it('runs SQL, queries, rows, a query builder and an entity manager, in order', async () => {
        use(
          'a',
          () => `
export async function upgrade(op) {
  op.execute('create table t (id integer primary key, name varchar(40), at timestamp)')
  op.bulkInsert('t', [{id: 1, name: "it's \\\\ ?"}, {id: 2, at: null}])
  const [{n}] = await op.query('select count(*) as n from t where id < ?', [10])
  op.execute('insert into t (id, name) values (?, ?)', [10 + Number(n), op.dialect])
  op.execute({postgresql: "insert into t (id, name) values (20, 'pg')", sqlite: "insert into t (id, name) values (20, 'lite')"})
  const db = await op.kysely()
  op.execute("insert into t (id, name) values (30, 'recorded before the query')")
  const rows = await db.selectFrom('t').select('id').orderBy('id').execute()
  op.execute('insert into t (id, name) values (?, ?)', [40, rows.map((row) => row.id).join(' ')])
  const em = await op.entityManager()
  op.execute("insert into t (id, name) values (50, ?)", [op.x.who])
  const seen = await em.execute('select count(*) as n from t')
  await em.transactional(async (inner) => inner.execute("insert into t (id, name) values (60, 'kept')"))
  await em.transactional(async (inner) => {
    await inner.execute("insert into t (id, name) values (61, 'undone')")
    throw new Error('back')
  }).catch(() => {})
  op.execute('insert into t (id, name) values (?, ?)', [70, String(seen[0].n)])
}
`,
        )
        await upgrade({cwd: folder.path, x: {who: 'me'}})
        const [rows] = await database.query('select id, name from t order by id')
        const dialect = kind === 'sqlite' ? 'sqlite' : 'postgresql'
        expect(rows?.map((row) => `${row['id']} ${row['name']}`)).to.deep.equal([
          "1 it's \\ ?",
          '2 null',
          `12 ${dialect}`,
          `20 ${kind === 'sqlite' ? 'lite' : 'pg'}`,
          '30 recorded before the query',
          '40 1 2 12 20 30',
          '50 me',
          '60 kept',
          '70 7',
        ])
      })

      it('runs a SQL file as it is written', async () => {
        use('a')
        const several =
          kind === 'sqlite'
            ? "create trigger tr after insert on t begin update t set n = n + 1; select ';'; end;"
            : "create function f() returns text as $body$ begin return ';--'; end $body$ language plpgsql;"
        folder.write({
          'migrations/versions/b.sql': `-- second\n-- revision: b\n-- revises: a\n\n-- upgrade\ncreate table t (n integer); -- a; b\n${several}\ninsert into t values (1); /* ; */ insert into t select length(';;');\n\n-- downgrade\ndrop table t;\n${kind === 'sqlite' ? '' : 'drop function f();'}\n`,
        })
        await upgrade({cwd: folder.path})
        expect((await database.query('select n from t'))[0]).to.have.length(2)
        await downgrade({cwd: folder.path, target: 'a'})
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version', 't_a'])
      })

      it('keeps nothing of a revision that fails, and everything before it', async () => {
        use('a <- b <- c', ({id}) =>
          id === 'b'
            ? "export async function upgrade(op) {\n  op.execute('create table half (n integer)')\n  op.execute(`insert into\n    nowhere values (1)`)\n}\n"
            : `export async function upgrade(op) { op.execute('create table t_${id} (n integer)') }\n`,
        )
        const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.match(/^The upgrade of revision b \(revision b\) failed at .*b\.ts:9: .*nowhere/)
        expect(error.message).to.contain('nowhere values (1)')
        expect(error.message).to.contain('All of it was rolled back; the database stands on a.')
        expect(error.data).to.deep.include({direction: 'upgrade', revision: 'b', heads: ['a']})
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version', 't_a'])
        expect(await state()).to.equal('a*')
        expect(await log()).to.deep.equal(['upgrade a done', 'upgrade b failed'])
      })

      it('names the line of a SQL file that fails', async () => {
        use('a')
        folder.write({
          'migrations/versions/b.sql':
            '-- revision: b\n-- revises: a\n\n-- upgrade\nselect 1;\n\ninsert into nowhere\n  values (1);\n-- downgrade\n',
        })
        const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('b.sql:7: ').and.to.contain('statement: insert into nowhere')
      })

      it('names the line where the code of a revision throws', async () => {
        use(
          'a',
          () =>
            "export async function upgrade(op) {\n  op.execute('create table t (n integer)')\n  throw new TypeError('no idea')\n}\n",
        )
        const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('a.ts:9: no idea')
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version'])
      })

      it('lets a revision run without a transaction, and says what that means when it fails', async () => {
        use(
          'a',
          () =>
            "export const transactional = false\nexport async function upgrade(op) {\n  op.execute('create table stays (n integer)')\n  await op.flush()\n  throw new Error('half way')\n}\n",
        )
        const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('It is not transactional, and what it did before is still there.')
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version', 'stays'])
        expect(await state()).to.equal('')
      })

      it('loads all code before it runs any', async () => {
        use('a <- b', ({id}) =>
          id === 'b'
            ? 'export async function upgrade(op) { return = }\n'
            : 'export async function upgrade(op) { op.execute("create table t (n integer)") }\n',
        )
        const error = await rejectionOf('REVISION_CODE_FAILED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('b.ts:7 cannot be run')
        expect(await tables()).to.deep.equal([])
      })

      it('refuses a downgrade through what has none, before anything is done', async () => {
        use(
          'a <- b <- c',
          ({id}) =>
            `export async function upgrade() {}\n${id === 'b' ? "export const irreversible = 'the data is gone'\n" : 'export async function downgrade() {}\n'}`,
        )
        await upgrade({cwd: folder.path})
        const error = await rejectionOf('IRREVERSIBLE', () => downgrade({cwd: folder.path, target: 'base'}))
        expect(error.message).to.contain('b.ts) cannot be downgraded: the data is gone.')
        expect(await state()).to.equal('a b c*')
      })

      it('refuses what is recorded when the function has returned', async () => {
        use(
          'a',
          () =>
            'export function upgrade(op) {\n  setTimeout(() => { try { op.execute("x") } catch (error) { globalThis.tooLate = error.code } }, 0)\n}\n',
        )
        await upgrade({cwd: folder.path})
        await new Promise((done) => setTimeout(done, 10))
        expect((globalThis as {tooLate?: string}).tooLate).to.equal('OPERATION_TOO_LATE')
      })
    })

    describe('when the state is not what it should be', () => {
      it('names an applied revision that no file has', async () => {
        use('a <- b')
        await upgrade({cwd: folder.path})
        use('a <- c')
        const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('b (revision b) is applied to the database, but in no file')
        const now = await current({cwd: folder.path})
        expect(now.current.map((view) => [view.revision, view.isUnknown, view.file])).to.deep.equal([['b', true, null]])
        expect(now.upToDate).to.equal(false)
      })

      it('refuses a version table of another shape', async () => {
        use('a')
        await database.query('create table mig_version (version_num varchar(32))')
        const error = await rejectionOf('VERSION_TABLE_UNKNOWN', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('Table mig_version is not the version table of this mig')
      })

      it('stops when somebody else changed the version table, and keeps nothing of the revision', async () => {
        use(
          'a <- b',
          ({id}) =>
            `export async function upgrade(op) {\n  op.execute('create table t_${id} (n integer)')\n${id === 'b' ? "  op.execute('delete from mig_version')\n" : ''}}\n`,
        )
        const error = await rejectionOf('VERSION_TABLE_CHANGED', () => upgrade({cwd: folder.path}))
        expect(error.message).to.contain('a should have changed 1 of its rows, and changed 0')
        expect(await state()).to.equal('a*')
        expect(await tables()).to.deep.equal(['mig_log', 'mig_version', 't_a'])
      })
    })

    it('stops between two revisions when it is told to', async () => {
      use('a <- b')
      const controller = new AbortController()
      const onEvent = (event: RunEvent): void => {
        if (event.kind === 'step-done') controller.abort()
      }
      const run = upgrade({cwd: folder.path, signal: controller.signal, onEvent})
      const error = await rejectionOf('INTERRUPTED', () => run)
      expect(error.message).to.equal('Interrupted: the database stands on a.')
      expect(await state()).to.equal('a*')
    })

    it('keeps its tables where the configuration says', async () => {
      use('a', undefined, {versionTable: 'my_version', logTable: 'my_log'})
      await upgrade({cwd: folder.path})
      expect(await tables()).to.deep.equal(['my_log', 'my_version', 't_a'])
    })

    /** Writes a project with this graph, on the database of the test. */
    function use(dag: string, body?: Parameters<Folder['writeGraph']>[1], more: object = {}): void {
      folder.writeGraph(dag, body)
      folder.write({'mig.config.js': `export default ${JSON.stringify({orm: database.url, ...more})}\n`})
    }

    async function tables(): Promise<string[]> {
      const [rows = []] = await database.query(listTables[kind])
      return rows.map((row) => String(row['name'])).toSorted()
    }

    /** The applied revisions, with an asterisk behind those that the table says are heads. */
    async function state(): Promise<string> {
      const [rows = []] = await database.query('select revision, is_head from mig_version order by revision')
      return rows.map((row) => `${row['revision']}${row['is_head'] ? '*' : ''}`).join(' ')
    }

    async function log(): Promise<string[]> {
      const [rows = []] = await database.query('select action, revision, outcome from mig_log order by id')
      return rows.map((row) => `${row['action']} ${row['revision']} ${row['outcome']}`)
    }
  })

const listTables: Readonly<Record<DatabaseKind, string>> = {
  postgresql: "select table_name as name from information_schema.tables where table_schema = 'public'",
  pglite: "select table_name as name from information_schema.tables where table_schema = 'public'",
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
}
