import {expect} from 'chai'
import type {Effects} from '../../src/operations/definition.ts'
import {effectsOfText} from '../../src/sql/effects/effects.ts'

/** Lists effects: `+` marks a write, `?` an unknown effect. */
const shown = ({reads, writes}: Effects): string =>
  [
    ...writes.map(({kind, name}) => (kind === 'unknown' ? '?' : `+${kind} ${name}`)),
    ...reads.map(({kind, name}) => `${kind} ${name}`),
  ]
    .toSorted()
    .join('; ')

const commands: readonly (readonly [sql: string, effects: string])[] = [
  // data
  ['select c.a into b from c', '+table b; column c.a; table c'],
  ['create table b as select c.a from c', '+table b; column c.a; table c'],
  ['insert into app.t values (1)', '+table app.t'],
  ['insert into t default values', '+table t'],
  ['merge into t using s on t.id = s.id when matched then delete', '+table t; column s.id; column t.id; table s'],
  ['copy t from stdin', '+table t'],
  ['copy t to stdout', 'table t'],
  ['truncate app.t', '+table app.t'],
  ['select 1 from pg_catalog.pg_class', 'table pg_catalog.pg_class'],
  ["select pg_catalog.now(), '1'::pg_catalog.int4, '1'::text", ''],
  ["select app.f(), '1'::app.mood", 'function app.f; type app.mood'],
  ['select * from a, b where x = 1', 'table a; table b'],
  ['select u.id from users u', 'column users.id; table users'],
  ['select users.id from app.users', 'column app.users.id; table app.users'],
  ['select z.id from users u', 'table users'],
  ['with x as (select id from a) select id from x', 'table a'],
  ['with x as (select 1) select b from b', 'table b'],
  ['with x as (insert into a values (1)) select 1', '+table a'],
  // tables
  ['create table t (id int, constraint k primary key (id))', '+column t.id; +constraint t.k; +table t'],
  ['create table t (id int constraint k not null)', '+column t.id; +constraint t.k; +table t'],
  ['create table t (like s)', '+table t; table s'],
  ['create table t (a int, primary key (a), foreign key (b) references p (id))', '+column t.a; +table t; table p'],
  ['alter table t add primary key (id)', '+constraint t.unnamed; column t.id; table t'],
  ['alter table t add constraint k primary key (id)', '+constraint t.k; column t.id; table t'],
  ['alter table t add foreign key (a) references p (id)', '+constraint t.unnamed; table p; table t'],
  ['alter table t alter a set default 1', '+column t.a; table t'],
  ['alter table t alter a drop not null', '+column t.a; table t'],
  ['alter table t alter a set statistics 100', '+column t.a; table t'],
  ['alter table t alter a set storage external', '+column t.a; table t'],
  ['alter table t alter a add generated always as identity', '+column t.a; table t'],
  ['alter table t alter a drop identity', '+column t.a; table t'],
  ['alter table t alter a drop expression', '+column t.a; table t'],
  ['alter table t alter constraint k deferrable', '+constraint t.k; table t'],
  ['alter table t rename constraint k to l', '+constraint t.k; +constraint t.l; table t'],
  ['alter table t set (fillfactor = 70)', '+table t'],
  ['alter table t owner to me', '+table t'],
  ['alter table t attach partition app.p default', '+table app.p; +table t'],
  ['alter table t detach partition p', '+table p; +table t'],
  ['alter foreign table t add column a int', '+column t.a; table t'],
  ['lock table t', 'table t'],
  ['vacuum t', 'table t'],
  ['reindex table t', 'table t'],
  ['explain select 1', ''],
  // indexes and views
  ['create index on app.t (a)', '+index app.unnamed; column app.t.a; table app.t'],
  ['alter index app.i rename to j', '+index app.i; +index app.j'],
  ['alter index i set (fillfactor = 70)', '+index i'],
  ['drop index concurrently app.i, j', '+index app.i; +index j'],
  ['alter view v alter a set default 1', '+view v'],
  ['alter view app.v rename to w', '+view app.v; +view app.w'],
  ['alter view v set schema app', '+view app.v; +view v'],
  ['drop view app.v', '+view app.v'],
  ['create materialized view v as select t.a from t', '+view v; column t.a; table t'],
  ['refresh materialized view app.v', '+view app.v'],
  ['alter materialized view v rename to w', '+view v; +view w'],
  ['drop materialized view v', '+view v'],
  ["comment on view v is 'x'", '+view v'],
  ["comment on index i is 'x'", '+index i'],
  // triggers, policies, functions
  ['create trigger g before update on app.t for each row execute function app.f()', '+trigger app.t.g; table app.t'],
  ['alter trigger g on t rename to h', '+trigger t.g; +trigger t.h; table t'],
  ['drop trigger g on app.t', '+trigger app.t.g'],
  ['create policy p on app.t', '+policy app.t.p; table app.t'],
  ['alter policy p on app.t using (a = 1)', '+policy app.t.p; column app.t.a; table app.t'],
  ['alter policy p on t rename to q', '+policy t.p; +policy t.q; table t'],
  ['drop policy p on t', '+policy t.p'],
  ["create procedure app.p() language sql as 'delete from t'", '+function app.p'],
  ['alter function app.f(int) immutable', '+function app.f'],
  ['alter function f(int) rename to g', '+function f; +function g'],
  ['alter function f(int) set schema app', '+function app.f; +function f'],
  ['drop procedure p', '+function p'],
  ['drop routine app.r', '+function app.r'],
  ["comment on function app.f(int) is 'x'", '+function app.f'],
  // types
  ["create type app.mood as enum ('a')", '+type app.mood'],
  ["alter type app.mood add value 'b'", '+type app.mood'],
  ["alter type app.mood rename value 'a' to 'b'", '+type app.mood'],
  ['alter type app.mood rename to feeling', '+type app.feeling; +type app.mood'],
  ['alter type mood set schema app', '+type app.mood; +type mood'],
  ['drop type app.mood', '+type app.mood'],
  ['create type app.pair as (a int, b app.mood)', '+type app.pair; type app.mood'],
  ['create type app.span as range (subtype = int4)', '+type app.span'],
  ['create domain app.age as int check (value > 0)', '+type app.age'],
  ['alter domain app.age set default 1', '+type app.age'],
  ['alter domain app.age rename to years', '+type app.age; +type app.years'],
  ['drop domain app.age', '+type app.age'],
  ["comment on type app.mood is 'x'", '+type app.mood'],
  // schemas, sequences, extensions
  ['create schema app', '+schema app'],
  ['alter schema app rename to web', '+schema app; +schema web'],
  ['drop schema app, web', '+schema app; +schema web'],
  ['create sequence app.s', '+sequence app.s'],
  ['alter sequence app.s restart', '+sequence app.s'],
  ['alter sequence app.s rename to z', '+sequence app.s; +sequence app.z'],
  ['alter sequence s set schema app', '+sequence app.s; +sequence s'],
  ['drop sequence app.s', '+sequence app.s'],
  ["alter extension hstore update to '2'", '+extension hstore'],
  ['drop extension hstore', '+extension hstore'],
  // rights, settings, and what is not known
  ['grant select on app.t to me', '+table app.t'],
  ['grant usage on schema app to me', '+schema app'],
  ['revoke execute on function app.f(int) from me', '+function app.f'],
  ['grant usage on type app.mood to me', '+type app.mood'],
  ['show search_path', ''],
  ['begin; commit', ''],
  ['execute prepared', '?'],
  ['alter system set work_mem = 1', '?'],
  ['drop server s', '?'],
  ["comment on database d is 'x'", '?'],
  ['grant connect on database d to me', '?'],
  ['alter server s rename to t', '?; ?'],
]

describe('sql/effects of each command', () => {
  for (const [sql, effects] of commands)
    it(sql, async () => {
      expect(shown(await effectsOfText(sql, 'postgresql'))).to.equal(effects)
    })
})
