import {expect} from 'chai'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {changesOfText} from '../../src/sql/losses/changes-of-text.ts'
import {lossesIn} from '../../src/sql/losses/data-change.ts'
import type {DataChange} from '../../src/sql/losses/data-change.ts'

/** Returns a change as a line: `drop column people.note`, `rename table a to b`. */
function lineOf(change: DataChange): string {
  switch (change.kind) {
    case 'create table':
    case 'drop table':
    case 'empty table':
    case 'delete rows':
      return `${change.kind} ${change.table}`
    case 'rename table':
      return `rename table ${change.table} to ${change.to}`
    case 'add column':
    case 'drop column':
      return `${change.kind} ${change.table}.${change.column}`
    case 'rename column':
      return `rename column ${change.table}.${change.column} to ${change.to}`
    case 'copy rows':
      return `copy ${change.from} (${[change.columns].flat().join(' ')}) to ${change.table}`
    case 'drop schema':
      return `drop schema ${change.schema}`
  }
}

describe('the changes of a SQL text that decide about data', () => {
  type Case = readonly [sql: string, ...changes: readonly string[]]
  const everywhere: readonly Case[] = [
    ['create table a (n int); drop table a', 'create table a', 'drop table a'],
    ['drop table if exists a, s.b', 'drop table a', 'drop table s.b'],
    ['/* x */ drop table a -- b', 'drop table a'],
    ['alter table a drop column n', 'drop column a.n'],
    ['alter table a add column n int', 'add column a.n'],
    ['alter table a rename to b', 'rename table a to b'],
    ['alter table s.a rename column n to m', 'rename column s.a.n to m'],
    ['create table if not exists a (n int)'],
    [`insert into a values ('drop table b'); update a set n = 'x; drop table b'`],
    ['drop index i; drop view v'],
    ['delete from s.a; delete from a where n = 1', 'empty table s.a', 'delete rows a'],
    ["alter table a add n varchar(9) default 'drop m'", 'add column a.n'],
    ['insert into b (x, y) select n, coalesce(m, 0) from a', 'copy a (n m) to b'],
    ['insert into b select * from s.a', 'copy s.a (all) to b'],
    ['insert into b select a.* from a left join c on c.n = a.n', 'copy a (all) to b'],
    ['insert into b select n from a where n > 1; insert into b select n from a limit 3'],
    ['insert into b select a.n from a join c on c.n = a.n; insert into b select a.n from a, c'],
    [
      'insert into b select distinct n from a; insert into b select n from a group by m; insert into b select max(n) from a',
    ],
    ['create table b as select n from a', 'create table b', 'copy a (n) to b'],
    ['create temporary table b as select * from a', 'create table b', 'copy a (all) to b'],
  ]
  const cases: Readonly<Record<Exclude<Dialect, 'mysql'>, readonly Case[]>> = {
    postgresql: [
      ['drop table "A b"."C.d" cascade', 'drop table A b."C.d"'],
      ['delete from a using b where a.n = b.n', 'delete rows a'],
      ['create table b (n int) engine=InnoDB; drop table `a`', 'create table b', 'drop table a'],
      ['truncate a, b', 'empty table a', 'empty table b'],
      ['drop schema s cascade; drop schema t', 'drop schema s'],
      ['alter table a set schema t', 'rename table a to t.a'],
      ['alter table a drop n, drop column if exists m, drop constraint k', 'drop column a.n', 'drop column a.m'],
      ['create table a as select 1 as n; drop table a', 'create table a', 'drop table a'],
      ['insert into b select n from a on conflict do nothing'],
      ['alter view v rename to w; alter index i rename to j'],
      ['do $$ begin drop table a; end $$'],
    ],
    sqlite: [
      ['drop table "A b"; drop table [C d]; drop table `e`', 'drop table A b', 'drop table C d', 'drop table e'],
      ['ALTER TABLE a RENAME n TO m', 'rename column a.n to m'],
    ],
    mariadb: [
      ['drop tables `A``b`, `s`.`c d`', 'drop table A`b', 'drop table s.c d'],
      ['truncate table a', 'empty table a'],
      ['create or replace table `a` (n int)', 'drop table a', 'create table a'],
      ['rename table a to b, b to `c`', 'rename table a to b', 'rename table b to c'],
      [
        'alter table a drop n, drop column if exists m, drop index i, drop foreign key f, drop primary key',
        'drop column a.n',
        'drop column a.m',
      ],
      ['alter table a change n m int not null', 'rename column a.n to m'],
      ['alter table a change n n int not null'],
      ['alter table a alter column n drop default'],
      ['alter table a add index i (n), add constraint c check (n > 0), add m int', 'add column a.m'],
      ['drop database d', 'drop schema d'],
      ['alter table a rename index i to j'],
    ],
  }
  for (const [dialect, own] of Object.entries(cases) as [Dialect, readonly Case[]][])
    for (const [sql, ...expected] of [...everywhere, ...own])
      it(`of ${dialect}: ${sql}`, async () => {
        expect((await changesOfText(sql, dialect)).map(lineOf)).to.deep.equal(expected)
      })
})

