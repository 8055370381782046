import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {connect} from '../../src/runner/connection/connect.ts'
import {createDatabase, runOn, serverKinds, serverOf} from '../support/databases.ts'
import type {ServerKind} from '../support/databases.ts'

const others: Readonly<Record<ServerKind, (name: string) => string>> = {
  postgresql: (name) => `select pid as id from pg_stat_activity where datname = '${name}'`,
  mariadb: (name) => `select id from information_schema.processlist where db = '${name}'`,
  mysql: (name) => `select id from information_schema.processlist where db = '${name}'`,
}

for (const kind of serverKinds)
  describe(`an idle connection, on ${kind},`, () => {
    it('does not end the process when the server ends it', async () => {
      const database = await createDatabase(kind)
      const connection = await connect({kind: 'url', url: database.url}, process.cwd())
      try {
        const server = await serverOf(kind)
        const [rows = []] = await runOn(server, others[kind](new URL(database.url).pathname.slice(1)))
        expect(rows).to.have.length(1)
        const end = kind === 'postgresql' ? 'select pg_terminate_backend' : 'kill '
        for (const {id} of rows) await runOn(server, `${end}${kind === 'postgresql' ? `(${String(id)})` : String(id)}`)
        // An error that nobody listens for fails the test.
        await setTimeout(300)
        const [row] = await connection.em.getDriver().getConnection().execute<{n: number}[]>('select 1 as n')
        expect(Number(row?.n)).to.equal(1)
      } finally {
        await connection.close()
        await database.drop()
      }
    })
  })
