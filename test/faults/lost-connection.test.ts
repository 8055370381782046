import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, serverKinds, runOn, serverOf} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

/** How a server ends the sessions that are in a database. */
const cut = {
  postgresql: async (name: string, server: string) =>
    runOn(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
  mariadb: killAll,
  mysql: killAll,
} as const

for (const kind of serverKinds)
  describe(`a connection that is cut, on ${kind}`, () => {
    let on: Bench
    beforeEach(async () => {
      on = new Bench(kind, await createDatabase(kind))
      const name = new URL(on.database.url).pathname.slice(1)
      const server = await serverOf(kind)
      Object.assign(globalThis, {cut: async () => cut[kind](name, server)})
    })
    afterEach(async () => on.end())

    it('in a revision, is said so, and nothing of the revision is kept', async () => {
      on.use('a <- b', ({id}) =>
        id === 'b'
          ? "export async function upgrade(op) {\n  await op.query('select 1 as n')\n  await cut()\n  op.execute('create table t (n integer)')\n}\n"
          : 'export function upgrade() {}\n',
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain(
        'The connection was lost before the revision was committed, so the server rolls it back; the database is at a.',
      )
      expect(error.hint).to.contain('`mig current`')
      const {current: heads} = await current({cwd: on.cwd})
      expect(heads.map(({revision}) => revision)).to.deep.equal(['a'])
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
    })

    it('in a revision that waits for a query, is said so', async () => {
      on.use(
        'a',
        () =>
          "export async function upgrade(op) {\n  await op.query('select 1 as n')\n  await cut()\n  await op.query('select 2 as n')\n}\n",
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('so the server rolls it back; the database is at base.')
      expect(await current({cwd: on.cwd})).to.deep.include({current: []})
    })

    it('in a revision without a transaction, is said with what stays', async () => {
      on.use(
        'a',
        () => `export const transactional = false
export async function upgrade(op) {
  op.execute('create table one (n integer)')
  await op.query('select 1 as n')
  await cut()
  await op.query('select 2 as n')
}
`,
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('1 statement was executed and stays applied; according to the version table')
      expect(error.hint).to.contain('`mig repair`')
    })

    it('between planning and running, is said so', async () => {
      on.use(
        'a',
        () => "export async function upgrade(op) {\n  await cut()\n  op.execute('create table t (n integer)')\n}\n",
      )
      const error = await rejectionOf('CONNECTION_LOST', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(/^The connection to .* was lost: /)
      expect(await on.tables()).to.deep.equal([])
    })
  })

async function killAll(name: string, server: string): Promise<void> {
  const [rows = []] = await runOn(server, `select id from information_schema.processlist where db = '${name}'`)
  for (const {id} of rows) await runOn(server, `kill ${String(id)}`)
}
