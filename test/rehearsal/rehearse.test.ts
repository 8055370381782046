import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {rehearse} from '../../src/api/runs/rehearse.ts'
import type {RehearsalResult} from '../../src/api/runs/rehearse.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase, databaseKinds, newName, onServer, runOn, serverKinds, serverOf} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'
import {linkPackages} from '../support/packages.ts'
import {withSession} from '../support/session.ts'

type Bodies = Readonly<Record<string, string>>

async function withHistory<Result>(
  kind: DatabaseKind,
  dag: string,
  bodies: Bodies,
  use: (on: Bench) => Promise<Result>,
): Promise<Result> {
  const on = new Bench(kind, await createDatabase(kind))
  try {
    on.use(dag, ({id}) => bodies[id] ?? 'export async function upgrade() {}')
    return await use(on)
  } finally {
    await on.end()
  }
}

/** Returns the findings of a rehearsal as lines: `b NOT_UNDONE index users.users_name`. */
function findingsOf({databases}: RehearsalResult): readonly string[] {
  return databases.flatMap(({revisions}) =>
    revisions.flatMap(({revision, findings}) =>
      findings.map(({code, difference}) => {
        const object = difference && [difference.table, difference.name].filter(Boolean).join('.')
        return [revision, code, ...(difference === undefined ? [] : [difference.kind, object])].join(' ')
      }),
    ),
  )
}

const users = `export async function upgrade(op) { op.execute('create table users (id integer not null primary key, name varchar(20) not null)') }
export async function downgrade(op) { op.execute('drop table users') }`

const revision = (upgrade: string, downgrade: string): string =>
  `export async function upgrade(op) { ${upgrade} }\nexport async function downgrade(op) { ${downgrade} }`

const run = (sql: string): string => `op.execute(${JSON.stringify(sql)})`

interface Case {
  readonly name: string
  readonly dag?: string
  readonly bodies: Bodies
  readonly findings: readonly string[] | ((kind: DatabaseKind) => readonly string[])
  /** What the first finding says. */
  readonly says?: RegExp
  readonly ok: boolean
}

const cases: readonly Case[] = [
  {
    name: 'a history without faults',
    bodies: {b: revision(run('alter table users add age integer'), run('alter table users drop column age'))},
    findings: [],
    ok: true,
  },
  {
    name: 'a downgrade that forgets an index',
    bodies: {
      b: revision(
        `${run('create index users_name on users (name)')}; ${run('create table posts (id integer)')}`,
        run('drop table posts'),
      ),
    },
    findings: ['b NOT_UNDONE index users.users_name', 'b REHEARSAL_FAILED'],
    says: /The downgrade of revision b leaves index users\.users_name behind: .*name/,
    ok: false,
  },
  {
    name: 'a downgrade that fails',
    bodies: {b: revision(run('create table posts (id integer)'), run('drop table articles'))},
    findings: ['b REHEARSAL_FAILED'],
    says: /^Revision b cannot be reverted: .*articles.* \(migrations\/versions\/b\.ts:\d+\)\.$/i,
    ok: false,
  },
  {
    name: 'an upgrade that fails',
    bodies: {b: revision(run('create index users_name on articles (name)'), '')},
    findings: ['b REHEARSAL_FAILED'],
    says: /^Revision b cannot be applied: .*(articles|users_name).* \(migrations\/versions\/b\.ts:\d+\)\.$/i,
    ok: false,
  },
  {
    name: 'an upgrade that fails with rows',
    bodies: {
      b: revision(
        `${run('create table copies (name varchar(20) not null)')}; ${run('insert into copies (name) select null from users')}`,
        run('drop table copies'),
      ),
    },
    findings: ['b FAILS_WITH_ROWS'],
    says: /^Revision b requires a value for existing rows: /,
    ok: true,
  },
  {
    name: 'a downgrade that does not restore rows',
    bodies: {b: revision(run("update users set name = 'x'"), run('select 1'))},
    findings: ['b ROWS_CHANGED'],
    says: /^After the upgrade and the downgrade of revision b, table users has other values\.$/,
    ok: true,
  },
  {
    name: 'a revision that depends on the order',
    dag: 'a <- b; a <- c',
    bodies: {
      b: revision(run('create table posts (id integer)'), run('drop table posts')),
      c: revision(run('create index posts_id on posts (id)'), ''),
    },
    findings: ['c REHEARSAL_FAILED'],
    says: /^Revision c cannot be applied to its ancestors alone: .*posts/,
    ok: false,
  },
  {
    name: 'revisions of two branches that create the same table',
    dag: 'a <- b; a <- c; b, c <- d',
    bodies: {
      b: revision(run('create table posts (id integer)'), run('drop table posts')),
      c: revision(run('create table posts (id integer)'), run('drop table posts')),
    },
    findings: ['b REHEARSAL_FAILED'],
    says: /^Revision b cannot be applied after revisions of another branch: .*posts/,
    ok: false,
  },
  {
    name: 'code that is not deterministic',
    bodies: {
      b: `let runs = 0\n${revision("op.execute(`insert into users (id, name) values (${100 + runs++}, 'x')`)", run('delete from users where id between 100 and 200'))}`,
    },
    findings: ['b NOT_DETERMINISTIC'],
    says: /^The upgrade of revision b is not deterministic: it ran `insert into users .* values \(\d+, 'x'\)` first and /,
    ok: false,
  },
  {
    name: 'a name that is not deterministic',
    bodies: {
      b: `let runs = 0\n${revision('runs++; op.execute(`create index users_name_${runs} on users (name)`)', "op.dropIndex(`users_name_${runs}`, {table: 'users'})")}`,
    },
    findings: [
      'b NOT_REPEATED index users.users_name_1',
      'b NOT_REPEATED index users.users_name_2',
      'b NOT_DETERMINISTIC',
    ],
    ok: false,
  },
  {
    name: 'a revision that cannot be reverted',
    bodies: {
      b: `export const irreversible = 'the names are gone'\nexport async function upgrade(op) { ${run("update users set name = 'x'")} }`,
    },
    findings: [],
    ok: true,
  },
  {
    name: 'nothing in a revision that inserts a row with a fixed key',
    bodies: {
      b: revision(run("insert into users (id, name) values (1, 'root')"), run('delete from users where id = 1')),
    },
    findings: [],
    ok: true,
  },
  {name: 'a revision without operations', bodies: {b: revision('', '')}, findings: [], ok: true},
]