describe('what a database loses by changes', () => {
  const cases: Readonly<Record<string, readonly [sql: string, ...losses: readonly string[]]>> = {
    'the rows of a table that is dropped': ['drop table a', 'a'],
    'nothing of a table that the changes create': ['create table a (n int); drop table a'],
    'what was there under its former name': ['alter table a rename to b; alter table b rename to c; drop table c', 'a'],
    'the values of a renamed column of a renamed table': [
      'alter table a rename column n to m; alter table a rename to b; alter table b drop column m',
      'a.n',
    ],
    'nothing of a column that the changes add': ['alter table a add column n int; alter table a drop column n'],
    'values of a column that one of its name replaces': [
      'alter table a drop column n; alter table a add column n int; alter table a drop column n',
      'a.n',
    ],
    'no values of a table whose rows are lost': ['alter table a drop column n; drop table a', 'a'],
    'nothing of a table that is rebuilt': [
      'create table a_new (n int); insert into a_new select * from a; drop table a; alter table a_new rename to a',
    ],
    'the values of the columns that a rebuild does not copy': [
      'create table a_new (n int); insert into a_new select n, lower(s) from a; drop table a; alter table a_new rename to a',
      'a but n s',
    ],
    'the rows of a table that is replaced by an empty one': [
      'create table a_new (n int); drop table a; alter table a_new rename to a',
      'a',
    ],
    'the rows that a rebuild copies in part': [
      'create table a_new (n int); insert into a_new select n from a where n > 0; drop table a; alter table a_new rename to a',
      'a',
    ],
    'nothing of a table that is copied there and back': [
      'create temporary table b as select * from a; drop table a; create table a (n int); insert into a select * from b; drop table b',
    ],
    'what is copied there and not back': [
      'create temporary table b as select n, m from a; drop table a; create table a (n int); insert into a select n from b; drop table b',
      'a but n',
    ],
    'the rows of a table whose copy is dropped': ['create table b as select * from a; drop table a; drop table b', 'a'],
    'nothing of a table whose rows are moved to another one': ['insert into b select * from a; truncate a'],
    'a column of a copy by its former name': [
      'alter table a rename column n to m; create table b as select m from a; drop table a',
      'a but n',
    ],
    'the rows of a detached partition': ['alter table a detach partition a1; drop table a1', 'a1'],
    'the rows of a table that is dropped and created again': [
      'drop table a; create table a (n int); drop table a',
      'a',
    ],
    'the rows of a table that is emptied': ['truncate a; truncate a', 'a'],
    'the rows of a table that is emptied and dropped': ['delete from a; drop table a', 'a'],
    'a table of the same name in another schema': ['create table s.a (n int); drop table a', 'a'],
  }
  for (const [name, [sql, ...expected]] of Object.entries(cases))
    it(name, async () => {
      const losses = lossesIn([await changesOfText(sql, 'postgresql')]).flat()
      const lines = losses.map((loss) => {
        switch (loss.kind) {
          case 'schema':
            return loss.schema
          case 'rows':
            return loss.table
          case 'values':
            return `${loss.table}.${loss.column}`
          case 'other values':
            return `${loss.table} but ${loss.copied.join(' ')}`
        }
      })
      expect(lines).to.deep.equal(expected)
    })
})
