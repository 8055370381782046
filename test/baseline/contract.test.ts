import {expect} from 'chai'
import {baseline, verifyBaseline} from '../../src/api/files/baseline.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {contract} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

const postgres: readonly string[] = [
  'create schema app',
  `create type mood as enum ('sad', 'ok')`,
  `create domain email as text default 'a@b' check (value ~ '@')`,
  'create type app.pair as (a int, b text)',
  'create type floatrange as range (subtype = float8, subtype_diff = float8mi)',
  'create sequence app.numbers start 10 increment 5',
  `create function next_code() returns text language sql as $$ select 'x' || nextval('app.numbers') $$`,
  `create table users (id serial primary key, name varchar(40) not null default 'a', mail email unique, mood mood default 'ok',
     code text default next_code(), p app.pair, created timestamptz not null default now())`,
  `comment on table users is 'the people'`,
  `comment on column users.name is 'it''s'`,
  `create table posts (id bigint generated always as identity (start with 100 increment by 3) primary key,
     author int not null references users on delete cascade, body text, len int generated always as (length(body)) stored,
     during tstzrange, tags text[], exclude using gist (during with &&), check (len > 0))`,
  'create index on posts using gin (tags)',
  'create index part on posts (author desc nulls last) where body is not null',
  'create index lowered on posts (lower(body)) include (author)',
  'create statistics st on author, body from posts',
  'create table events (id int, at date not null, primary key (id, at)) partition by range (at)',
  `create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01')`,
  'create table events_rest partition of events default',
  'create index on events (at)',
  'create index only_rest on events_rest (id)',
  'create table animals (name text, id int primary key)',
  'create table cats (lives int, check (lives < 10)) inherits (animals)',
  'create unlogged table app.logs (a int, b int unique nulls not distinct) with (fillfactor = 70)',
  'create table loop_a (id int primary key, b int)',
  'create table loop_b (id int primary key, a int references loop_a deferrable initially deferred)',
  'alter table loop_a add foreign key (b) references loop_b not valid',
  'create view v as select u.name, count(*) n from users u join posts p on p.author = u.id group by 1',
  'create materialized view mv as select * from v',
  'create unique index on mv (name)',
  'create view w with (security_barrier) as select * from mv',
  `create function stamp() returns trigger language plpgsql as $$ begin new.name := upper(new.name); return new; end $$`,
  'create trigger t before insert or update of name on users for each row when (new.name is not null) execute function stamp()',
  'create trigger off after delete on posts for each row execute function stamp()',
  'alter table posts disable trigger off',
  'alter table posts enable row level security',
  'create policy mine on posts for select using (author = 1)',
  `create aggregate concat_all(text) (sfunc = textcat, stype = text, initcond = '')`,
  'create rule r as on delete to v do instead nothing',
  'create procedure app.doit(inout a int) language plpgsql as $$ begin a := a + 1; end $$',
  `insert into users (name) values ('ana')`,
]

const mysql: readonly string[] = [
  `create table users (id int unsigned auto_increment primary key, name varchar(40) not null default 'a', mail varchar(190) unique,
     kind enum('a', 'b') default 'a', flags set('x', 'y'), price decimal(10, 2), j json,
     created timestamp not null default current_timestamp on update current_timestamp, fulltext key ft (name),
     constraint positive check (price > 0)) comment 'the people' auto_increment = 77`,
  `create table posts (id bigint primary key auto_increment, author int unsigned not null comment 'it''s', body text,
     len int generated always as (length(body)) stored, pt point not null, spatial index sp (pt), key pre (body(20)),
     key dsc (author desc), constraint fk_author foreign key (author) references users (id) on delete cascade)`,
  'create table loop_a (id int primary key, b int)',
  'create table loop_b (id int primary key, a int, foreign key (a) references loop_a (id))',
  'alter table loop_a add foreign key (b) references loop_b (id)',
  `create table events (id int, at date not null, primary key (id, at)) partition by range (year(at))
     (partition p0 values less than (2025), partition p1 values less than maxvalue)`,
  'create view v as select u.name, count(*) n from users u join posts p on p.author = u.id group by u.name',
  'create algorithm = merge sql security invoker view a_w as select * from v where n > 1',
  'create function plus1(a int) returns int deterministic return a + 1',
  'create procedure doit(inout a int) begin set a = a + 1; select a; end',
  'create trigger t before insert on users for each row begin set new.name = upper(new.name); if new.price is null then set new.price = 1; end if; end',
  `create event evt on schedule every 1 day starts '2037-01-01 00:00:00' do begin delete from posts; delete from users; end`,
  `insert into users (name) values ('ana')`,
]

