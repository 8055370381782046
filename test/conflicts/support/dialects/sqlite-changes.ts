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

/** Statements as dumps and MikroORM write them. */
const dumped: DialectSetting = {
  parent: `CREATE TABLE "app_user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar(191) UNIQUE, "age" int CHECK (age > 0), "meta" TEXT DEFAULT '{}', full_name text GENERATED ALWAYS AS (email || 'x') VIRTUAL);
  CREATE TABLE role ("id" integer PRIMARY KEY, "code" text NOT NULL);
  CREATE TABLE user_role (user_id integer NOT NULL, role_id integer NOT NULL, PRIMARY KEY (user_id, role_id), CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES app_user (id) ON DELETE CASCADE, FOREIGN KEY (role_id) REFERENCES role (id)) WITHOUT ROWID;
  CREATE INDEX ix_role ON user_role (role_id);
  INSERT INTO role VALUES (1, 'a');
  CREATE VIEW user_mails AS SELECT u.id, u.email FROM app_user AS u;
  CREATE TRIGGER tg AFTER INSERT ON app_user BEGIN INSERT INTO user_role VALUES (new.id, 1); END;`,
  changes: {
    'add col': sql('ALTER TABLE "app_user" ADD COLUMN "nick" text NOT NULL DEFAULT \'\''),
    'add col fk': sql('ALTER TABLE "role" ADD COLUMN owner_id integer REFERENCES app_user (id)'),
    'drop meta': sql('ALTER TABLE app_user DROP COLUMN meta'),
    'rename email': sql('ALTER TABLE app_user RENAME COLUMN email TO mail'),
    'index email': sql('CREATE INDEX ix_mail ON app_user (email COLLATE NOCASE)'),
    'partial index': sql("CREATE UNIQUE INDEX uq_code ON role (code) WHERE code <> ''"),
    'insert role': sql("INSERT INTO role (id, code) VALUES (2, 'b'), (3, 'c')"),
    'insert role2': sql("INSERT OR IGNORE INTO role (id, code) VALUES (2, 'z')"),
    'rebuild role': sql(
      `PRAGMA foreign_keys=OFF; CREATE TABLE role__new (id integer PRIMARY KEY, code text NOT NULL, label text); INSERT INTO role__new (id, code) SELECT id, code FROM role; DROP TABLE role; ALTER TABLE role__new RENAME TO role; PRAGMA foreign_keys=ON`,
    ),
    'add col role': sql('ALTER TABLE role ADD label text'),
    'drop user_role': sql('DROP TRIGGER tg; DROP TABLE user_role'),
    'drop trigger': sql('DROP TRIGGER IF EXISTS tg'),
    'rename user_role': sql('ALTER TABLE user_role RENAME TO user_roles'),
    'drop index': sql('DROP INDEX ix_role'),
    view: sql('CREATE VIEW v2 AS SELECT mail FROM app_user'),
    view3: sql('CREATE VIEW v3 AS SELECT m.email FROM user_mails m JOIN role r ON r.id = m.id'),
    'drop view': sql('DROP VIEW user_mails'),
    'insert user': sql("INSERT INTO app_user (id, email) VALUES (5, 'x@y')"),
    'trigger upd': sql(
      "CREATE TRIGGER tg2 BEFORE UPDATE OF code ON role WHEN old.code <> new.code BEGIN SELECT raise(abort, 'no'); END",
    ),
    'update role': sql("UPDATE role SET code = 'q' WHERE id = 1"),
    'drop code': sql('ALTER TABLE role DROP COLUMN code'),
  },
}

export const sqliteSettings: Readonly<Record<string, DialectSetting>> = {tables, objects, rows, names, dumped}
