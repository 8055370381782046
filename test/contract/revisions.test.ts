import {expect} from 'chai'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {contract} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

contract('mig runs SQL, bulk inserts, queries, a query builder and an entity manager in order', (on) => {
  const parameters = [
    {
      name: 'too few',
      call: "op.execute('insert into t values (?, ?)', [5])",
      says: '2 placeholders, and the call has 1 parameter',
    },
    {name: 'too many', call: "op.execute('insert into t values (?, ?)', [5, 6, 7])", says: 'has 3 parameters'},
    {name: 'parameters without a placeholder', call: "op.execute('select 1', [5])", says: '0 placeholders'},
    {
      name: 'an undefined',
      call: "op.execute('insert into t values (?, ?)', [5, undefined])",
      says: 'parameter 2 is undefined',
    },
    {
      name: 'too few, in a query',
      call: "await op.query('select * from t where n = ? or m = ?', [5])",
      says: '2 placeholders',
    },
    {
      name: 'an undefined, in a query',
      call: "await op.query('select * from t where n = ?', [undefined])",
      says: 'parameter 1',
    },
    {
      name: 'too few, after a query',
      call: "await op.query('select 1'); op.execute('insert into t values (?, ?)', [5])",
      says: '2 placeholders',
    },
    {
      name: 'too few, in autocommit',
      call: "await op.autocommit(() => op.execute('delete from t where n = ? or m = ?', [1]))",
      says: '2 placeholders',
    },
  ]
  for (const direction of ['upgrade', 'downgrade'] as const)
    it(`refuses parameters that do not match their placeholders, in ${direction}`, async () => {
      const table = "export async function upgrade(op) { op.execute('create table t (n int, m int)') }"
      // Opening an embedded PostgreSQL takes seconds.
      for (const {name, call, says} of on.kind === 'pglite' ? parameters.slice(0, 2) : parameters) {
        on.use('a <- b', ({id}) => (id === 'a' ? table : bodyOf(direction, call)))
        if (direction === 'downgrade') await upgrade({cwd: on.cwd})
        else await upgrade({cwd: on.cwd, target: 'a'})
        const run = direction === 'upgrade' ? upgrade({cwd: on.cwd}) : downgrade({cwd: on.cwd, target: 'a'})
        const {message} = await rejectionOf('REVISION_FAILED', async () => run)
        expect(message, name).to.contain('b.ts:').and.to.contain(says)
        expect(await on.state(), name).to.equal(direction === 'upgrade' ? 'a*' : 'a b*')
        const [rows] = await on.database.query('select * from t')
        expect(rows, name).to.deep.equal([])
      }
    })

  it('keeps question marks that are no placeholders', async () => {
    const calls = [
      'op.execute("insert into t values (\'?\')")',
      String.raw`op.execute("insert into t values (concat(?, '\\?'))", ['!'])`,
      "op.execute('insert into ?? values (?)', ['t', '?'])",
    ]
    on.use(
      'a',
      () => `export async function upgrade(op) { op.execute('create table t (s varchar(9))'); ${calls.join(';')} }`,
    )
    await upgrade({cwd: on.cwd})
    const [rows] = await on.database.query('select s from t order by s')
    expect(rows?.map(({s}) => s)).to.deep.equal(['!?', '?', '?'])
  })

  it('runs a SQL file of very many statements, and names the line of one that fails', async () => {
    // Where every statement is a round trip, fewer will do.
    const length = on.kind === 'postgresql' || on.kind === 'sqlite' ? 50_000 : 2000
    const inserts = Array.from({length}, (_, i) => `insert into t values (${i}, 'a; b');\n`).join('')
    const file = `-- revision: b\n-- revises: a\n\n-- upgrade\n${inserts}`
    on.use('a', () => "export async function upgrade(op) { op.execute('create table t (n int, s varchar(9))') }")
    on.folder.write({'migrations/versions/b.sql': `${file}insert into nosuch values (1);\n`})
    const {message} = await rejectionOf('REVISION_FAILED', async () => upgrade({cwd: on.cwd}))
    expect(message).to.contain(`b.sql:${length + 5}`)
    on.folder.write({'migrations/versions/b.sql': file})
    await upgrade({cwd: on.cwd})
    const [rows] = await on.database.query('select count(*) as n from t')
    expect(Number(rows?.[0]?.['n'])).to.equal(length)
  })

  it('runs SQL, queries, rows, a query builder and an entity manager, in order', async () => {
    on.use(
      'a',
      () => `
export async function upgrade(op) {
  op.execute('create table t (id integer primary key, name varchar(40), at timestamp)')
  op.bulkInsert('t', [{id: 1, name: "it's \\\\ ?"}, {id: 2, at: null}])
  const [{n}] = await op.query('select count(*) as n from t where id < ?', [10])
  op.execute('insert into t (id, name) values (?, ?)', [10 + Number(n), op.dialect])
  op.execute({postgresql: "insert into t (id, name) values (20, 'pg')", sqlite: "insert into t (id, name) values (20, 'lite')", mariadb: "insert into t (id, name) values (20, 'my')", mysql: "insert into t (id, name) values (20, 'my')"})
  const db = await op.kysely()
  op.execute("insert into t (id, name) values (30, 'recorded before the query')")
  const rows = await db.selectFrom('t').select('id').orderBy('id').execute()
  op.execute('insert into t (id, name) values (?, ?)', [40, rows.map((row) => row.id).join(' ')])
  const em = await op.entityManager()
  op.execute("insert into t (id, name) values (50, ?)", [op.x.who])
  const seen = await em.execute('select count(*) as n from t')
  await em.transactional(async (inner) => inner.execute("insert into t (id, name) values (60, 'kept')"))
  await em.transactional(async (inner) => {
await inner.execute("insert into t (id, name) values (61, 'undone')")
throw new Error('back')
  }).catch(() => {})
  op.execute('insert into t (id, name) values (?, ?)', [70, String(seen[0].n)])
}
`,
    )
    await upgrade({cwd: on.cwd, x: {who: 'me'}})
    const [rows] = await on.database.query('select id, name from t order by id')
    const dialect = on.kind === 'pglite' ? 'postgresql' : on.kind
    expect(rows?.map((row) => `${row['id']} ${row['name']}`)).to.deep.equal([
      "1 it's \\ ?",
      '2 null',
      `12 ${dialect}`,
      `20 ${on.commitsDdl ? 'my' : on.kind === 'sqlite' ? 'lite' : 'pg'}`,
      '30 recorded before the query',
      '40 1 2 12 20 30',
      '50 me',
      '60 kept',
      '70 7',
    ])
  })

  it('runs a SQL file as it is written', async () => {
    on.use('a')
    const several = {
      sqlite: "create trigger tr after insert on t begin update t set n = n + 1; select ';'; end;",
      postgresql: "create function f() returns text as $body$ begin return ';--'; end $body$ language plpgsql;",
      mysql:
        "delimiter //\ncreate function f() returns text deterministic begin set @a = 1; return ';--'; end//\ndelimiter ;",
    }[on.commitsDdl ? 'mysql' : on.kind === 'sqlite' ? 'sqlite' : 'postgresql']
    on.folder.write({
      'migrations/versions/b.sql': `-- second\n-- revision: b\n-- revises: a\n\n-- upgrade\ncreate table t (n integer); -- a; b\n${several}\ninsert into t values (1); /* ; */ insert into t select length(';;')+0;\n\n-- downgrade\ndrop table t;\n${on.kind === 'sqlite' ? '' : `drop function f${on.commitsDdl ? '' : '()'};`}\n`,
    })
    await upgrade({cwd: on.cwd})
    expect((await on.database.query('select n from t'))[0]).to.have.length(2)
    await downgrade({cwd: on.cwd, target: 'a'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't_a'])
  })

  it('names the line of a SQL file that fails', async () => {
    on.use('a')
    on.folder.write({
      'migrations/versions/b.sql':
        '-- revision: b\n-- revises: a\n\n-- upgrade\nselect 1;\n\ninsert into nowhere\n  values (1);\n-- downgrade\n',
    })
    const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('b.sql:7: ').and.to.contain('statement: insert into nowhere')
  })

  it('names the line where the code of a revision throws', async () => {
    on.use(
      'a',
      () =>
        "export async function upgrade(op) {\n  op.execute('create table t (n integer)')\n  throw new TypeError('no idea')\n}\n",
    )
    const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('a.ts:9: no idea').and.to.contain('occurred before the run; nothing was executed')
    expect(await on.tables()).to.deep.equal([])
  })

  it('loads all code before it runs any', async () => {
    on.use('a <- b', ({id}) =>
      id === 'b'
        ? 'export async function upgrade(op) { return = }\n'
        : 'export async function upgrade(op) { op.execute("create table t (n integer)") }\n',
    )
    const error = await rejectionOf('REVISION_CODE_FAILED', () => upgrade({cwd: on.cwd}))
    expect([error.message, error.hint]).to.satisfy(
      () => error.message.includes('b.ts:7 cannot be run') && error.hint === 'Correct the syntax there.',
    )
    expect(await on.tables()).to.deep.equal([])
  })

  it('refuses a downgrade through what has none, before anything is done', async () => {
    on.use(
      'a <- b <- c',
      ({id}) =>
        `export async function upgrade() {}\n${id === 'b' ? "export const irreversible = 'the data is gone'\n" : 'export async function downgrade() {}\n'}`,
    )
    await upgrade({cwd: on.cwd})
    const error = await rejectionOf('IRREVERSIBLE', () => downgrade({cwd: on.cwd, target: 'base'}))
    expect(error.message).to.contain('b.ts) cannot be downgraded: the data is gone.')
    expect(await on.state()).to.equal('a b c*')
  })

  const unawaited: readonly {readonly name: string; readonly body: string; readonly pending: string}[] = [
    {name: 'a helper that queries', body: 'fill(op)', pending: 'op.query'},
    {
      name: 'a helper, after a query that is awaited',
      body: "await op.query('select 1')\n  fill(op)",
      pending: 'op.query',
    },
    {name: 'an async function of forEach', body: ';[1, 2].forEach(async () => fill(op))', pending: 'op.query'},
    {
      name: 'the continuation of a query',
      body: "op.query('select 1').then(() => op.execute('x'))",
      pending: 'op.query',
    },
    {name: 'op.flush', body: 'op.flush()', pending: 'op.flush'},
    {
      name: 'op.autocommit',
      body: 'op.autocommit(async () => { await new Promise(setImmediate) })',
      pending: 'op.autocommit',
    },
    {name: 'op.kysely', body: 'op.kysely()', pending: 'op.kysely'},
    {name: 'a timer', body: "setTimeout(() => op.execute('x'), 500)", pending: 'A timer'},
    {name: 'an interval', body: 'setInterval(() => {}, 50)', pending: 'A timer'},
    {name: 'a timer of node:timers', body: 'startTimer(() => {}, 50)', pending: 'A timer'},
    {name: 'a timer with a promise', body: "pause(50).then(() => op.execute('x'))", pending: 'A timer'},
    {name: 'a promisified timer', body: 'promisify(setTimeout)(50)', pending: 'A timer'},
    {
      name: 'an interval with promises',
      body: ';(async () => { for await (const _ of ticks(50)); })()',
      pending: 'A timer',
    },
    {name: 'a scheduler', body: 'scheduler.wait(50)', pending: 'A timer'},
    {
      name: 'a query of the query builder',
      body: "const db = await op.kysely()\n  db.insertInto('t').values({n: 1}).execute()",
      pending: 'A query of op.kysely',
    },
    {
      name: 'a query of the entity manager',
      body: "const em = await op.entityManager()\n  em.execute('insert into t values (1)')",
      pending: 'A query of op.entityManager',
    },
  ]
  for (const {name, body, pending} of unawaited)
    it(`refuses a revision that does not await ${name}`, async () => {
      on.use(
        'a',
        () => `import {setTimeout as startTimer} from 'node:timers'
import {scheduler, setInterval as ticks, setTimeout as pause} from 'node:timers/promises'
import {promisify} from 'node:util'
async function fill(op) {
  const rows = await op.query('select 1 as n')
  op.bulkInsert('t', rows)
}
export async function upgrade(op) {
  op.execute('create table t (n integer)')
  ${body}
}
`,
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(
        new RegExp(`^The upgrade of revision a .*: ${pending} was still pending when the revision's function returned`),
      )
      const isPartial = on.commitsDdl && /^(?:const \w+ = )?await/.test(body)
      if (isPartial) expect(await on.log()).to.deep.equal(['upgrade a open'])
      else expect(await on.tables()).to.not.contain('t')
    })

  it('runs a revision whose timers have ended', async () => {
    on.use(
      'a',
      () => `export async function upgrade(op) {
  const stopped = setInterval(() => {}, 5)
  const forgotten = setTimeout(() => {}, 60_000)
  forgotten.unref()
  await new Promise((done) => setTimeout(done, 1))
  op.execute('create table t (n integer)')
  clearInterval(stopped)
}
`,
    )
    await upgrade({cwd: on.cwd})
    expect(await on.tables()).to.contain('t')
  })

  const late: readonly {readonly name: string; readonly call: string}[] = [
    {name: 'a recorded operation', call: "op.execute('x')"},
    {name: 'a query', call: "await op.query('select 1')"},
    {name: 'a query of the query builder', call: "await db?.selectFrom('t').selectAll().execute()"},
  ]
  for (const {name, call} of late)
    it(`stops at ${name} after the function has returned, though its error is caught`, async () => {
      on.use('a <- b', ({id}) =>
        id === 'a'
          ? `export async function upgrade(op) {
  op.execute('create table t (n integer)')
  const db = ${call.includes('db') ? 'await op.kysely()' : 'undefined'}
  globalThis.comeLate = async () => {
    try {
      ${call}
    } catch (error) {
      globalThis.lateCode = error.code
    }
  }
}
`
          : "export async function upgrade(op) {\n  await op.query('select 1')\n  await comeLate()\n}\n",
      )
      const error = await rejectionOf('LATE_OPERATION', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(
        /^(?:op\.\w+|A query of op\.kysely) was called at migrations\/versions\/a\.ts(?::\d+)? after the function of revision a had returned\.\n {2}The database is at b\.$/,
      )
      expect((globalThis as {lateCode?: string}).lateCode).to.equal('LATE_OPERATION')
      expect(await on.state()).to.equal('a b*')
    })
})

/** Returns functions of which the one for `direction` makes the call. */
function bodyOf(direction: 'upgrade' | 'downgrade', call: string): string {
  const other = direction === 'upgrade' ? 'downgrade' : 'upgrade'
  return `export async function ${direction}(op) { ${call} }\nexport async function ${other}(op) { op.execute('select 1') }\n`
}