describe('a rehearsal', () => {
  for (const kind of databaseKinds)
    for (const {name, dag = 'a <- b', bodies, findings, says, ok} of cases)
      it(`[${kind}] finds ${name}`, async () =>
        withHistory(kind, dag, {a: users, ...bodies}, async (on) => {
          const result = await rehearse({cwd: on.cwd})
          expect(findingsOf(result)).to.deep.equal(typeof findings === 'function' ? findings(kind) : findings)
          expect(result.ok).to.equal(ok)
          const [first] = result.databases.flatMap(({revisions}) => revisions.flatMap((found) => found.findings))
          if (says !== undefined) expect(first?.message).to.match(says)
          expect(await on.tables()).to.deep.equal([])
        }))

  for (const kind of databaseKinds)
    it(`[${kind}] tells revisions that it is one`, async () =>
      withHistory(
        kind,
        'a',
        {a: revision("if (!op.rehearsing) throw new Error('reaches outside')", '')},
        async (on) => {
          expect(findingsOf(await rehearse({cwd: on.cwd}))).to.deep.equal([])
        },
      ))

  for (const kind of databaseKinds)
    it(`[${kind}] keeps to a range`, async () =>
      withHistory(
        kind,
        'a <- b <- c',
        {a: users, b: revision(run('create index i on users (name)'), '')},
        async (on) => {
          const result = await rehearse({cwd: on.cwd, range: 'c:'})
          expect(result.databases[0]?.revisions).to.deep.equal([
            {
              revision: 'c',
              message: 'revision c',
              file: 'migrations/versions/c.ts',
              steps: 'none',
              findings: [],
              withoutRows: [],
            },
          ])
        },
      ))

  for (const kind of serverKinds)
    it(`[${kind}] leaves no database`, async () =>
      withHistory(kind, 'a', {a: noted('')}, async (on) => {
        expect(findingsOf(await rehearse({cwd: on.cwd}))).to.deep.equal([])
        expect(on.folder.read('name.txt')).to.match(/^mig_scratch_/)
        expect(await scratchDatabases(kind)).to.not.include(on.folder.read('name.txt'))
      }))
})

/** Returns a revision that writes the name of its database to a file: others use the server, too. */
function noted(more: string): string {
  return `import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
export async function upgrade(op) {
  op.execute('create table t (n integer)')
  const name = op.dialect === 'postgresql' ? 'current_database()' : 'database()'
  const [row] = await op.query('select ' + name + ' as name')
  writeFileSync(join(import.meta.dirname, '../../name.txt'), row.name)
  ${more}
}
export async function downgrade(op) { op.execute('drop table t') }
`
}

