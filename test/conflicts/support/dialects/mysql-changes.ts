import type {DialectChange, DialectSetting} from './setting.ts'

const sql = (text: string): DialectChange => ({sql: text})
const both = (text: string, op: string): DialectChange => ({sql: text, op})

const parent = `
  create table \`customers\` (
    \`id\` int not null auto_increment,
    \`email\` varchar(255) not null,
    \`name\` varchar(100) character set utf8mb4 default null comment 'first and last',
    \`age\` int unsigned default null,
    \`code\` varchar(20) not null default 'x',
    \`state\` enum('new','old') not null default 'new',
    primary key (\`id\`),
    unique key \`customers_email_unique\` (\`email\`),
    key \`customers_name_index\` (\`name\`)
  ) engine=InnoDB default charset=utf8mb4;
  create table orders (
    id int not null auto_increment primary key,
    customer_id int,
    total decimal(10,2),
    note text,
    constraint orders_customer_fk foreign key (customer_id) references customers (id) on delete cascade
  ) engine = InnoDB;
  create table items (id int primary key, order_id int, amount int, key items_order_index (order_id));
  create view customer_emails as select id, email from customers;
  create trigger orders_touch before update on orders for each row set new.note = upper(new.note);
  insert into customers (id, email, name, age, code) values (1, 'a@x', 'A', 20, 'p'), (2, 'b@x', 'B', 30, 'q')`

const tables: DialectSetting = {
  parent,
  changes: {
    'add column phone': both(
      'alter table `customers` add column `phone` varchar(20)',
      "op.addColumn('customers', 'phone', (t) => t.varchar(20).nullable())",
    ),
    'add column phone, longer': both(
      'alter table customers add phone varchar(50) null',
      "op.addColumn('customers', 'phone', (t) => t.varchar(50).nullable())",
    ),
    'add column nick after name': sql('alter table customers add column nick varchar(20) after name'),
    'add column title after name': sql('alter table customers add title varchar(20) after `name`'),
    'add column first': sql('alter table customers add column leader int first'),
    'add column to orders': both(
      'alter table orders add column paid tinyint(1) not null default 0',
      "op.addColumn('orders', 'paid', (t) => t.boolean().default(false))",
    ),
    'drop column name': both('alter table customers drop column name', "op.dropColumn('customers', 'name')"),
    'drop column age': both('alter table customers drop age', "op.dropColumn('customers', 'age')"),
    'rename column name': both(
      'alter table customers rename column name to label',
      "op.renameColumn('customers', 'name', 'label')",
    ),
    'change column name': sql('alter table customers change column name label varchar(100)'),
    'change column age in place': sql('alter table customers change age age bigint unsigned'),
    'modify age': both(
      'alter table customers modify column age bigint',
      "op.alterColumn('customers', 'age', {type: 'bigint'}, {was: {type: 'int', nullable: true}})",
    ),
    'modify age not null': sql('alter table customers modify age int unsigned not null default 0'),
    'modify state': sql("alter table customers modify state enum('new','old','gone') not null default 'new'"),
    'default of code': both(
      "alter table customers alter column code set default 'y'",
      "op.alterColumn('customers', 'code', {default: 'y'}, {was: {type: 'varchar(20)', nullable: false, default: 'x'}})",
    ),
    'drop default of code': sql('alter table customers alter code drop default'),
    'modify code after age': sql("alter table customers modify code varchar(30) not null default 'x' after age"),
    'several changes': sql('alter table orders add column a int, add column b int, drop column total'),
    'rename orders': both('rename table orders to purchases', "op.renameTable('orders', 'purchases')"),
    'rename orders and items': sql('rename table orders to purchases, items to order_items'),
    'rename orders by alter': sql('alter table orders rename to purchases'),
    'drop orders': both('drop table `orders`', "op.dropTable('orders')"),
    'drop orders if it exists': sql('drop table if exists orders'),
    'create payments': both(
      'create table payments (id int not null auto_increment, order_id int not null, primary key (id), key payments_order (order_id)) engine=InnoDB',
      "op.createTable('payments', (t) => ({id: t.integer().autoincrement().primaryKey(), order_id: t.integer()}), {indexes: [{name: 'payments_order', columns: ['order_id']}]})",
    ),
    'create payments if missing': sql('create table if not exists payments (id int primary key, other int)'),
    'create payments that refer': sql(
      'create table payments (id int primary key, order_id int, constraint payments_order_fk foreign key (order_id) references orders (id))',
    ),
    'create purchases': sql('create table purchases (id int primary key)'),
    'comment on customers': sql("alter table customers comment = 'people'"),
    'collation of orders': sql('alter table orders convert to character set utf8mb4 collate utf8mb4_bin'),
  },
}

