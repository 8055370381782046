import {expect} from 'chai'
import {connectionOf} from '../../src/runner/connection/drivers.ts'
import {rejectionOf} from '../support/errors.ts'

interface UrlCase {
  readonly url: string
  readonly driver: string
  readonly options: object
}

const mysql = {host: 'h', port: 3306, user: 'u', password: '', dbName: 'd', driverOptions: {}}

/** The driver gets the whole URL, too: it reads the parameters. */
function postgres(
  url: string,
  differently: {readonly driverOptions?: object; readonly [key: string]: unknown},
): UrlCase {
  const driverOptions = {...differently.driverOptions, connectionString: url}
  return {url, driver: 'PostgreSqlDriver', options: {...mysql, port: 5432, ...differently, driverOptions}}
}

describe('runner/drivers', () => {
  const cases: UrlCase[] = [
    {url: 'mariadb://u@h/d', driver: 'MariaDbDriver', options: mysql},
    {url: 'mysql://u@h/d', driver: 'MySqlDriver', options: mysql},
    {url: 'MySQL://u@h:3307/d', driver: 'MySqlDriver', options: {...mysql, port: 3307}},
    {
      url: 'mysql://u%40x:p%2F%3A%40%23%25@h/d%20e',
      driver: 'MySqlDriver',
      options: {...mysql, user: 'u@x', password: 'p/:@#%', dbName: 'd e'},
    },
    {url: 'mysql://u@[::1]:3306/d', driver: 'MySqlDriver', options: {...mysql, host: '::1'}},
    {
      url: 'mysql://u@h/d?socketPath=/run/x.sock&connectTimeout=500',
      driver: 'MySqlDriver',
      options: {...mysql, driverOptions: {socketPath: '/run/x.sock', connectTimeout: 500}},
    },
    {url: 'mysql://u@h/d?ssl=true', driver: 'MySqlDriver', options: {...mysql, driverOptions: {ssl: {}}}},
    {
      url: 'mysql://u@h/d?ssl={"ca":"x"}',
      driver: 'MySqlDriver',
      options: {...mysql, driverOptions: {ssl: {ca: 'x'}}},
    },
    {
      url: 'mysql://u@h/d?ssl-mode=REQUIRED',
      driver: 'MySqlDriver',
      options: {...mysql, driverOptions: {ssl: {rejectUnauthorized: false}}},
    },
    {
      url: 'mariadb://u@h/d?sslmode=verify-identity',
      driver: 'MariaDbDriver',
      options: {...mysql, driverOptions: {ssl: {verifyIdentity: true}}},
    },
    postgres('postgres://u@h/d', {}),
    postgres('postgresql://u:p%40@h:5433/d?sslmode=disable', {port: 5433, password: 'p@'}),
    postgres('postgresql:///d?host=/run/postgresql', {host: '/run/postgresql', user: ''}),
    postgres('postgresql://u@h/d?connect_timeout=3', {driverOptions: {connectionTimeoutMillis: 3000}}),
    {url: 'sqlite:x.db', driver: 'SqliteDriver', options: {dbName: '/root/x.db'}},
    {url: 'sqlite://x.db', driver: 'SqliteDriver', options: {dbName: '/root/x.db'}},
    {url: 'file:///abs/a%20b.db', driver: 'SqliteDriver', options: {dbName: '/abs/a b.db'}},
    {url: 'sqlite:100%.db', driver: 'SqliteDriver', options: {dbName: '/root/100%.db'}},
    {url: 'sqlite::memory:', driver: 'SqliteDriver', options: {dbName: ':memory:'}},
    {url: 'libsql:x.db', driver: 'LibSqlDriver', options: {dbName: '/root/x.db'}},
    {
      url: 'libsql://db.example.org?authToken=secret',
      driver: 'LibSqlDriver',
      options: {dbName: 'libsql://db.example.org', password: 'secret'},
    },
    {url: 'pglite:memory', driver: 'PgliteDriver', options: {dbName: 'memory://'}},
    {url: 'pglite:.mig/pgdata', driver: 'PgliteDriver', options: {dbName: '/root/.mig/pgdata'}},
  ]
  for (const c of cases)
    it(`reads ${c.url}`, async () => {
      const {driver, ...options} = await connectionOf(c.url, '/root')
      expect([(driver as {readonly name: string}).name, options]).to.deep.equal([c.driver, c.options])
    })

  const refused = [
    {url: 'oracle://u:secret@h/d', code: 'UNKNOWN_DATABASE_URL', message: 'Unknown database URL: oracle://u:***@h/d'},
    ...[
      'mariadb://u:***@h',
      'mysql://u:***@h/',
      'postgresql://u:***@h',
      'postgres://u:***@h:5432/?sslmode=disable',
    ].map((shown) => ({
      url: shown.replace('***', 'secret'),
      code: 'INVALID_DATABASE_URL' as const,
      message: `Invalid database URL ${shown}: it does not name a database.`,
    })),
    {
      url: 'mysql://u:50%secret@h/d',
      code: 'INVALID_DATABASE_URL',
      message: 'Invalid database URL mysql://u:***@h/d: the host or port is invalid, or a special character',
    },
    {
      url: 'postgresql://u:se#cret@h/d',
      code: 'INVALID_DATABASE_URL',
      message: 'Invalid database URL postgresql://u:***@h/d: the host or port is invalid, or a special character',
    },
    {
      url: 'postgresql://u:secret@h:port/d',
      code: 'INVALID_DATABASE_URL',
      message: 'Invalid database URL postgresql://u:***@h:port/d: ',
    },
  ] as const
  for (const c of refused)
    it(`refuses ${c.url}`, async () => {
      const error = await rejectionOf(c.code, () => connectionOf(c.url, '/root'))
      expect(error.message).to.contain(c.message)
      expect(JSON.stringify([error.message, error.hint, error.data])).not.to.contain('secret')
    })
})
