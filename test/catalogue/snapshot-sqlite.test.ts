import {DatabaseSync} from 'node:sqlite'
import {expect} from 'chai'
import type {CatalogueObject, Query} from '../../src/catalogue/snapshot/snapshot.ts'
import {readSqlite} from '../../src/catalogue/snapshot/sqlite.ts'
import {runText} from '../support/run-text.ts'
import {openScratch} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'
import {differenceLines} from '../support/snapshots.ts'

/** Two schemas that are equal although they are written differently. */
interface Pair {
  readonly name: string
  readonly one: string
  readonly other: string
}

const pairs: readonly Pair[] = [
  {
    name: 'quotes, case and white space',
    one: 'create table t (a int not null, b varchar(10), c decimal(4, 2))',
    other: 'CREATE TABLE "t" (\n  [a] INT NOT  NULL, -- first\n  `b` VARCHAR ( 10 ),/* x */ "c" Decimal(4,2) NULL)',
  },
  {
    name: 'a default in parentheses, in other quotes and in other case',
    one: "create table t (a int default 1, b text default 'x', c int default -1, d default current_timestamp, e default true)",
    other:
      'create table t (a int default (1), b text default "x", c int default (( - 1 )), d default CURRENT_TIMESTAMP, e default (TRUE))',
  },
  {
    name: 'a default that is a name',
    one: "create table t (a text default 'Abc', b default '[b]')",
    other: 'create table t (a text default Abc, b default "[b]")',
  },
  {name: 'a null default', one: 'create table t (a int)', other: 'create table t (a int default NULL)'},
  {
    name: 'an expression as a default',
    one: "create table t (a default (1+2 || 'X'))",
    other: "create table t (a default ((1  +  2 || 'X')))",
  },
  {
    name: 'a primary key of the column and of the table',
    one: 'create table t (a text not null primary key, b int)',
    other: 'create table t (a text not null, b int, primary key ("A"))',
  },
  {
    name: 'the number of a row, which is never null',
    one: 'create table t (id integer primary key autoincrement)',
    other: 'create table t (id INTEGER NOT NULL, primary key (id AUTOINCREMENT))',
  },
  {
    name: 'a unique constraint of the column and of the table',
    one: 'create table t (a int unique, b int constraint u unique)',
    other: 'create table t (a int, b int, constraint "u" UNIQUE ([b]), unique (a))',
  },
  {
    name: 'a unique constraint that is written twice',
    one: 'create table t (a int unique)',
    other: 'create table t (a int unique, unique (a))',
  },
  {
    name: 'a primary key that is unique, too',
    one: 'create table t (a text primary key)',
    other: 'create table t (a text primary key unique)',
  },
  {
    name: 'a foreign key of the column and of the table',
    one: 'create table p (id integer primary key); create table t (a int references p (id) on delete cascade, b int constraint f references p (id))',
    other:
      'create table p (id integer primary key); create table t (a int, b int, constraint f foreign key (b) references p (id), foreign key (a) references "P" ("ID") ON DELETE CASCADE on update no action)',
  },
  {
    name: 'a foreign key that refers to the primary key without naming it',
    one: 'create table p (a int, b int, primary key (b, a)); create table t (x int, y int, foreign key (x, y) references p)',
    other:
      'create table p (a int, b int, primary key (b, a)); create table t (x int, y int, foreign key (x, y) references p (b, a))',
  },
  {
    name: 'a foreign key that is not deferred',
    one: 'create table t (id integer primary key, a int references t (id), b int references t (id))',
    other:
      'create table t (id integer primary key, a int references t (id) not deferrable initially deferred, b int references t (id) deferrable initially immediate)',
  },
  {
    name: 'a check of the column and of the table',
    one: "create table t (a int check (a > 0 and a<>'X'), b int constraint c check (b in (1,2)))",
    other: `create table t (a int, b int, check ( "A">0 AND [a] <> 'X' ), constraint c check (b IN ( 1, 2 )))`,
  },
  {
    name: 'a check in parentheses',
    one: 'create table t (a int, check (a > 0))',
    other: 'create table t (a int, check (((a > 0))))',
  },
  {
    name: 'constraints without commas between them',
    one: 'create table t (a int, b int, check (a > 0), constraint u unique (b), foreign key (a) references t (b))',
    other: 'create table t (a int, b int, check (a > 0) constraint u unique (b) foreign key (a) references t (b))',
  },
  {
    name: 'operators, numbers and blobs',
    one: "create table t (a int, check (a>=1e-5 and a<=.5 and a<<2 <> -1 and a->>'$.x' = x'ab' and - a < 3))",
    other: "create table t (a int, check (a >= 1E-5 AND a <= .5 and a << 2 <> - 1 and a ->> '$.x' = X'ab' and -a<3))",
  },
  {
    name: 'a generated column',
    one: 'create table t (a int, b int generated always as (a*2) virtual, c text as (lower(a)) stored)',
    other: 'create table t (a int, b int as ((a * 2)), c text GENERATED ALWAYS AS (LOWER ("a")) STORED)',
  },
  {
    name: 'the order of clauses',
    one: "create table t (a text not null default 'x' collate nocase, b int)",
    other: "create table t (a text collate NOCASE default 'x' not null, b int)",
  },
  {
    name: 'the collation that is the default',
    one: 'create table t (a text)',
    other: 'create table t (a text collate binary)',
  },
  {
    name: 'the options of a table',
    one: 'create table t (a int primary key) strict, without rowid',
    other: 'create table t (a int primary key not null) WITHOUT  ROWID ,STRICT',
  },
  {
    name: 'an index',
    one: 'create table t (a int, b text collate nocase); create index i on t (a, b desc) where a > 0; create unique index u on t (b)',
    other:
      'create table t (a int, b text collate nocase); create UNIQUE INDEX if not exists "u" ON "t" ("B" ASC); CREATE INDEX main."i" ON t ([A], "b" collate NOCASE DESC) WHERE ("A">0)',
  },
  {
    name: 'the expression of an index',
    one: 'create table t (a text); create index i on t (lower(a) desc, a || 1)',
    other: 'create table t (a text); create index i on t (LOWER ( "a" ) DESC, (a||1) asc)',
  },
  {
    name: 'a view',
    one: "create table t (a int); create view v as select a, 'It''s' as x from t where a > 0",
    other: 'create table t (a int); CREATE VIEW "v" AS\n  SELECT "a", \'It\'\'s\' AS [x] -- x\n  FROM t WHERE a>0',
  },
  {
    name: 'a trigger',
    one: 'create table t (a int); create trigger g before insert on t begin insert into t values (new.a + 1); end',
    other:
      'create table t (a int); CREATE TRIGGER IF NOT EXISTS main."g" INSERT ON "t" FOR EACH ROW BEGIN INSERT INTO t VALUES (NEW.a+1) ; END',
  },
  {
    name: 'a virtual table',
    one: "create virtual table f using fts5(a, b, tokenize = 'porter ascii')",
    other: 'CREATE VIRTUAL TABLE "f" USING FTS5 ( a,b ,tokenize=\'porter ascii\' )',
  },
  {
    name: 'the rows of a table',
    one: 'create table t (id integer primary key autoincrement)',
    other: 'create table t (id integer primary key autoincrement); insert into t values (7); analyze',
  },
  {
    name: 'a quoted name that needs quotes',
    one: 'create table "a b" ("c d" int check ("c d" > 0), "order" int check ("order" > 0))',
    other: 'create table [a b] (`c d` int check ([c d]>0), [order] int check (`order`>0))',
  },
  {
    name: 'names that are not ASCII',
    one: 'create table "a😀" ("e\u0301" int check ("e\u0301" > 0), "Ä\u00a0b" int)',
    other: 'create table a😀 (e\u0301 int check (e\u0301>0), Ä\u00a0b int)',
  },
  {
    name: 'a comma and a parenthesis in a name',
    one: 'create table "t(a, b" ("x)," int, b int check ("x)," > 0))',
    other: 'create table [t(a, b] (`x),` int, b int check ([x),]>0))',
  },
]

