import {DatabaseTable, SchemaComparator} from '@mikro-orm/sql'
import {expect} from 'chai'
import type {Operations} from '../../src/operations/operations.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {compileBatch, batchesOf} from '../../src/sql/compile.ts'
import {formatTable, parseTable} from '../../src/sql/sqlite/table-text.ts'
import {rejectionOf} from '../support/errors.ts'
import {operationRegistry, recorded, runOperations} from '../support/operations.ts'
import {platforms} from '../support/platforms.ts'
import {openScratch} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'
import {runText} from '../support/run-text.ts'

/** A parent with everything that hangs on a table, and rows in all of it. */
const everything = `
  create table parent (
    id integer primary key autoincrement,
    up integer references parent (id) on delete cascade, -- itself
    a text not null default 'it''s, (x)' collate nocase,
    b integer constraint small check (b < 100 and a <> 'null'),
    twice integer generated always as (b * 2) stored,
    half integer as (b / 2) virtual,
    unique (a, b)
  );
  create table child (id integer primary key, parent_id integer not null references parent (id) on delete cascade);
  create table log (n integer);
  create index parent_b on parent (b) where b > 0;
  create view big as select id, twice from parent where b > 1;
  create trigger noted after update on parent begin insert into log values (new.b); end;
  insert into parent (id, up, a, b) values (1, null, 'x', 1), (2, 1, 'y', 2), (9, 1, 'z', 3);
  delete from parent where id = 9;
  insert into child values (1, 1), (2, 2), (3, 2);
`

const counts = 'select (select count(*) from parent) as parents, (select count(*) from child) as children'

