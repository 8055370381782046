import {expect} from 'chai'
import type {Effects} from '../../src/operations/definition.ts'
import {effectsOf, effectsOfText} from '../../src/sql/effects/effects.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {operationRegistry, recorded} from '../support/operations.ts'

const shown = ({reads, writes}: Effects): string =>
  [...writes.map(({kind, name}) => `+${kind} ${name}`), ...reads.map(({kind, name}) => `${kind} ${name}`)]
    .toSorted()
    .join('; ')

const texts: readonly (readonly [sql: string, effects: string])[] = [
  [
    'create table app.users (id int primary key, m mood, constraint k check (id > 0), o int references org (id))',
    '+column app.users.id; +column app.users.m; +column app.users.o; +constraint app.users.k; +table app.users; table org; type mood',
  ],
  ['alter table users add column email text', '+column users.email; table users'],
  [
    'alter table users drop column a, alter b type int, alter c set not null',
    '+column users.a; +column users.b; +column users.c; table users',
  ],
  ['alter table users add constraint k foreign key (a) references p (id)', '+constraint users.k; table p; table users'],
  [
    'alter table users drop constraint k, validate constraint l',
    '+constraint users.k; +constraint users.l; table users',
  ],
  ['alter table users enable row level security', '+table users'],
  ['alter table users rename column a to b', '+column users.a; +column users.b; table users'],
  ['alter table app.users rename to people', '+table app.people; +table app.users'],
  ['alter table users set schema app', '+table app.users; +table users'],
  ['alter index i rename to j', '+index i; +index j'],
  [
    'create index i on app.users (lower(email), name) where age > 1',
    '+index app.i; column app.users.age; column app.users.email; column app.users.name; function lower; table app.users',
  ],
  [
    'drop index app.i; drop table a, b; drop view v; drop trigger g on app.t',
    '+index app.i; +table a; +table b; +trigger app.t.g; +view v',
  ],
  [
    'create view v as select u.id, count(*) from app.users u join posts p on p.user_id = u.id',
    '+view v; column app.users.id; column posts.user_id; function count; table app.users; table posts',
  ],
  ['insert into users (a, b) select a, b from old', '+column users.a; +column users.b; table old; table users'],
  ['update users set a = 1 where b = 2', '+column users.a; column users.b; table users'],
  ['delete from users', '+table users'],
  ['with gone as (delete from a returning id) insert into b select id from gone', '+table a; +table b'],
  ['truncate a, b', '+table a; +table b'],
  ["create type mood as enum ('a'); alter type mood add value 'b'; create domain age int", '+type age; +type mood'],
  ["create function app.f(int) returns int language sql as 'select 1'; drop function app.f(int)", '+function app.f'],
  ['create trigger g after insert on t for each row execute function f()', '+trigger t.g; table t'],
  ['create policy p on t using (owner = 1)', '+policy t.p; column t.owner; table t'],
  ["comment on column t.a is 'x'; comment on table t is 'y'", '+column t.a; +table t'],
  ['create schema s; create sequence q; create extension hstore', '+extension hstore; +schema s; +sequence q'],
  ['grant select on t to public', '+table t'],
  ["set lock_timeout = '1s'", ''],
  ["do $$ begin execute 'drop table ' || 'users'; end $$", '+unknown a DO block, whose code is not parsed'],
  ['call p()', '+unknown a procedure call'],
  ['selct 1', '+unknown SQL that PostgreSQL cannot parse'],
  ['notify x', '+unknown Notify'],
]

const operations: readonly (readonly [name: string, run: (op: Operations) => void, effects: string])[] = [
  ['a column', (op) => op.addColumn('users', 'a', (t) => t.text()), '+column users.a; table users'],
  [
    'a foreign key',
    (op) => op.createForeignKey('posts', 'a', 'users', 'id'),
    '+constraint posts.posts_a_foreign; column posts.a; column users.id; table posts; table users',
  ],
  ['a view', (op) => op.createView('v', 'select id from users'), '+view v; column users.id; table users'],
  [
    'what stands in SQL',
    (op) => {
      op.createCheckConstraint('app.users', 'age > 0')
      op.createIndex('users', {expression: 'lower(mail)'}, {name: 'i', where: 'gone is null'})
      op.createPolicy('users', 'p', {using: 'owner = current_user'})
    },
    '+constraint app.users.users_check; +index i; +policy users.p; column app.users.age; column users.gone; column users.mail; column users.owner; function lower; table app.users; table users',
  ],
  [
    'SQL with parameters',
    (op) => op.execute('update users set a = ? where b = ?', [1, 2]),
    '+column users.a; column users.b; table users',
  ],
  ['SQL of another dialect', (op) => op.execute({sqlite: 'x'}), ''],
]

describe('sql/effects', () => {
  for (const [sql, effects] of texts)
    it(`of ${sql}`, async () => {
      expect(shown(await effectsOfText(sql, 'postgresql'))).to.equal(effects)
    })

  for (const [name, run, effects] of operations)
    it(`of ${name}`, async () => {
      expect(shown(await effectsOf(recorded('postgresql', run), 'postgresql', operationRegistry))).to.equal(effects)
    })

  it('of SQL of a dialect that is not read are unknown', async () => {
    expect(shown(await effectsOfText('select 1', 'sqlite'))).to.equal('+unknown SQL for sqlite, which is not parsed')
  })
})
