import {expect} from 'chai'
import {insertRows} from '../../src/rehearsal/rows/insert-rows.ts'
import type {RowsReport} from '../../src/rehearsal/rows/insert-rows.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import type {Dialect} from '../../src/operations/operation.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import {createDatabase, databaseKinds, newName} from '../support/databases.ts'
import {openScratch} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'
import {withSession} from '../support/session.ts'

/** Types that must get rows, in `not null` columns. */
const types: Readonly<Record<Dialect, readonly string[]>> = {
  postgresql: [
    ...['smallint', 'integer', 'bigint', 'numeric', 'numeric(3)', 'numeric(5,2)', 'numeric(2,2)', 'numeric(3,-2)'],
    ...['real', 'double precision', 'money', 'boolean', 'text', 'varchar', 'varchar(1)', 'varchar(40)', 'char(1)'],
    ...['char(7)', 'name', '"char"', 'bytea', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'timestamp(0)'],
    ...['interval', 'interval year', 'interval day to second', 'uuid', 'json', 'jsonb', 'jsonpath', 'xml'],
    ...[
      'inet',
      'cidr',
      'macaddr',
      'macaddr8',
      'bit',
      'bit(4)',
      'bit(70)',
      'varbit',
      'varbit(2)',
      'tsvector',
      'tsquery',
    ],
    ...['point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'oid', 'xid', 'xid8', 'cid', 'tid', 'pg_lsn'],
    ...['pg_snapshot', 'int2vector', 'oidvector', 'regclass', 'regtype', 'regproc', 'regprocedure', 'regoper'],
    ...['regoperator', 'regrole', 'regnamespace', 'regconfig', 'regdictionary', 'regcollation'],
    ...['int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange', 'int4multirange', 'datemultirange'],
    ...['integer[]', 'text[][]', 'timestamptz[]', 'varchar(3)[]', 'point[]', 'box[]', 'jsonb[]', 'int4range[]'],
    ...['mood', 'mood[]', 'pair', 'pair[]', 'percent', 'percent[]', 'code', 'nested', 'textrange', 'weekend'],
  ],
  sqlite: [
    ...['', 'integer', 'int', 'bigint', 'tinyint(1)', 'boolean', 'text', 'varchar(3)', 'char(1)', 'clob', 'blob'],
    ...['real', 'double precision', 'float', 'numeric', 'decimal(5,2)', 'date', 'datetime', 'timestamp', 'time'],
    ...['json', 'uuid', 'any', 'unsigned big int', 'whatever'],
  ],
  mariadb: ['uuid', 'inet6'],
  mysql: ['vector(3)', 'geometrycollection'],
}

const mysqlTypes = [
  ...['tinyint', 'tinyint(1)', 'tinyint unsigned', 'smallint', 'mediumint unsigned', 'int', 'bigint unsigned'],
  ...['decimal(5,2)', 'decimal(2,2) unsigned', 'float', 'double unsigned', 'bit', 'bit(5)', 'bit(64)', 'year', 'date'],
  ...['datetime', 'datetime(6)', 'timestamp', 'time', 'char(1)', 'char(20)', 'varchar(2)', 'varchar(200)', 'tinytext'],
  ...['text', 'longtext', 'binary(1)', 'binary(20)', 'varbinary(3)', 'blob', 'json', "enum('a','it''s','x\\\\y')"],
  ...["set('a','b')", 'geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon'],
]

const typesOf = (dialect: Dialect): readonly string[] =>
  dialect === 'mysql' || dialect === 'mariadb' ? [...mysqlTypes, ...types[dialect]] : types[dialect]

/** Types of which there are at least six values, which must be distinct. */
const distinctTypes: Readonly<Record<Dialect, readonly string[]>> = {
  postgresql: [
    ...['smallint', 'bigint', 'numeric(5,2)', 'numeric(2,2)', 'real', 'text', 'varchar(1)', 'char(7)', 'bytea', 'date'],
    ...['time', 'timestamptz', 'interval', 'uuid', 'inet', 'cidr', 'macaddr', 'bit(4)', 'varbit', 'tsvector', 'pg_lsn'],
    ...['jsonb', 'int4range', 'daterange', 'int4multirange', 'integer[]', 'text[]', 'percent', 'code', 'textrange'],
  ],
  sqlite: ['int', 'text', 'char(1)', 'blob', 'real', 'decimal(5,2)', 'date', 'datetime', 'json', 'uuid', ''],
  mariadb: ['uuid', 'inet6'],
  mysql: [],
}

const distinctMysqlTypes = [
  ...['tinyint', 'int unsigned', 'decimal(5,2)', 'double', 'bit(5)', 'year', 'date', 'datetime', 'timestamp', 'time'],
  ...['char(1)', 'varchar(200)', 'binary(1)', 'varbinary(30)'],
]

const distinctTypesOf = (dialect: Dialect): readonly string[] =>
  dialect === 'mysql' || dialect === 'mariadb'
    ? [...distinctMysqlTypes, ...distinctTypes[dialect]]
    : distinctTypes[dialect]

const postgresTypes = [
  `create type mood as enum ('it''s', 'a\\b')`,
  'create type pair as (a integer, b text)',
  'create domain percent as numeric(6,3) not null check (value >= 0.5 and value < 1)',
  'create domain code as text check (length(value) = 4)',
  'create domain nested as code check (value is not null)',
  `create domain weekend as text check (value in ('saturday', 'sunday'))`,
  'create type textrange as range (subtype = text)',
]

/** Checks that every row must pass, on any database. */
const checks = [
  ...['n > 0', 'n >= 5', 'n < 0', 'n <= -5', '0 < n', 'n between 10 and 20', 'n in (3, 5, 7)', 'n <> 1', 'n = 4'],
  ...['n > 100 and n < 200', 'n is null or n > 7', 'n not in (1, 2)', 'm > n', 'n < m and m < k', 'n > 3000000000'],
  ...['d > 0 and d < 1', 'd >= 0.5 and d <= 0.75', 'd > 99.5', "t in ('a', 'it''s')", "t <> 't 1'", "t = 'x'"],
  ...['length(t) = 2', 'length(t) >= 30', 'length(t) between 3 and 5', 'length(t) < 4', "t is not null and t > 'q'"],
  ...["day >= '2030-01-01'", "day < '1999-12-31'", "day between '2024-05-01' and '2024-05-07'"],
]

const checkedColumns = 'n bigint, m bigint, k bigint, d decimal(8,3), t varchar(60), day date'

/** Tables whose names are requested, and what becomes of each table. */
interface Case {
  readonly title: string
  readonly sql: readonly string[]
  readonly tables: readonly string[]
  readonly inserted?: Readonly<Record<string, number>>
  readonly skipped?: Readonly<Record<string, RegExp>>
}

const cases: readonly Case[] = [
  {
    title: 'fills the tables that a required reference needs',
    sql: [
      'create table a (id integer not null primary key)',
      'create table b (id integer not null primary key, a integer not null, foreign key (a) references a (id))',
      'create table c (id integer not null primary key, b integer not null, foreign key (b) references b (id))',
    ],
    tables: ['c'],
    inserted: {a: 3, b: 3, c: 3},
  },
  {
    title: 'leaves a referenced table alone that has rows',
    sql: [
      'create table a (id integer not null primary key)',
      'insert into a values (7)',
      'create table b (a integer not null, foreign key (a) references a (id))',
    ],
    tables: ['b'],
    inserted: {b: 3},
  },
  {
    title: 'does not fill a table for a nullable reference',
    sql: [
      'create table a (id integer not null primary key)',
      'create table b (a integer, foreign key (a) references a (id))',
    ],
    tables: ['b'],
    inserted: {b: 3},
  },
  {
    title: 'references a row of a composite key, with a column that two references share',
    sql: [
      'create table tenant (id integer not null primary key)',
      'create table person (tenant integer not null, id integer not null, primary key (tenant, id), foreign key (tenant) references tenant (id))',
      'create table project (tenant integer not null, id integer not null, primary key (tenant, id), foreign key (tenant) references tenant (id))',
      'create table membership (tenant integer not null, person integer not null, project integer not null, primary key (tenant, person, project), foreign key (tenant, person) references person (tenant, id), foreign key (tenant, project) references project (tenant, id))',
    ],
    tables: ['membership'],
    inserted: {tenant: 3, person: 3, project: 3, membership: 3},
  },
  {
    title: 'references each row once if the reference is unique',
    sql: [
      'create table a (id integer not null primary key)',
      'insert into a values (1)',
      'insert into a values (2)',
      'create table b (a integer not null primary key, foreign key (a) references a (id))',
      'insert into b values (1)',
    ],
    tables: ['b'],
    inserted: {b: 1},
  },
  {
    title: 'keeps the required part of a reference that is partly null',
    sql: [
      'create table a (x integer not null, y integer not null, primary key (x, y))',
      'create table b (x integer not null, y integer, foreign key (x, y) references a (x, y))',
    ],
    tables: ['b', 'a'],
    inserted: {a: 3, b: 3},
  },
  {
    title: 'adds the rows that a unique reference needs',
    sql: [
      'create table a (id integer not null primary key)',
      'insert into a values (1)',
      'create table b (a integer not null primary key, foreign key (a) references a (id))',
      'insert into b values (1)',
    ],
    tables: ['b'],
    inserted: {a: 3, b: 3},
  },
  {
    title: 'combines the rows of a table that joins two',
    sql: [
      'create table a (id integer not null primary key)',
      'insert into a values (1)',
      'create table b (id integer not null primary key)',
      'insert into b values (1)',
      'insert into b values (2)',
      'create table ab (a integer not null, b integer not null, primary key (a, b), foreign key (a) references a (id), foreign key (b) references b (id))',
    ],
    tables: ['ab'],
    inserted: {ab: 2},
  },
  {
    title: 'leaves a nullable reference to its own table empty',
    sql: ['create table a (id integer not null primary key, up integer, foreign key (up) references a (id))'],
    tables: ['a'],
    inserted: {a: 3},
  },
  {
    title: 'lets a row reference itself if it must reference its own table',
    sql: ['create table a (id integer not null primary key, up integer not null, foreign key (up) references a (id))'],
    tables: ['a'],
    inserted: {a: 3},
  },
  {
    title: 'fills as many rows as the keys allow',
    sql: ["create table a (kind varchar(20) not null primary key, check (kind in ('x', 'y')))"],
    tables: ['a'],
    inserted: {a: 2},
  },
  {
    title: 'combines the values of a composite key',
    sql: [
      "create table a (kind varchar(20) not null, size varchar(20) not null, primary key (kind, size), check (kind in ('x', 'y')), check (size in ('s', 'm')))",
    ],
    tables: ['a'],
    inserted: {a: 3},
  },
  {
    title: 'uses a default where it does not understand a check',
    sql: ["create table a (t varchar(20) not null default '#ok', check (t like '#%'))"],
    tables: ['a'],
    inserted: {a: 3},
  },
  {
    title: 'fills one of several columns that exclude each other',
    sql: ['create table a (x integer, y integer, check ((x is null) <> (y is null)))'],
    tables: ['a'],
    inserted: {a: 3},
  },
  {
    title: 'skips what it cannot fill, and the tables that need it',
    sql: [
      "create table a (t varchar(20) not null primary key, check (t like '#%'))",
      'create table b (a varchar(20) not null, foreign key (a) references a (t))',
      'create table c (n integer not null)',
    ],
    tables: ['b', 'c', 'd'],
    inserted: {c: 3},
    skipped: {
      a: /^the database refuses the rows: /,
      b: /^a must reference a row of a, which has none$/,
      d: /^the table does not exist$/,
    },
  },
  {
    title: 'skips values that contradict each other',
    sql: ['create table a (n integer not null, check (n > 5 and n < 3))'],
    tables: ['a'],
    skipped: {a: /^no value of n is known to pass its checks$/},
  },
  {
    title: 'skips views',
    sql: ['create table a (n integer)', 'create view v as select * from a'],
    tables: ['v'],
    skipped: {v: /^it is not a table$/},
  },
]

for (const dialect of ['postgresql', 'sqlite', 'mariadb', 'mysql'] as const) {
  if (!databaseKinds.includes(dialect)) continue
  describe(`generated rows on ${dialect}`, () => {
    let scratch: Scratch
    before(async () => (scratch = await openScratch(dialect)))
    beforeEach(async () => scratch.clear())
    after(async () => scratch.close())

    /** Inserts rows into tables in a transaction that stays usable, and passes on the report. */
    const insert = async (
      sql: readonly string[],
      tables: readonly string[],
      use: (report: RowsReport, session: Session) => Promise<void> | void,
    ): Promise<void> =>
      scratch.use(async (session) => {
        await run(session, ...sql, 'begin')
        const report = await insertRows(session, tables)
        await use(report, session)
        await run(session, 'rollback')
      })

    it('has values for every type', async () => {
      const tables = typesOf(dialect).map((type, i) => ({type, name: `t${i}`}))
      const sql = tables.map(({type, name}) => `create table ${name} (v ${type} not null, w ${type} default null)`)
      await insert(
        [...(dialect === 'postgresql' ? postgresTypes : []), ...sql],
        tables.map(({name}) => name),
        async (report, session) => {
          const failed = tables.filter(({name}) => report.inserted.get(name) !== 3)
          expect(failed.map(({type, name}) => `${type}: ${report.skipped.get(name)}`)).to.deep.equal([])
          for (const {name, type} of tables) {
            const [row] = await session.query<{readonly n: unknown}>(`select count(*) - count(w) as n from ${name}`)
            // A domain that is not null has no null.
            expect(Number(row?.n), type).to.equal(['percent', 'nested'].includes(type) ? 0 : 1)
          }
        },
      )
    })

    it('has distinct values, also beside existing ones', async () => {
      const distinct = distinctTypesOf(dialect)
      const names = distinct.map((_, i) => `t${i}`)
      await insert(
        [
          ...(dialect === 'postgresql' ? postgresTypes : []),
          ...distinct.map((type, i) => `create table t${i} (v ${type} not null unique)`),
        ],
        names,
        async (first, session) => {
          const second = await insertRows(session, names)
          for (const report of [first, second])
            expect(distinct.filter((_, i) => report.inserted.get(`t${i}`) !== 3)).to.deep.equal([])
        },
      )
    })

    it('meets checks', async () => {
      const sql = checks.map((check, i) => `create table t${i} (${checkedColumns}, check (${check}))`)
      await insert(
        sql,
        sql.map((_, i) => `t${i}`),
        async (report, session) => {
          const failed = checks.filter((_, i) => report.inserted.get(`t${i}`) !== 3)
          expect(failed).to.deep.equal([])
          // A check also passes where it is null.
          for (const [i, check] of checks.entries()) {
            const [row] = await session.query<{readonly n: unknown}>(`select count(*) as n from t${i} where ${check}`)
            expect(Number(row?.n), check).to.be.greaterThanOrEqual(2)
          }
        },
      )
    })

    for (const {title, sql, tables, inserted = {}, skipped = {}} of cases)
      it(title, async () =>
        insert(sql, tables, (report) => {
          expect(Object.fromEntries(report.inserted)).to.deep.equal(inserted)
          expect([...report.skipped.keys()].toSorted()).to.deep.equal(Object.keys(skipped).toSorted())
          for (const [name, reason] of report.skipped) expect(reason).to.match(skipped[name]!)
        }),
      )

    it('has a row with nulls and references in the others', async () => {
      await insert(
        [
          'create table a (id integer not null primary key)',
          'create table b (a integer, n integer, t varchar(9), foreign key (a) references a (id))',
        ],
        ['b', 'a'],
        async (_, session) => {
          const rows = await session.query<Readonly<Record<string, unknown>>>('select a, n, t from b')
          expect(rows.filter(({a, n, t}) => a === null && n === null && t === null)).to.have.length(1)
          expect(rows.filter(({a, n, t}) => a !== null && n !== null && t !== null)).to.have.length(2)
        },
      )
    })

    it('adds rows beside existing ones', async () => {
      await insert(
        [
          'create table a (id integer not null primary key, small smallint not null unique, t varchar(9) not null unique, day date not null unique, c char(1) not null unique)',
          'create table b (a integer not null unique, flag varchar(5) not null, n integer not null, unique (flag, n), foreign key (a) references a (id))',
          "insert into a values (4, 32767, 'x', '2020-01-01', 'q')",
        ],
        ['a', 'b'],
        async (first, session) => {
          expect(Object.fromEntries(first.inserted)).to.deep.equal({a: 3, b: 3})
          const second = await insertRows(session, ['a', 'b'])
          expect(Object.fromEntries(second.inserted)).to.deep.equal({a: 3, b: 3})
          const [row] = await session.query<{readonly n: unknown}>(
            "select count(*) as n from a where id = 4 and t = 'x'",
          )
          expect(Number(row?.n)).to.equal(1)
        },
      )
    })

    it('inserts the wanted number of rows', async () => {
      await scratch.use(async (session) => {
        await run(session, 'create table a (id integer not null primary key, n integer)')
        const report = await insertRows(session, ['a'], {rows: 1})
        expect([...report.inserted]).to.deep.equal([['a', 1]])
        expect(await session.query('select * from a where n is not null')).to.have.length(1)
      })
    })

    it('gives the same rows for the same tables', async () => {
      const texts: string[] = []
      for (let i = 0; i < 2; i++) {
        await scratch.clear()
        await insert(
          [
            'create table a (id integer not null primary key, t varchar(9), day date, d decimal(5,2))',
            'create table b (a integer not null, t varchar(2), foreign key (a) references a (id))',
          ],
          ['b', 'a'],
          async (_, session) =>
            void texts.push(
              JSON.stringify([await session.query('select * from a'), await session.query('select * from b')]),
            ),
        )
      }
      expect(texts[0]).to.equal(texts[1])
    })

    it('leaves generated columns and counters to the database', async () => {
      const counter = {
        postgresql: 'id integer generated always as identity primary key',
        sqlite: 'id integer primary key autoincrement',
        mariadb: 'id integer auto_increment primary key',
        mysql: 'id integer auto_increment primary key',
      }[dialect]
      await insert(
        [
          `create table a (${counter})`,
          `create table b (${counter}, n integer not null, twice integer generated always as (n * 2) stored)`,
          `create table c (${counter}, up integer not null, foreign key (up) references c (id))`,
        ],
        ['a', 'b', 'c'],
        async (report, session) => {
          expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3, b: 3, c: 3})
          expect(await session.query('select * from b where twice = n * 2')).to.have.length(3)
          expect(await session.query('select * from c where up = id')).to.have.length(3)
        },
      )
    })

    it('orders tables that reference each other, and skips cycles', async () => {
      const later = (table: string): string =>
        `alter table ${table} add foreign key (other) references ${table === 'a' ? 'b' : 'd'} (id)`
      const table = (name: string, other: string, nullable: string): string =>
        dialect === 'sqlite'
          ? `create table ${name} (id integer not null primary key, other integer ${nullable} references ${other} (id))`
          : `create table ${name} (id integer not null primary key, other integer ${nullable}${['b', 'd'].includes(name) ? `, foreign key (other) references ${other} (id)` : ''})`
      await insert(
        [
          ...[
            table('a', 'b', ''),
            table('b', 'a', 'not null'),
            table('c', 'd', 'not null'),
            table('d', 'c', 'not null'),
          ],
          ...(dialect === 'sqlite' ? [] : [later('a'), later('c')]),
          'create table e (c integer not null, foreign key (c) references c (id))',
        ],
        ['b', 'a', 'd', 'e'],
        (report) => {
          expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3, b: 3})
          expect(Object.fromEntries(report.skipped)).to.deep.equal({
            c: 'the foreign keys form a cycle: d -> c -> d',
            d: 'the foreign keys form a cycle: d -> c -> d',
            e: 'c must reference a row of c, which has none',
          })
        },
      )
    })

    it('accepts names that need quotes', async () => {
      const quote = (name: string): string =>
        dialect === 'mysql' || dialect === 'mariadb' ? `\`${name}\`` : `"${name}"`
      await insert(
        [
          `create table ${quote('Order.Line')} (${quote('the id')} integer not null primary key, ${quote('größe')} varchar(20) not null)`,
          `create table ${quote("it's")} (${quote('a.b')} integer not null, foreign key (${quote('a.b')}) references ${quote('Order.Line')} (${quote('the id')}))`,
        ],
        ["it's"],
        (report) => {
          expect(Object.fromEntries(report.inserted)).to.deep.equal({'"Order.Line"': 3, "it's": 3})
        },
      )
    })
  })
}