describe('sql/sqlite: rebuilding a table', () => {
  let scratch: Scratch
  before(async () => {
    scratch = await openScratch('sqlite')
  })
  beforeEach(async () => {
    await scratch.clear()
    await scratch.use(async (session) => runText(session, `pragma foreign_keys = on; ${everything}`))
  })
  after(async () => scratch.close())

  const change = async (session: Session, run: (op: Operations) => unknown): Promise<readonly string[]> =>
    runOperations(session, recorded('sqlite', run))

  it("loses rows that refer to the table when MikroORM's own does it in a transaction", async () =>
    scratch.use(async (session) => {
      const {platform} = session
      await runText(
        session,
        'create table p (id integer primary key, a text); create table c (id integer primary key, p_id integer references p (id) on delete cascade); insert into p values (1, 2); insert into c values (1, 1)',
      )
      const [from, to] = [true, false].map((nullable) => {
        const table = new DatabaseTable(platform, 'p')
        const integer = platform.getMappedType('integer')
        table.addColumn({name: 'id', type: 'integer', mappedType: integer, nullable: false, primary: true})
        table.addColumn({name: 'a', type: 'text', mappedType: platform.getMappedType('text'), nullable})
        return table
      })
      const diff = new SchemaComparator(platform).diffTable(from!, to!)
      if (diff === false) throw new Error('MikroORM sees no difference')
      await runText(session, 'begin')
      for (const sql of platform.getSchemaHelper()!.alterTable(diff, false)) await runText(session, sql)
      await runText(session, 'commit')
      expect(await session.query('select count(*) as n from c')).to.deep.equal([{n: 0}])
    }))

  it('keeps them, and all that hangs on the table', async () =>
    scratch.use(async (session) => {
      const sent = await change(session, (op) => {
        op.alterColumn('parent', 'a', {nullable: true, default: 'new'})
        op.addColumn('parent', 'c', (t) => t.integer().notNull().default(7))
        op.createCheckConstraint('parent', 'c > 0')
      })
      expect(sent.filter((sql) => sql.startsWith('create table'))).to.have.length(1)
      expect(await session.query(counts)).to.deep.equal([{parents: 2, children: 3}])
      expect(await session.query('select * from parent')).to.deep.equal([
        {id: 1, up: null, a: 'x', b: 1, twice: 2, half: 0, c: 7},
        {id: 2, up: 1, a: 'y', b: 2, twice: 4, half: 1, c: 7},
      ])
      expect(await session.query('select * from big')).to.deep.equal([{id: 2, twice: 4}])
      await runText(session, 'update parent set b = 5 where id = 1; insert into parent (b) values (6)')
      expect(await session.query('select n from log')).to.deep.equal([{n: 5}])
      expect(await session.query('select max(id) as id from parent')).to.deep.equal([{id: 10}])
      expect(
        await session.query("select name from sqlite_master where name in ('parent_b', 'noted') order by name"),
      ).to.have.length(2)
      await runText(session, 'delete from parent where id = 1')
      expect(await session.query(counts)).to.deep.equal([{parents: 1, children: 0}])
    }))

  it('refuses when foreign keys are on, before anything is lost', async () =>
    scratch.use(async (session) => {
      const [batch = []] = batchesOf(
        recorded('sqlite', (op) => op.alterColumn('parent', 'b', {type: 'text'})).map((operation) => ({
          operation,
          site: new Error('here'),
          outsideTransaction: false,
        })),
        {dialect: 'sqlite', registry: operationRegistry},
      )
      const compilation = {dialect: 'sqlite', platform: session.platform, registry: operationRegistry} as const
      const statements = await compileBatch(batch, compilation, async (sql) => session.query(sql))
      expect(statements.every(({requires}) => requires === 'foreignKeysOff')).to.equal(true)
      const run = async (): Promise<void> => {
        for (const {sql} of statements) await runText(session, sql)
      }
      expect(String(await run().catch((error: unknown) => error))).to.contain(
        'foreign keys must be off while parent is rebuilt',
      )
      expect(await session.query(counts)).to.deep.equal([{parents: 2, children: 3}])
    }))

  it('refuses rows that would not fit, and leaves the table as it was', async () =>
    scratch.use(async (session) => {
      const failure = await change(session, (op) => op.createForeignKey('child', 'id', 'parent', 'id')).catch(
        (error: unknown) => error,
      )
      expect(String(failure)).to.contain('foreign keys to and from child must be valid')
      expect(await session.query(counts)).to.deep.equal([{parents: 2, children: 3}])
    }))

  const drops: readonly {readonly name: string; readonly column: string; readonly isRebuilt: boolean}[] = [
    {name: 'by itself where SQLite can', column: 'c', isRebuilt: false},
    {name: 'with its index and its constraint', column: 'b', isRebuilt: true},
    {name: 'that refers to another table', column: 'up', isRebuilt: true},
  ]
  for (const {name, column, isRebuilt} of drops)
    it(`drops a column ${name}`, async () =>
      scratch.use(async (session) => {
        await runText(session, 'drop view big; alter table parent add column c integer; drop trigger noted')
        await change(session, (op) => {
          if (column === 'b') for (const one of ['twice', 'half']) op.dropColumn('parent', one)
        })
        const sent = await change(session, (op) => op.dropColumn('parent', column))
        expect(sent.some((sql) => sql.startsWith('create table'))).to.equal(isRebuilt)
        expect(await session.query(counts)).to.deep.equal([{parents: 2, children: 3}])
      }))

  it('drops a column in a batch where SQLite could not by itself', async () =>
    scratch.use(async (session) => {
      const sent = await change(session, (op) => op.batchAlterTable('child', (table) => table.dropColumn('parent_id')))
      expect(sent.filter((sql) => sql.startsWith('create table'))).to.have.length(1)
      expect(await session.query('select * from child')).to.deep.equal([{id: 1}, {id: 2}, {id: 3}])
    }))

  for (const options of [{columnOrder: ['parent_id']}, {columnOrder: ['parent_id', 'id'], recreate: 'always'}] as const)
    it(`puts columns in another order: ${JSON.stringify(options)}`, async () =>
      scratch.use(async (session) => {
        const before = await session.query<{id: number; parent_id: number}>('select id, parent_id from child')
        await change(session, (op) => op.batchAlterTable('child', () => {}, options))
        const after = await session.query('select * from child')
        expect(after).to.deep.equal(before)
        expect(Object.keys(after[0] as object)).to.deep.equal(['parent_id', 'id'])
      }))

  it('refuses to leave a view behind that could not be read', async () =>
    scratch.use(async (session) => {
      const failure = await change(session, (op) => {
        op.dropColumn('parent', 'twice')
        op.alterColumn('parent', 'a', {nullable: true})
      }).catch((error: unknown) => error)
      expect(String(failure)).to.contain('no such column: twice')
      expect(await session.query('select * from big')).to.deep.equal([{id: 2, twice: 4}])
    }))

  it('names a missing table, column or constraint', async () =>
    scratch.use(async (session) => {
      const wrong: [(op: Operations) => void, string][] = [
        [(op) => op.alterColumn('nothing', 'a', {nullable: true}), 'table nothing does not exist'],
        [(op) => op.alterColumn('parent', 'z', {nullable: true}), 'the table has no column z'],
        [(op) => op.dropConstraint('parent', 'z', {type: 'check'}), 'parent has no constraint z'],
        [
          (op) => {
            op.alterColumn('parent', 'a', {nullable: true})
            op.dropColumn('parent', 'b', {ifExists: true})
          },
          '`ifExists` is not supported for columns',
        ],
        [
          (op) =>
            op.batchAlterTable('parent', (table) => {
              table.renameColumn('a', 'z')
              table.alterColumn('z', {nullable: true})
            }),
          'a batch that rebuilds the table cannot rename a column',
        ],
        [
          (op) => op.batchAlterTable('parent', () => {}, {columnOrder: ['a', 'z']}),
          '`columnOrder` names z, which is not a column of parent',
        ],
      ]
      for (const [i, [run, message]] of wrong.entries()) {
        const error = await rejectionOf('OPERATION_NOT_SUPPORTED', () => change(session, run))
        expect(error.message).to.contain(message)
        // What is missing is no matter of the dialect.
        expect(error.hint).to.match(i < 3 ? /^Look for a change that was made outside/ : /op\.dialect/)
      }
    }))

  it('needs the database', async () => {
    const [operation] = recorded('sqlite', (op) => op.alterColumn('parent', 'a', {nullable: true}))
    const error = await rejectionOf('OPERATION_NOT_SUPPORTED', () =>
      compileBatch([{operation: operation!, site: new Error('here'), outsideTransaction: false}], {
        dialect: 'sqlite',
        platform: platforms.sqlite,
        registry: operationRegistry,
      }),
    )
    expect(error.message).to.contain('requires a connection to read its definition')
  })

  const texts: readonly {
    readonly sql: string
    readonly columns: readonly string[]
    readonly constraints?: readonly string[]
  }[] = [
    {sql: 'create table t (a)', columns: ['a  ']},
    {
      sql: 'CREATE TABLE "t" ("a b" varchar(3) DEFAULT NULL NOT NULL, [c])',
      columns: ['a b varchar(3) DEFAULT+NOT', 'c  '],
    },
    {
      sql: "create table t (a text default (')' || ','), b int -- , x\n, /* , */ c)",
      columns: ['a text DEFAULT', 'b int ', 'c  '],
    },
    {
      sql: 'create table t (a int constraint n references p (x) on delete set null on update set default not deferrable, b double precision check (b > 1) unique)',
      columns: ['a int REFERENCES', 'b double precision CHECK+UNIQUE'],
    },
    {
      sql: 'create table t (a, b, constraint k primary key (a, b desc), foreign key (a) references p (x), check (a in (1, 2))) without rowid, strict',
      columns: ['a  ', 'b  '],
      constraints: ['PRIMARY k a+b', 'FOREIGN  a', 'CHECK  '],
    },
    {
      sql: 'create table t (a, b, check (a > 0) constraint k unique (b) constraint "check" check (b) foreign key (a) references p (x))',
      columns: ['a  ', 'b  '],
      constraints: ['CHECK  ', 'UNIQUE k b', 'CHECK check ', 'FOREIGN  a'],
    },
    {
      sql: 'create table t (a😀 int, e\u0301 text not null, x\u00a0y)',
      columns: ['a😀 int ', 'e\u0301 text NOT', 'x\u00a0y  '],
    },
  ]
  for (const {sql, columns, constraints = []} of texts)
    it(`reads ${sql.replaceAll('\n', ' ')}`, () => {
      const table = parseTable(sql)
      expect(
        table.columns.map((one) => `${one.name} ${one.type} ${one.clauses.map(({keyword}) => keyword).join('+')}`),
      ).to.deep.equal(columns)
      expect(table.constraints.map((one) => `${one.type} ${one.name ?? ''} ${one.columns.join('+')}`)).to.deep.equal(
        constraints,
      )
      expect(parseTable(formatTable('t', table))).to.deep.equal(table)
    })
})
