import type {DialectChange, DialectSetting} from './setting.ts'

const sql = (text: string): DialectChange => ({sql: text})
const op = (text: string): DialectChange => ({op: text})
const both = (text: string, call: string): DialectChange => ({sql: text, op: call})

const parent = `
  create table "customers" (
    [id] integer not null primary key autoincrement,
    \`email\` text not null,
    name varchar(100) default null collate nocase,
    age integer,
    code text not null default 'x',
    constraint customers_age check (age is null or age > 0)
  );
  create unique index customers_email_unique on customers (email);
  create index customers_name_index on customers (name);
  create table orders (
    id integer primary key,
    customer_id integer references customers (id) on delete cascade,
    total numeric(10, 2),
    note text
  );
  create table lines (id integer primary key, order_id int, amount int, unique (order_id, amount)) strict;
  create index lines_order_index on lines (order_id);
  create view customer_emails as select id, email from customers;
  create trigger orders_touch after update of note on orders begin
    update lines set amount = 0 where order_id = new.id;
  end;
  insert into customers (id, email, name) values (1, 'a@x', 'A'), (2, 'b@x', 'B')`

const rebuild = `drop view customer_emails;
  create table customers_new (id integer not null primary key autoincrement, email text not null, name varchar(100), age bigint, code text not null default 'x');
  insert into customers_new (id, email, name, age, code) select id, email, name, age, code from customers;
  drop table customers;
  alter table customers_new rename to customers;
  create unique index customers_email_unique on customers (email);
  create index customers_name_index on customers (name);
  create view customer_emails as select id, email from customers`

const rebuildOrders = `create table new_orders (id integer primary key, customer_id integer references customers (id), total real, note text);
  insert into new_orders select id, customer_id, total, note from orders;
  drop table orders;
  alter table new_orders rename to orders`

const tables: DialectSetting = {
  parent,
  changes: {
    'add column phone': both(
      'alter table customers add column phone text',
      "op.addColumn('customers', 'phone', (t) => t.text().nullable())",
    ),
    'add column phone, other': sql('alter table [customers] add "phone" varchar(20)'),
    'add column PHONE': sql('alter table Customers add PHONE text'),
    'add column to orders': both(
      'alter table orders add column paid integer not null default 0',
      "op.addColumn('orders', 'paid', (t) => t.integer().default(0))",
    ),
    'drop column name': sql('drop index customers_name_index; alter table customers drop column name'),
    'drop column total': both('alter table orders drop column total', "op.dropColumn('orders', 'total')"),
    'drop column note': sql('alter table orders drop column note'),
    'rename column total': both(
      'alter table orders rename column total to amount',
      "op.renameColumn('orders', 'total', 'amount')",
    ),
    'rename column name': sql('alter table customers rename name to label'),
    'retype total': op("op.alterColumn('orders', 'total', {type: 'real'})"),
    'note not null': op("op.alterColumn('orders', 'note', {nullable: false})"),
    'default of code': op("op.alterColumn('customers', 'code', {default: 'y'})"),
    'check on total': op("op.createCheckConstraint('orders', 'total > 0', {name: 'orders_total'})"),
    'drop check on age': op("op.dropConstraint('customers', 'customers_age', {type: 'check'})"),
    'foreign key of lines': op(
      "op.createForeignKey('lines', ['order_id'], 'orders', ['id'], {name: 'lines_order_fk'})",
    ),
    'rebuild orders': sql(rebuildOrders),
    'rename orders': both('alter table orders rename to purchases', "op.renameTable('orders', 'purchases')"),
    'drop orders': both('drop table orders', "op.dropTable('orders')"),
    'drop orders if it exists': sql('drop table if exists "Orders"'),
    'drop lines': sql('drop table lines'),
    'create payments': both(
      'create table payments (id integer primary key autoincrement, order_id integer not null)',
      "op.createTable('payments', (t) => ({id: t.integer().autoincrement().primaryKey(), order_id: t.integer()}))",
    ),
    'create Payments if missing': sql('create table if not exists Payments (id integer primary key) without rowid'),
    'create payments that refer': sql('create table payments (id integer primary key, order_id references orders)'),
    'create purchases': sql('create table purchases (id)'),
  },
}