const keys: DialectSetting = {
  parent,
  changes: {
    'index on age': both(
      'create index `people` on `customers` (`age`)',
      "op.createIndex('customers', ['age'], {name: 'people'})",
    ),
    'index on age by alter': sql('alter table customers add index people (age, name)'),
    'index of that name on orders': both(
      'create index people on orders (total)',
      "op.createIndex('orders', ['total'], {name: 'people'})",
    ),
    'unique key on code': sql('alter table customers add unique key customers_code_unique (code)'),
    'unique on code as constraint': both(
      'alter table customers add constraint customers_code_unique unique (code)',
      "op.createUniqueConstraint('customers', ['code'], {name: 'customers_code_unique'})",
    ),
    'drop index on name': both(
      'drop index customers_name_index on customers',
      "op.dropIndex('customers_name_index', {table: 'customers'})",
    ),
    'drop key on name by alter': sql('alter table customers drop key customers_name_index'),
    'rename index on name': both(
      'alter table customers rename index customers_name_index to by_name',
      "op.renameIndex('customers_name_index', 'by_name', {table: 'customers'})",
    ),
    'drop unique email': sql('alter table customers drop index customers_email_unique'),
    'drop foreign key of orders': both(
      'alter table orders drop foreign key orders_customer_fk',
      "op.dropConstraint('orders', 'orders_customer_fk', {type: 'foreignKey'})",
    ),
    'drop foreign key and its index': sql(
      'alter table orders drop foreign key orders_customer_fk, drop index orders_customer_fk',
    ),
    'index on customer_id': sql('create index orders_customer_index on orders (customer_id)'),
    'foreign key of items': both(
      'alter table items add constraint items_order_fk foreign key (order_id) references orders (id)',
      "op.createForeignKey('items', ['order_id'], 'orders', ['id'], {name: 'items_order_fk'})",
    ),
    'another foreign key named items_order_fk': sql(
      'alter table orders add constraint items_order_fk foreign key (customer_id) references customers (id)',
    ),
    'drop index of items': sql('drop index items_order_index on items'),
    'drop column customer_id': sql(
      'alter table orders drop foreign key orders_customer_fk; alter table orders drop column customer_id',
    ),
    'drop column order_id': both('alter table items drop column order_id', "op.dropColumn('items', 'order_id')"),
    'drop column name': sql('alter table customers drop column name'),
    'drop column age': sql('alter table customers drop column age'),
    'modify id of items': sql('alter table items modify id bigint not null'),
    'modify order_id of items': sql('alter table items modify order_id bigint'),
    'check on age': sql('alter table customers add constraint customers_age_check check (age > 0)'),
    'check of that name on orders': sql('alter table orders add constraint customers_age_check check (total > 0)'),
    'drop primary key of items': sql('alter table items drop primary key'),
    'drop primary key of items, and another': sql('alter table items drop primary key, add primary key (order_id)'),
    'drop orders': sql('drop table orders'),
    'rename orders': sql('rename table orders to purchases'),
    'drop items': sql('drop table items'),
    'an index without a name': sql('alter table customers add index (age)'),
    'another index without a name': sql('alter table customers add key (age, code)'),
    'a foreign key without a name': sql('alter table items add foreign key (order_id) references orders (id)'),
    'another foreign key without a name': sql('alter table items add foreign key (amount) references customers (id)'),
  },
}

