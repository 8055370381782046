import {dependentSettings} from './dependent-changes.ts'
import {rowSettings} from './row-changes.ts'

/** A change on one of two branches, as SQL and, where it differs from `op.execute`, as calls of `op`. */
export interface Change {
  readonly sql: string
  readonly op?: string
}

/** The schema before both branches, and changes of which every two are measured. */
export interface Setting {
  readonly parent: string
  readonly changes: Readonly<Record<string, Change>>
  /** Changes that fail by themselves, with those they may depend on: they are measured with no others. */
  readonly after?: Readonly<Record<string, readonly string[]>>
  /** The share of pairs of which the verdict may be unknown. */
  readonly mostUnknown?: number
}

const sql = (text: string): Change => ({sql: text})
const both = (text: string, op: string): Change => ({sql: text, op})

const shop: Setting = {
  parent: `
    create type state as enum ('new', 'paid');
    create domain amount as numeric check (value >= 0);
    create sequence numbers;
    create table customers (id integer primary key, email varchar(255) not null, name text, age integer,
      code varchar default 'x', state state, number bigint default nextval('numbers'),
      constraint customers_email_key unique (email), constraint customers_age_check check (age > 0));
    create index customers_name_index on customers (name);
    create index customers_lower_index on customers (lower(email)) where age > 18;
    create table orders (id integer primary key, customer_id integer, total amount, net numeric, tax numeric,
      gross numeric generated always as (net + tax) stored, note text,
      constraint orders_customer_fk foreign key (customer_id) references customers (id));
    create table payments (id integer, order_id integer, amount numeric);
    create view customer_emails as select id, email from customers;
    create view order_notes as select o.id, o.note, e.email from orders o join customer_emails e on e.id = o.customer_id;
    create function initials(text) returns text language sql immutable as 'select left($1, 1)';
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger orders_touch before update of note on orders for each row execute function touch();`,
  changes: {
    'add column phone': both(
      'alter table customers add column phone text',
      "op.addColumn('customers', 'phone', (t) => t.text())",
    ),
    'add column phone, longer': both(
      'alter table customers add column phone varchar(20)',
      "op.addColumn('customers', 'phone', (t) => t.varchar(20))",
    ),
    'add column note to customers': sql('alter table customers add column note text'),
    'add column if not exists': sql('alter table customers add column if not exists phone text'),
    'drop column name': both('alter table customers drop column name', "op.dropColumn('customers', 'name')"),
    'drop column email cascade': sql('alter table customers drop column email cascade'),
    'rename column name': both(
      'alter table customers rename column name to label',
      "op.renameColumn('customers', 'name', 'label')",
    ),
    'rename column email': both(
      'alter table customers rename column email to mail',
      "op.renameColumn('customers', 'email', 'mail')",
    ),
    'retype age': both(
      'alter table customers alter column age type bigint',
      "op.alterColumn('customers', 'age', {type: 'bigint'})",
    ),
    'retype code': both(
      'alter table customers alter column code type text',
      "op.alterColumn('customers', 'code', {type: 'text'})",
    ),
    'retype name': sql('alter table customers alter column name type varchar(50)'),
    'default of code': both(
      "alter table customers alter column code set default 'y'",
      "op.alterColumn('customers', 'code', {default: 'y'})",
    ),
    'drop default of code': sql('alter table customers alter column code drop default'),
    'default of age': sql('alter table customers alter column age set default 30'),
    'name not null': both(
      'alter table customers alter column name set not null',
      "op.alterColumn('customers', 'name', {nullable: false})",
    ),
    'name nullable': sql('alter table customers alter column name drop not null'),
    'index on name and age': both(
      'create index customers_name_age on customers (name, age)',
      "op.createIndex('customers', ['name', 'age'], {name: 'customers_name_age'})",
    ),
    'index on name without a name': sql('create index on customers (name)'),
    'unique index on code': sql('create unique index customers_code on customers (code)'),
    'partial index': sql("create index customers_new on customers (email) where state = 'new'"),
    'drop index on name': both(
      'drop index customers_name_index',
      "op.dropIndex('customers_name_index', {table: 'customers'})",
    ),
    'drop index if exists': sql('drop index if exists customers_name_index'),
    'rename index': both(
      'alter index customers_name_index rename to customers_names',
      "op.renameIndex('customers_name_index', 'customers_names', {table: 'customers'})",
    ),
    'check on name': both(
      "alter table customers add constraint customers_name_check check (name <> '')",
      "op.createCheckConstraint('customers', \"name <> ''\", {name: 'customers_name_check'})",
    ),
    'drop check on age': both(
      'alter table customers drop constraint customers_age_check',
      "op.dropConstraint('customers', 'customers_age_check', {type: 'check'})",
    ),
    'drop unique email': sql('alter table customers drop constraint customers_email_key'),
    'rename unique email': both(
      'alter table customers rename constraint customers_email_key to unique_email',
      "op.renameConstraint('customers', 'customers_email_key', 'unique_email')",
    ),
    'foreign key of payments': both(
      'alter table payments add constraint payments_order_fk foreign key (order_id) references orders (id)',
      "op.createForeignKey('payments', ['order_id'], 'orders', ['id'], {name: 'payments_order_fk'})",
    ),
    'foreign key to email': sql('alter table payments add column email varchar(255) references customers (email)'),
    'drop key of orders': sql('alter table orders drop constraint orders_pkey'),
    'key of payments': both('alter table payments add primary key (id)', "op.createPrimaryKey('payments', ['id'])"),
    'drop payments': both('drop table payments', "op.dropTable('payments')"),
    'drop orders cascade': sql('drop table orders cascade'),
    'rename orders': both('alter table orders rename to purchases', "op.renameTable('orders', 'purchases')"),
    'drop foreign key': sql('alter table orders drop constraint orders_customer_fk'),
    'view of names': both(
      'create view names as select name from customers',
      "op.createView('names', 'select name from customers')",
    ),
    'view of everything': sql('create view everything as select * from customers'),
    'view of a view': sql('create view mails as select email from customer_emails'),
    'replace view': sql('create or replace view customer_emails as select id, email, age from customers'),
    'replace view otherwise': sql('create or replace view customer_emails as select id, email, name from customers'),
    'drop view': both('drop view order_notes', "op.dropView('order_notes')"),
    'drop net': sql('alter table orders drop column gross, drop column net'),
    'function with a query': sql(
      "create function count_orders() returns bigint language sql as 'select count(*) from orders where note is not null'",
    ),
    'default by function': sql("alter table customers alter column name set default initials('x')"),
    'drop function': sql('drop function initials(text)'),
    'index by function': sql('create index customers_initials on customers (initials(name))'),
    'replace function': sql(
      "create or replace function initials(text) returns text language sql immutable as 'select left($1, 2)'",
    ),
    'trigger on payments': sql(
      'create trigger payments_touch before insert on payments for each row execute function touch()',
    ),
    'drop trigger function': sql('drop function touch() cascade'),
    'drop note of orders': sql('alter table orders drop column note cascade'),
    'enum value sent': both("alter type state add value 'sent'", "op.addEnumValue('state', 'sent')"),
    'enum value gone': sql("alter type state add value 'gone'"),
    'enum value before': sql("alter type state add value 'draft' before 'new'"),
    'rename enum value': sql("alter type state rename value 'paid' to 'done'"),
    'column of the enum': sql('alter table payments add column state state'),
    'rename enum': both('alter type state rename to status', "op.renameEnum('state', 'status')"),
    'drop column of the enum': sql('alter table customers drop column state; drop type state'),
    'column of the domain': sql('alter table payments add column fee amount'),
    'domain check': sql('alter domain amount add constraint small check (value < 1000)'),
    'drop domain': sql('alter table orders alter column total type numeric; drop domain amount'),
    'drop sequence': sql('alter table customers alter column number drop default; drop sequence numbers'),
    'use of the sequence': sql("alter table payments add column number bigint default nextval('numbers')"),
    'update names': sql('update customers set name = upper(name) where age > 3'),
    'insert payment': both(
      'insert into payments (id, amount) values (1, 5)',
      "op.bulkInsert('payments', [{id: 1, amount: 5}])",
    ),
    'delete payments': sql('delete from payments where amount < 0'),
    'required column of payments': sql('alter table payments add column payer text not null'),
    'comment on name': sql("comment on column customers.name is 'full name'"),
    'other comment on name': sql("comment on column customers.name is 'name'"),
  },
}