/** A change to a schema, and the objects and properties that differ afterwards. */
interface Change extends Pair {
  readonly differs: readonly string[]
}

const table = (columns: string, options = ''): string => `create table t (${columns}) ${options}`

/** A change to the only table of a schema. */
const change = (name: string, one: string, other: string, ...differs: readonly string[]): Change => ({
  name,
  one: table(one),
  other: table(other),
  differs,
})

/** A change to statements after a table. */
const afterTable = (name: string, one: string, other: string, ...differs: readonly string[]): Change => ({
  name,
  one: `${table('a int, b text, c text collate nocase')}; ${one}`,
  other: `${table('a int, b text, c text collate nocase')}; ${other}`,
  differs,
})

const key = 'id integer primary key, a int'

const changes: readonly Change[] = [
  {name: 'a table', one: table('a int'), other: 'select 1', differs: ['column t.a: removed', 'table t: removed']},
  {
    name: 'rows without numbers',
    one: table('a int not null primary key'),
    other: table('a int not null primary key', 'without rowid'),
    differs: ['table t: withoutRowid'],
  },
  {name: 'a strict table', one: table('a int'), other: table('a int', 'strict'), differs: ['table t: strict']},

  change('a column', 'a int', 'a int, b int', 'column t.b: added'),
  change('the type of a column', 'a int', 'a text', 'column t.a: type'),
  change('the length of a type', 'a varchar(5)', 'a varchar(6)', 'column t.a: type'),
  change('a column without a type', 'a int', 'a', 'column t.a: type'),
  change('the type of a generated column', 'a int, b int as (a)', 'a int, b text as (a)', 'column t.b: type'),
  change('a column that may not be null', 'a int', 'a int not null', 'column t.a: nullable'),
  change(
    'a text key that may not be null',
    'a text primary key',
    'a text not null primary key',
    'column t.a: nullable',
  ),
  change('a default', 'a int', 'a int default 1', 'column t.a: default'),
  change('another default', 'a int default 1', 'a int default 2', 'column t.a: default'),
  change('the sign of a default', 'a int default 1', 'a int default -1', 'column t.a: default'),
  change('the case of a default', "a text default 'x'", "a text default 'X'", 'column t.a: default'),
  change('the case of a default that is a name', 'a text default x', 'a text default X', 'column t.a: default'),
  change(
    'a text for an expression',
    "a text default 'current_timestamp'",
    'a text default current_timestamp',
    'column t.a: default',
  ),
  change('the text null for null', "a text default 'null'", 'a text default null', 'column t.a: default'),
  change('a text for a number', "a default '1'", 'a default 1', 'column t.a: default'),
  change('white space in a default', "a text default 'x  y'", "a text default 'x y'", 'column t.a: default'),
  change(
    'numbers that are not used again',
    'id integer primary key',
    'id integer primary key autoincrement',
    'column t.id: autoincrement',
  ),
  change('a generated column', 'a int, b int', 'a int, b int as (a)', 'column t.b: generated'),
  change(
    'the expression of a generated column',
    'a int, b int as (a)',
    'a int, b int as (a + 1)',
    'column t.b: generated',
  ),
  change(
    'a generated column that is stored',
    'a int, b int as (a)',
    'a int, b int as (a) stored',
    'column t.b: generated',
  ),
  change(
    'a generated column that may not be null',
    'a int, b int as (a)',
    'a int, b int as (a) not null',
    'column t.b: nullable',
  ),
  change('the collation of a column', 'a text', 'a text collate nocase', 'column t.a: collation'),
  change(
    'a column that replaces nulls',
    "a text not null default 'x'",
    "a text not null on conflict replace default 'x'",
    'column t.a: onConflict',
  ),

  change('a primary key', 'a int not null', 'a int not null, primary key (a)', 'primary key t: added'),
  change(
    'the columns of a primary key',
    'a int, b int, primary key (a)',
    'a int, b int, primary key (a, b)',
    'primary key t: columns',
  ),
  change(
    'the order of a primary key',
    'a int, b int, primary key (a, b)',
    'a int, b int, primary key (b, a)',
    'primary key t: columns',
  ),
  change('the direction of a primary key', 'a int primary key', 'a int primary key desc', 'primary key t: columns'),
  change(
    'the collation of a primary key',
    'a text, primary key (a)',
    'a text, primary key (a collate nocase)',
    'primary key t: columns',
  ),
  change(
    'the name of a primary key',
    'a int, primary key (a)',
    'a int, constraint k primary key (a)',
    'primary key t: name',
  ),
  change(
    'a primary key that replaces rows',
    'a int primary key',
    'a int primary key on conflict replace',
    'primary key t: onConflict',
  ),
  change(
    'a number of a row that is not one',
    'id integer primary key',
    'id integer primary key desc',
    'column t.id: nullable',
    'primary key t: columns',
  ),

  change('a unique constraint', 'a int', 'a int unique', 'unique t.(a): added'),
  change('a unique constraint of two columns', 'a int, b int', 'a int, b int, unique (b, a)', 'unique t.(b, a): added'),
  change(
    'the name of a unique constraint',
    'a int unique',
    'a int constraint u unique',
    'unique t.(a): removed',
    'unique t.u: added',
  ),
  change(
    'the columns of a unique constraint',
    'a int, b int, constraint u unique (a)',
    'a int, b int, constraint u unique (a, b)',
    'unique t.u: columns',
  ),
  change(
    'the collation of a unique constraint',
    'a text, constraint u unique (a)',
    'a text, constraint u unique (a collate nocase)',
    'unique t.u: columns',
  ),
  change(
    'the direction of a unique constraint',
    'a text, constraint u unique (a)',
    'a text, constraint u unique (a desc)',
    'unique t.u: columns',
  ),
  change(
    'a unique constraint that ignores rows',
    'a int unique',
    'a int unique on conflict ignore',
    'unique t.(a): onConflict',
  ),
  {
    name: 'a unique constraint for a unique index',
    one: `${table('a int')}; create unique index u on t (a)`,
    other: table('a int constraint u unique'),
    differs: ['index t.u: removed', 'unique t.u: added'],
  },

  change('a foreign key', key, `${key} references t (id)`, 'foreign key t.(a): added'),
  change(
    'the name of a foreign key',
    `${key} references t (id)`,
    `${key} constraint f references t (id)`,
    'foreign key t.(a): removed',
    'foreign key t.f: added',
  ),
  change(
    'the table of a foreign key',
    `${key} references t (id)`,
    `${key} references u (id)`,
    'foreign key t.(a): table',
  ),
  change(
    'the columns a foreign key refers to',
    `${key} references t (id)`,
    `${key} references t (a)`,
    'foreign key t.(a): references',
  ),
  change(
    'the columns of a foreign key',
    `${key}, b int, constraint f foreign key (a) references t (id)`,
    `${key}, b int, constraint f foreign key (b) references t (id)`,
    'foreign key t.f: columns',
  ),
  change(
    'the action when a row is deleted',
    `${key} references t (id)`,
    `${key} references t (id) on delete cascade`,
    'foreign key t.(a): onDelete',
  ),
  change(
    'the action when a row is updated',
    `${key} references t (id)`,
    `${key} references t (id) on update set null`,
    'foreign key t.(a): onUpdate',
  ),
  change(
    'an action that is not deferred',
    `${key} references t (id)`,
    `${key} references t (id) on delete restrict`,
    'foreign key t.(a): onDelete',
  ),
  change(
    'a foreign key that is deferred',
    `${key} references t (id)`,
    `${key} references t (id) deferrable initially deferred`,
    'foreign key t.(a): deferrable',
  ),
  change(
    'one of two foreign keys of a column',
    'a int references x (b) references y (b)',
    'a int references x (b) references z (b)',
    'foreign key t.(a) (2): table',
  ),
  change(
    'the second of three foreign keys that is deferred',
    'a int references x (i), b int references x (i), c int, constraint f foreign key (c) references x (i)',
    'a int references x (i), b int references x (i) deferrable initially deferred, c int, constraint f foreign key (c) references x (i)',
    'foreign key t.(b): deferrable',
  ),

  change('a check', 'a int', 'a int check (a > 0)', 'check t.(a > 0): added'),
  change(
    'a check without a name',
    'a int check (a > 0)',
    'a int check (a > 1)',
    'check t.(a > 0): removed',
    'check t.(a > 1): added',
  ),
  change(
    'the expression of a check',
    'a int, constraint c check (a > 0)',
    'a int, constraint c check (a > 1)',
    'check t.c: expression',
  ),
  change(
    'an operator of a check',
    'a int, constraint c check (a > 1)',
    'a int, constraint c check (a >= 1)',
    'check t.c: expression',
  ),
  change(
    'parentheses in a check',
    'a int, constraint c check (a - (1 - a))',
    'a int, constraint c check (a - 1 - a)',
    'check t.c: expression',
  ),
  change(
    'parentheses at both ends of a check',
    'a int, constraint c check ((a or 1) and (a or 2))',
    'a int, constraint c check (a or 1 and (a or 2))',
    'check t.c: expression',
  ),
  change(
    'the case of a text in a check',
    "a text, constraint c check (a <> 'x')",
    "a text, constraint c check (a <> 'X')",
    'check t.c: expression',
  ),
  change(
    'a text for a column in a check',
    "a text, b text, constraint c check (a <> 'b')",
    'a text, b text, constraint c check (a <> "b")',
    'check t.c: expression',
  ),
  change(
    'the name of a check',
    'a int check (a > 0)',
    'a int constraint c check (a > 0)',
    'check t.(a > 0): removed',
    'check t.c: added',
  ),
  change(
    'the second of two checks of a name',
    'a int, constraint c check (a > 1), constraint c check (a > 2)',
    'a int, constraint c check (a > 1), constraint c check (a > 3)',
    'check t.c (2): expression',
  ),

  afterTable('an index', 'select 1', 'create index i on t (a)', 'index t.i: added'),
  afterTable('the columns of an index', 'create index i on t (a)', 'create index i on t (a, b)', 'index t.i: columns'),
  afterTable(
    'the direction of an index',
    'create index i on t (a)',
    'create index i on t (a desc)',
    'index t.i: columns',
  ),
  afterTable(
    'the collation of an index',
    'create index i on t (b)',
    'create index i on t (b collate nocase)',
    'index t.i: columns',
  ),
  afterTable(
    'an index that compares bytes of a column that does not',
    'create index i on t (c)',
    'create index i on t (c collate binary)',
    'index t.i: columns',
  ),
  afterTable('a unique index', 'create index i on t (a)', 'create unique index i on t (a)', 'index t.i: unique'),
  afterTable(
    'the rows of an index',
    'create index i on t (a)',
    'create index i on t (a) where a > 0',
    'index t.i: where',
  ),
  afterTable(
    'the condition of an index',
    'create index i on t (a) where a > 0',
    'create index i on t (a) where a > 1',
    'index t.i: where',
  ),
  afterTable(
    'the expression of an index',
    'create index i on t (lower(b))',
    'create index i on t (upper(b))',
    'index t.i: columns',
  ),
  afterTable(
    'the direction of an expression',
    'create index i on t (lower(b))',
    'create index i on t (lower(b) desc)',
    'index t.i: columns',
  ),
  afterTable(
    'the collation of an expression',
    'create index i on t (lower(b))',
    'create index i on t (lower(b) collate nocase)',
    'index t.i: columns',
  ),
  afterTable(
    'the case of a text in an expression',
    "create index i on t (b || 'x')",
    "create index i on t (b || 'X')",
    'index t.i: columns',
  ),

  afterTable('a view', 'create view v as select a from t', 'select 1', 'view v: removed'),
  afterTable(
    'the query of a view',
    'create view v as select a from t',
    'create view v as select a from t where a > 0',
    'view v: sql',
  ),
  afterTable(
    'the columns of a view',
    'create view v as select a from t',
    'create view v (b) as select a from t',
    'view v: columns',
  ),
  afterTable(
    'the case of a column of a view',
    'create view v as select a as x from t',
    'create view v as select a as X from t',
    'view v: columns',
  ),
  afterTable('a trigger', 'select 1', 'create trigger g after insert on t begin select 1; end', 'trigger t.g: added'),
  afterTable(
    'the timing of a trigger',
    'create trigger g before insert on t begin select 1; end',
    'create trigger g after insert on t begin select 1; end',
    'trigger t.g: sql',
  ),
  afterTable(
    'the event of a trigger',
    'create trigger g after insert on t begin select 1; end',
    'create trigger g after update of a on t begin select 1; end',
    'trigger t.g: sql',
  ),
  afterTable(
    'the condition of a trigger',
    'create trigger g after insert on t begin select 1; end',
    'create trigger g after insert on t when new.a > 0 begin select 1; end',
    'trigger t.g: sql',
  ),
  afterTable(
    'the body of a trigger',
    "create trigger g after insert on t begin select 'x'; end",
    "create trigger g after insert on t begin select 'X'; end",
    'trigger t.g: sql',
  ),
  {
    name: 'the options of a virtual table',
    one: 'create virtual table f using fts5(a)',
    other: "create virtual table f using fts5(a, tokenize = 'porter')",
    differs: ['table f: sql'],
  },
]