/** Opens a database for one test of behaviour that only some databases have. */
async function on(
  kind: 'postgresql' | 'pglite' | 'sqlite' | 'mariadb' | 'mysql',
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const database = await createDatabase(kind)
  const connection = await connect({kind: 'url', url: database.url}, process.cwd())
  try {
    await withSession(connection, undefined, use)
  } finally {
    await connection.close()
    await database.drop()
  }
}

for (const kind of ['postgresql', 'pglite'] as const) {
  if (!databaseKinds.includes(kind)) continue
  describe(`generated rows with ${kind}'s own features`, () => {
    it('leaves the last values of sequences as they were', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create sequence numbers',
          "create table a (id serial primary key, n integer default nextval('numbers'))",
          'create table b (id bigint generated always as identity primary key, a integer not null references a)',
          'create table c (id integer generated by default as identity (start 5) primary key)',
          'create table d (id smallserial primary key)',
          'insert into a (n) values (3)',
        )
        const values = `select sequencename, last_value from pg_sequences order by 1`
        const expected = await session.query(values)
        await run(session, 'begin')
        const report = await insertRows(session, ['a', 'b', 'c', 'd'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3, b: 3, c: 3, d: 3})
        await run(session, 'rollback')
        expect((await session.query(values)).slice(1)).to.deep.equal(expected.slice(1).map((row) => row))
      }))

    it('leaves the transaction usable after a failure', async () =>
      on(kind, async (session) => {
        await run(
          session,
          `create table a (t text not null check (t like '#%'))`,
          'create table b (n integer)',
          `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no rows here'; end $$`,
          'create table c (n integer)',
          'create trigger refuse before insert on c for each row execute function refuse()',
          'begin',
        )
        const report = await insertRows(session, ['a', 'b', 'c'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({b: 3})
        expect(report.skipped.get('c')).to.equal('the database refuses the rows: no rows here')
        await run(session, 'alter table b add m integer', 'rollback')
        expect(await session.query('select * from b')).to.deep.equal([])
      }))

    it('leaves the transaction usable if a table cannot be read', async () =>
      on(kind, async (session) => {
        const role = newName()
        await run(session, 'create table a (n integer)', `create role ${role}`, 'begin', `set local role ${role}`)
        const failure = await insertRows(session, ['a']).catch((error: unknown) => error)
        expect(failure).to.be.instanceOf(Error).with.property('message', 'permission denied for table a')
        await run(session, 'reset role', 'select 1', 'rollback', `drop role ${role}`)
      }))

    it('works outside a transaction', async () =>
      on(kind, async (session) => {
        await run(session, `create table a (t text not null check (t like '#%'))`, 'create table b (n integer)')
        const report = await insertRows(session, ['a', 'b'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({b: 3})
        expect(await session.query('select * from b')).to.have.length(3)
      }))

    it('leaves no pending checks that would prevent changes of a table', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create table a (id integer primary key)',
          'create table b (a integer not null references a deferrable initially deferred, n integer unique deferrable initially deferred)',
          'begin',
        )
        const report = await insertRows(session, ['b'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3, b: 3})
        await run(session, 'alter table b add m integer')
        // They are deferred again.
        await run(session, 'insert into b values (-1, -1)', 'delete from b where a = -1', 'rollback')
      }))

    it('puts rows into existing partitions', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create table r (id integer, day date, primary key (id, day)) partition by range (day)',
          `create table r1 partition of r for values from ('2001-01-01') to ('2001-01-03')`,
          'create table l (id integer, place text) partition by list (place)',
          `create table l1 partition of l for values in ('it''s', 'here')`,
          'create table h (id integer primary key) partition by hash (id)',
          'create table h1 partition of h for values with (modulus 2, remainder 0)',
          'create table n (id integer primary key, at timestamptz not null) partition by range (id)',
          'create table d (at timestamptz not null) partition by range (at)',
          `create table d1 partition of d for values from ('2010-01-01 00:00+00') to (maxvalue)`,
          'create table m (a integer, b integer) partition by range (a, b)',
          'create table m1 partition of m for values from (5, 6) to (7, 8)',
          'create table s (a integer, b text) partition by range (a)',
          'create table s1 partition of s for values from (minvalue) to (0) partition by list (b)',
          `create table s11 partition of s1 for values in ('x')`,
          'create table f (a integer) partition by range (a)',
          'create table f1 partition of f default',
          'begin',
        )
        const report = await insertRows(session, ['r', 'l', 'h', 'n', 'd', 'm', 's', 'f', 's11', 'r1'])
        const {h = 0, ...others} = Object.fromEntries(report.inserted)
        expect(h).to.be.greaterThan(0)
        expect(others).to.deep.equal({r: 3, l: 3, d: 3, m: 3, s: 3, f: 3, s11: 3, r1: 3})
        expect(Object.fromEntries(report.skipped)).to.deep.equal({n: 'it has no partitions'})
        await run(session, 'rollback')
      }))

    it('qualifies the tables of other schemas', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create schema app',
          'create table app.a (id integer primary key)',
          'create table b (a integer not null references app.a)',
          'create table app.b (b text not null)',
        )
        const report = await insertRows(session, ['b', 'app.b'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({'app.a': 3, b: 3, 'app.b': 3})
      }))

    it('references partitioned tables and is excluded by no constraint', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create table p (id integer primary key) partition by range (id)',
          'create table p1 partition of p for values from (100) to (200)',
          'create table p2 partition of p for values from (200) to (300)',
          'create table c (p integer not null references p, span tstzrange, exclude using gist (span with &&))',
        )
        const report = await insertRows(session, ['c'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({p: 3, c: 3})
      }))

    it('skips types without known values unless they are nullable', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create table a (v pg_catalog.pg_node_tree)',
          'create table b (v pg_catalog.pg_node_tree not null)',
        )
        const report = await insertRows(session, ['a', 'b'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3})
        expect(Object.fromEntries(report.skipped)).to.deep.equal({
          b: 'v has the type pg_node_tree, for which no values are known',
        })
      }))
  })
}