const blog: Setting = {
  parent: `
    create schema app; create schema archive;
    create table app.posts (id bigint generated always as identity primary key, author_id integer, title text, body text, tags text[],
      published timestamptz default now());
    create table app.users (id integer primary key, name text, "Role" text);
    create table posts (id integer, app_id integer);
    create materialized view app.titles as select id, title from app.posts;
    create index titles_index on app.titles (title);
    create table events (day date not null, kind text, id integer) partition by range (day);
    create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
    create table base (id integer, label text); create table derived (extra text) inherits (base);
    create table notes (id integer, body text); alter table notes enable row level security;
    create policy own_notes on notes using (id > 0);
    create function app.is_admin() returns boolean language sql as 'select true';
    create policy admin_notes on notes for select using (app.is_admin());
    create type app.point as (x integer, y integer);`,
  changes: {
    'drop schema archive': both('drop schema archive', "op.dropSchema('archive')"),
    'rename schema archive': both('alter schema archive rename to old', "op.renameSchema('archive', 'old')"),
    'table in archive': both(
      'create table archive.posts (id integer)',
      "op.createTable('archive.posts', (t) => ({id: t.integer()}))",
    ),
    'same table in archive': sql('create table archive.posts (id bigint)'),
    'table in archive if not exists': sql('create table if not exists archive.posts (id integer)'),
    'move posts to archive': both('alter table posts set schema archive', "op.moveTable('posts', 'archive')"),
    'column of posts': both(
      'alter table posts add column title text',
      "op.addColumn('posts', 'title', (t) => t.text())",
    ),
    'column of public.posts': sql('alter table public.posts add column title text'),
    'column of app.posts': both(
      'alter table app.posts add column slug text',
      "op.addColumn('app.posts', 'slug', (t) => t.text())",
    ),
    'search path': sql('set search_path to app; alter table posts add column slug text'),
    'search path and a table': sql(
      'set local search_path to app; create table comments (post_id bigint references posts (id))',
    ),
    'table comments in app': sql('create table app.comments (id integer)'),
    'table comments': both(
      'create table comments (id integer)',
      "op.createTable('comments', (t) => ({id: t.integer()}))",
    ),
    'create schema comments': sql('create schema if not exists comments'),
    'drop schema app': sql('drop schema app cascade'),
    'drop title': sql('alter table app.posts drop column title cascade'),
    'retype body': sql('alter table app.posts alter column body type varchar'),
    refresh: sql('refresh materialized view app.titles'),
    'drop materialized view': sql('drop materialized view app.titles'),
    'index on the materialized view': sql('create unique index on app.titles (id)'),
    'quoted column': sql('alter table app.users rename column "Role" to role'),
    'drop quoted column': sql('alter table app.users drop column "Role"'),
    'drop other case': sql('alter table app.users drop column if exists role'),
    'check on quoted column': sql(`alter table app.users add check ("Role" <> '')`),
    'identity always': sql('alter table app.posts alter column id set generated by default'),
    'drop identity': sql('alter table app.posts alter column id drop identity'),
    'restart identity': sql('alter table app.posts alter column id set start with 100'),
    'partition 2025': both(
      "create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01')",
      "op.createPartition('events', 'events_2025', \"for values from ('2025-01-01') to ('2026-01-01')\")",
    ),
    'partition that overlaps': sql(
      "create table events_late partition of events for values from ('2025-06-01') to ('2027-01-01')",
    ),
    'default partition': sql('create table events_other partition of events default'),
    'index of events': sql('create index events_kind on events (kind)'),
    'column of events': sql('alter table events add column place text'),
    'drop kind of events': sql('alter table events drop column kind'),
    'key of events': sql('alter table events add primary key (day, id)'),
    'detach partition': sql('alter table events detach partition events_2024'),
    'drop partition': both('drop table events_2024', "op.dropPartition('events', 'events_2024')"),
    'drop events': sql('drop table events'),
    'column of base': sql('alter table base add column size integer'),
    'same column of derived': sql('alter table derived add column size integer'),
    'column extra of base': sql('alter table base add column extra text'),
    'drop label of base': sql('alter table base drop column label'),
    'drop base cascade': sql('drop table base cascade'),
    'check on base': sql('alter table base add constraint base_id check (id > 0)'),
    policy: both(
      'create policy recent_notes on notes using (id > 10)',
      "op.createPolicy('notes', 'recent_notes', {using: 'id > 10'})",
    ),
    'same policy': sql('create policy recent_notes on notes using (id > 20)'),
    'drop policy': both('drop policy own_notes on notes', "op.dropPolicy('notes', 'own_notes')"),
    'alter policy': sql('alter policy own_notes on notes using (id > 5)'),
    'rename id of notes': sql('alter table notes rename column id to number'),
    'disable row security': both(
      'alter table notes disable row level security',
      "op.setRowLevelSecurity('notes', {enabled: false})",
    ),
    'drop function of a policy': sql('drop function app.is_admin() cascade'),
    'replace function of a policy': sql(
      "create or replace function app.is_admin() returns boolean language sql as 'select false'",
    ),
    'policy by function': sql('create policy admins on posts using (app.is_admin())'),
    'column of a composite type': sql('alter table posts add column place app.point'),
    'drop composite type': sql('drop type app.point'),
    'attribute of the type': sql('alter type app.point add attribute z integer'),
    like: sql('create table posts_copy (like posts including all)'),
    'table from a query': sql('create table post_ids as select id from posts'),
    'view with a join': sql(
      'create view joined as select title, name from app.posts join app.users on app.users.id = author_id',
    ),
    'column name of app.posts': sql('alter table app.posts add column name text'),
    'trigger on app.posts': sql(
      "create function app.log() returns trigger language plpgsql as 'begin return new; end'; create trigger log after insert on app.posts for each row execute function app.log()",
    ),
    'foreign key in app': both(
      'alter table app.posts add constraint posts_author_fk foreign key (author_id) references app.users (id) on delete cascade',
      "op.createForeignKey('app.posts', ['author_id'], 'app.users', ['id'], {name: 'posts_author_fk', onDelete: 'cascade'})",
    ),
    'retype id of users': sql('alter table app.users alter column id type text'),
    'drop users': sql('drop table app.users'),
    'rename users': sql('alter table app.users rename to people'),
    'insert user': sql(`insert into app.users (id, name) values (1, 'a')`),
    'insert same user': sql(`insert into app.users (id, name) values (1, 'b')`),
    'insert other user': sql(`insert into app.users (id, name) values (2, 'b')`),
    'name of users required': sql('alter table app.users alter column name set not null'),
  },
}