async function scratchDatabases(kind: (typeof serverKinds)[number]): Promise<readonly string[]> {
  const sql =
    kind === 'postgresql'
      ? `select datname as name from pg_database where datname like 'mig_scratch_%'`
      : `select schema_name as name from information_schema.schemata where schema_name like 'mig_scratch_%'`
  const [rows = []] = await runOn(await serverOf(kind), sql)
  return rows.map(({name}) => String(name))
}

describe('mig rehearse', () => {
  for (const kind of databaseKinds)
    it(`[${kind}] prints the revisions and the findings, and ends with 1`, async () =>
      withHistory(
        kind,
        'a <- b',
        {a: users, b: revision(run('create index i on users (name)'), run('select 1'))},
        async (on) => {
          const {stdout, status} = await mig(['rehearse'], {cwd: on.cwd})
          expect(stdout).to.match(/^ {2}a {2}up, down, up {2}revision a$/m)
          expect(stdout).to.match(/^ {2}b {2}failed {2}revision b$/m)
          expect(stdout).to.match(/^rehearsal: not ok$/m)
          expect(stdout).to.match(/^error: The downgrade of revision b leaves index users\.i behind: /m)
          expect(status).to.equal(1)
          const check = await mig(['check', 'rehearsal', '--format', 'github'], {cwd: on.cwd})
          expect(check.stdout).to.match(/^::error .*file=.*b\.ts/m)
          expect(check.status).to.equal(1)
        },
      ))
})

