import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import type {UpgradeOptions} from '../../src/api/runs/migrate.ts'
import type {MigrateResult} from '../../src/engine/results.ts'
import type {TenantReport} from '../../src/engine/results.ts'
import {partiallyApplied, repair} from '../../src/api/runs/repair.ts'
import type {RunEvent} from '../../src/api/events.ts'
import type {MigError} from '../../src/errors.ts'
import {mig} from '../support/cli.ts'
import {createDatabase, databaseKinds, newName} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

/** A table that says whose it is. */
const body = ({id}: {readonly id: string}): string => `export async function upgrade(op) {
  if (op.x.fail === op.tenant + ' ' + '${id}') throw new Error('not for ' + op.tenant)
  op.execute('create table t_${id} (tenant varchar(100))')
  op.execute('insert into t_${id} values (?)', [op.tenant])
}
export async function downgrade(op) { op.execute('drop table t_${id}') }
`

for (const kind of databaseKinds.filter((one) => one !== 'sqlite'))
  describe(`tenants, on ${kind}`, () => {
    let database: TestDatabase
    let folder: Folder
    let names: readonly string[]
    beforeEach(async () => {
      database = await createDatabase(kind)
      // Databases of a server are everybody's, so that they need names of their own.
      const own = kind === 'mariadb' || kind === 'mysql' ? newName() : 't'
      names = ['Caps-and Spaces', "o'neil", 'order', 'ünï'].map((name) => `${own} ${name}`)
      folder = new Folder()
      use(body)
    })
    afterEach(async () => {
      if (kind === 'mariadb' || kind === 'mysql')
        await database.query(...names.map((name) => `drop database if exists \`${name}\``))
      await database.drop()
    })

    const use = (write: (revision: {readonly id: string}) => string): void => {
      folder.writeGraph('a <- b', write)
      folder.write({'mig.config.js': `export default ${JSON.stringify({orm: database.url, tenants: names})}`})
    }
    const run = async (options: UpgradeOptions = {}): Promise<MigrateResult> =>
      upgrade({cwd: folder.path, createDatabase: true, ...options})
    const rows = async (tenant: string, table: string, column = 'tenant'): Promise<unknown[]> => {
      const quote = kind === 'mariadb' || kind === 'mysql' ? '`' : '"'
      const [found = []] = await database.query(
        `select ${column} as it from ${quote}${tenant}${quote}.${table} order by 1`,
      )
      return found.map(({it: value}) => value)
    }
    const failedFor = async (options: UpgradeOptions): Promise<readonly TenantReport[]> =>
      reportsOf(await rejectionOf('TENANTS_FAILED', async () => run(options)))

    it('applies every revision in every tenant, whatever one sets in its session', async () => {
      const isServer = kind === 'mariadb' || kind === 'mysql'
      const set = isServer
        ? ['use information_schema', "set sql_mode = 'ANSI_QUOTES'"]
        : ['set search_path = public', 'set app.setting = 1']
      const read = isServer
        ? "nullif(@@sql_mode like '%ANSI_QUOTES%', 0)"
        : "nullif(current_setting('app.setting', true), '')"
      use(({id}) =>
        id === 'a'
          ? `export async function upgrade(op) {\n${set.map((sql) => `  op.execute(${JSON.stringify(sql)})\n`).join('')}}\n`
          : `export async function upgrade(op) {
  op.execute('create table t_b (tenant varchar(100), was_left varchar(9))')
  op.execute(${JSON.stringify(`insert into t_b select ?, ${read}`)}, [op.tenant])
}
`,
      )
      await run()
      for (const name of names) {
        expect(await rows(name, 't_b')).to.deep.equal([name])
        expect(await rows(name, 't_b', 'was_left')).to.deep.equal([null])
      }
    })

    it('applies every revision in every tenant, whatever that is called, with a version table each', async () => {
      const {tenants = [], heads, steps} = await run()
      expect(tenants.map(({tenant, status}) => [tenant, status])).to.deep.equal(names.map((name) => [name, 'done']))
      expect([heads, steps.length]).to.deep.equal([['b'], 2 * names.length])
      for (const name of names) {
        expect(await rows(name, 't_b')).to.deep.equal([name])
        expect(await rows(name, 'mig_version', 'revision')).to.deep.equal(['a', 'b'])
      }
      expect(
        (await current({cwd: folder.path})).current.map(({tenant, revision}) => `${tenant} ${revision}`),
      ).to.deep.equal(names.map((name) => `${name} b`))
    })

    it('goes on from wherever each of them is', async () => {
      const [first = '', second = ''] = names
      await run({tenants: [first]})
      await run({tenants: [second], target: 'a'})
      const {tenants = []} = await run()
      expect(tenants.map(({status, steps}) => `${status} ${steps.length}`)).to.deep.equal([
        'unchanged 0',
        'done 1',
        'done 2',
        'done 2',
      ])
    })

    it('stops at the first that fails, and says what is left', async () => {
      const [first, second, ...others] = names
      const reports = await failedFor({x: {fail: `${second} b`}})
      expect(reports.map(({tenant, status}) => [tenant, status])).to.deep.equal([
        [first, 'done'],
        [second, 'failed'],
        ...others.map((name) => [name, 'not started']),
      ])
      expect(reports[1]?.error).to.include({code: 'REVISION_FAILED'})
      expect(reports[1]?.error?.message).to.contain(`not for ${second}`)
    })

    it('goes on with the others when it may, and does what is left the next time', async () => {
      const [, second = ''] = names
      const reports = await failedFor({continueOnError: true, parallel: 2, x: {fail: `${second} b`}})
      expect(reports.map(({status}) => status)).to.deep.equal(['done', 'failed', 'done', 'done'])
      const {tenants = []} = await run({parallel: 3})
      expect(tenants.filter(({status}) => status === 'done').map(({tenant}) => tenant)).to.deep.equal([second])
    })

    it('reverts, stamps, and makes the tables of mig for each', async () => {
      expect((await ensureVersion({cwd: folder.path, createDatabase: true})).created).to.have.length(2 * names.length)
      await run()
      await downgrade({cwd: folder.path, target: 'a', parallel: 2})
      await stamp({cwd: folder.path, target: 'base', tenants: names.slice(0, 1)})
      expect(
        (await current({cwd: folder.path})).current.map(({tenant, revision}) => `${tenant} ${revision}`),
      ).to.deep.equal(names.slice(1).map((name) => `${name} a`))
    })

    it('says that a tenant is not there', async () => {
      const error = await rejectionOf('TENANTS_FAILED', async () => run({createDatabase: false}))
      expect(error.message).to.contain(`Tenant ${names[0]} does not exist on ${kind}:`)
      expect(reportsOf(error)[0]?.error?.code).to.equal('TENANT_MISSING')
    })

    it('says in every event which tenant it is of', async () => {
      const events: RunEvent[] = []
      await run({onEvent: (event) => events.push(event)})
      const steps = events.filter((event) => event.kind === 'step-done').map(({tenant, revision}) => [tenant, revision])
      expect(steps).to.deep.equal(
        names.flatMap((name) => [
          [name, 'a'],
          [name, 'b'],
        ]),
      )
      expect(events.filter(({kind: one}) => one === 'tenant-done')).to.have.length(names.length)
    })

    it('shows and repairs a partially applied revision of one tenant', async () => {
      folder.write({
        'migrations/versions/c.sql':
          '-- revision: c\n-- revises: b\n-- transactional: false\n\n-- upgrade\ncreate table half (n integer);\ninsert into nowhere values (1);\n',
      })
      const [first = ''] = names
      await failedFor({tenants: [first]})
      expect(
        (await partiallyApplied({cwd: folder.path, tenants: names.slice(0, 1)})).map(({tenant, revision}) => [
          tenant,
          revision,
        ]),
      ).to.deep.equal([[first, 'c']])
      await run({tenants: names.slice(1), target: 'b'})
      const {repaired} = await repair({cwd: folder.path, action: 'mark-applied', reason: 'by hand'})
      expect(repaired).to.deep.equal(['c'])
      await rejectionOf('NOTHING_TO_REPAIR', async () =>
        repair({cwd: folder.path, action: 'mark-applied', reason: 'x'}),
      )
    })
  })

