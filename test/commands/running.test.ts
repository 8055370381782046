import {spawn} from 'node:child_process'
import {expect} from 'chai'
import {mig, run} from '../support/cli.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import type {TestDatabase} from '../support/databases.ts'
import {Folder} from '../support/folder.ts'

const forked = 'aaaa <- bbbb{left}; aaaa <- cccc'

describe('mig upgrade, downgrade, stamp, current, ensure-version', () => {
  let database: TestDatabase
  let env: Readonly<Record<string, string>>
  before(async () => {
    database = await createDatabase('sqlite')
    env = {MIG_DATABASE_URL: database.url}
  })
  after(async () => database.drop())

  it('tells what it does, step by step, and where the database stands in the end', async () => {
    const {path: cwd} = new Folder().writeGraph(forked)
    const say = async (command: string): Promise<string> => {
      const {stdout, stderr, status} = await mig(command, {cwd, env})
      return `${timeless(stderr)}${timeless(stdout)}${status === 0 ? '' : `exit ${status}\n`}`
    }
    expect(await say('current')).to.equal('At base. 3 revisions not applied yet: `mig upgrade heads`.\n')
    expect(await say('upgrade')).to.match(
      /^error: head requires a single head, but there are 2: bbbb and cccc\.\n.*left@head.*exit 1\n$/s,
    )
    expect(await say('upgrade heads --dry-run')).to.equal(`Dry run; nothing was executed:
  upgrade aaaa, revision aaaa
      create table t_aaaa (n integer);
  upgrade bbbb, revision bbbb
      create table t_bbbb (n integer);
  upgrade cccc, revision cccc -> bbbb, cccc
      create table t_cccc (n integer);
`)
    expect(await say('upgrade left@head')).to.equal(`applied aaaa, revision aaaa (… ms)
applied bbbb, revision bbbb (… ms)
The database is at bbbb: 2 revisions applied in … ms.
`)
    expect(await say('current')).to.equal(
      '1 revision not applied yet: `mig upgrade heads`.\nbbbb (left) (head), revision bbbb\n',
    )
    expect(await say('current --check-heads')).to.match(/exit 1\n$/)
    expect(await say('upgrade heads')).to.match(/The database is at bbbb and cccc: 1 revision applied in … ms\.\n$/)
    expect(await say('current --check-heads')).to.match(/^Up to date\.\nbbbb .*\ncccc .*\n$/)
    expect(await say('history --graph -i'))
      .to.contain('● cccc (head) (current)')
      .and.to.contain('│ ● bbbb')
    expect(await say('history -r current:')).to.equal(
      'aaaa -> cccc (head) (current), revision cccc\naaaa -> bbbb (left) (head) (current), revision bbbb\n',
    )
    expect(await say('show current'))
      .to.contain('bbbb')
      .and.to.contain('cccc')
    expect(await say('downgrade -1')).to
      .equal(`error: -1 counts from the current revision, but there are 2: bbbb and cccc.
hint: Choose one: left@-1 or cccc@-1.
exit 1
`)
    expect(await say('downgrade left@-1')).to.equal(`reverted bbbb, revision bbbb (… ms)
The database is at cccc: 1 revision reverted in … ms.
`)
    expect(await say('stamp heads')).to.equal(
      'stamped bbbb, revision bbbb\nThe database is at bbbb and cccc: 1 revision added to the version table in … ms.\n',
    )
    expect(await say('stamp heads')).to.equal('The database is at bbbb and cccc; nothing to do.\n')
    expect(await say('ensure-version')).to.equal('The tables already exist.\n')
    expect(await say('stamp aaaa -q')).to.equal(
      'The database is at aaaa: 2 revisions removed from the version table in … ms.\n',
    )
    expect(await say('stamp base --dry-run')).to.equal(
      'Dry run; nothing was executed:\n  remove aaaa, revision aaaa -> base\n',
    )
    await say('stamp heads -q')
    expect(await say('stamp left@base')).to.equal(
      'removed bbbb, revision bbbb\nThe database is at cccc: 1 revision removed from the version table in … ms.\n',
    )
    expect(await say('stamp base')).to.equal(
      'removed cccc, revision cccc and 1 revision below it\nThe database is at base: 2 revisions removed from the version table in … ms.\n',
    )
    await say('stamp aaaa -q')
    expect(await say('stamp --purge base')).to.equal(
      'The version table was emptied first.\nThe database is at base; nothing to do.\n',
    )
  })

  it('says on a dry run where more statements may follow', async () => {
    const bodies: Readonly<Record<string, string>> = {
      a: "op.execute('create table t (n integer)')\n  const rows = await op.query('select 1')\n  op.execute('drop table t')",
      b: "op.execute('select 2')\n  await op.autocommit(() => op.flush())",
      c: "op.alterColumn('t', 'n', {nullable: false})",
      d: "op.execute('select 3')",
    }
    const {path: cwd} = new Folder().writeGraph(
      'a <- b <- c <- d',
      ({id}) => `export async function upgrade(op) {\n  ${bodies[id]}\n}\n`,
    )
    const {stdout} = await mig('upgrade --dry-run', {cwd, env})
    expect(stdout.split('\n').filter((line) => line.includes('--'))).to.deep.equal([
      '      -- More statements may follow: migrations/versions/a.ts:9 waits for the database.',
      '      -- More statements may follow: migrations/versions/b.ts:9 waits for the database.',
      '      -- migrations/versions/c.ts may rebuild a table; its statements are known when it runs.',
    ])
    const {steps} = JSON.parse((await mig('upgrade --dry-run --json', {cwd, env})).stdout) as {
      readonly steps: readonly {readonly more?: object}[]
    }
    expect(steps.map(({more}) => more)).to.deep.equal([
      {reason: 'query', place: 'migrations/versions/a.ts:9'},
      {reason: 'query', place: 'migrations/versions/b.ts:9'},
      {reason: 'rebuild', place: 'migrations/versions/c.ts'},
      undefined,
    ])
  })

  it('speaks JSON, and nothing else', async () => {
    const {path: cwd} = new Folder().writeGraph(forked)
    const sqlite = await createDatabase('sqlite')
    const json = async (command: string): Promise<unknown> => {
      const {stdout, stderr} = await mig(`${command} --json`, {cwd, env: {MIG_DATABASE_URL: sqlite.url}})
      expect(stderr).to.equal('')
      return JSON.parse(stdout)
    }
    expect(await json('ensure-version')).to.deep.equal({created: ['mig_version', 'mig_log']})
    expect(await json('upgrade left@head')).to.deep.equal({
      steps: [
        {direction: 'upgrade', revision: 'aaaa', message: 'revision aaaa', heads: ['aaaa']},
        {direction: 'upgrade', revision: 'bbbb', message: 'revision bbbb', heads: ['bbbb']},
      ],
      heads: ['bbbb'],
    })
    expect(await json('downgrade -1')).to.deep.equal({
      steps: [{direction: 'downgrade', revision: 'bbbb', message: 'revision bbbb', heads: ['aaaa']}],
      heads: ['aaaa'],
    })
    expect(await json('stamp heads')).to.deep.include({heads: ['bbbb', 'cccc']})
    expect(await json('current')).to.have.property('upToDate', true)
    expect(await json('stamp aaaa')).to.deep.include({heads: ['aaaa']})
    expect(await json('upgrade nope')).to.have.nested.property('error.code', 'REVISION_NOT_FOUND')
    await sqlite.drop()
  })

  const unreachable = [
    {
      url: 'postgresql://me:topsecret@127.0.0.1:9/x',
      message: 'Cannot reach postgresql://me@127.0.0.1:9/x: ',
      status: 1,
    },
    {
      url: 'postgresql://me:topsecret@no.such.host/x',
      message: 'Cannot reach postgresql://me@no.such.host:5432/x: getaddrinfo',
      status: 1,
    },
    {
      url: 'oracle://me:topsecret@host/x',
      message: 'Unknown database URL: oracle://me:***@host/x.',
      status: 2,
    },
    {url: 'sqlite:/no/such/folder/x.db', message: 'sqlite:/no/such/folder/x.db does not exist', status: 1},
  ]
  for (const c of unreachable)
    it(`says what is wrong with ${c.url}, without the password`, async () => {
      const {path: cwd} = new Folder().writeGraph('aaaa')
      for (const flag of ['', ' --json', ' --debug']) {
        const {stdout, stderr, status} = await mig(`current${flag}`, {cwd, env: {MIG_DATABASE_URL: c.url}})
        expect(status).to.equal(c.status)
        expect(stdout + stderr)
          .to.contain(c.message)
          .and.not.to.contain('topsecret')
      }
    })

  it('uses the embedded database when there is no other, and says so', async () => {
    const folder = new Folder().writeGraph('aaaa')
    const {stderr, stdout} = await mig('upgrade', {cwd: folder.path})
    expect(stderr).to.contain('No database is configured: using the embedded PostgreSQL in .mig/pgdata.')
    expect(timeless(stdout)).to.equal('The database is at aaaa: 1 revision applied in … ms.\n')
    expect(folder.list('.mig')).to.include('.mig/pgdata/PG_VERSION').and.not.to.include('.mig/pgdata.lock')
  })

  it('refuses a second process on the folder of an embedded database, until the first is gone', async () => {
    const pglite = await createDatabase('pglite')
    const {path: cwd} = new Folder().writeGraph('aaaa')
    const inUse = {MIG_DATABASE_URL: pglite.url}
    const folder = pglite.url.replace('pglite:', '')
    const holder = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    new Folder().write({})
    const {hostname} = await import('node:os')
    const {writeFileSync} = await import('node:fs')
    writeFileSync(`${folder}.lock`, JSON.stringify({pid: holder.pid, host: hostname(), since: 'a minute ago'}))
    const {stderr, status} = await mig('current', {cwd, env: inUse})
    expect([status, stderr.split('\n')[0]]).to.deep.equal([
      1,
      `error: The embedded database ${folder} is in use by process ${holder.pid}, since a minute ago.`,
    ])
    const waiting = await mig('upgrade --lock-timeout 300ms', {cwd, env: inUse})
    expect(waiting.stderr.split('\n').slice(0, 2)).to.deep.equal([
      `waiting for another process (process ${holder.pid}, since a minute ago), which has locked ${pglite.url}`,
      `error: ${pglite.url} is locked by another process (process ${holder.pid}, since a minute ago); the lock was not released within 300 ms.`,
    ])
    holder.kill('SIGKILL')
    await new Promise((done) => holder.on('exit', done))
    expect((await mig('upgrade', {cwd, env: inUse})).status).to.equal(0)
    await pglite.drop()
  })

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`rolls back and says where the database is when it is stopped by ${signal}`, async () => {
      const postgres = await createDatabase('postgresql')
      const folder = new Folder().writeGraph('aaaa <- bbbb', ({id}) =>
        id === 'aaaa'
          ? "export async function upgrade(op) { op.execute('create table t_aaaa (n integer)') }\n"
          : "export async function upgrade(op) {\n  op.execute('create table t_bbbb (n integer)')\n  op.execute('select pg_sleep(30)')\n}\n",
      )
      const start = Date.now()
      const result = await mig('upgrade', {
        cwd: folder.path,
        env: {MIG_DATABASE_URL: postgres.url},
        onStart: (child) => {
          const timer = setInterval(() => {
            void postgres
              .query(
                "select 1 from pg_stat_activity where query like '%pg_sleep(30)%' and query not like '%pg_stat_activity%' and state = 'active' and datname = current_database()",
              )
              .then(([rows]) => {
                // Several queries can be under way, and a second signal ends it at once.
                if (rows?.length === 1 && !child.killed) child.kill(signal)
                if (child.killed) clearInterval(timer)
              })
          }, 50)
        },
      })
      expect(result.status).to.equal(status)
      expect(result.stderr).to.match(
        /^Interrupting the running statement\. A second signal ends mig at once\.\nerror: Interrupted: the revision was rolled back; the database is at aaaa\.$/m,
      )
      expect(Date.now() - start).to.be.below(15_000)
      const [tables, busy] = await postgres.query(
        "select table_name from information_schema.tables where table_name like 't\\_%'",
        "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
      )
      expect([tables, busy]).to.deep.equal([[{table_name: 't_aaaa'}], []])
      await postgres.drop()
    })

  for (const kind of databaseKinds.filter((one) => one === 'pglite'))
    it(`stops between two statements of an embedded database, which cannot be interrupted, on ${kind}`, async () => {
      const folder = new Folder().writeGraph('aaaa <- bbbb', ({id}) =>
        id === 'aaaa'
          ? "export async function upgrade(op) { op.execute('create table t_aaaa (n integer)') }\n"
          : "export async function upgrade(op) {\n  op.execute('create table t_bbbb (n integer)')\n  for (let i = 0; i < 100; i++) op.execute('select pg_sleep(0.2)')\n}\n",
      )
      const pglite = await createDatabase(kind)
      const {stderr, status} = await mig('upgrade', {
        cwd: folder.path,
        env: {MIG_DATABASE_URL: pglite.url},
        // It says that the first revision is applied, and is in the midst of the second.
        onStart: (child) => child.stderr?.once('data', () => setTimeout(() => child.kill('SIGINT'), 500)),
      })
      expect(status).to.equal(130)
      expect(stderr).to.contain('error: Interrupted: the revision was rolled back; the database is at aaaa.')
      const [tables] = await pglite.query(
        "select table_name from information_schema.tables where table_name like 't\\_%'",
      )
      expect(tables).to.deep.equal([{table_name: 't_aaaa'}])
      await pglite.drop()
    })

  it('ends at once at the second signal, and says so', async () => {
    const {path: cwd} = new Folder().writeGraph(
      'aaaa',
      () => `export async function upgrade(op) {
  await op.query('select 1')
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}
`,
    )
    const sqlite = await createDatabase('sqlite')
    const {stderr, status} = await mig('upgrade --timestamps', {
      cwd,
      env: {MIG_DATABASE_URL: sqlite.url},
      onStart: (child) => {
        const first = setInterval(() => child.kill('SIGINT'), 4000)
        child.stderr?.once('data', () => clearInterval(first))
        child.stderr?.once('data', () => child.kill('SIGINT'))
      },
    })
    expect([status, stderr.replaceAll(/^\S+Z /gm, '')]).to.deep.equal([
      130,
      'Interrupting the running statement. A second signal ends mig at once.\nEnded at once; the server may still finish what was sent. Run `mig current` a little later to see what is applied.\n',
    ])
    await sqlite.drop()
  })

  it('ends quietly when nobody reads its output any more', async () => {
    const {path: cwd} = new Folder().writeGraph(Array.from({length: 3000}, (_, i) => `r${i}`).join(' <- '))
    const command = `"${process.execPath}" "${process.cwd()}/bin/mig.js" history; echo "status $?" >&2`
    const {stdout, stderr} = await run('bash', ['-c', `{ ${command}; } | head -1`], {cwd})
    expect(stdout).to.equal('r2998 -> r2999 (head), revision r2999\n')
    expect(stderr).to.equal('status 0\n')
  })

  it('hides passwords in what revisions do, wherever that is printed', async () => {
    const sqlite = await createDatabase('sqlite')
    const {path: cwd} = new Folder().writeGraph(
      'aaaa',
      () => 'export function upgrade(op) {\n  op.execute("select \'postgresql://app:topsecret@db/x\'")\n}\n',
    )
    for (const flags of ['--dry-run', '--json-lines', '']) {
      const {stdout, stderr, status} = await mig(`upgrade ${flags}`, {cwd, env: {MIG_DATABASE_URL: sqlite.url}})
      expect(status, stderr).to.equal(0)
      if (flags !== '') expect(stdout).to.contain('postgresql://app:***@db/x')
      expect(stdout + stderr).to.not.contain('topsecret')
    }
    await sqlite.drop()
  })

  it('plans for all databases before any is touched, on two kinds of them', async () => {
    const [main, analytics] = [await createDatabase('postgresql'), await createDatabase('sqlite')]
    const writeBodies = (folder: Folder, last: string): Folder =>
      folder.writeGraph('aaaa <- bbbb', ({id}) =>
        id === 'aaaa'
          ? `export async function upgradeMain(op) { op.execute('create table m (n integer)') }
export async function upgradeAnalytics(op) { op.execute('create table a (n integer)') }\n`
          : last,
      )
    const folder = writeBodies(new Folder(), "export async function upgradeMain(op) { op.execute('drop table m') }\n")
    const databases = {main: {orm: main.url}, analytics: {orm: analytics.url}}
    const config = {'mig.config.js': `export default ${JSON.stringify({databases})}`}
    folder.write(config)
    const {stderr, status} = await mig('upgrade', {cwd: folder.path})
    expect([status, stderr.split('\n')[0]]).to.deep.equal([
      1,
      'error: migrations/versions/bbbb.ts cannot be run: it exports no function upgradeAnalytics or upgrade.',
    ])
    const tables = {
      main: "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      analytics:
        "select name from sqlite_master where type = 'table' and name not like '%lock' and name not like 'sqlite%' order by 1",
    }
    const found = async (): Promise<unknown> => [
      ...(await main.query(tables.main)),
      ...(await analytics.query(tables.analytics)),
    ]
    expect(await found()).to.deep.equal([[], []])
    writeBodies(
      folder,
      'export async function upgrade(op) { op.execute(`create table only_${op.database} (n integer)`) }\n',
    )
    folder.write(config)
    expect((await mig('upgrade', {cwd: folder.path})).status).to.equal(0)
    expect(await found()).to.deep.equal(
      [
        ['m', 'mig_log', 'mig_version', 'only_main'],
        ['a', 'mig_log', 'mig_version', 'only_analytics'],
      ].map((names) => names.map((name) => ({name}))),
    )
    await Promise.all([main.drop(), analytics.drop()])
  })

  it('runs one history on several databases, each with functions and a version table of its own', async () => {
    const [main, analytics] = [await createDatabase('sqlite'), await createDatabase('sqlite')]
    const folder = new Folder().writeGraph(
      'aaaa',
      () => `export async function upgradeMain(op) { op.execute('create table m (n integer)') }
export async function upgradeAnalytics(op) { op.execute('create table ' + op.database + ' (n integer)') }
export async function downgradeMain(op) { op.execute('drop table m') }
export async function downgradeAnalytics(op) { op.execute('drop table analytics') }
`,
    )
    const databases = {main: {orm: main.url}, analytics: {orm: analytics.url}}
    folder.write({'mig.config.js': `export default ${JSON.stringify({databases})}`})
    const {stdout, stderr} = await mig('upgrade', {cwd: folder.path})
    expect(stderr.replaceAll(/ \(\d+ ms\)/g, '')).to.equal(
      'applied aaaa (on main), revision aaaa\napplied aaaa (on analytics), revision aaaa\n',
    )
    expect(stdout).to.match(/^The database is at aaaa: 2 revisions applied in /)
    await mig('downgrade base -q', {cwd: folder.path})
    const again = await mig('upgrade --json', {cwd: folder.path})
    expect(JSON.parse(again.stdout)).to.deep.equal({
      steps: ['main', 'analytics'].map((name) => ({
        ...{direction: 'upgrade', revision: 'aaaa', message: 'revision aaaa', heads: ['aaaa'], database: name},
      })),
      heads: ['aaaa'],
      databases: [
        {database: 'main', heads: ['aaaa']},
        {database: 'analytics', heads: ['aaaa']},
      ],
    })
    const names = "select name from sqlite_master where type = 'table' and name not like '%\\_%' escape '\\'"
    expect([await main.query(names), await analytics.query(names)]).to.deep.equal([
      [[{name: 'm'}]],
      [[{name: 'analytics'}]],
    ])
    expect((await mig('current', {cwd: folder.path})).stdout).to.equal(
      'aaaa (head) (on main), revision aaaa\naaaa (head) (on analytics), revision aaaa\n',
    )
    await Promise.all([main.drop(), analytics.drop()])
  })
})

