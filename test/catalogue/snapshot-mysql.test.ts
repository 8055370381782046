import {expect} from 'chai'
import {readMysql} from '../../src/catalogue/snapshot/mysql.ts'
import type {CatalogueObject} from '../../src/catalogue/snapshot/snapshot.ts'
import {connect} from '../../src/runner/connection/connect.ts'
import type {Connection} from '../../src/runner/connection/connect.ts'
import {openSession} from '../../src/runner/connection/open-session.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {databaseKinds, newName, onServer, serverOf} from '../support/databases.ts'
import {differenceLines} from '../support/snapshots.ts'

type Kind = 'mariadb' | 'mysql'

interface Case {
  readonly name: string
  readonly only?: Kind
}

/** Two schemas that are equal although they are written differently. */
interface Pair extends Case {
  readonly one: readonly string[]
  readonly other: readonly string[]
}

const pairs: readonly Pair[] = [
  {
    name: 'the counter of a table',
    one: ['create table t (id int auto_increment primary key)'],
    other: ['create table t (id int auto_increment primary key) auto_increment = 7', 'insert into t values (null)'],
  },
  {
    name: 'the order of indexes and constraints',
    one: [
      'create table t (a int, b int, key x (a), unique key y (b), constraint c check (a > 0), constraint d check (b > 0))',
    ],
    other: [
      'create table t (a int, b int, unique key y (b), key x (a), constraint d check (b > 0), constraint c check (a > 0))',
    ],
  },
  {
    name: 'a primary key of the column and of the table',
    one: ['create table t (a int primary key, b int unique)'],
    other: ['create table t (a int not null, b int, unique key b (b), primary key (a))'],
  },
  {
    name: 'a null default that is written',
    one: ['create table t (a int, b varchar(5))'],
    other: ['create table t (a int default null, b varchar(5) null default null)'],
  },
  {
    name: 'the collation of the database that is written, on the table and on a column',
    one: ['create table t (a varchar(5))'],
    other: ['create table t (a varchar(5) collate :collation) collate :collation'],
  },
  {
    name: 'the collation of the table that is written on a column',
    one: ['create table t (a varchar(5)) collate latin1_bin'],
    other: ['create table t (a varchar(5) character set latin1 collate latin1_bin) collate latin1_bin'],
  },
  {
    name: 'an action of a foreign key that is the default',
    one: [
      'create table p (id int primary key)',
      'create table t (a int, constraint f foreign key (a) references p (id))',
    ],
    other: [
      'create table p (id int primary key)',
      'create table t (a int, constraint f foreign key (a) references p (id) on delete restrict on update no action)',
    ],
  },
  {
    name: 'the place of a column',
    one: ['create table t (a int, b int)'],
    other: ['create table t (a int)', 'alter table t add column b int first'],
  },
  {
    name: 'a view that names the database',
    one: ['create table t (a int)', 'create view v as select a from t where a > 1'],
    other: ['create table t (a int)', 'create view v as select :database.t.a from :database.t where :database.t.a > 1'],
  },
  {
    name: 'the definer',
    one: [
      'create table t (a int)',
      'create view v as select a from t',
      'create trigger g before insert on t for each row set new.a = 1',
    ],
    other: [
      'create table t (a int)',
      "create definer = 'mig_other'@'localhost' view v as select a from t",
      "create definer = 'mig_other'@'localhost' trigger g before insert on t for each row set new.a = 1",
    ],
  },
  {
    name: 'the order of triggers',
    one: [
      'create table t (a int)',
      'create trigger g before insert on t for each row set new.a = 1',
      'create trigger h before insert on t for each row set new.a = 2',
    ],
    other: [
      'create table t (a int)',
      'create trigger h before insert on t for each row set new.a = 2',
      'create trigger g before insert on t for each row set new.a = 1',
    ],
  },
  {
    name: 'the character set of the connection',
    one: ["create table t (a varchar(9), b varchar(9) as (concat(a, 'x')) stored, constraint c check (a <> 'y'))"],
    other: [
      'set names latin1',
      "create table t (a varchar(9), b varchar(9) as (concat(a, 'x')) stored, constraint c check (a <> 'y'))",
      'set names utf8mb4',
    ],
  },
  {
    name: 'the quotes of names and texts, in ANSI_QUOTES',
    one: [
      "create table t (`a b` varchar(9) default 'it''s', c varchar(20) as (concat(`a b`, 'it''s')) stored, constraint k check (`a b` <> 'x'))",
      'create view v as select `a b` from t',
    ],
    other: [
      "set sql_mode = 'ANSI_QUOTES'",
      `create table "t" ("a b" varchar(9) default 'it''s', c varchar(20) as (concat("a b", 'it''s')) stored, constraint k check ("a b" <> 'x'))`,
      'create view "v" as select "a b" from "t"',
      'set sql_mode = default',
    ],
  },
  {
    name: 'a backslash, in NO_BACKSLASH_ESCAPES',
    one: [
      String.raw`create table t (a varchar(9) default 'a\\b', b varchar(20) as (concat(a, 'c\\d')) stored)`,
      String.raw`create view v as select a from t where a = 'e\\f'`,
    ],
    other: [
      "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
      String.raw`create table t (a varchar(9) default 'a\b', b varchar(20) as (concat(a, 'c\d')) stored)`,
      String.raw`create view v as select a from t where a = 'e\f'`,
      'set sql_mode = default',
    ],
  },
  {
    name: 'the current value of a sequence',
    only: 'mariadb',
    one: ['create sequence s'],
    other: ['create sequence s', 'do nextval(s)'],
  },
  {
    name: 'a default from a sequence of the same database',
    only: 'mariadb',
    one: ['create sequence s', 'create table t (a int default nextval(s))'],
    other: ['create sequence s', 'create table t (a int default nextval(:database.s))'],
  },
  ...[
    'select x.a, :first.a as b from t x join :first on :first.a = x.a',
    'select :first.a from t :first where :first.a = (select max(:first.a) from :first)',
  ].map((sql, i) => ({
    name: `a table and an alias that have the name of one of the databases, ${i + 1}`,
    one: ['create table t (a int)', 'create table :first (a int)', `create view v as ${sql}`],
    other: ['create table t (a int)', 'create table :first (a int)', `create view v as ${sql}`],
  })),
  {
    name: 'a JSON column',
    one: ['create table t (a json)'],
    other: ['create table t (a int)', 'alter table t modify a json'],
  },
  {
    name: 'the default type of an index',
    one: ['create table t (a int, key x (a))'],
    other: ['create table t (a int, key x (a asc) using btree)'],
  },
]