const schemas: Readonly<Record<DatabaseKind, readonly string[]>> = {
  postgresql: postgres,
  pglite: postgres,
  mysql,
  mariadb: [
    ...mysql,
    'create table versioned (a int) with system versioning',
    'create sequence numbers start 5 increment 5',
  ],
  sqlite: [
    `create table users (id integer primary key autoincrement, name text not null default 'a' collate nocase, mail varchar(40) unique,
       constraint long check (length(name) > 1))`,
    `create table posts (id integer primary key, author int not null references users (id) on delete cascade deferrable initially deferred,
       body, len int generated always as (length(body)) stored)`,
    'create table pairs (a int, b int, primary key (a, b desc)) without rowid',
    'create table typed (a int, b any) strict',
    'create index part on posts (author desc) where body is not null',
    'create index lowered on posts (lower(body))',
    'create view v as select * from users',
    'create view w as select * from v',
    `create trigger t after insert on users begin insert into posts (author) values (new.id); update users set name = 'x;y'; end`,
    'create trigger vi instead of insert on v begin insert into users (name) values (new.name); end',
    'create virtual table found using fts5(body)',
    'create table "odd ""name" ("a b" text, "select" int)',
    'create table answers (id integer primary key, a int references authors on delete cascade, q int references questions on delete cascade)',
    'create table questions (id integer primary key, a int references Authors on delete cascade)',
    'create table authors (id integer primary key)',
    'create table loop_a (id int primary key, b int references loop_b)',
    'create table loop_b (id int primary key, a int references loop_a)',
    `insert into users (name) values ('ana')`,
  ],
}

/** PGlite starts anew for each command. */
const longest = 400_000

contract('mig makes an existing database the first revision, proved equal on an empty database', (on) => {
  /** A project without revisions. */
  const project = (): void => {
    on.useRevisions([], () => '')
    on.folder.write({'migrations/versions/.gitkeep': ''})
  }
  /** A project on a database that existed before it. */
  const existing = async (): Promise<void> => {
    await on.database.query(...schemas[on.kind])
    project()
  }
  /** Another database of the same kind as the one of the project. */
  const beside = async (statements: readonly string[]): Promise<string> => {
    const other = await createDatabase(on.kind)
    on.atEnd(async () => other.drop())
    if (statements.length > 0) await other.query(...statements)
    return other.url
  }
  const useOther = (url: string): void => {
    on.folder.write({'other.config.js': `export default ${JSON.stringify({orm: url})}\n`})
  }
  const other = {config: 'other.config.js'}

  it('creates, records, verifies and reverts every kind of object', async () => {
    await existing()
    const {revision, stamped, omitted} = await baseline({cwd: on.cwd, message: 'so far'})
    expect(revision).to.include({message: 'so far', isBase: true, isBaseline: true})
    expect(omitted).to.deep.equal([])
    expect(await on.state()).to.equal(`${stamped}*`)
    const [rows] = await on.database.query('select count(*) as n from users')
    expect(Number(rows?.[0]?.['n'])).to.equal(1)

    useOther(await beside(schemas[on.kind]))
    expect(await verifyBaseline({cwd: on.cwd, ...other})).to.deep.include({stamped, revision: null})

    useOther(await beside([]))
    await upgrade({cwd: on.cwd, ...other})
    await rejectionOf('BASELINE_REVERTED', () => downgrade({cwd: on.cwd, ...other, target: 'base'}))
    await rejectionOf('BASELINE_REVERTED', () => downgrade({cwd: on.cwd, ...other, target: '-1'}))
    await downgrade({cwd: on.cwd, ...other, target: 'base', baseline: true})
    const error = await rejectionOf('BASELINE_REFUSED', () => verifyBaseline({cwd: on.cwd, config: 'mig.config.js'}))
    expect(error.message).to.contain('already has revisions recorded')
  }).timeout(longest)

  it('records nothing where the database differs, and names the differences', async () => {
    await existing()
    await baseline({cwd: on.cwd})
    useOther(await beside([...schemas[on.kind], 'alter table users add column extra int']))
    const error = await rejectionOf('BASELINE_DIFFERS', () => verifyBaseline({cwd: on.cwd, ...other}))
    expect(error.message).to.match(/differs from the baseline \w+: .*column users\.extra is only in the database/)
    expect(error.message).not.to.contain('another order')
  }).timeout(longest)

  it('refuses an empty database, a second baseline and a recorded database', async () => {
    project()
    const empty = await rejectionOf('BASELINE_REFUSED', () => baseline({cwd: on.cwd}))
    expect(empty.message).to.contain('is empty')
    await on.database.query('create table a (id int primary key)')
    await baseline({cwd: on.cwd, revisionId: 'first'})
    const second = await rejectionOf('BASELINE_REFUSED', () => baseline({cwd: on.cwd}))
    expect(second.message).to.contain('The history already has first')
    on.folder.remove('migrations/versions/first_baseline.ts')
    const recorded = await rejectionOf('BASELINE_REFUSED', () => baseline({cwd: on.cwd}))
    expect(recorded.message).to.contain('already has revisions recorded: first')
  })
})
