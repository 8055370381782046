import type {Setting} from './changes.ts'

/** Returns a setting whose changes are named by their SQL. */
const of = (mostUnknown: number, parent: string, changes: readonly string[]): Setting => ({
  mostUnknown,
  parent,
  changes: Object.fromEntries(changes.map((sql) => [sql, {sql}])),
})

const wholeRows = of(
  0.4,
  `create table w (id integer primary key, n integer);
   insert into w values (1, 1);
   create table a (id integer, n integer);
   create table k (j jsonb);
   create table audited (id integer, n integer);
   create function audit() returns trigger language plpgsql as 'begin insert into k values (to_jsonb(new)); return new; end';
   create trigger audit after insert on audited for each row execute function audit()`,
  [
    'alter table w add column x integer',
    'alter table w add column y integer default 1',
    'alter table w drop column n',
    'alter table w rename column n to m',
    'alter table w alter column n type bigint',
    'alter table w alter column n type text',
    'alter table a drop column n',
    'alter table a add column x integer',
    'alter table audited add column x integer',
    'insert into audited (id) values (1)',
    'insert into k select to_jsonb(w) from w',
    'insert into k select to_jsonb(w.*) from w',
    'insert into k select jsonb_agg(q) from (select * from w) q',
    'insert into a select * from w',
    'insert into a (id, n) select * from w',
    'insert into a (id, n) select id, n from w',
    'insert into a select (w).* from w',
    'insert into a values (7)',
    'with q as (select * from w) insert into a select * from q',
    'update a set (id, n) = (select * from w)',
    'create table c1 as select w::text as x from w',
    'create table c2 as select w from w',
    'create table c3 as select * from w',
    'create table c4 as select (w).n as x from w',
    'create view v1 as select * from w',
    'create view v2 as select to_jsonb(w) as x from w',
    'create materialized view v3 as select to_jsonb(w) as x from w',
    "create function f1() returns setof w language sql as 'select id, n from w'",
    'create index i on w ((w is null))',
    'create policy p on w using (w is not null)',
  ],
)

const types = of(
  0.15,
  `create table t (id integer primary key, n integer);
   create type r as (x integer);
   create type q as (a r);
   create domain d as integer;
   create type dq as (a d);
   create type mood as enum ('a');
   create type span as range (subtype = integer)`,
  [
    'alter type r add attribute y integer',
    'alter type r alter attribute x type text',
    'alter table t alter column n type bigint',
    'alter table t add column x integer',
    'alter table t add column y integer default 1',
    'alter table t rename to renamed',
    'alter domain d add check (value > 0)',
    'alter domain d set not null',
    'alter domain d add check (value > 1) not valid',
    'create table u1 (a r)',
    'create table u2 (a q[])',
    'create table u3 (a t)',
    'create table u4 (a d)',
    'create table u5 (a d[])',
    'create table u6 (a dq)',
    'create table u7 (a _mood)',
    'create table u8 (a span_multirange)',
    'create type q2 as (a r[])',
    'create type q3 as (a t)',
    'create domain d2 as d',
    'create type r2 as range (subtype = d)',
    'create type r3 as range (subtype = integer)',
    'create type r3_multirange as (x integer)',
    'create type r4 as range (subtype = integer, multirange_type_name = r3_multirange)',
    'create table r3_multirange (id integer)',
    "create function r3(integer, integer) returns integer language sql as 'select 1'",
    'create view made as select span(1, 2) as x',
    'drop type span',
    'alter type span rename to time_span',
    'drop type mood',
    'alter type mood rename to feeling',
    "create type _mood as enum ('a')",
    "create type feeling as enum ('b')",
    'create table feeling (id integer)',
    'create sequence feeling',
    'create view feeling as select 1 as x',
    'create domain renamed as text',
  ],
)

/** Changes that work once no column stores values of the type. */
const altering = [
  'alter type r alter attribute x type text',
  'alter table t alter column n type bigint',
  'alter table t add column y integer default 1',
  'alter domain d set not null',
]

const releasing = [
  'alter table stored drop column value',
  'alter table stored alter column value type text using null',
  'drop table stored',
]

/** A type, and a table that stores values of it. */
const stored = (type: string): Setting => ({
  ...of(
    0.15,
    `create table t (id integer primary key, n integer);
     create type r as (x integer);
     create domain d as integer;
     create type dq as (a d);
     create table stored (id integer, value ${type})`,
    [...altering, ...releasing],
  ),
  after: Object.fromEntries(altering.map((sql) => [sql, releasing])),
})

const enums = of(
  0.3,
  `create type mood as enum ('a', 'b');
   create table u (id serial, m mood, s text);
   create table ua (m mood[]);
   create table up (m mood) partition by list (m);
   insert into u (m) values ('a'), ('b')`,
  [
    "alter type mood rename value 'b' to 'c'",
    "alter type mood rename value 'a' to 'z'",
    "alter type mood add value 'd'",
    "update u set m = 'b' where id = 1",
    "delete from u where m = 'b'",
    "alter table u alter column m set default 'b'",
    "alter table u add check (m in ('a', 'b'))",
    "alter table u add column o mood default 'b'",
    "create table y1 (m mood check (m <> 'b'))",
    "create view v as select * from u where m = 'b'",
    "create index i on u (m) where m = 'b'",
    'alter table u alter column m type text',
    'create table y2 as select m::text as x from u',
    'create table y3 as select m from u',
    "insert into u (m) select 'b'::mood where false",
    "insert into u (m) select 'b' where false",
    'update u set s = m::text',
    "create function g(x mood default 'b') returns integer language sql as 'select 1'",
    "create domain d as mood default 'b'",
    "create table p partition of up for values in ('b')",
    "insert into ua values ('{b}')",
    "insert into ua values (array['b']::mood[])",
    "alter table ua alter column m set default '{b}'",
    "create trigger tg before update on u for each row when (new.m = 'b') execute function suppress_redundant_updates_trigger()",
    "alter table u add column g boolean generated always as (m = 'b') stored",
    'create table y4 as select enum_last(null::mood)::text as x',
  ],
)

const catalogue = of(
  0.9,
  `create table t (id integer primary key, n integer, s text);
   insert into t values (1)`,
  [
    'create table u (id integer)',
    'alter table t alter column n set default 5',
    "comment on table t is 'x'",
    'create view v as select tablename from pg_tables',
    "create table tables as select tablename::text from pg_tables where schemaname = 'public'",
    'insert into t (id, n) select 2, count(*) from pg_class',
    'update t set n = (select count(*) from information_schema.tables)',
    "delete from t where to_regclass('u') is not null",
    "update t set s = obj_description('t'::regclass)",
    "create materialized view names as select tablename::text from pg_tables where schemaname = 'public'",
    "update pg_attribute set attnotnull = true where attrelid = 't'::regclass and attname = 'n'",
    "do $$ begin if to_regclass('u') is null then alter table t add column x integer; end if; end $$",
    "select 1 from pg_tables where tablename = 'u'",
  ],
)

export const dependentSettings: Readonly<Record<string, Setting>> = {
  'whole rows': wholeRows,
  'types within types': types,
  ...Object.fromEntries(
    ['r', 'r[]', 't', 't[]', 'd[]', 'dq'].map((type) => [`stored values of ${type}`, stored(type)]),
  ),
  'values of enums': enums,
  'queries of the catalogue': catalogue,
}