describe('a workflow that has secrets, for pull requests that nobody has reviewed', () => {
  for (const args of [
    'rehearse',
    'check rehearsal',
    'check commute a b',
    'merge heads --prove',
    'squash base:a',
    'rebase b --onto a',
  ])
    it(`runs no revision: mig ${args}`, async () => {
      const ran = "import {writeFileSync} from 'node:fs'\nwriteFileSync('ran', '')\n"
      const folder = new Folder().writeGraph('c <- a; c <- b', () => `${ran}export function upgrade() {}\n`)
      folder.write({'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"})
      const {status, stderr, stdout} = await mig(args, {
        cwd: folder.path,
        env: {GITHUB_EVENT_NAME: 'pull_request_target'},
      })
      expect(status).to.equal(1)
      expect(stderr + stdout).to.contain('are not tried out in a workflow for `pull_request_target`')
      expect(existsSync(join(folder.path, 'ran'))).to.equal(false)
    })
})

describe('the other databases of a server', () => {
  for (const kind of serverKinds.filter((one) => one !== 'postgresql'))
    for (const [name, text] of Object.entries({
      'a qualified name': (own: string) => run(`delete from ${own}.t_a`),
      'a quoted name': (own: string) => run(`drop table \`${own}\`.\`t_a\``),
      use: (own: string) => run(`use ${own}; delete from t_a`),
      'a query': (own: string) => `await op.query(${JSON.stringify(`delete from ${own}.t_a`)})`,
      'a query builder': (own: string) =>
        `const em = await op.entityManager(); await em.getConnection().execute(${JSON.stringify(`delete from ${own}.t_a`)})`,
      'a grant': (own: string) => run(`grant select on ${own}.* to nobody`),
    }))
      it(`[${kind}] are not touched by ${name}`, async () =>
        withHistory(kind, 'a', {a: users}, async (on) => {
          const own = new URL(on.database.url).pathname.slice(1)
          await on.database.query('create table t_a (n integer)', 'insert into t_a values (1)')
          on.use('a', () => revision(text(own), "op.execute('select 1')"))
          const {databases} = await rehearse({cwd: on.cwd})
          const [finding] = databases.flatMap(({revisions}) => revisions.flatMap(({findings}) => findings))
          expect(finding?.code).to.equal('REHEARSAL_FAILED')
          expect(finding?.message).to.match(/would reach outside of the temporary database(?: \(.*\))?\.$/)
          const [[row] = []] = await on.database.query('select count(*) as n from t_a')
          expect(Number(row?.['n'])).to.equal(1)
        }))

  it('and its roles are not touched on PostgreSQL, unless the server is one without data', async function () {
    if (!databaseKinds.includes('postgresql')) return this.skip()
    await withHistory('postgresql', 'a', {a: users}, async (on) => {
      const role = newName().slice(0, 30)
      const server = await serverOf('postgresql')
      on.use('a', () => revision(run(`create role ${role}`), run(`drop role ${role}`)), {scratch: 'server'})
      const {databases} = await rehearse({cwd: on.cwd})
      const [finding] = databases.flatMap(({revisions}) => revisions.flatMap(({findings}) => findings))
      expect(finding?.message).to.contain('create role')
      on.use('a', () => revision(run(`create role ${role}`), run(`drop role ${role}`)), {scratch: server})
      expect((await rehearse({cwd: on.cwd})).ok).to.equal(true)
      await runOn(server, `drop role if exists ${role}`)
    })
  })
})

describe('the place of a rehearsal', () => {
  const faultless = {a: users}

  for (const kind of databaseKinds)
    it(`[${kind}] does not need the database`, async () =>
      withHistory(kind, 'a', faultless, async (on) => {
        await on.database.drop()
        const result = await rehearse({cwd: on.cwd})
        expect(result.databases.map(({revisions}) => revisions.map(({steps}) => steps))).to.deep.equal([['up down up']])
        expect(result.databases[0]?.on).to.match(new RegExp(`^${kind} \\d`))
      }))

  for (const kind of serverKinds)
    it(`[${kind}] needs no right to create databases where ${kind === 'postgresql' ? 'PGlite is there' : 'a URL is given'}`, async () =>
      withHistory(kind, 'a', faultless, async (on) => {
        const role = newName().slice(0, 30)
        const server = await serverOf(kind)
        const create =
          kind === 'postgresql' ? `create role ${role} login password 'p'` : `create user ${role} identified by 'p'`
        await runOn(server, create)
        on.atEnd(async () => runOn(server, `drop ${kind === 'postgresql' ? 'role' : 'user'} ${role}`))
        if (kind !== 'postgresql') await on.database.query(`grant select on *.* to ${role}`)
        const url = new URL(on.database.url)
        url.username = role
        url.password = 'p'
        const settings = kind === 'postgresql' ? {} : {scratch: server}
        on.folder.write({'mig.config.js': `export default ${JSON.stringify({orm: url.href, ...settings})}\n`})
        const {databases, ok} = await rehearse({cwd: on.cwd})
        expect(ok).to.equal(true)
        expect(databases[0]?.on).to.match(kind === 'postgresql' ? /^pglite / : new RegExp(`^${kind} `))
        on.folder.write({'mig.config.js': `export default ${JSON.stringify({orm: url.href, scratch: 'server'})}\n`})
        await rejectionOf('CREATE_DATABASE_FAILED', () => rehearse({cwd: on.cwd}))
      }))

  for (const kind of serverKinds)
    it(`[${kind}] is never the database that MIKRO_ORM_ variables name`, async () =>
      withHistory(kind, 'a', faultless, async (on) => {
        const {protocol, host, hostname, port, username, password, pathname} = new URL(on.database.url)
        const driver =
          protocol === 'postgresql:' ? 'PostgreSqlDriver' : protocol === 'mysql:' ? 'MySqlDriver' : 'MariaDbDriver'
        const orm = {host: hostname, port: Number(port), user: username, password, dbName: `not_there_at_${host}`}
        on.folder.write({
          'mig.config.js': "export default {orm: './orm.js', scratch: 'server'}\n",
          'orm.js': `import {${driver} as driver} from '@mikro-orm/${kind}'\nexport default {...${JSON.stringify(orm)}, driver, entities: [], discovery: {warnWhenNoEntities: false}}\n`,
        })
        linkPackages(on.cwd, {without: []})
        const env = {MIKRO_ORM_DB_NAME: pathname.slice(1)}
        const {stdout, stderr, status} = await mig('rehearse', {cwd: on.cwd, env})
        expect([status, stderr], stdout).to.deep.equal([0, ''])
        expect(await on.tables()).to.deep.equal([])
        const upgraded = await mig('upgrade', {cwd: on.cwd, env})
        expect([upgraded.status, await on.tables()], upgraded.stderr).to.deep.equal([
          0,
          ['mig_log', 'mig_version', 'users'],
        ])
        const name = newName()
        on.atEnd(async () => runOn(await serverOf(kind), `drop database if exists ${name}`))
        const created = await mig('upgrade --create-database', {cwd: on.cwd, env: {MIKRO_ORM_DB_NAME: name}})
        expect(created.status, created.stderr).to.equal(0)
      }))

  it('is PGlite for PostgreSQL if the configuration says so, and refuses other words', async () => {
    const folder = new Folder().writeGraph('a', () => users)
    folder.write({'mig.config.js': "export default {orm: 'postgresql://nobody@127.0.0.1:1/none', scratch: 'pglite'}\n"})
    expect((await rehearse({cwd: folder.path})).databases[0]?.on).to.match(/^pglite /)
    folder.write({'mig.config.js': "export default {scratch: 'elsewhere'}\n"})
    await rejectionOf('INVALID_CONFIG', () => rehearse({cwd: folder.path}))
  })

  for (const kind of serverKinds)
    it(`[${kind}] is dropped after Ctrl-C`, async () =>
      withHistory(kind, 'a', {a: noted('await new Promise((done) => setTimeout(done, 30_000))')}, async (on) => {
        const {stderr, status} = await mig('rehearse', {
          cwd: on.cwd,
          onStart: (child) => {
            void (async () => {
              while (!existsSync(join(on.cwd, 'name.txt'))) await setTimeout(50)
              child.kill('SIGINT')
            })()
          },
        })
        expect(stderr).to.match(/^error: Interrupted/m)
        expect(status).to.equal(130)
        expect(await scratchDatabases(kind)).to.not.include(on.folder.read('name.txt'))
      }))
})

describe('the revisions that are rehearsed', () => {
  const config = {'mig.config.js': "export default {orm: 'sqlite::memory:'}\n"}
  const file = (id: string, parent: string | null): string =>
    `export const revision = '${id}'\nexport const downRevision = ${JSON.stringify(parent)}\nexport async function upgrade(op) { op.execute('create table ${id} (n integer)') }\nexport async function downgrade(op) { op.execute('drop table ${id}') }\n`
  const rehearsed = async (options: Parameters<typeof rehearse>[0]): Promise<readonly string[]> =>
    (await rehearse(options)).databases.flatMap(({revisions}) => revisions.map(({revision: id}) => id))

  it('are those that the upstream branch does not have', async () => {
    const origin = GitFolder.init().write({...config, 'migrations/versions/a.ts': file('a', null)})
    origin.commit('a')
    const {path: cwd, ...clone} = GitFolder.clone(origin)
    expect(await rehearsed({cwd})).to.deep.equal([])
    clone.folder.write({'clone/migrations/versions/b.ts': file('b', 'a')})
    expect(await rehearsed({cwd})).to.deep.equal(['b'])
    expect(await rehearsed({cwd, all: true})).to.deep.equal(['a', 'b'])
    expect(await rehearsed({cwd, range: 'git:origin/main:heads'})).to.deep.equal(['b'])
    expect(await rehearsed({cwd, range: 'a:b'})).to.deep.equal(['a', 'b'])
    const nothing = await mig('rehearse --json', {cwd: GitFolder.clone(origin).path})
    expect(JSON.parse(nothing.stdout)).to.deep.equal({ok: true, databases: []})
  })

  it('cannot depend on the database', async () => {
    const {path: cwd} = new Folder().write({...config, 'migrations/versions/a.ts': file('a', null)})
    await rejectionOf('INVALID_RANGE', () => rehearse({cwd, range: 'current:'}))
    await rejectionOf('REVISION_NOT_FOUND', () => rehearse({cwd, range: 'b:'}))
  })
})

describe('temporary databases of killed processes', () => {
  const names = (age: number): string =>
    `mig_scratch_${Math.floor(Date.now() / 1000) - age}_${randomBytes(4).toString('hex')}`

  for (const kind of serverKinds)
    it(`[${kind}] are dropped after an hour, unless they are in use`, async () =>
      withHistory(kind, 'a', {a: users}, async (on) => {
        const server = await serverOf(kind)
        const [stale, used, recent] = [names(7300), names(7200), names(60)]
        for (const name of [stale, used, recent]) await runOn(server, `create database ${name}`)
        const connection = await connect({kind: 'url', url: onServer(server, used)}, process.cwd())
        on.atEnd(async () => {
          await connection.close()
          for (const name of [used, recent]) await runOn(server, `drop database if exists ${name}`)
        })
        await withSession(connection, undefined, async () => rehearse({cwd: on.cwd}))
        const left = await scratchDatabases(kind)
        expect([stale, used, recent].filter((name) => left.includes(name))).to.deep.equal([used, recent])
      }))
})