if (databaseKinds.includes('postgresql'))
  describe('the speed of generated rows on postgresql', () => {
    it('fills 10 tables of 20 columns in 100 ms', async () =>
      on('postgresql', async (session) => {
        const columns = Array.from(
          {length: 18},
          (_, i) => `c${i} ${['text', 'integer', 'timestamptz', 'numeric(9,2)'][i % 4]} not null`,
        )
        for (let i = 0; i < 10; i++)
          await run(
            session,
            `create table t${i} (id serial primary key, up integer ${i === 0 ? '' : `not null references t${i - 1}`}, ${columns.join(', ')})`,
          )
        const times: number[] = []
        for (let i = 0; i < 5; i++) {
          await run(session, 'begin')
          const start = performance.now()
          const report = await insertRows(session, ['t9', 't0', 't5'])
          times.push(performance.now() - start)
          expect(report.inserted.size).to.equal(10)
          await run(session, 'rollback')
        }
        expect(Math.min(...times)).to.be.lessThan(100)
      }))
  })

if (databaseKinds.includes('sqlite'))
  describe("generated rows with sqlite's own features", () => {
    it('fills strict tables, and tables without rowid', async () =>
      on('sqlite', async (session) => {
        await run(
          session,
          'create table a (i integer not null, j int not null, r real not null, t text not null, b blob not null, x any not null) strict',
          'create table b (id integer primary key, n) without rowid',
          'create table c (a, b, primary key (a, b))',
          'create table d (c1, c2, foreign key (c1, c2) references c)',
        )
        const report = await insertRows(session, ['a', 'b', 'c', 'd'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({a: 3, b: 3, c: 3, d: 3})
      }))

    it('stays in the transaction, whatever constraints and triggers say', async () =>
      on('sqlite', async (session) => {
        await run(
          session,
          `create table a (t text check (t like '#%') not null on conflict rollback, n integer unique on conflict rollback check (n is null))`,
          'create table b (n integer)',
          `create trigger tr before insert on b begin select raise(rollback, 'no'); end`,
          `create table c (n integer)`,
          `create trigger tc before insert on c begin select raise(abort, 'no'); end`,
          'create virtual table v using fts5(t)',
          'begin',
          'create table mark (n)',
        )
        const report = await insertRows(session, ['a', 'b', 'c', 'v'])
        expect([...report.skipped]).to.deep.include.members([
          ['b', 'one of its triggers may roll back the transaction'],
          ['c', 'the database refuses the rows: no'],
          ['v', 'it is a virtual table'],
        ])
        await run(session, 'rollback')
        expect(await session.query(`select * from sqlite_master where name = 'mark'`)).to.deep.equal([])
      }))

    it('fills tables of attached databases', async () =>
      on('sqlite', async (session) => {
        await run(
          session,
          `attach ':memory:' as other`,
          'create table other.a (id integer primary key)',
          'create table other.b (a integer not null references a (id))',
        )
        const report = await insertRows(session, ['other.b'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({'other.a': 3, 'other.b': 3})
      }))
  })

for (const kind of ['mariadb', 'mysql'] as const) {
  if (!databaseKinds.includes(kind)) continue
  describe(`generated rows with ${kind}'s own features`, () => {
    it('quotes backslashes in every SQL mode', async () =>
      on(kind, async (session) => {
        await run(session, `create table a (v enum('x\\\\y', 'it''s') not null)`)
        for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES,STRICT_ALL_TABLES']) {
          await run(session, `set sql_mode = '${mode}'`)
          const report = await insertRows(session, ['a'], {rows: 2})
          expect(Object.fromEntries(report.inserted), mode).to.deep.equal({a: 2})
        }
        expect(await session.query(`select * from a where v in (_utf8mb4 x'785c79', 'it''s')`)).to.have.length(6)
      }))

    it('puts rows into existing partitions', async () =>
      on(kind, async (session) => {
        await run(
          session,
          'create table r (id integer not null primary key) partition by range (id) (partition a values less than (0), partition b values less than (2))',
          'create table l (id integer not null) partition by list (id) (partition a values in (5, 6), partition b values in (7))',
          `create table c (day date not null) partition by range columns (day) (partition a values less than ('2001-01-01'))`,
          'create table h (id integer not null primary key) partition by hash (id) partitions 3',
        )
        const report = await insertRows(session, ['r', 'l', 'c', 'h'])
        expect(Object.fromEntries(report.inserted)).to.deep.equal({r: 3, l: 3, c: 3, h: 3})
      }))
  })
}

async function run(session: Session, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await session.send([{sql}])
}