describe('snapshots, sqlite', () => {
  let scratch: Scratch
  before(async () => {
    scratch = await openScratch('sqlite')
  })
  after(async () => scratch.close())

  async function snapshotAfter(sql: string): Promise<readonly CatalogueObject[]> {
    await scratch.clear()
    return scratch.use(async (session) => {
      await runText(session, sql)
      return readSqlite(async (text) => session.query(text))
    })
  }

  for (const {name, one, other} of pairs)
    it(`gives the same objects for ${name}`, async () => {
      const first = await snapshotAfter(one)
      expect(differenceLines(first, await snapshotAfter(other))).to.deep.equal([])
      expect(first).to.not.deep.equal([])
    })

  for (const {name, one, other, differs} of changes)
    it(`sees ${name}`, async () => {
      expect(differenceLines(await snapshotAfter(one), await snapshotAfter(other))).to.deep.equal(differs)
    })

  it('keeps the case of letters that SQLite distinguishes', async () => {
    const [one, other] = [table('Ä int check (Ä > 0)'), table('Ä int check (Ä > 0)').replaceAll('Ä', 'ä')]
    expect(differenceLines(await snapshotAfter(one), await snapshotAfter(other))).to.deep.equal([
      'check t.(Ä > 0): removed',
      'check t.(ä > 0): added',
      'column t.Ä: removed',
      'column t.ä: added',
    ])
  })

  it('leaves out the tables of a virtual table and those of SQLite', async () => {
    const objects = await snapshotAfter(
      `create virtual table f using fts5(a); create virtual table r using rtree(id, a, b);
       create table t (id integer primary key autoincrement); insert into t values (1); analyze`,
    )
    expect(objects.filter(({kind}) => kind === 'table').map(({name}) => name)).to.deep.equal(['f', 'r', 't'])
  })

  it('reads a view of a table that does not exist', async () => {
    const objects = await snapshotAfter('create table t (a int); create view v as select b from missing')
    expect(objects.at(-1)).to.deep.equal({
      kind: 'view',
      name: 'v',
      definition: {sql: 'select b from missing', columns: null},
    })
  })

  it('reads a string in double quotes as a string', async () => {
    using database = new DatabaseSync(':memory:', {enableDoubleQuotedStringLiterals: true})
    database.exec('create table t (a text, constraint c check (a <> "X Y" and "A" <> "x"))')
    database.exec('create index i on t (a) where a <> "Z"')
    const objects = await readSqlite(queryOf(database))
    expect(objects.find(({kind}) => kind === 'check')?.definition).to.deep.equal({
      expression: "a <> 'X Y' and a <> 'x'",
    })
    expect(objects.find(({kind}) => kind === 'index')?.definition['where']).to.equal("a <> 'Z'")
  })

  for (const text of ['create table t', 'create table t (a, b)', "create table t ('", ''])
    it(`gives the text of a table that cannot be read: ${text}`, async () => {
      using database = new DatabaseSync(':memory:', {defensive: false})
      database.exec(`create table t (a int); create index i on t (a); pragma writable_schema = on`)
      database.prepare(`update sqlite_schema set sql = ? where name = 't'`).run(text)
      expect(await readSqlite(queryOf(database))).to.deep.equal([
        {kind: 'table', name: 't', definition: {sql: text}},
        {kind: 'index', table: 't', name: 'i', definition: {sql: 'CREATE INDEX i on t (a)'}},
      ])
    })
})

function queryOf(database: DatabaseSync): Query {
  return async <Row>(sql: string) => database.prepare(sql).all() as readonly unknown[] as readonly Row[]
}