const reportsOf = ({data}: MigError): readonly TenantReport[] => (data as {tenants: readonly TenantReport[]}).tenants

describe('tenants, on a search path', () => {
  for (const kind of databaseKinds.filter((one) => one === 'postgresql' || one === 'pglite'))
    for (const lock of ['session', 'table'])
      it(`find what is shared behind what is their own, and leave no trace (${kind}, lock of a ${lock})`, async () => {
        const database = await createDatabase(kind)
        await database.query(
          'create schema common',
          'create table common.plans (n integer)',
          'create table common.t_a ()',
        )
        const folder = new Folder().writeGraph('a <- b', ({id}) =>
          id === 'a'
            ? `export async function upgrade(op) {\n  op.execute('create table t_a (tenant text)')\n  op.execute('insert into plans values (1)')\n}`
            : `export async function upgrade(op) {\n  const [{path}] = await op.query("select current_setting('search_path') as path")\n  op.execute('insert into t_a values (?)', [path])\n}`,
        )
        const config = {orm: database.url, tenants: ['x', 'y'], sharedSchemas: ['common'], lock}
        folder.write({'mig.config.js': `export default ${JSON.stringify(config)}`})
        await upgrade({cwd: folder.path, createDatabase: true})
        const [shared, x, y] = await database.query(
          'select n from common.plans',
          'select * from x.t_a',
          'select * from y.t_a',
        )
        expect([shared, x, y]).to.deep.equal([[{n: 1}, {n: 1}], [{tenant: 'x, common'}], [{tenant: 'y, common'}]])
        await database.drop()
      })

  for (const {name, text} of [
    {name: 'a statement', text: "op.execute('vacuum')"},
    {name: 'a query', text: "op.query('select 1')"},
  ])
    it(`refuse ${name} outside of a transaction where only that knows the tenant`, async () => {
      const database = await createDatabase('postgresql')
      const folder = new Folder().writeGraph(
        'a',
        () =>
          `export async function upgrade(op) {\n  op.execute('create table t (n int)')\n  await op.autocommit(() => ${text})\n}`,
      )
      const config = {orm: database.url, tenants: ['x'], lock: 'table'}
      folder.write({'mig.config.js': `export default ${JSON.stringify(config)}`})
      const error = await rejectionOf('TENANTS_FAILED', async () => upgrade({cwd: folder.path, createDatabase: true}))
      expect(error.message)
        .to.contain('a pooler does not keep the search path of tenant x')
        .and.contain('The revision was rolled back')
      await database.drop()
    })

  it('give the session back as it was to an instance of MikroORM', async () => {
    const {MikroORM} = await import('@mikro-orm/postgresql')
    const database = await createDatabase('postgresql')
    const orm = await MikroORM.init({
      clientUrl: database.url,
      entities: [],
      discovery: {warnWhenNoEntities: false},
      pool: {min: 1, max: 1},
    })
    const settings =
      "select current_setting('search_path') as path, current_setting('application_name') as name, current_setting('lock_timeout') as timeout, pg_backend_pid() as pid"
    const before: unknown = await orm.em.execute(settings)
    const folder = new Folder().writeGraph('a', body)
    await upgrade({cwd: folder.path, orm, tenants: ['x', 'y'], createDatabase: true})
    expect(await orm.em.execute(settings)).to.deep.equal(before)
    await orm.close(true)
    await database.drop()
  })
})

