/** Two changes that name objects which the history does not mention, and the databases that may be meant. */
export interface UnmentionedCase {
  /** SQL that makes each of the databases, in which both changes work alone or one after the other. */
  readonly databases: readonly string[]
  readonly ours: string
  readonly theirs: string
  /** Whether they collide in these databases. */
  readonly collides: 'always' | 'sometimes' | 'never'
  /** The verdict, where `collide` must be told for certain. */
  readonly verdict?: 'collide'
  /** The history, where it is not a table of users. */
  readonly history?: string
}

const noArguments = 'create function f() returns integer immutable language sql as $$select 1$$; create schema app'
const ofText = 'create function g(text) returns text immutable language sql as $$select $1$$; create schema app'
const ofTrigger = "create function f() returns trigger language plpgsql as 'begin return new; end'; create schema app"
const aggregate = 'create aggregate f(integer) (sfunc = int4pl, stype = integer); create schema app'

const callsWithoutArguments = [
  'create view v as select f() as x',
  'create view v as select public.f() as x',
  'alter table users add column n integer default f()',
  'alter table users alter column id set default f()',
  'alter table users add check (id > f())',
  'alter table users add column n integer generated always as (f()) stored',
  'create index i on users ((id + f()))',
  'create policy p on users using (id > f())',
  'create rule r as on insert to users do also select f()',
  'create function h() returns integer return f()',
]

const callsWithText = [
  'create view v as select g(name) as x from users',
  'create index i on users (g(name))',
  'create index i on users (name) where g(name) is not null',
  'alter table users add check (g(name) is not null)',
  'alter table users add column s text generated always as (g(name)) stored',
  'create policy p on users using (g(name) is not null)',
]

const callsOfAggregate = ['create view v as select f(id) as x from users']
const trigger = 'create trigger t before insert on users for each row execute function f()'

/** Changes after which a function does not have its name any more. */
const removals = (kind: string, signature: string, name: string): readonly string[] => [
  `drop ${kind} ${signature}`,
  `alter ${kind} ${signature} rename to ${name}2`,
  `alter ${kind} ${signature} set schema app`,
]

const colliding = (
  database: string,
  changes: readonly string[],
  users: readonly string[],
): readonly UnmentionedCase[] =>
  changes.flatMap((ours) =>
    users.map((theirs) => ({databases: [database], ours, theirs, collides: 'always', verdict: 'collide'})),
  )

const created = (ours: string, ...users: readonly string[]): readonly UnmentionedCase[] =>
  users.map((theirs) => ({databases: [''], ours, theirs, collides: 'always', verdict: 'collide'}))

const guarded = (ours: string, existing: string, ...users: readonly string[]): readonly UnmentionedCase[] =>
  users.map((theirs) => ({databases: ['', existing], ours, theirs, collides: 'sometimes'}))

