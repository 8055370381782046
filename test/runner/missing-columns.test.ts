import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds, newName, runOn, serverKinds} from '../support/databases.ts'
import type {ServerKind} from '../support/databases.ts'
import {withSession} from '../support/session.ts'
import {asOfFirstVersion} from '../support/tables-of-0.1.0.ts'

async function hasColumn(on: Bench): Promise<boolean> {
  const [rows = []] = await on.database.query('select * from mig_version')
  return Object.keys(rows[0] ?? {}).includes('operations_id')
}

/** Returns the statements that create a user who may run revisions, but not change the version table. */
const createUser: Readonly<Record<ServerKind, (user: string, database: string) => readonly string[]>> = {
  postgresql: (user) => [
    `create role ${user} login password 'right'`,
    `grant usage, create on schema public to ${user}`,
    `grant select, insert, update, delete on mig_version, mig_log to ${user}`,
    `grant usage on all sequences in schema public to ${user}`,
  ],
  mariadb: grants,
  mysql: grants,
}

function grants(user: string, database: string): readonly string[] {
  return [
    `create user ${user} identified by 'right'`,
    `grant select, insert, update, delete, create, drop on ${database}.* to ${user}`,
  ]
}

for (const kind of databaseKinds.filter((name) => name !== 'mariadb' && name !== 'mysql'))
  describe(`a version table without a later column, on ${kind}`, () => {
    it('keeps its columns in a transaction of the caller', async () => {
      const on = new Bench(kind, await createDatabase(kind))
      await asOfFirstVersion(on)
      const connection = await connect({kind: 'url', url: on.database.url}, process.cwd())
      const em = connection.em.fork()
      await em.begin()
      await upgrade({cwd: on.cwd, em})
      await downgrade({cwd: on.cwd, em, target: 'b'})
      await upgrade({cwd: on.cwd, em})
      expect((await current({cwd: on.cwd, em, verbose: true})).pending).to.deep.equal([])
      await em.commit()
      await connection.close()
      expect([await on.state(), await hasColumn(on)]).to.deep.equal(['a b c*', false])
      await on.end()
    })
  })

for (const kind of serverKinds)
  describe(`a version table that mig cannot change, on ${kind}`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
    })
    afterEach(async () => on.end())

    it('does without the column while another session reads the table', async () => {
      await asOfFirstVersion(on, {tableLockTimeout: '1s'})
      const connection = await connect({kind: 'url', url: on.database.url}, process.cwd())
      await withSession(connection, undefined, async (session) => {
        await session.query('begin')
        await session.query('select * from mig_version')
        await upgrade({cwd: on.cwd})
        await session.query('rollback')
      })
      await connection.close()
      expect([await on.state(), await hasColumn(on)]).to.deep.equal(['a b c*', false])
      await downgrade({cwd: on.cwd, target: 'b'})
      expect([await on.state(), await hasColumn(on)]).to.deep.equal(['a b*', true])
    })

    it('does without the column for a user who may not add it', async () => {
      await asOfFirstVersion(on)
      const user = newName()
      const url = new URL(on.database.url)
      await on.database.query(...createUser[kind](user, url.pathname.slice(1)))
      on.atEnd(async () => {
        if (kind === 'postgresql') await on.database.query(`drop owned by ${user}`)
        await runOn(on.database.url, `drop ${kind === 'postgresql' ? 'role' : 'user'} ${user}`)
      })
      Object.assign(url, {username: user, password: 'right'})
      on.folder.write({'mig.config.js': `export default ${JSON.stringify({orm: url.href})}\n`})
      expect((await upgrade({cwd: on.cwd})).heads).to.deep.equal(['c'])
      expect(await hasColumn(on)).to.equal(false)
    })
  })
