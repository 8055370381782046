import {existsSync} from 'node:fs'
import {inspect} from 'node:util'
import {defineEntity, MikroORM, p} from '@mikro-orm/core'
import type {IMigrator, MigrationInfo, MigratorEvent} from '@mikro-orm/core'
import type {AbstractSqlDriver, SqlEntityManager} from '@mikro-orm/sql'
import {expect} from 'chai'
import {MigMigrator} from '../../src/index.ts'
import {connectionOf} from '../../src/runner/connection/drivers.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const User = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary(), name: p.text()}})
const names = (all: readonly {readonly name: string}[]): readonly string[] => all.map(({name}) => name)

for (const kind of databaseKinds)
  describe(`MigMigrator, on ${kind}`, () => {
    let database: TestDatabase
    let folder: Folder
    let orm: MikroORM<AbstractSqlDriver>

    const started = async (dag: string): Promise<IMigrator> => {
      folder = new Folder().writeGraph(dag)
      orm = (await MikroORM.init({
        ...(await connectionOf(database.url, process.cwd())),
        entities: [User],
        // An address there would keep the ORM from another database.
        driverOptions: {},
        baseDir: folder.path,
        extensions: [MigMigrator],
        schemaGenerator: {skipTables: [/^mig_/, /^t_/]},
      } as Parameters<typeof MikroORM.init>[0])) as unknown as MikroORM<AbstractSqlDriver>
      return orm.migrator
    }

    beforeEach(async () => {
      database = await createDatabase(kind)
    })
    afterEach(async () => {
      await orm.close(true)
      await database.drop()
    })

    it('goes up and down the history, and tells what is pending and what is executed', async () => {
      const migrator = await started('a <- b; a <- c')
      expect(names(await migrator.getPending())).to.have.members(['a', 'b', 'c'])
      expect(await migrator.getExecuted()).to.deep.equal([])
      expect(names(await migrator.up('b'))).to.deep.equal(['a', 'b'])
      const [first, second] = await migrator.getExecuted()
      expect([first?.name, second?.name, first?.id]).to.deep.equal(['a', 'b', 1])
      expect(Math.abs(Date.now() - (first?.executed_at.getTime() ?? 0))).to.be.lessThan(60 * 60_000)
      expect(names(await migrator.up())).to.deep.equal(['c'])
      expect(await migrator.up()).to.deep.equal([])
      expect(names(await migrator.down(['c']))).to.deep.equal(['c'])
      expect(names(await migrator.down({to: 'a.ts'}))).to.deep.equal(['b'])
      expect(names(await migrator.up({to: 'c'}))).to.deep.equal(['c'])
      expect(names(await migrator.down({to: 0}))).to.deep.equal(['c', 'a'])
      const pending = await migrator.getPending()
      expect(pending.every(({path}) => path !== undefined && existsSync(path))).to.equal(true)
    })

    it('reverts the last revision, and no named one that others stand on', async () => {
      const migrator = await started('a <- b')
      await migrator.up()
      const {message} = await rejectionOf('MIGRATOR_UNSUPPORTED', async () => migrator.down('a'))
      expect(message).to.contain("down('a') would also revert b")
      expect(names(await migrator.down())).to.deep.equal(['b'])
    })

    it('tells its listeners of each revision, and forgets those that were taken off', async () => {
      const migrator = await started('a <- b')
      const told: string[] = []
      const listen = (event: MigratorEvent) => {
        const listener = async ({name}: MigrationInfo): Promise<void> => {
          await Promise.resolve()
          told.push(`${event} ${name}`)
        }
        migrator.on(event, listener)
        return listener
      }
      const listener = listen('migrating')
      for (const event of ['migrated', 'reverting', 'reverted'] as const) listen(event)
      await migrator.up()
      migrator.off('migrating', listener)
      await migrator.down()
      await migrator.up()
      expect(told).to.deep.equal([
        'migrating a',
        'migrated a',
        'migrating b',
        'migrated b',
        'reverting b',
        'reverted b',
        'migrated b',
      ])
    })

    it('writes a revision for what the entities changed, and says whether there is anything', async () => {
      const migrator = await started('a')
      await migrator.up()
      expect(await migrator.checkSchema()).to.equal(true)
      const {fileName, code, diff} = await migrator.create(undefined, false, false, 'create users')
      expect(fileName).to.match(/^migrations\/versions\/[0-9a-f]{12}_create_users\.ts$/)
      expect(code).to.match(/op\.createTable\(\s*'users'/)
      expect(diff.up.join('\n')).to.match(/create table .users./)
      expect(names(await migrator.up())).to.have.length(1)
      expect(await migrator.checkSchema()).to.equal(false)
      expect(await migrator.create()).to.deep.equal({fileName: '', code: '', diff: {up: [], down: []}})
      expect((await migrator.create(undefined, true)).fileName).to.match(/_migration\.ts$/)
    })

    it('records revisions as applied or not, without running them', async () => {
      const migrator = await started('a <- b')
      await migrator.logMigration('b')
      expect(names(await migrator.getExecuted())).to.have.members(['a', 'b'])
      await migrator.unlogMigration('b')
      expect(await migrator.getStorage().executed()).to.deep.equal(['a'])
      expect(
        await database.query(
          database.url.startsWith('sqlite')
            ? "select name from sqlite_master where name = 't_a'"
            : "select table_name from information_schema.tables where table_name = 't_a'",
        ),
      ).to.deep.equal([[]])
    })

    it('refuses what mig does not do', async () => {
      const migrator = await started('a')
      const calls = [
        async () => migrator.up({from: 'a'}),
        async () => migrator.up({schema: 's'}),
        async () => migrator.createInitial(),
        async () => migrator.create(undefined, false, true),
        async () => migrator.rollup(),
      ]
      for (const call of calls) {
        const error = await rejectionOf('MIGRATOR_UNSUPPORTED', call)
        // MikroORM's commands print the message, and Node prints the error with its stack and fields.
        expect(error.message).to.contain(`hint: ${error.hint}`)
        expect(inspect(error)).to.contain(error.message).and.not.to.contain('lines:').and.not.to.contain('data:')
      }
      const unknown = await rejectionOf('REVISION_NOT_FOUND', async () => migrator.up({to: 'nosuch'}))
      expect(unknown.message).to.match(/nosuch.*\n {2}hint: .+/s)
      expect(await migrator.getExecuted()).to.deep.equal([])
    })

    const userRevision = (): Folder =>
      folder.write({
        'migrations/versions/u.ts': `export const revision = 'u'
export const downRevision = 'a'
export function upgrade(op) {
  op.createTable('users', (t) => ({id: t.integer().primaryKey(), name: t.text().notNull()}))
}
`,
      })
    const inserted = async (): Promise<unknown> => {
      const em = orm.em.fork()
      await em.insert(User, {id: 1, name: 'ada'})
      return em.count(User)
    }

    it('applies all revisions again after the schema was dropped with what is recorded', async () => {
      const migrator = await started('a')
      userRevision()
      await migrator.up()
      await inserted()
      await orm.em.fork().execute('drop table t_a')
      await orm.schema.drop({dropMigrationsTable: true})
      expect(await migrator.getExecuted()).to.deep.equal([])
      expect(names(await migrator.up())).to.deep.equal(['a', 'u'])
      expect(await inserted()).to.equal(1)
      expect(names(await migrator.getExecuted())).to.deep.equal(['a', 'u'])
    })

    it('forgets what is recorded though the migrator was never used', async () => {
      await (await started('a')).up()
      await orm.close(true)
      await started('a')
      await orm.schema.drop({dropMigrationsTable: true})
      await orm.em.fork().execute('drop table t_a')
      expect(names(await orm.migrator.up())).to.deep.equal(['a'])
    })

    it('keeps what is recorded when the schema is dropped without it', async () => {
      const migrator = await started('a')
      await migrator.up()
      await orm.schema.refresh()
      expect(names(await migrator.getExecuted())).to.deep.equal(['a'])
    })

    it('refuses to forget what is recorded of tenants, before anything is dropped', async () => {
      const migrator = await started('a')
      userRevision()
      await migrator.up()
      folder.write({'mig.config.js': "export default {tenants: ['one']}"})
      await rejectionOf('MIGRATOR_UNSUPPORTED', async () => orm.schema.drop({dropMigrationsTable: true}))
      expect(await inserted()).to.equal(1)
    })

    if (kind !== 'sqlite' && kind !== 'pglite')
      it('creates a database that was dropped, and applies all revisions there', async () => {
        const migrator = await started('a')
        userRevision()
        await migrator.up()
        await orm.schema.drop({dropDb: true})
        expect(names(await migrator.up())).to.deep.equal(['a', 'u'])
        expect(await inserted()).to.equal(1)
        expect(await database.query('select name from users')).to.deep.equal([[{name: 'ada'}]])
      })

    if (kind === 'postgresql')
      it('runs in a transaction of the application', async () => {
        const migrator = await started('a')
        const em = orm.em.fork() as SqlEntityManager
        await em.begin()
        await migrator.up({transaction: em.getTransactionContext()!})
        await em.rollback()
        expect(await migrator.getExecuted()).to.deep.equal([])
      })
  })