const objects: DialectSetting = {
  parent,
  changes: {
    'index on age': both(
      'create index people on customers (age)',
      "op.createIndex('customers', ['age'], {name: 'people'})",
    ),
    'index of that name on orders': sql('create index People on orders (total desc)'),
    'index if it is missing': sql('create index if not exists people on customers (age, code)'),
    'partial index': sql('create unique index orders_note on orders (note) where note is not null'),
    'index on expression': sql('create index orders_lower on orders (lower(note))'),
    'table named people': sql('create table people (id integer primary key)'),
    'view named people': sql('create view people as select name from customers'),
    'trigger named people': sql('create trigger people after insert on orders begin select 1; end'),
    'drop index on name': both(
      'drop index customers_name_index',
      "op.dropIndex('customers_name_index', {table: 'customers'})",
    ),
    'drop index on name if it exists': sql('drop index if exists `customers_name_index`'),
    'drop view': both('drop view customer_emails', "op.dropView('customer_emails')"),
    'view of totals': both(
      'create view totals as select id, total from orders',
      "op.createView('totals', 'select id, total from orders')",
    ),
    'drop trigger': sql('drop trigger orders_touch'),
    'trigger that uses total': sql(
      'create trigger totals after insert on orders when new.total > 0 begin update lines set amount = new.total; end',
    ),
    'rename column total': sql('alter table orders rename total to sum'),
    'trigger on lines': sql(
      "create trigger lines_insert after insert on lines for each row begin update orders set note = 'x' where id = new.order_id; end",
    ),
    'drop column total': sql('alter table orders drop column total'),
    'drop column code': sql('alter table customers drop column code'),
    'rename column email': sql('alter table customers rename column email to mail'),
    'rename lines': sql('alter table lines rename to order_lines'),
    'drop lines': sql('drop table lines'),
    'drop orders': sql('drop table orders'),
    'drop customers': sql('drop table customers'),
    'add column to customers': sql('alter table customers add column phone text'),
    'rebuild customers': sql(rebuild),
  },
}

const rows: DialectSetting = {
  parent,
  changes: {
    'insert three': both(
      "insert into customers (id, email, name) values (3, 'c@x', 'C')",
      "op.execute(\"insert into customers (id, email, name) values (3, 'c@x', 'C')\")",
    ),
    'insert four': sql("insert into customers (id, email) values (4, 'C@X')"),
    'insert three otherwise': sql("insert into customers values (3, 'e@x', 'E', 5, 'x')"),
    'insert or ignore': sql("insert or ignore into customers (id, email, name) values (3, 'd@x', 'D')"),
    'insert or replace': sql("insert or replace into customers (id, email, name) values (1, 'q@x', 'Q')"),
    upsert: sql(
      "insert into customers (id, email) values (3, 'u@x') on conflict (id) do update set email = excluded.email",
    ),
    'update one': sql("update customers set name = 'Z' where id = 1"),
    'update one differently': sql("update customers set name = 'z' where [id] = 1"),
    'update two': sql("update customers set name = 'Y' where id = 2"),
    'update age of one': sql('update customers set age = 3 where id = 1'),
    'delete one': sql('delete from customers where id = 1'),
    'insert a line': sql('insert into lines values (1, 1, 5)'),
    'insert another line': sql('insert into lines (id, order_id, amount) values (2, 1, 5)'),
    'insert an order': sql('insert into orders (id, customer_id, total) values (1, 1, 5)'),
    'update notes': sql("update orders set note = 'n'"),
    'default of code': op("op.alterColumn('customers', 'code', {default: 'y'})"),
    'add column phone': sql("alter table customers add column phone text default '?'"),
    'drop column code': sql('alter table customers drop column code'),
  },
}

const names: DialectSetting = {
  parent: `create table Users (id integer primary key, createdAt text, "firstName" text);
    create table posts (id integer primary key, userId integer)`,
  changes: {
    'column lastName': both(
      'alter table Users add column `lastName` text',
      "op.addColumn('Users', 'lastName', (t) => t.text().nullable())",
    ),
    'column LASTNAME': sql('alter table USERS add column LASTNAME text'),
    'drop column firstname': sql('alter table Users drop column "firstname"'),
    'index on createdat': sql('create index by_time on Users (createdat)'),
    'drop column createdAt': both('alter table Users drop column "createdAt"', "op.dropColumn('Users', 'createdAt')"),
    'index posts_user': sql('create index posts_user on posts (userid)'),
    'index POSTS_USER': sql('create index POSTS_USER on posts (id)'),
    'table Tags': sql('create table Tags (id)'),
    'table tags': sql('create table tags (id int)'),
    'table by_time': sql('create table By_Time (id int)'),
    'column of posts': sql('alter table posts add column body'),
  },
}

export const sqliteSettings: Readonly<Record<string, DialectSetting>> = {tables, objects, rows, names}
