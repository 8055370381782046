import {MariaDbDriver} from '@mikro-orm/mariadb'
import {MySqlDriver} from '@mikro-orm/mysql'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import {expect} from 'chai'
import {connect} from '../../src/runner/connection/connect.ts'
import {withSession} from '../support/session.ts'
import {mig} from '../support/cli.ts'
import {portOf} from '../support/crash.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {Gate} from '../support/gate.ts'

const drivers = {postgresql: PostgreSqlDriver, mariadb: MariaDbDriver, mysql: MySqlDriver} as const
/** A limit of its own, in the URL and in the options of the driver. */
const own = {
  postgresql: {
    parameter: 'connect_timeout=1',
    driverOptions: {connectionTimeoutMillis: 1000},
    named: 'connect_timeout',
  },
  mariadb: {parameter: 'connectTimeout=1000', driverOptions: {connectTimeout: 1000}, named: 'connectTimeout'},
  mysql: {parameter: 'connectTimeout=1000', driverOptions: {connectTimeout: 1000}, named: 'connectTimeout'},
} as const

describe('a server that accepts connections and never answers', () => {
  let gate: Gate
  before(async () => {
    gate = await Gate.open(0, () => 'silent')
  })
  after(() => gate.close())

  for (const kind of ['postgresql', 'mariadb', 'mysql'] as const) {
    const {parameter, driverOptions, named} = own[kind]
    const urlOf = (): string => `${kind}://app:secret@127.0.0.1:${gate.port}/app`
    const options = (differently: object) => ({
      kind: 'options' as const,
      from: 'a test',
      options: {
        driver: drivers[kind],
        ...{host: '127.0.0.1', port: gate.port, user: 'app', password: 'secret', dbName: 'app'},
        ...{entities: [], discovery: {warnWhenNoEntities: false}},
        ...differently,
      },
    })
    const cases = [
      {
        name: 'a URL',
        source: () => ({kind: 'url' as const, url: urlOf()}),
        within: '200 ms',
        hint: '`connectTimeout` in the configuration',
      },
      {name: 'options', source: () => options({}), within: '200 ms', hint: '`connectTimeout` in the configuration'},
      {
        name: 'options by a function',
        source: () => options({driverOptions: () => ({})}),
        within: '200 ms',
        hint: '`connectTimeout` in the configuration',
      },
      {
        name: 'a URL with a limit',
        source: () => ({kind: 'url' as const, url: `${urlOf()}?${parameter}`}),
        within: '1 s',
        hint: `\`${named}\` in the URL`,
      },
      {
        name: 'options with a limit',
        source: () => options({driverOptions}),
        within: '1 s',
        hint: `\`${named}\` in the URL`,
      },
    ]
    for (const {name, source, within, hint} of cases)
      it(`is given up by ${kind}, from ${name}`, async () => {
        const error = await rejectionOf('DATABASE_UNREACHABLE', async () =>
          connect(source(), process.cwd(), {timeout: 200}),
        )
        expect(error.message).to.equal(
          `Cannot reach ${kind}://app@127.0.0.1:${gate.port}/app: no answer within ${within}.`,
        )
        expect(error.hint).to.match(/^Check host, port, and firewall; .* sets how long to wait\.$/)
        expect(error.hint).to.contain(hint)
      })
  }

  const commands = ['current', 'upgrade', 'lock', 'ensure-version', 'check models', 'revision --autogenerate -m x']
  for (const [kind, ends] of [
    ['postgresql', commands],
    ['mariadb', ['upgrade']],
  ] as const)
    for (const command of ends)
      it(`ends \`mig ${command}\` with a sentence, on ${kind}`, async () => {
        const folder = new Folder().writeGraph('a')
        const orm = `${kind}://app:secret@127.0.0.1:${gate.port}/app`
        folder.write({'mig.config.js': `export default ${JSON.stringify({orm, connectTimeout: '200ms'})}\n`})
        const {stderr, status} = await mig(command, {cwd: folder.path})
        expect(stderr).to.match(
          /^error: Cannot reach \w+:\/\/app@127\.0\.0\.1:\d+\/app: no answer within 200 ms\.\nhint: Check host, port, and firewall; `connectTimeout` in the configuration sets how long to wait\.\n$/,
        )
        expect(status).to.equal(1)
      })
})

for (const kind of ['postgresql', 'mariadb', 'mysql'] as const)
  if (databaseKinds.includes(kind))
    it(`a later session that is never answered is given up, on ${kind}`, async () => {
      const database = await createDatabase(kind)
      const gate = await Gate.open(portOf(kind, database.url) ?? 0, (n) => (n === 1 ? 'open' : 'silent'))
      try {
        const url = gate.urlOf(database.url)
        const connection = await connect({kind: 'url', url}, process.cwd(), {timeout: 1000, sessions: 2})
        const second = async (): Promise<unknown> => withSession(connection, undefined, async () => {})
        const error = await rejectionOf('DATABASE_UNREACHABLE', async () =>
          withSession(connection, undefined, async () => second()),
        )
        expect(error.message).to.match(/^Cannot reach .*: the server does not answer\.$/)
        await connection.close()
      } finally {
        gate.close()
        await database.drop()
      }
    })