const small: Setting = {
  parent: `
    create table t (a integer, b text, c integer not null default 0);
    create table u (id integer primary key, t_a integer);
    create unique index t_a_index on t (a);
    create view v as select a, b from t;
    create type mood as enum ('ok');
    create table serials (id serial primary key, at timestamp);
    create rule quiet as on delete to u do instead nothing;
    create statistics t_stats on a, c from t;
    create function f(integer) returns integer language sql as 'select $1';
    create function f(text) returns text language sql as 'select $1';
    create procedure p() language sql as 'select 1';
    create view w as select max(id) as top from u;`,
  changes: {
    'create a': both('create table made (id integer)', "op.createTable('made', (t) => ({id: t.integer()}))"),
    'create a view made': sql('create view made as select 1 as x'),
    'create a type made': sql("create type made as enum ('x')"),
    'create an index made': sql('create index made on t (c)'),
    'create a sequence made': both('create sequence made', "op.createSequence('made')"),
    'create a function made': sql("create function made() returns integer language sql as 'select 1'"),
    'create an extension': both(
      'create extension if not exists pg_trgm',
      "op.createExtension('pg_trgm', {ifNotExists: true})",
    ),
    'create an extension without a guard': sql('create extension pg_trgm'),
    'key by index': sql('alter table t add constraint t_key unique using index t_a_index'),
    'foreign key to a unique index': sql('alter table u add foreign key (t_a) references t (a)'),
    'drop unique index': sql('drop index t_a_index'),
    'drop view v': sql('drop view v'),
    'drop view v and a': sql('drop view v; alter table t drop column a'),
    'rename view': sql('alter view v rename to views'),
    'view of v': sql('create view vv as select b from v'),
    'retype c': both('alter table t alter column c type bigint', "op.alterColumn('t', 'c', {type: 'bigint'})"),
    'check on c': sql('alter table t add check (c < 10)'),
    'check on a and c': sql('alter table t add check (a < c)'),
    'retype c to text': sql('alter table t alter column c drop default, alter column c type text'),
    'rename a': sql('alter table t rename a to aa'),
    'rename c': sql('alter table t rename c to d'),
    'add d': both('alter table t add column d integer', "op.addColumn('t', 'd', (t) => t.integer())"),
    'generated column': sql('alter table t add column double integer generated always as (c * 2) stored'),
    'drop c': sql('alter table t drop column c'),
    'drop c cascade': sql('alter table t drop column c cascade'),
    'drop t cascade': sql('drop table t cascade'),
    'drop t if exists': sql('drop table if exists missing'),
    'create missing': sql('create table missing (id integer)'),
    unlogged: sql('alter table t set unlogged'),
    storage: sql('alter table t set (fillfactor = 70)'),
    'other storage': sql('alter table t set (fillfactor = 80)'),
    'statistics target': sql('alter table t alter column b set statistics 100'),
    'drop statistics': sql('drop statistics t_stats'),
    'drop serial': sql('alter table serials drop column id'),
    'drop its sequence': sql('alter table serials alter column id drop default; drop sequence serials_id_seq'),
    'rename serials': sql('alter table serials rename to counted'),
    'sequence option': both(
      'alter sequence serials_id_seq increment by 5',
      "op.alterSequence('serials_id_seq', {increment: 5})",
    ),
    'retype at': sql('alter table serials alter column at type timestamptz'),
    'index on at': sql('create index on serials (at)'),
    'index on a date': sql('create index on serials ((at::date))'),
    'drop rule': sql('drop rule quiet on u'),
    'drop f': sql('drop function f(integer)'),
    'drop f of text': sql('drop function f(text)'),
    'replace f': sql("create or replace function f(integer) returns integer language sql as 'select $1 + 1'"),
    'other result of f': sql(
      "drop function f(integer); create function f(integer) returns bigint language sql as 'select 1::bigint'",
    ),
    'check by f': sql('alter table u add constraint by_f check (f(t_a) > 0)'),
    'rename f': sql('alter function f(integer) rename to g'),
    'drop p': sql('drop procedure p()'),
    'replace p': sql("create or replace procedure p() language sql as 'select 2'"),
    'enum value x': sql("alter type mood add value 'x'"),
    'enum value x if not exists': sql("alter type mood add value if not exists 'x'"),
    'array of the enum': sql('alter table u add column moods mood[]'),
    'default of the enum': sql("alter table u add column mood mood default 'ok'"),
    'drop mood': sql('drop type mood'),
    'drop mood cascade': sql('drop type mood cascade'),
    grant: sql('grant select on t to public'),
    'grant on all': sql('grant select on all tables in schema public to public'),
    'comment on t': both("comment on table t is 'x'", "op.setTableComment('t', 'x')"),
    'recreate t_a_index': sql('drop index t_a_index; create index t_a_index on t (a)'),
    'recreate v': sql('drop view v; create view v as select a from t'),
    'drop key of u': sql('alter table u drop constraint u_pkey'),
    'other key of u': sql('alter table u drop constraint u_pkey; alter table u add primary key (t_a)'),
    't_a nullable': sql('alter table u alter column t_a drop not null'),
    'delete from u': sql('delete from u'),
    'truncate t': sql('truncate t'),
    'update t': sql('update t set b = a::text, c = c + 1'),
    'insert into t': sql("insert into t (a, b) values (1, 'x')"),
    'insert without names': sql("insert into t values (1, 'x')"),
    query: sql('select count(*) from t where c > 0'),
    analyze: sql('analyze t'),
    'recursive view': sql(
      'create view r as with recursive n as (select a from t union select a + 1 from n where a < 3) select * from n',
    ),
    'merge of columns': sql('alter table t add column e text; update t set e = b; alter table t drop column b cascade'),
    'table with everything': sql(
      'create table whole (id serial primary key, t_c integer, u_id integer references u, mood mood, check (t_c > 0), unique (t_c))',
    ),
  },
}

export const settings: Readonly<Record<string, Setting>> = {shop, blog, small, ...rowSettings, ...dependentSettings}
