import {expect} from 'chai'
import {dialects} from '../../src/dialects/dialects.ts'
import type {Dialect} from '../../src/dialects/dialect.ts'

interface Case {
  readonly sql: string
  readonly on: readonly Dialect[]
}

const postgresql = ['postgresql'] as const
const mysql = ['mysql', 'mariadb'] as const
const both = [...postgresql, ...mysql]

/** Statements that define objects, with words that would run code elsewhere. */
const inert: readonly Case[] = [
  {sql: 'create table b (a integer references a on delete cascade on update set null)', on: both},
  {sql: 'alter table b add constraint f foreign key (a) references a (id) on delete cascade', on: both},
  {sql: 'create view v as select * from a', on: both},
  {sql: 'create or replace view v as with w as (select 1) select * from w', on: both},
  {sql: 'create trigger t before insert on a for each row execute function f()', on: postgresql},
  {sql: 'grant select, insert, update on a to reader', on: both},
  {sql: "comment on column a.n is 'the select'", on: postgresql},
  {sql: 'create table b (at timestamp with time zone)', on: postgresql},
  {sql: 'create table b (n integer) with (fillfactor = 70)', on: postgresql},
  {sql: 'create table b partition of a for values in (1)', on: postgresql},
  {sql: 'create sequence s start with 10', on: postgresql},
  {sql: 'create policy p on a for update using (true) with check (true)', on: postgresql},
  {sql: 'create function f() returns integer language sql as $$ select 1 $$', on: postgresql},
  {sql: 'create procedure p() begin update a set n = 1; end', on: mysql},
  {sql: 'create definer = root@localhost trigger t before insert on a for each row set new.n = 1', on: mysql},
  {sql: 'create table b (at timestamp default current_timestamp on update current_timestamp)', on: mysql},
  {sql: 'create table b (n int) partition by range (n) (partition p values less than (1))', on: mysql},
  {sql: 'alter algorithm = merge view v as select 1', on: mysql},
]

/** Statements that may run a routine, which may change the session. */
const running: readonly Case[] = [
  {sql: 'select f()', on: both},
  {sql: 'delete from a', on: both},
  {sql: 'call p()', on: both},
  {sql: 'create table b as select f() as n', on: both},
  {sql: 'create table b as (with w as (select f()) select * from w)', on: both},
  {sql: 'create table b (n integer) as select f() as n', on: mysql},
  {sql: 'create table b select f() as n', on: mysql},
  {sql: 'create table b values row(f())', on: mysql},
  {sql: 'create materialized view v as values (f())', on: postgresql},
  {sql: 'create table b as execute q', on: postgresql},
  {sql: 'create view v as select 1 /*! , f() */', on: mysql},
]

describe('the effect of a statement on its session', () => {
  for (const [cases, effect] of [
    [inert, 'none'],
    [running, 'code'],
  ] as const)
    for (const {sql, on} of cases)
      for (const dialect of on)
        it(`is ${effect}, on ${dialect}: ${sql}`, () => {
          expect(dialects[dialect].session.effectOf(sql)).to.equal(effect)
          expect(dialects[dialect].session.effectOf(`-- a\n${sql.toUpperCase()}`)).to.equal(effect)
        })
})