export const unmentionedCases: Readonly<Record<string, readonly UnmentionedCase[]>> = {
  'functions that one side uses and the other one removes': [
    ...colliding(noArguments, [...removals('function', 'f()', 'f'), 'drop function f'], callsWithoutArguments),
    ...colliding(ofText, [...removals('function', 'g(text)', 'g'), 'drop routine g'], callsWithText),
    ...colliding(ofTrigger, [...removals('function', 'f()', 'f'), 'drop function f'], [trigger]),
    ...colliding(aggregate, removals('aggregate', 'f(integer)', 'f'), callsOfAggregate),
  ],
  'functions that one side drops if they exist': [
    ...callsWithoutArguments.map((theirs): UnmentionedCase => {
      const other = 'create function f(integer default 1) returns integer immutable language sql as $$select 1$$'
      const ours = 'drop function if exists f()'
      return {databases: [noArguments, other], ours, theirs, collides: 'sometimes'}
    }),
    {databases: [ofTrigger], ours: 'drop function if exists f()', theirs: trigger, collides: 'always'},
    {databases: [noArguments], ours: 'drop function if exists f()', theirs: 'drop function f', collides: 'always'},
    {
      databases: [noArguments],
      ours: 'drop function if exists f()',
      theirs: "comment on function f is 'x'",
      collides: 'always',
    },
  ],
  'functions of other names': [
    ...callsWithText.map((theirs): UnmentionedCase => {
      return {
        databases: [`${ofText}; ${noArguments.split('; ')[0]}`],
        ours: 'drop function f()',
        theirs,
        collides: 'never',
      }
    }),
    {
      databases: [`${ofTrigger}; create function f(text) returns text language sql as $$select $1$$`],
      ours: 'drop function f(text)',
      theirs: trigger,
      collides: 'never',
    },
  ],
  'procedures that both sides change': [
    {
      databases: ['create procedure f() language sql as $$select 1$$'],
      ours: 'drop procedure f()',
      theirs: 'alter procedure f() rename to f2',
      collides: 'always',
    },
    {
      databases: ['create procedure f() language sql as $$select 1$$'],
      ours: 'drop procedure f',
      theirs: 'create or replace procedure f() language sql as $$select 2$$',
      collides: 'always',
    },
  ],
  'functions that one side creates or replaces': [
    ...guarded(
      'create or replace function f() returns integer immutable language sql as $$select 1$$',
      noArguments,
      ...callsWithoutArguments,
    ),
    ...guarded(
      "create or replace function f() returns trigger language plpgsql as 'begin return new; end'",
      ofTrigger,
      trigger,
    ),
  ],
  'objects that one side creates and the other one uses': [
    ...created(
      'create schema app',
      'create table app.t (id integer)',
      'create table if not exists app.t (id integer)',
      'alter table users set schema app',
      'create view app.v as select 1 as x',
      "create type app.mood as enum ('a')",
      'create function app.f() returns integer language sql as $$select 1$$',
      "comment on schema app is 'x'",
      'grant usage on schema app to public',
      'set search_path to app; create table t (id integer); set search_path to public',
    ),
    ...created('create schema app; create table app.a (id integer)', 'create table app.b (id integer)'),
    ...created(
      "create type mood as enum ('a')",
      'alter table users add column m mood',
      'create table m (m mood)',
      "comment on type mood is 'x'",
      'create function k(mood) returns integer language sql as $$select 1$$',
    ),
    ...created('create domain mood as integer', 'alter table users add column m mood'),
    ...created('create type mood as (n integer)', 'alter table users add column m mood[]'),
    ...created('create sequence s', "alter table users alter column id set default nextval('s')"),
    ...created('create sequence s', "create view v as select nextval('s') as n", 'alter sequence s restart with 5'),
    ...created(
      'create table t (id integer)',
      'alter table t add column n integer',
      'create view v as select id from t',
      'create index i on t (id)',
    ),
    ...created('create table t (id integer primary key)', 'alter table users add foreign key (id) references t'),
    ...created('create view w as select 1 as x', 'create view v as select x from w'),
    ...created('alter table users add column n integer', 'create view v as select n from users'),
  ],
  'objects that one side creates if they do not exist, and the other one uses': [
    ...guarded(
      'create schema if not exists app',
      'create schema app',
      'create table app.t (id integer)',
      'alter table users set schema app',
    ),
    ...guarded(
      'create sequence if not exists s',
      'create sequence s',
      "alter table users alter column id set default nextval('s')",
      'alter sequence s increment 2',
    ),
    ...guarded(
      'create table if not exists t (id integer)',
      'create table t (id integer)',
      'alter table t add column n integer',
      'alter table if exists t add column n integer',
      'create view v as select id from t',
      'create index i on t (id)',
    ),
    ...guarded(
      'create or replace view w as select 1 as x',
      'create view w as select 1 as x',
      'create view v as select x from w',
    ),
  ],
  'objects that both sides create if they do not exist': [
    {
      databases: ['', 'create schema app'],
      ours: 'create schema if not exists app; create table app.a (id integer)',
      theirs: 'create schema if not exists app; create table app.b (id integer)',
      collides: 'never',
    },
    {
      databases: ['', 'create table t (id integer)'],
      ours: 'create table if not exists t (id integer)',
      theirs: 'create table if not exists t (id integer)',
      collides: 'never',
    },
    {
      databases: [''],
      ours: 'create schema app',
      theirs: 'drop table if exists app.t',
      collides: 'never',
    },
  ],
  'views of tables that the history does not create': [
    ...[
      'alter table users alter column name type varchar(10)',
      'alter table users drop column name',
      'drop table users',
    ].map((ours): UnmentionedCase => {
      const view = 'create view uv as select id, name from users'
      return {databases: [view], history: view, ours, theirs: 'drop view uv', collides: 'always', verdict: 'collide'}
    }),
  ],
}