describe('the command line', () => {
  const cwd = process.cwd()

  it('says what is needed on a Node that is too old', async () => {
    const program = `Object.defineProperty(process.versions, 'node', {value: '20.20.2'}); await import(${JSON.stringify(`${cwd}/bin/mig.js`)})`
    const {stderr, stdout, status} = await run(process.execPath, ['--input-type=module', '-e', program], {cwd})
    expect([stdout, stderr, status]).to.deep.equal(['', 'mig needs Node.js 22.18 or newer, and this is 20.20.2.\n', 2])
  })

  const wrong = [
    {args: 'upgrad', stderr: 'error: Unknown command upgrad.\nhint: Did you mean `mig upgrade`?\n'},
    {args: 'zzzzzzzz', stderr: 'error: Unknown command zzzzzzzz.\nhint: `mig --help` lists the commands.\n'},
    ...[
      {args: 'up', meant: 'upgrade'},
      {args: 'migrate:latest', meant: 'upgrade'},
      {args: 'rollback', meant: 'downgrade -1'},
      {args: 'migration:create users', meant: 'revision -m MESSAGE'},
      {args: 'ls', meant: 'history'},
      {args: 'diff', meant: 'check models'},
    ].map(({args, meant}) => ({
      args,
      stderr: `error: Unknown command ${args.split(' ')[0]}.\nhint: Did you mean \`mig ${meant}\`?\n`,
    })),
    ...['revision create users', 'baseline first', 'revision -m add users'].map((args) => ({
      args,
      stderr: `error: Unexpected argument${args.includes('create') ? 's: create, users' : `: ${args.split(' ').at(-1)}`}.\nhint: The message follows -m, in quotes: \`mig ${args.split(' ')[0]} -m "add users"\`.\n`,
    })),
    {
      args: 'revision -m users --autogen',
      stderr:
        'error: Unknown flag --autogen.\nhint: Did you mean --autogenerate? `mig revision --help` shows the usage.\n',
    },
    {
      args: 'upgrade --dryrun',
      stderr: 'error: Unknown flag --dryrun.\nhint: Did you mean --dry-run? `mig upgrade --help` shows the usage.\n',
    },
    {
      args: 'downgrade',
      stderr:
        'error: `mig downgrade` needs a TARGET: revision, base, -1, branch@-1 or branch@base.\nhint: `mig downgrade --help` shows the usage.\n',
    },
    {args: 'heads extra', stderr: 'error: Unexpected argument: extra.\nhint: `mig heads --help` shows the usage.\n'},
    {
      args: 'heads -x nope',
      stderr: 'error: -x takes key=value, but received nope.\nhint: `mig heads --help` shows the usage.\n',
    },
    {
      args: 'completion tcsh',
      stderr: 'error: Expected tcsh to be one of: bash, zsh, fish.\nhint: `mig completion --help` shows the usage.\n',
    },
    {
      args: 'completion zshh',
      stderr:
        'error: Expected zshh to be one of: bash, zsh, fish.\nhint: Did you mean zsh? `mig completion --help` shows the usage.\n',
    },
    {
      args: 'revision --head a --branch b',
      stderr: 'error: --branch and --head cannot be combined.\nhint: `mig revision --help` shows the usage.\n',
    },
    {
      args: 'upgrade --dry-run --sql',
      stderr: 'error: --sql and --dry-run cannot be combined.\nhint: `mig upgrade --help` shows the usage.\n',
    },
    {args: 'lock --break', stderr: 'error: --break requires --reason.\nhint: `mig lock --help` shows the usage.\n'},
    {
      args: 'upgrade --lock-timeout abc',
      stderr:
        'error: --lock-timeout takes a duration such as 30s or 5min, but received abc.\nhint: `mig upgrade --help` shows the usage.\n',
    },
    {
      args: 'completion',
      stderr:
        'error: `mig completion` needs a SHELL: bash, zsh or fish.\nhint: `mig completion --help` shows the usage.\n',
    },
    ...['-q', '-c x', '-x a=b --no-color', '-n'].map((args) => ({
      args,
      stderr: 'error: No command was given.\nhint: `mig --help` shows the usage.\n',
    })),
    {args: '--foo', stderr: 'error: Unknown flag --foo.\nhint: `mig --help` shows the usage.\n'},
  ]
  for (const c of wrong)
    it(`exits with 2: mig ${c.args}`, async () => {
      const {stdout, stderr, status} = await mig(c.args, {cwd})
      expect([stdout, stderr, status]).to.deep.equal(['', c.stderr, 2])
      const json = await mig(`${c.args} --json`, {cwd})
      expect(json.stderr).to.equal('')
      expect(JSON.parse(json.stdout)).to.have.nested.property('error.message')
    })

  it('shows the stack of an error only when it is asked to', async () => {
    const {path} = new Folder()
    expect((await mig('heads', {cwd: path})).stderr).not.to.contain(' at ')
    expect((await mig('heads --debug', {cwd: path})).stderr)
      .to.contain('code: CONFIG_NOT_FOUND')
      .and.to.contain(' at ')
  })
})

/** Hides how long things took. */
function timeless(text: string): string {
  return text.replaceAll(/(?<before>\(| in )\d+(?:\.\d+)? m?s\b/g, '$<before>… ms')
}