const code: DialectSetting = {
  parent,
  changes: {
    'view of names': both(
      'create view customer_names as select id, name from customers',
      "op.createView('customer_names', 'select id, name from customers')",
    ),
    'view of names, replaced': sql('create or replace view customer_names as select id, code from customers'),
    'view of emails, replaced': sql('create or replace view customer_emails as select email from customers'),
    'view of definer': sql(
      'create algorithm=merge definer=current_user sql security invoker view customer_codes as select code from customers',
    ),
    'drop view': both('drop view customer_emails', "op.dropView('customer_emails')"),
    'drop view if it exists': sql('drop view if exists customer_emails'),
    'table named as the view': sql('create table customer_names (id int)'),
    'trigger on orders': sql(
      "delimiter //\ncreate trigger orders_insert before insert on orders for each row begin set new.note = 'x'; end//\ndelimiter ;",
    ),
    'trigger of that name on items': sql(
      'create trigger orders_insert before insert on items for each row set new.amount = 1',
    ),
    'drop trigger': both('drop trigger orders_touch', "op.dropTrigger('orders', 'orders_touch')"),
    procedure: sql('create procedure tidy() delete from items where amount = 0'),
    'drop procedure if it exists': sql('drop procedure if exists tidy'),
    function: sql('create function twice(x int) returns int deterministic return x * 2'),
    'drop column name': sql('alter table customers drop column name'),
    'drop column email': sql('alter table customers drop column email'),
    'drop column note': sql('alter table orders drop column note'),
    'rename column email': sql('alter table customers rename column email to mail'),
    'drop orders': sql('drop table orders'),
    'rename customers': sql('rename table customers to people'),
    'insert three': both(
      "insert into customers (id, email, name) values (3, 'c@x', 'C')",
      "op.execute(\"insert into customers (id, email, name) values (3, 'c@x', 'C')\")",
    ),
    'insert three, upper case': sql("insert into `customers` (`id`, `email`) values (30, 'C@X')"),
    'insert ignore': sql("insert ignore into customers (id, email, name) values (3, 'd@x', 'D')"),
    'insert or update': sql(
      "insert into customers (id, email) values (3, 'e@x') on duplicate key update email = values(email)",
    ),
    'update one': sql("update customers set name = 'Z' where id = 1"),
    'update one differently': sql("update customers set name = 'z' where id = 1"),
    'update two': sql('update customers set name = "Y" where id = 2'),
    'delete one': sql('delete from customers where id = 1'),
    'replace one': sql("replace into customers (id, email, name) values (1, 'q@x', 'Q')"),
    'insert a line': sql('insert into items values (1, 1, 5)'),
  },
}

const names: DialectSetting = {
  parent: `create table Users (id int primary key, createdAt datetime, \`firstName\` varchar(20));
    create table posts (id int primary key, userId int)`,
  changes: {
    'column lastName': both(
      'alter table Users add column `lastName` varchar(10)',
      "op.addColumn('Users', 'lastName', (t) => t.varchar(10).nullable())",
    ),
    'column LASTNAME': sql('alter table Users add column LASTNAME varchar(10)'),
    'drop column firstname': sql('alter table Users drop column `firstname`'),
    'index on createdat': sql('create index by_time on Users (createdat)'),
    'drop column createdAt': both('alter table Users drop column `createdAt`', "op.dropColumn('Users', 'createdAt')"),
    'index Users_UserId': sql('create index posts_user on posts (userid)'),
    'index posts_USER': sql('alter table posts add key POSTS_USER (id)'),
    'table Tags': sql('create table Tags (id int)'),
    'table tags': sql('create table tags (id int)'),
    'view Latest': sql('create view Latest as select id from Users'),
    'column of posts': sql('alter table posts add column body longtext'),
    'character set of posts': sql('alter table posts default character set latin1'),
    'collation of posts': sql('alter table posts convert to character set utf8mb4 collate utf8mb4_bin'),
  },
}