const parent: readonly string[] = [
  "create table p (id int primary key, code varchar(9), other int, unique key o (other)) engine = InnoDB comment 'parents'",
]

const base: readonly string[] = [
  ...parent,
  `create table t (
    id int not null auto_increment, a varchar(20) not null default 'x' comment 'first', b int default 5,
    c datetime default current_timestamp, d int as (b + 1) stored, e varchar(9) default null, p_id int,
    u int, h varchar(20), l varchar(40), m enum('a', 'b'),
    primary key (id), unique key ux (u), key ix (a), key ix2 (e),
    constraint ck check (b > 0), constraint fk foreign key (p_id) references p (id) on delete cascade)`,
  "create view v as select a, 'it''s' as text from t where a = 'x'",
  'create trigger g before insert on t for each row set new.b = 1',
  `create function f (x int, y varchar(9)) returns int deterministic comment 'sum' return x + 1`,
  'create procedure r (in x int) set @x = x',
]

/** A change to the schema above, and the objects and properties that differ afterwards. */
interface Change extends Case {
  /** The schema that is changed instead of the one above, in addition to its first table. */
  readonly with?: string
  readonly sql: string
  readonly differs: readonly string[]
}

const changes: readonly Change[] = [
  {name: 'a table', sql: 'create table n (a int)', differs: ['column n.a: added', 'table n: added']},
  {name: 'the comment of a table', sql: "alter table p comment 'others'", differs: ['table p: comment']},
  {name: 'a comment that is removed', sql: "alter table p comment ''", differs: ['table p: comment']},
  {
    name: 'the engine of a table',
    with: 'create table n (a int) engine = InnoDB',
    sql: 'alter table n engine = MyISAM',
    differs: ['table n: engine'],
  },
  {
    name: 'the default collation of a table',
    sql: 'alter table p collate latin1_bin',
    differs: ['column p.code: collation', 'table p: collation'],
  },
  {
    name: 'the collation of a table',
    sql: 'alter table p convert to character set latin1 collate latin1_bin',
    differs: ['table p: collation'],
  },
  {name: 'the options of a table', sql: 'alter table p row_format = compact', differs: ['table p: options']},
  {
    name: 'partitions',
    with: 'create table n (a int)',
    sql: 'alter table n partition by range (a) (partition x values less than (10))',
    differs: ['table n: partitions'],
  },
  {
    name: 'the bound of a partition',
    with: 'create table n (a int) partition by range (a) (partition x values less than (10))',
    sql: 'alter table n reorganize partition x into (partition x values less than (20))',
    differs: ['table n: partitions'],
  },
  {
    name: 'subpartitions',
    with: 'create table n (a int) partition by range (a) (partition x values less than (10))',
    sql: 'alter table n partition by range (a) subpartition by hash (a) subpartitions 2 (partition x values less than (10))',
    differs: ['table n: partitions'],
  },
  {
    name: 'the versions of a table',
    only: 'mariadb',
    sql: 'alter table p add system versioning',
    differs: ['table p: versioned'],
  },
  {
    name: 'a column without versions',
    only: 'mariadb',
    with: 'create table n (a int, b int) with system versioning',
    sql: 'set system_versioning_alter_history = keep; alter table n modify b int without system versioning',
    differs: ['column n.b: unversioned'],
  },

  {name: 'a column', sql: 'alter table t add n int', differs: ['column t.n: added']},
  {name: 'a column that is dropped', sql: 'alter table p drop code', differs: ['column p.code: removed']},
  {name: 'the type of a column', sql: 'alter table t modify e varchar(10)', differs: ['column t.e: type']},
  {name: 'the sign of a column', sql: 'alter table p modify other int unsigned', differs: ['column p.other: type']},
  {
    name: 'the digits of a column',
    sql: 'alter table t modify c datetime(3) default current_timestamp(3)',
    differs: ['column t.c: type, default'],
  },
  {name: 'the values of an enum', sql: "alter table t modify m enum('a', 'b', 'c')", differs: ['column t.m: type']},
  {
    name: 'a column that may not be null',
    sql: 'alter table p modify other int not null',
    differs: ['column p.other: nullable'],
  },
  {name: 'a default', sql: 'alter table p modify other int default 1', differs: ['column p.other: default']},
  {name: 'another default', sql: 'alter table t modify b int default 6', differs: ['column t.b: default']},
  {
    name: 'an empty text for no default',
    sql: "alter table t modify e varchar(9) default ''",
    differs: ['column t.e: default'],
  },
  {
    name: 'the text NULL for no default',
    sql: "alter table t modify e varchar(9) default 'NULL'",
    differs: ['column t.e: default'],
  },
  {
    name: 'the case of a default',
    sql: "alter table t modify a varchar(20) not null default 'X' comment 'first'",
    differs: ['column t.a: default'],
  },
  {
    name: 'an expression for a text',
    with: "create table n (a varchar(40) default 'uuid()')",
    sql: 'alter table n modify a varchar(40) default (uuid())',
    differs: ['column n.a: default'],
  },
  {
    name: 'a moment for no default',
    with: 'create table n (a datetime)',
    sql: 'alter table n modify a datetime default current_timestamp',
    differs: ['column n.a: default'],
  },
  {
    name: 'a value on update',
    sql: 'alter table t modify c datetime default current_timestamp on update current_timestamp',
    differs: ['column t.c: onUpdate'],
  },
  {
    name: 'the digits of a value on update',
    with: 'create table n (a datetime(3) on update current_timestamp(3))',
    sql: 'alter table n modify a datetime(3)',
    differs: ['column n.a: onUpdate'],
  },
  {
    name: 'a number that is not counted',
    sql: 'alter table t modify id int not null',
    differs: ['column t.id: autoincrement'],
  },
  {name: 'an expression', sql: 'alter table t modify d int as (b + 2) stored', differs: ['column t.d: generated']},
  {
    name: 'the case of a text in an expression',
    with: "create table n (a varchar(9), b varchar(20) as (concat(a, 'x')))",
    sql: "alter table n modify b varchar(20) as (concat(a, 'X'))",
    differs: ['column n.b: generated'],
  },
  {
    name: 'a generated column that is stored',
    with: 'create table n (a int, b int as (a + 1) virtual)',
    sql: 'alter table n drop b, add b int as (a + 1) stored',
    differs: ['column n.b: generated'],
  },
  {name: 'a column that is no longer generated', sql: 'alter table t modify d int', differs: ['column t.d: generated']},
  {
    name: 'the collation of a column',
    sql: 'alter table t modify e varchar(9) collate utf8mb4_bin',
    differs: ['column t.e: collation'],
  },
  {
    name: 'the character set of a column',
    sql: 'alter table t modify e varchar(9) character set latin1',
    differs: ['column t.e: collation'],
  },
  {
    name: 'the comment of a column',
    sql: "alter table t modify a varchar(20) not null default 'x' comment 'second'",
    differs: ['column t.a: comment'],
  },
  {
    name: 'the comment of a column that is removed',
    sql: "alter table t modify a varchar(20) not null default 'x'",
    differs: ['column t.a: comment'],
  },
  {
    name: 'an invisible column',
    sql: 'alter table t modify b int default 5 invisible',
    differs: ['column t.b: invisible'],
  },
  {
    name: 'the reference system of a geometry',
    only: 'mysql',
    with: 'create table n (a geometry)',
    sql: 'alter table n modify a geometry srid 4326',
    differs: ['column n.a: srid'],
  },

  {
    name: 'a primary key that is dropped',
    with: 'create table n (a int primary key)',
    sql: 'alter table n drop primary key',
    differs: ['primary key n: removed'],
  },
  {
    name: 'the columns of a primary key',
    with: 'create table n (a int not null, b int not null, primary key (a, b))',
    sql: 'alter table n drop primary key, add primary key (b, a)',
    differs: ['primary key n: columns'],
  },
  {name: 'a unique key', sql: 'alter table t add unique key un (h)', differs: ['unique t.un: added']},
  {
    name: 'the columns of a unique key',
    sql: 'alter table t drop key ux, add unique key ux (u, h)',
    differs: ['unique t.ux: columns'],
  },
  {
    name: 'a unique key that is an index',
    sql: 'alter table t drop key ux, add key ux (u)',
    differs: ['index t.ux: added', 'unique t.ux: removed'],
  },
  {name: 'an index', sql: 'create index n on t (h)', differs: ['index t.n: added']},
  {
    name: 'the name of an index',
    sql: 'alter table t rename index ix to iy',
    differs: ['index t.ix: removed', 'index t.iy: added'],
  },
  {
    name: 'the columns of an index',
    sql: 'alter table t drop key ix, add key ix (a, e)',
    differs: ['index t.ix: columns'],
  },
  {
    name: 'the length of a column in an index',
    sql: 'alter table t drop key ix, add key ix (a(5))',
    differs: ['index t.ix: columns'],
  },
  {
    name: 'the direction of an index',
    sql: 'alter table t drop key ix, add key ix (a desc)',
    differs: ['index t.ix: columns'],
  },
  {
    name: 'the type of an index',
    sql: 'alter table t drop key ix, add fulltext key ix (a)',
    differs: ['index t.ix: type'],
  },
  {
    name: 'the comment of an index',
    sql: "alter table t drop key ix, add key ix (a) comment 'why'",
    differs: ['index t.ix: comment'],
  },
  {
    name: 'an ignored index',
    only: 'mariadb',
    sql: 'alter table t alter index ix ignored',
    differs: ['index t.ix: visible'],
  },
  {
    name: 'an invisible index',
    only: 'mysql',
    sql: 'alter table t alter index ix invisible',
    differs: ['index t.ix: visible'],
  },
  {
    name: 'the expression of an index',
    only: 'mysql',
    sql: 'alter table t drop key ix, add key ix ((lower(a)))',
    differs: ['index t.ix: columns'],
  },
  {
    name: 'the case of a text in the expression of an index',
    only: 'mysql',
    with: "create table n (a varchar(9), key x ((concat(a, 'x'))))",
    sql: "alter table n drop key x, add key x ((concat(a, 'X')))",
    differs: ['index n.x: columns'],
  },
  {
    name: 'the parser of a full-text index',
    only: 'mysql',
    with: 'create table n (l varchar(40), fulltext key ft (l))',
    sql: 'alter table n drop key ft; alter table n add fulltext key ft (l) with parser ngram',
    differs: ['index n.ft: parser'],
  },
  {
    name: 'a hash index',
    with: 'create table n (a int, key x (a) using btree) engine = memory',
    sql: 'alter table n drop key x, add key x (a) using hash',
    differs: ['index n.x: type'],
  },

  {
    name: 'a foreign key that is dropped',
    sql: 'alter table t drop foreign key fk',
    differs: ['foreign key t.fk: removed'],
  },
  {
    name: 'the name of a foreign key',
    with: 'create table n (a int, key ka (a), constraint fn foreign key (a) references p (id))',
    sql: 'alter table n drop foreign key fn; alter table n add constraint fm foreign key (a) references p (id)',
    differs: ['foreign key n.fm: added', 'foreign key n.fn: removed'],
  },
  {name: 'a check', sql: 'alter table t add constraint cn check (u > 0)', differs: ['check t.cn: added']},
  {
    name: 'the expression of a check',
    sql: 'alter table t drop constraint ck, add constraint ck check (b > 1)',
    differs: ['check t.ck: expression'],
  },
  {
    name: 'a check of a column',
    only: 'mariadb',
    sql: 'alter table t modify u int check (u > 0)',
    differs: ['check t.u: added'],
  },
  {
    name: 'a check of the table for one of the column',
    only: 'mariadb',
    with: 'create table n (a int check (a > 0))',
    sql: 'drop table n; create table n (a int, constraint a check (a > 0))',
    differs: ['check n.a: level'],
  },
  {
    name: 'a check that is not enforced',
    only: 'mysql',
    sql: 'alter table t alter check ck not enforced',
    differs: ['check t.ck: enforced'],
  },

  {
    name: 'the body of a trigger',
    sql: 'drop trigger g; create trigger g before insert on t for each row set new.b = 2',
    differs: ['trigger t.g: body'],
  },
  {
    name: 'the timing of a trigger',
    sql: 'drop trigger g; create trigger g after insert on t for each row set @x = 1',
    differs: ['trigger t.g: timing, body'],
  },
  {
    name: 'the event of a trigger',
    sql: 'drop trigger g; create trigger g before update on t for each row set new.b = 1',
    differs: ['trigger t.g: event'],
  },
  {name: 'a trigger', sql: 'drop trigger g', differs: ['trigger t.g: removed']},

  {name: 'a view', sql: 'drop view v', differs: ['view v: removed']},
  {
    name: 'the query of a view',
    sql: "create or replace view v as select a, 'it''s' as text from t where a = 'X'",
    differs: ['view v: sql'],
  },
  {
    name: 'the columns of a view',
    sql: "create or replace view v as select a, b, 'it''s' as text from t where a = 'x'",
    differs: ['view v: sql, columns'],
  },
  {
    name: 'the check option of a view',
    sql: "create or replace view v as select a, 'it''s' as text from t where a = 'x' with local check option",
    differs: ['view v: checkOption'],
  },
  {
    name: 'the security of a view',
    sql: "create or replace sql security invoker view v as select a, 'it''s' as text from t where a = 'x'",
    differs: ['view v: security'],
  },
  {
    name: 'the algorithm of a view',
    only: 'mariadb',
    sql: "create or replace algorithm = merge view v as select a, 'it''s' as text from t where a = 'x'",
    differs: ['view v: algorithm'],
  },
  {
    name: 'the names of the columns of a view',
    only: 'mysql',
    with: 'create view w (x, y) as select 1, 2',
    sql: 'create or replace view w (x, z) as select 1, 2',
    differs: ['view w: columns'],
  },

  {name: 'a function', sql: 'drop function f', differs: ['routine f: removed']},
  {
    name: 'a procedure called like a function',
    sql: 'create procedure f () set @x = 1',
    differs: ['routine f (procedure): added'],
  },
  {
    name: 'the body of a function',
    sql: "drop function f; create function f (x int, y varchar(9)) returns int deterministic comment 'sum' return x + 2",
    differs: ['routine f: body'],
  },
  {
    name: 'the parameters of a function',
    sql: "drop function f; create function f (x int, y varchar(8)) returns int deterministic comment 'sum' return x + 1",
    differs: ['routine f: parameters'],
  },
  {
    name: 'the character set of a parameter',
    sql: "drop function f; create function f (x int, y varchar(9) charset latin1) returns int deterministic comment 'sum' return x + 1",
    differs: ['routine f: parameters'],
  },
  {
    name: 'the result of a function',
    sql: "drop function f; create function f (x int, y varchar(9)) returns bigint deterministic comment 'sum' return x + 1",
    differs: ['routine f: returns'],
  },
  {name: 'the comment of a function', sql: "alter function f comment 'other'", differs: ['routine f: comment']},
  {name: 'the security of a function', sql: 'alter function f sql security invoker', differs: ['routine f: security']},
  {name: 'the data a function uses', sql: 'alter function f reads sql data', differs: ['routine f: dataAccess']},
  {
    name: 'the determinism of a function',
    sql: "drop function f; create function f (x int, y varchar(9)) returns int no sql comment 'sum' return x + 1",
    differs: ['routine f: deterministic, dataAccess'],
  },
  {
    name: 'the direction of a parameter',
    sql: 'drop procedure r; create procedure r (out x int) set @x = x',
    differs: ['routine r: parameters'],
  },
  {
    name: 'a function that is a procedure',
    sql: 'drop procedure r; create function r (x int) returns int no sql deterministic return 1',
    differs: ['routine r: type, returns, body, deterministic, dataAccess'],
  },

  {name: 'a sequence', only: 'mariadb', sql: 'create sequence n', differs: ['sequence n: added']},
  ...(
    [
      ['start', 'start with 7'],
      ['minimum', 'minvalue -5'],
      ['maximum', 'maxvalue 99'],
      ['increment', 'increment by 2'],
      ['cache', 'cache 5'],
      ['cycle', 'cycle'],
    ] as const
  ).map(([property, sql]): Change => ({
    name: `the ${property} of a sequence`,
    only: 'mariadb',
    with: 'create sequence n start with 1',
    sql: `drop sequence n; create sequence n start with 1 ${sql}`.replace('start with 1 start', 'start'),
    differs: [`sequence n: ${property}`],
  })),
]

