import {existsSync} from 'node:fs'
import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {expect} from 'chai'
import {dialects} from '../../src/dialects/dialects.ts'
import type {ErrorCode} from '../../src/errors.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {mig} from '../support/cli.ts'
import {createDatabase, databaseKinds, newName, onServer, runOn, serverKinds, serverOf} from '../support/databases.ts'
import type {ServerKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

describe('databases of this run', () => {
  for (const kind of databaseKinds)
    it(`${kind} makes and drops them`, async () => {
      const database = await createDatabase(kind)
      try {
        const [, , rows] = await database.query(
          'create table t (n integer)',
          'insert into t values (1)',
          'select n from t',
        )
        expect(rows).to.deep.equal([{n: 1}])
      } finally {
        await database.drop()
      }
    })
})

describe('a hook of the connection that fails', () => {
  for (const kind of serverKinds)
    it(`ends the command, on ${kind}`, async () => {
      const database = await createDatabase(kind)
      const [{package: pack, driver}] = dialects[kind].drivers
      const folder = new Folder().writeGraph('a').write({
        'mig.config.js': `import {${driver} as driver} from ${JSON.stringify(import.meta.resolve(pack))}
const onCreateConnection = async () => { throw new Error('no luck') }
export default {orm: {driver, clientUrl: ${JSON.stringify(database.url)}, entities: [], discovery: {warnWhenNoEntities: false}, onCreateConnection}}
`,
      })
      const {stderr, status} = await mig('upgrade', {cwd: folder.path})
      expect(stderr).to.match(/mig\.config\.js:2: no luck/)
      expect(status).to.equal(2)
      await database.drop()
    })
})

/** A URL of a database that cannot be connected to, and what is said of it. */
interface Refusal {
  readonly name: string
  readonly url: () => string
  readonly code: ErrorCode
  readonly message: RegExp
  readonly hint: RegExp
}

function refuses(cases: readonly Refusal[]): void {
  for (const c of cases)
    it(`refuses ${c.name}`, async () => {
      const error = await rejectionOf(c.code, async () => connect({kind: 'url', url: c.url()}, process.cwd()))
      expect(error.message).to.match(c.message)
      expect(error.hint).to.match(c.hint)
      expect(JSON.stringify([error.message, error.hint, error.data])).not.to.contain('secret')
    })
}

for (const kind of serverKinds)
  describe(`runner/connect, to ${kind}`, () => {
    const user = newName()
    let server: string
    let closedPort: number

    before(async () => {
      server = await serverOf(kind)
      closedPort = await freePort()
      if (kind === 'postgresql') {
        await runOn(server, `create role ${user} login password 'right'`, `create database ${user}`)
        await runOn(server, `revoke connect on database ${user} from public`)
      } else {
        await runOn(server, `create user ${user} identified by 'right'`, `create database ${user}`)
      }
    })
    after(async () => {
      await runOn(server, `drop database ${user}`)
      await runOn(server, `drop ${kind === 'postgresql' ? 'role' : 'user'} ${user}`)
    })

    /** The URL of the server, with parts of it replaced. */
    function but(change: (url: URL) => void): string {
      const url = new URL(server)
      change(url)
      return url.href
    }

    refuses([
      {
        name: 'a database that does not exist',
        url: () => onServer(server, 'no such "database'),
        code: 'DATABASE_MISSING',
        message: /^\w+:\/\/.*@127\.0\.0\.1:\d+\/no such "database does not exist\.$/,
        hint: /`mig ensure-version --create-database`/,
      },
      {
        name: 'a user that does not exist',
        url: () => but((url) => Object.assign(url, {username: 'nobody', password: 's/e:c@secret'})),
        code: 'DATABASE_REFUSED',
        message:
          /^\w+:\/\/nobody@.* refused the connection: (?:role "nobody" does not|password auth.*nobody|Access denied.*nobody)/,
        hint: /^Check user and password/,
      },
      {
        name: 'a user who may not use the database',
        url: () => but((url) => Object.assign(url, {username: user, password: 'right', pathname: user})),
        code: 'DATABASE_REFUSED',
        message: /refused the connection: (?:permission denied for database|Access denied for user .* to database)/,
        hint: /^Ask the database owner to grant the user access/,
      },
      {
        name: 'a server that does not run',
        url: () => but((url) => Object.assign(url, {port: String(closedPort), password: 'secret'})),
        code: 'DATABASE_UNREACHABLE',
        message: /^Cannot reach .*: connect ECONNREFUSED 127\.0\.0\.1:\d+\.$/,
        hint: /^Check that the server is running/,
      },
      {
        name: 'a host that does not exist',
        url: () => but((url) => Object.assign(url, {hostname: 'no-such-host.invalid'})),
        code: 'DATABASE_UNREACHABLE',
        message: /^Cannot reach \S+no-such-host\.invalid:\d+\/\S+: getaddrinfo \w+ no-such-host\.invalid\.$/,
        hint: /^Check that the server is running/,
      },
    ])

    it('refuses a server without TLS, or with a certificate that nobody vouches for', async () => {
      const url = but((one) => one.searchParams.set(kind === 'postgresql' ? 'sslmode' : 'ssl-mode', 'verify-full'))
      const error = await rejectionOf('DATABASE_REFUSED', async () => connect({kind: 'url', url}, process.cwd()))
      const [words, hint] = (await hasTls(kind, server))
        ? [/self-signed certificate/, /^The server certificate is not trusted/]
        : [/not support (?:SSL|secure)/, /^The server does not support TLS/]
      expect(error.message).to.match(words)
      expect(error.hint).to.match(hint)
    })

    if (kind !== 'postgresql')
      it('encrypts without looking at the certificate, or refuses a server without TLS', async () => {
        const url = but((one) => one.searchParams.set('ssl-mode', 'required'))
        if (await hasTls(kind, server)) expect(await statusOf(url, 'ssl_cipher')).to.match(/^TLS_/)
        else await rejectionOf('DATABASE_REFUSED', async () => runOn(url, 'select 1'))
      })

    it('makes a database that does not exist, when it is told to', async () => {
      const url = onServer(server, newName())
      const notes: object[] = []
      const options = {createDatabase: true, onEvent: (event: object) => notes.push(event)}
      const connection = await connect({kind: 'url', url}, process.cwd(), options)
      try {
        expect(notes).to.deep.equal([{kind: 'note', text: `Created the database ${connection.name}.`}])
        expect(await runOn(url, 'create table t (n integer)')).to.have.length(1)
        await (await connect({kind: 'url', url}, process.cwd(), options)).close()
        expect(notes, 'it is there now').to.have.length(1)
      } finally {
        await connection.close()
        await runOn(server, `drop database ${new URL(url).pathname.slice(1)}`)
      }
    })

    it('makes it once, however many want it', async () => {
      const url = onServer(server, newName())
      const all = await Promise.all(
        Array.from({length: 4}, async () => connect({kind: 'url', url}, process.cwd(), {createDatabase: true})),
      )
      await Promise.all(all.map(async (connection) => connection.close()))
      expect(await runOn(url, 'select 1 as n')).to.deep.equal([[{n: 1}]])
      await runOn(server, `drop database ${new URL(url).pathname.slice(1)}`)
    })

    it('says that a right is missing', async () => {
      const database = await createDatabase(kind)
      const name = new URL(database.url).pathname.slice(1)
      if (kind !== 'postgresql') await runOn(server, `grant select on ${name}.* to ${user}`)
      const url = but((one) => Object.assign(one, {username: user, password: 'right', pathname: name}))
      const folder = new Folder().writeGraph('a')
      const {stderr, status} = await mig('upgrade', {cwd: folder.path, env: {MIG_DATABASE_URL: url}})
      await database.drop()
      expect(status).to.equal(1)
      expect(stderr).to.match(/(?:permission denied for schema public|command denied to user)/)
      expect(stderr).to.contain('hint: The user lacks a privilege')
    })

    it('says when it may not make it', async () => {
      const url = but((one) => Object.assign(one, {username: user, password: 'right', pathname: newName()}))
      const code = kind === 'postgresql' ? 'CREATE_DATABASE_FAILED' : 'DATABASE_REFUSED'
      const error = await rejectionOf(code, async () =>
        connect({kind: 'url', url}, process.cwd(), {createDatabase: true}),
      )
      expect(error.message).to.match(/permission denied to create database|Access denied for user/)
    })
  })

async function hasTls(kind: ServerKind, server: string): Promise<boolean> {
  if (kind !== 'postgresql') return (await statusOf(server, 'ssl_server_not_after')) !== ''
  const [rows = []] = await runOn(server, 'show ssl')
  return rows[0]?.['ssl'] === 'on'
}

/** Returns what MariaDB and MySQL say of the session. */
async function statusOf(url: string, variable: string): Promise<string> {
  const [rows = []] = await runOn(url, `show status like '${variable}'`)
  return String(rows[0]?.['Value'])
}

describe('runner/connect, to a PostgreSQL that wants passwords and TLS', () => {
  let server: PostgresServer
  before(async () => {
    server = await startPostgres(['hostnossl all tls_only 127.0.0.1/32 reject'])
  })
  after(async () => server.stop())

  refuses([
    {
      name: 'a wrong password',
      url: () => server.url.replace(':postgres@', ':secret@'),
      code: 'DATABASE_REFUSED',
      message: /refused the connection: password authentication failed for user "postgres"\.$/,
      hint: /^Check user and password/,
    },
    {
      name: 'a connection without TLS',
      url: () => server.url.replace('postgres:postgres@', 'tls_only:secret@'),
      code: 'DATABASE_REFUSED',
      message: /refused the connection: pg_hba\.conf rejects connection .* no encryption\.$/,
      hint: /^The server requires TLS: add `\?sslmode=verify-full`/,
    },
  ])

  it('prints no password, not even with --debug', async () => {
    const folder = new Folder().writeGraph('a')
    const url = server.url.replace(':postgres@', ':se%40cret@')
    for (const flag of ['--debug', '--json']) {
      const {stdout, stderr, status} = await mig(['current', flag], {cwd: folder.path, env: {MIG_DATABASE_URL: url}})
      expect(status).to.equal(1)
      expect(stdout + stderr)
        .to.contain('password authentication failed')
        .and.not.match(/se(?:%40|@)cret/)
    }
  })
})

describe('runner/connect, to files', () => {
  const folder = new Folder().write({'text.db': 'This is no database. '.repeat(100), 'alien/PG_VERSION': '14'})
  const at = (scheme: string, name: string) => () => `${scheme}:${join(folder.path, name)}`

  refuses([
    ...['sqlite', 'libsql'].flatMap((scheme): Refusal[] => [
      {
        name: `a file that is no database, with ${scheme}`,
        url: at(scheme, 'text.db'),
        code: 'DATABASE_UNREADABLE',
        message: /^Cannot open .*text\.db: file is not a database\.$/,
        hint: /^Check the path/,
      },
      {
        name: `a folder, with ${scheme}`,
        url: at(scheme, 'alien'),
        code: 'DATABASE_UNREADABLE',
        message: /^Cannot open .*alien: .*[Uu]nable to open/,
        hint: /^Check the path/,
      },
      {
        name: `a folder that does not exist, with ${scheme}`,
        url: at(scheme, 'nowhere/x.db'),
        code: 'DATABASE_MISSING',
        message: /nowhere\/x\.db does not exist\.$/,
        hint: /`mig ensure-version --create-database`/,
      },
    ]),
    {
      name: 'a folder of another PostgreSQL, with pglite',
      url: at('pglite', 'alien'),
      code: 'DATABASE_UNREADABLE',
      message: /^Cannot open .*alien: PGlite failed to initialize properly\.$/,
      hint: /^Check the path/,
    },
    {
      name: 'a file, with pglite',
      url: at('pglite', 'text.db'),
      code: 'DATABASE_UNREADABLE',
      message: /^Cannot open .*text\.db: it is not a folder\.$/,
      hint: /^Check the path/,
    },
    {
      name: 'a path through a file, with pglite',
      url: at('pglite', 'text.db/pgdata'),
      code: 'DATABASE_UNREADABLE',
      message: /^Cannot open .*pgdata: E/,
      hint: /^Check the path/,
    },
  ])

  it('makes the folder of a SQLite file, when it is told to', async () => {
    const path = join(folder.path, 'made/of/x.db')
    await (await connect({kind: 'url', url: `sqlite:${path}`}, folder.path, {createDatabase: true})).close()
    expect(existsSync(path)).to.equal(true)
  })

  it('reads a file that it may not write to, and says so when it would', async () => {
    const project = new Folder().writeGraph('a')
    const dbName = join(project.path, 'x.db')
    await runOn(`sqlite:${dbName}`, 'create table t (n integer)')
    const options = {dbName, driverOptions: {readonly: true}, entities: [], discovery: {warnWhenNoEntities: false}}
    project.write({
      'mig.config.js': `import {SqliteDriver} from ${JSON.stringify(import.meta.resolve('@mikro-orm/sqlite'))}
export default {orm: {driver: SqliteDriver, ...${JSON.stringify(options)}}}`,
    })
    expect((await mig('current', {cwd: project.path})).status).to.equal(0)
    const {stderr, status} = await mig('upgrade', {cwd: project.path})
    expect(status).to.equal(1)
    expect(stderr).to.match(/^error: .*x\.db failed: attempt to write a readonly database\nhint: .*file/)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const {port} = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
