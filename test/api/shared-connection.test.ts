import {expect} from 'chai'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import type {Connection} from '../../src/runner/connection/connect.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const commitsDdl = ['mariadb', 'mysql']

for (const kind of databaseKinds)
  describe(`a transaction that is given to mig, on ${kind}`, () => {
    let database: TestDatabase
    let connection: Connection
    let em: SqlEntityManager
    let cwd: string
    let folder: Folder
    beforeEach(async () => {
      database = await createDatabase(kind)
      connection = await connect({kind: 'url', url: database.url}, process.cwd())
      em = connection.em.fork()
      folder = new Folder().writeGraph('a <- b')
      cwd = folder.path
    })
    afterEach(async () => {
      await connection.close()
      await database.drop()
    })
    const applied = async (): Promise<unknown[]> =>
      (await current({cwd, em: connection.em.fork()})).current.map(({revision}) => revision)

    const rowsOf = async (table: string): Promise<unknown> => connection.em.fork().execute(`select n from ${table}`)

    if (commitsDdl.includes(kind)) {
      it('is refused, for DDL would end it', async () => {
        await em.begin()
        await rejectionOf('TRANSACTION_NOT_SHARED', async () => upgrade({cwd, em}))
        await em.rollback()
      })
      it('is not needed: without one, sessions are those of the entity manager', async () => {
        await upgrade({cwd, em})
        expect(await applied()).to.deep.equal(['b'])
      })
      return
    }

    it('has everything in it that was done, when its owner commits', async () => {
      await em.begin()
      await em.execute('create table own (n integer)')
      await upgrade({cwd, em})
      expect((await current({cwd, em})).current.map(({revision}) => revision)).to.deep.equal(['b'])
      await downgrade({cwd, em, target: 'a'})
      await stamp({cwd, em, target: 'b'})
      await em.execute('insert into t_a values (1)')
      await em.commit()
      expect(await applied()).to.deep.equal(['b'])
      expect([await rowsOf('t_a'), await rowsOf('own')]).to.deep.equal([[{n: 1}], []])
    })

    it('takes everything with it, when its owner rolls back', async () => {
      await em.begin()
      await upgrade({cwd, em})
      await em.rollback()
      expect(await applied()).to.deep.equal([])
      expect(await rowsOf('t_a').catch(() => 'no table')).to.equal('no table')
    })

    it('stays as it was when a revision fails, and can go on', async () => {
      folder.writeGraph(
        'a <- b',
        ({id}) =>
          `export function upgrade(op) { op.execute('${id === 'a' ? 'create table t_a (n integer)' : 'insert into nowhere values (1)'}') }`,
      )
      await em.begin()
      await em.execute('create table own (n integer)')
      const error = await rejectionOf('REVISION_FAILED', async () => upgrade({cwd, em}))
      expect(error.message).to.contain('The whole run was rolled back; the database is at base')
      await em.execute('insert into own values (1)')
      await em.commit()
      expect(await applied()).to.deep.equal([])
      expect(await rowsOf('own')).to.deep.equal([{n: 1}])
    })

    it('refuses what would need to commit, before anything is done', async () => {
      folder.writeGraph(
        'a',
        () => "export async function upgrade(op) { await op.autocommit(() => op.execute('select 1')) }",
      )
      await em.begin()
      await rejectionOf('NOT_TRANSACTIONAL_STATEMENT', async () => upgrade({cwd, em}))
      await em.rollback()
    })
  })

describe('a connection that is given to mig', () => {
  const settings: Readonly<Record<string, string>> = {
    postgresql:
      "select current_setting('search_path') as path, current_setting('application_name') as name, current_setting('lock_timeout') as lock, pg_backend_pid() as pid",
    mariadb:
      'select @@session.lock_wait_timeout as lock_wait, @@session.innodb_lock_wait_timeout as row_wait, @@session.max_statement_time as time, database() as db, connection_id() as id',
    mysql:
      'select @@session.lock_wait_timeout as lock_wait, @@session.innodb_lock_wait_timeout as row_wait, database() as db, connection_id() as id',
  }
  for (const kind of databaseKinds.filter((one) => one in settings))
    it(`is given back as it was, on ${kind}`, async () => {
      const database = await createDatabase(kind)
      const options = {
        clientUrl: database.url,
        entities: [],
        discovery: {warnWhenNoEntities: false},
        pool: {min: 1, max: 1},
      }
      const connection = await connect({kind: 'options', options, from: 'the test'}, process.cwd())
      const {em} = connection
      if (kind !== 'postgresql') await em.execute('set session lock_wait_timeout = 77')
      const before: unknown = await em.execute(settings[kind] ?? '')
      const {path: cwd} = new Folder().writeGraph('a')
      await upgrade({cwd, em})
      expect(await em.execute(settings[kind] ?? '')).to.deep.equal(before)
      await connection.close()
      await database.drop()
    })
})

describe('a transaction that is given to mig, and others', () => {
  it('lets them wait until it has ended', async () => {
    const database = await createDatabase('postgresql')
    const connection = await connect({kind: 'url', url: database.url}, process.cwd())
    const em = connection.em.fork()
    const {path: cwd} = new Folder().writeGraph('a')
    await em.begin()
    await upgrade({cwd, em})
    await rejectionOf('LOCK_TIMEOUT', async () => upgrade({cwd, em: connection.em.fork(), lockTimeout: '200ms'}))
    await em.commit()
    expect((await upgrade({cwd, em: connection.em.fork()})).steps).to.deep.equal([])
    await connection.close()
    await database.drop()
  })
})
