import {expect} from 'chai'
import {isAllOrNothing, rerunOf} from '../../src/runner/rerun.ts'

/** Statements by what running them again means, after a run that may have executed them. */
const cases = {
  repeatable: [
    'create table if not exists t (a int)',
    'create index if not exists k on t (a)',
    'create or replace view v as select a, b from t',
    'create or replace definer = `a`@`b` trigger tr before insert on t for each row set @x = 1',
    'drop table if exists a, b',
    'alter table t add column if not exists x int',
    'alter table t modify x int, modify y int not null',
    'alter table t engine = InnoDB, comment = "a, b"',
    'alter table t convert to character set utf8mb4',
    'alter table t alter column x set default 1',
    'set global max_connections = 100',
    'set @@global.max_connections = 100',
    'vacuum',
    'reindex table concurrently t',
    'analyze table t',
    "attach 'x.db' as x",
    'pragma foreign_keys = off',
    "grant select on t to 'ana'@'%'",
  ],
  answered: [
    'create table t (a int, b int)',
    'create table t (a int) engine = InnoDB comment = "a"',
    'create table `a`.`b` (a int)',
    'create view v as select a, b from t',
    'create trigger tr before insert on t for each row begin set @a = 1; set @b = 2; end',
    'create procedure p() select 1',
    'create function f(a int) returns int return a',
    'create unique index k on t (a, b)',
    'create index concurrently k on t (a)',
    'create index concurrently "K k" on s.t using btree (a)',
    'create database d',
    'alter table t add column x int',
    'alter table t add x decimal(10, 2) not null',
    'alter table t add column x int, algorithm = inplace, lock = none',
    'alter table t add index k (a, b)',
    'alter table t add unique k using btree (a)',
    'alter table t add primary key (a)',
    'alter table t add constraint c foreign key (a) references u (b)',
    'alter table t add constraint `c` check (a > 0 and b in (1, 2))',
    'alter table t drop column x',
    'alter table t drop x',
    'alter table t drop foreign key c',
    'alter table t drop primary key',
    'alter table t rename column a to b',
    'alter table t change a b int',
    'alter table t rename index a to b',
    'drop table t',
    'drop index k on t',
    'drop index concurrently k',
    'drop view v',
    '/* why */ drop table t -- then',
  ],
  unknown: [
    'rename table a to tmp, b to a, tmp to b',
    'rename table a to b',
    'alter table a rename to b',
    'alter table t add column x int, add column y int',
    'alter table t add (x int, y int)',
    'alter table t drop column x, drop column y',
    'alter table t rename column a to b, rename column b to a',
    'alter table t change a b int, change b a int',
    'alter table t modify a int, add column x int',
    'alter table t add index (a)',
    'alter table t add index using btree (a)',
    'alter table t add unique (a)',
    'alter table t add unique key (a)',
    'alter table t add foreign key (a) references u (b)',
    'alter table t add constraint foreign key (a) references u (b)',
    'alter table t add check (a > 0)',
    'alter table t add constraint check (a > 0)',
    'alter table t add constraint unique (a)',
    'alter table t add partition (partition p values less than (5))',
    'alter table t drop partition p',
    'alter ignore table t add unique k (a)',
    'create index concurrently on t (a)',
    'create table t as select * from u',
    'create table t (a int) select 1 as a',
    'create table t (a int) as (select 1 as a)',
    'create table if not exists t (a int) select 1 as a',
    'create or replace table t (a int)',
    'create user a',
    'drop table a, b',
    'drop view a, b',
    'truncate table t',
    'insert into t values (1)',
    'insert into t select * from u',
    'update t set a = a + 1',
    'delete from t',
    'replace into t values (1)',
    "load data infile 'x' into table t",
    'call p()',
    'do $$ begin insert into t values (1); end $$',
    'begin not atomic insert into t values (1); end',
    'set statement max_statement_time = 1 for insert into t values (1)',
    'set global x = (select 1)',
    'set global a = @@b + 1',
    "set password = password('x')",
    '/*!50100 alter table t add column x int */',
    'alter table t detach partition p concurrently',
    "alter table t add column x varchar(9) default 'a\\', add column y int --'",
    "vacuum into 'x.db'",
  ],
} as const

describe('a statement that may have been executed', () => {
  for (const kind of ['repeatable', 'answered', 'unknown'] as const)
    for (const sql of cases[kind])
      it(`is ${kind}: ${sql}`, () => {
        expect(rerunOf(sql).kind).to.equal(kind)
      })

  it('is outlined in linear time', () => {
    expect(rerunOf(`alter table t ${'add column x int '.repeat(50_000)}`).kind).to.equal('answered')
  })
})

describe('a statement that failed', () => {
  const all = ['alter table t add column x int, add column y int', 'create table t as select 1', 'drop table t']
  const some = ['drop table a, b', 'call p()', 'do $$ begin commit; end $$', 'begin not atomic select 1; end']
  for (const [isAll, list] of [
    [true, all],
    [false, some],
  ] as const)
    for (const sql of list)
      it(`${isAll ? 'changed nothing' : 'may have changed something'}: ${sql}`, () => {
        expect(isAllOrNothing(sql)).to.equal(isAll)
      })
})