describe('tenants, named wrongly', () => {
  const cases = [
    {name: 'an empty name', tenant: '', why: 'it is empty'},
    {name: 'a name with a dot', tenant: 'a.b', why: 'it contains the character "."'},
    {name: 'a name with a quote', tenant: 'a"b', why: String.raw`it contains the character "\""`},
    {name: 'a name with a question mark', tenant: 'who?', why: 'it contains the character "?"'},
    {name: 'a name that PostgreSQL would cut', tenant: 'x'.repeat(64), why: 'it is longer than 63 bytes'},
    {name: 'a name that a query builder does split', tenant: 'same as me', why: 'it contains the word “as”'},
  ]
  for (const {name, tenant, why} of cases)
    it(`refuses ${name}`, async () => {
      const folder = new Folder().writeGraph('a')
      const error = await rejectionOf('INVALID_TENANT', async () => upgrade({cwd: folder.path, tenants: [tenant]}))
      expect(error.message).to.contain(why)
    })

  it('refuses them on SQLite, which has no schemas', async () => {
    const database = await createDatabase('sqlite')
    const folder = new Folder().writeGraph('a')
    folder.write({'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}, tenants: ['x']}`})
    const [report] = reportsOf(await rejectionOf('TENANTS_FAILED', async () => upgrade({cwd: folder.path})))
    expect(report?.error?.code).to.equal('TENANTS_NOT_SUPPORTED')
    expect(report?.error?.message).to.match(/^These tenants are not supported on sqlite:.*: it has no schemas\.$/)
    await database.drop()
  })

  const configs = [
    {
      name: 'several databases',
      config: {databases: {main: {orm: 'sqlite:a'}}, tenants: ['x']},
      message: 'tenants are not supported',
    },
    {
      name: 'a schema for all version tables',
      config: {versionTableSchema: 's', tenants: ['x']},
      message: '`versionTableSchema`',
    },
  ]
  for (const {name, config, message} of configs)
    it(`refuses tenants with ${name}`, async () => {
      const folder = new Folder().writeGraph('a')
      folder.write({'mig.config.js': `export default ${JSON.stringify(config)}`})
      expect((await rejectionOf('INVALID_CONFIG', async () => upgrade({cwd: folder.path}))).message).to.contain(message)
    })

  it('names the line of a function that fails to say who they are', async () => {
    const folder = new Folder().writeGraph('a')
    folder.write({'mig.config.js': "export default {\n  tenants: () => {\n    throw new Error('no list')\n  },\n}"})
    const error = await rejectionOf('CONFIG_FAILED', async () => upgrade({cwd: folder.path}))
    expect(error.message).to.match(/mig\.config\.js:3: Error: no list$/)
  })
})

describe('tenants, on the command line', () => {
  let database: TestDatabase
  let folder: Folder
  beforeEach(async () => {
    database = await createDatabase('postgresql')
    folder = new Folder().writeGraph('a <- b', body)
    folder.write({
      'names.txt': '# all of them\nacme\n\nbeta # the second\n',
      'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}}`,
    })
  })
  afterEach(async () => database.drop())

  it('reports on all of them, with status 1 when one failed', async () => {
    const say = async (args: string): Promise<string> => {
      const {stdout, stderr, status} = await mig(args, {cwd: folder.path})
      return `${stderr}${stdout}exit ${status}\n`.replaceAll(/\d+(?:\.\d+)? m?s\b/g, '…')
    }
    const failing = await mig(
      ['upgrade', '--tenants', 'names.txt', '--create-database', '--continue-on-error', '-x', 'fail=acme b'],
      {cwd: folder.path},
    )
    expect([failing.status, failing.stderr.replaceAll(/\d+ ms/g, '…')]).to.deep.equal([
      1,
      `acme: failed: The upgrade of revision b (revision b) failed at migrations/versions/b.ts:8: not for acme
beta: 2 revisions applied (…)
error: 1 of 2 tenants failed:
  acme: The upgrade of revision b (revision b) failed at migrations/versions/b.ts:8: not for acme
    The error occurred before the run; nothing was executed.
  1 done, 1 failed.
hint: Fix the revision and run the same command again. The command only runs what is left.
`,
    ])
    expect(await say('upgrade --tenants names.txt')).to.equal(
      'acme: 2 revisions applied (…)\n2 tenants: 1 done, 1 unchanged, in ….\nexit 0\n',
    )
    expect(await say('current --tenant acme --tenant beta')).to.equal(
      'Up to date.\nb (head) (on acme), revision b\nb (head) (on beta), revision b\nexit 0\n',
    )
    await mig('downgrade base --tenant acme --yes', {cwd: folder.path})
    expect(await say('current --tenants names.txt --check-heads')).to.equal(
      '1 of 2 tenants is not up to date: acme.\nb (head) (on beta), revision b\nbase (on acme)\nexit 1\n',
    )
    expect(await say('upgrade --tenants nowhere.txt')).to.match(
      /^error: Cannot read the tenants file nowhere\.txt: it does not exist\./,
    )
    expect(await say('upgrade --parallel 0')).to.match(/parallel.*exit 2/s)
  }).timeout(40_000)

  it('does each once, when two runs are started at once, with many connections', async () => {
    const names = Array.from({length: 15}, (_, i) => `tenant ${i}`)
    folder.write({'names.txt': names.join('\n')})
    const run = async (): Promise<string[]> => {
      const args = 'upgrade --tenants names.txt --create-database --parallel 12 --json'
      const {stdout, stderr, status} = await mig(args, {cwd: folder.path})
      expect([stderr, status], stdout).to.deep.equal(['', 0])
      const {tenants} = JSON.parse(stdout) as MigrateResult
      return (tenants ?? []).flatMap(({tenant, status: how}) => (how === 'done' ? tenant : []))
    }
    const [one, two] = await Promise.all([run(), run()])
    expect([...one, ...two].toSorted()).to.deep.equal(names.toSorted())
  }).timeout(40_000)

  it('reports as JSON', async () => {
    const {stdout, status} = await mig('upgrade --tenants names.txt --json', {cwd: folder.path})
    expect(status).to.equal(1)
    const {error} = JSON.parse(stdout) as {error: {code: string; data: {tenants: TenantReport[]}}}
    expect([
      error.code,
      error.data.tenants.map(({tenant, status: how, error: why}) => [tenant, how, why?.code]),
    ]).to.deep.equal([
      'TENANTS_FAILED',
      [
        ['acme', 'failed', 'TENANT_MISSING'],
        ['beta', 'not started', undefined],
      ],
    ])
  })

  it('stops when it is interrupted, says what is left, and does it the next time', async () => {
    folder.writeGraph(
      'a',
      () =>
        "export async function upgrade(op) {\n  op.execute('create table t (n integer)')\n  if (op.tenant === 'beta' && !op.x.fast) await op.query('select pg_sleep(20)')\n}\n",
    )
    folder.write({
      'mig.config.js': `export default {orm: ${JSON.stringify(database.url)}, tenants: ['acme', 'beta', 'gamma']}`,
    })
    const {status, stderr} = await mig('upgrade --create-database --json-lines', {
      cwd: folder.path,
      onStart: (child) => {
        child.stdout?.on('data', (chunk: Buffer) => {
          // It is told of before it is sent.
          if (chunk.toString().includes('pg_sleep')) setTimeout(() => child.kill('SIGINT'), 1000)
        })
      },
    })
    expect(stderr).to.match(/Interrupted: 2 of 3 tenants are left\..*1 done, 1 interrupted, 1 not started\./s)
    expect(status).to.equal(130)
    expect((await mig('upgrade --create-database -x fast=1', {cwd: folder.path})).stdout).to.match(
      /^3 tenants: 2 done, 1 unchanged/,
    )
  }).timeout(40_000)
})