const foreignKeys: readonly Change[] = (
  [
    ['onDelete', 'foreign key (a) references p (id) on delete set null'],
    ['onUpdate', 'foreign key (a) references p (id) on delete cascade on update cascade'],
    ['columns', 'foreign key (b) references p (id) on delete cascade'],
    ['table, references', 'foreign key (a) references n (b) on delete cascade'],
    ['references', 'foreign key (a) references p (other) on delete cascade'],
  ] as const
).map(([property, sql]) => ({
  name: `the ${property} of a foreign key`,
  with: 'create table n (a int, b int, key ka (a), unique key kb (b), constraint fn foreign key (a) references p (id) on delete cascade)',
  sql: `alter table n drop foreign key fn; alter table n add constraint fn ${sql}`,
  differs: [`foreign key n.fn: ${property}`],
}))

const isServer = (kind: string): kind is Kind => kind === 'mariadb' || kind === 'mysql'

for (const kind of databaseKinds.filter(isServer))
  describe(`snapshots, ${kind}`, function () {
    const name = newName()
    let connection: Connection
    let session: Session
    let close: () => Promise<void>

    before(async () => {
      connection = await connect(
        {kind: 'url', url: onServer(await serverOf(kind), 'information_schema')},
        process.cwd(),
      )
      const opened = await openSession(connection, undefined)
      session = opened.session
      close = opened.close
    })

    after(async () => {
      await session.query(`drop database if exists ${name}_1`)
      await session.query(`drop database if exists ${name}_2`)
      await close()
      await connection.close()
    })

    /** Returns the objects of a new database, which takes the place of the previous one. */
    async function snapshotAfter(database: string, statements: readonly string[]): Promise<readonly CatalogueObject[]> {
      await session.query(`drop database if exists ${database}`)
      await session.query(`create database ${database} character set utf8mb4`)
      await session.query(`use ${database}`)
      const [row] = await session.query<{readonly collation: string}>('select @@collation_database as collation')
      const filled = statements.map((sql) =>
        sql
          .replaceAll(':database', database)
          .replaceAll(':first', `${name}_1`)
          .replaceAll(':collation', row?.collation ?? ''),
      )
      for (const sql of filled) await session.query(sql)
      return readMysql(async (sql) => session.query(sql))
    }

    let baseObjects: Promise<readonly CatalogueObject[]> | undefined
    const baseSnapshot = async (): Promise<readonly CatalogueObject[]> =>
      (baseObjects ??= snapshotAfter(`${name}_1`, base))

    const applies = ({only}: Case): boolean => only === undefined || only === kind

    for (const {name: title, one, other} of pairs.filter(applies))
      it(`gives the same objects for ${title}`, async () => {
        const first = await snapshotAfter(`${name}_1`, one)
        const second = await snapshotAfter(`${name}_2`, other)
        expect(differenceLines(first, second)).to.deep.equal([])
        expect(first).to.not.deep.equal([])
      })

    for (const mode of ['ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES', ''])
      it(`reads the same in the SQL mode '${mode}'`, async () => {
        const parts = [
          'create table n (`a b` varchar(9), b varchar(20) as (concat(`a b`, "it\'s")) stored, check (`a b` <> "x"))',
          'create table o (a int) partition by hash (a)',
        ]
        const first = await snapshotAfter(`${name}_2`, [...base, ...parts])
        await session.query(`set sql_mode = '${mode}'`)
        const second = await readMysql(async (sql) => session.query(sql))
        const [row] = await session.query<{readonly mode: string}>('select @@sql_mode as mode')
        await session.query('set sql_mode = default')
        expect(differenceLines(first, second)).to.deep.equal([])
        expect(row?.mode).to.equal(mode)
      })

    for (const row of [...changes, ...foreignKeys].filter(applies))
      it(`sees ${row.name}`, async () => {
        const start = row.with === undefined ? base : [...parent, row.with]
        const first = await (row.with === undefined ? baseSnapshot() : snapshotAfter(`${name}_1`, start))
        const second = await snapshotAfter(`${name}_2`, [...start, ...row.sql.split('; ')])
        expect(differenceLines(first, second)).to.deep.equal(row.differs)
      })
  })