/** Statements as dumps and MikroORM write them. */
const dumped: DialectSetting = {
  parent: `CREATE TABLE \`app_user\` (
    \`id\` bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'key',
    \`uuid\` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    \`email\` varchar(191) DEFAULT NULL,
    \`full_name\` varchar(255) GENERATED ALWAYS AS (concat(\`email\`, 'x')) VIRTUAL,
    \`created_at\` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    \`meta\` json DEFAULT NULL,
    PRIMARY KEY (\`id\`),
    UNIQUE KEY \`uq_uuid\` (\`uuid\`),
    KEY \`ix_email\` (\`email\`(20)),
    FULLTEXT KEY \`ft_email\` (\`email\`)
  ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
  CREATE TABLE role (id int NOT NULL PRIMARY KEY, code enum('a','b') NOT NULL UNIQUE);
  CREATE TABLE user_role (user_id bigint unsigned NOT NULL, role_id int NOT NULL, PRIMARY KEY (user_id, role_id),
    CONSTRAINT fk_ur_user FOREIGN KEY (user_id) REFERENCES app_user (id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT fk_ur_role FOREIGN KEY (role_id) REFERENCES role (id));
  INSERT INTO role (id, code) VALUES (1, 'a');
  CREATE VIEW user_mails AS SELECT u.id, u.email FROM app_user AS u WHERE u.email IS NOT NULL;`,
  changes: {
    'modify email': sql("ALTER TABLE `app_user` MODIFY `email` varchar(191) NOT NULL DEFAULT ''"),
    'drop generated': sql('ALTER TABLE app_user DROP COLUMN full_name'),
    'index on generated': sql('CREATE INDEX ix_full ON app_user (full_name)'),
    'prefix index': sql('ALTER TABLE app_user ADD INDEX ix_mail2 (email(10) DESC, created_at)'),
    'drop ft': sql('ALTER TABLE app_user DROP INDEX ft_email'),
    'drop email': sql('ALTER TABLE app_user DROP COLUMN full_name, DROP COLUMN email'),
    'drop role fk': sql('ALTER TABLE user_role DROP FOREIGN KEY fk_ur_role'),
    'drop role fk and idx': sql('ALTER TABLE user_role DROP FOREIGN KEY fk_ur_role, DROP KEY fk_ur_role'),
    'drop role table': sql('ALTER TABLE user_role DROP FOREIGN KEY fk_ur_role; DROP TABLE role'),
    'add role value': sql("ALTER TABLE role MODIFY COLUMN code enum('a','b','c') NOT NULL"),
    'insert role c': sql("INSERT INTO role VALUES (3, 'b')"),
    'insert role set': sql("INSERT INTO role (id, code) VALUES (3, 'b') ON DUPLICATE KEY UPDATE code = VALUES(code)"),
    'rename role id': sql('ALTER TABLE role CHANGE id role_id int NOT NULL'),
    'new table to role': sql(
      'CREATE TABLE IF NOT EXISTS perm (id int unsigned AUTO_INCREMENT, role_id int, PRIMARY KEY (id), INDEX (role_id), FOREIGN KEY (role_id) REFERENCES role (id) ON DELETE SET NULL) ENGINE=InnoDB',
    ),
    'view on view': sql('CREATE VIEW mails2 AS SELECT email FROM user_mails'),
    'rename email': sql('ALTER TABLE app_user DROP COLUMN full_name, RENAME COLUMN email TO mail'),
    'drop view': sql('DROP VIEW user_mails'),
    trigger: sql('CREATE TRIGGER tg BEFORE INSERT ON app_user FOR EACH ROW SET NEW.email = lower(NEW.email)'),
    'alter table multi': sql(
      'ALTER TABLE app_user ADD COLUMN a int NULL AFTER uuid, ADD COLUMN b int NULL AFTER a, ADD UNIQUE KEY uq_ab (a, b)',
    ),
    'drop uuid': sql('ALTER TABLE app_user DROP COLUMN uuid'),
    'uuid rename col': sql('ALTER TABLE app_user RENAME COLUMN uuid TO guid'),
    'update users': sql("UPDATE role SET code = 'b' WHERE id = 1"),
    'set null check': sql(
      "SET FOREIGN_KEY_CHECKS = 0; ALTER TABLE app_user ADD CONSTRAINT chk_mail CHECK (email <> ''); SET FOREIGN_KEY_CHECKS = 1",
    ),
  },
}

export const mysqlSettings: Readonly<Record<string, DialectSetting>> = {tables, keys, code, names, dumped}
