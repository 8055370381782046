import {NOT_SUPPORTED, rebuilt, users} from './case.ts'
import type {OperationCase} from './case.ts'

const emailWas = {type: 'varchar(255)', nullable: false, default: '-'}

export const columnCases: readonly OperationCase[] = [
  {
    name: 'add a column',
    before: users,
    run: (op) => op.addColumn('users', 'nick', (t) => t.varchar(50)),
    sql: {
      postgresql: ['alter table "users" add column "nick" varchar(50) null'],
      sqlite: ['alter table `users` add column `nick` varchar(50) null'],
      mysql: ['alter table `users` add column `nick` varchar(50) null'],
      mariadb: ['alter table `users` add column `nick` varchar(50) null'],
    },
  },
  {
    name: 'add a column with a default and a comment',
    before: users,
    run: (op) =>
      op.addColumn('users', 'active', (t) => t.boolean().notNull().default(true).comment("whether they're here")),
    sql: {
      postgresql: [
        'alter table "users" add column "active" boolean not null default true',
        'comment on column "users"."active" is \'whether they\'\'re here\'',
      ],
      sqlite: ['alter table `users` add column `active` boolean not null default true'],
      mysql: ["alter table `users` add column `active` boolean not null default true comment 'whether they''re here'"],
      mariadb: [
        "alter table `users` add column `active` boolean not null default true comment 'whether they''re here'",
      ],
    },
  },
  {
    name: 'add a stored generated column',
    before: users,
    run: (op) => op.addColumn('users', 'double_age', (t) => t.integer().generatedAs('age * 2')),
    sql: {
      postgresql: ['alter table "users" add column "double_age" integer generated always as (age * 2) stored null'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null, `double_age` integer generated always as (age * 2) stored null, primary key (`id`))",
        ),
      ],
      mysql: ['alter table `users` add column `double_age` integer generated always as (age * 2) stored'],
      mariadb: ['alter table `users` add column `double_age` integer generated always as (age * 2) stored'],
    },
  },
  {
    name: 'compute an existing column',
    before: users,
    run: (op) =>
      op.alterColumn(
        'users',
        'bio',
        {generated: {as: "email || '!'", stored: true}},
        {was: {type: 'text', nullable: true, generated: null}},
      ),
    sql: {
      postgresql: [
        'alter table "users" drop column "bio"',
        `alter table "users" add column "bio" text generated always as (email || '!') stored null`,
      ],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null generated always as (email || '!') stored, primary key (`id`))",
        ),
      ],
      mysql: ["alter table `users` modify column `bio` text generated always as (email || '!') stored"],
      mariadb: ["alter table `users` modify column `bio` text generated always as (email || '!') stored"],
    },
  },
  {
    name: 'compute an existing column of an unknown type',
    before: users,
    run: (op) =>
      op.alterColumn('users', 'bio', {generated: {as: "email || '!'", stored: true}}, {was: {generated: null}}),
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null generated always as (email || '!') stored, primary key (`id`))",
        ),
      ],
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'add a column with a check',
    before: users,
    run: (op) => op.addColumn('users', 'size', (t) => t.int().check('size > 0').comment('in cm')),
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: ["alter table `users` add column `size` int null comment 'in cm' check (size > 0)"],
    },
  },
  {
    name: 'add a check to a column',
    before: users,
    run: (op) => op.alterColumn('users', 'age', {check: 'age > 0'}, {was: {type: 'int', nullable: true, check: null}}),
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: ['alter table `users` modify column `age` int null check (age > 0)'],
    },
  },
  {
    name: 'add a column whose default is computed',
    before: users,
    run: (op) => op.addColumn('users', 'seen', (t) => t.timestamp().notNull().defaultSql('current_timestamp')),
    sql: {
      postgresql: ['alter table "users" add column "seen" timestamp not null default current_timestamp'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null, `seen` timestamp not null default current_timestamp, primary key (`id`))",
        ),
      ],
      mysql: ['alter table `users` add column `seen` timestamp not null default current_timestamp'],
      mariadb: ['alter table `users` add column `seen` timestamp not null default current_timestamp'],
    },
  },
  {
    name: 'drop a column',
    before: users,
    run: (op) => op.dropColumn('users', 'bio', {was: (t) => t.text()}),
    sql: {
      postgresql: ['alter table "users" drop column "bio"'],
      sqlite: ['alter table `users` drop column `bio`'],
      mysql: ['alter table `users` drop column `bio`'],
      mariadb: ['alter table `users` drop column `bio`'],
    },
  },
  {
    name: 'rename a column',
    before: users,
    run: (op) => op.renameColumn('users', 'email', 'mail'),
    sql: {
      postgresql: ['alter table "users" rename column "email" to "mail"'],
      sqlite: ['alter table `users` rename column `email` to `mail`'],
      mysql: ['alter table `users` rename column `email` to `mail`'],
      mariadb: ['alter table `users` rename column `email` to `mail`'],
    },
  },
  {
    name: 'alter the type of a column that has a default',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {type: (t) => t.varchar(320)}, {was: emailWas}),
    sql: {
      postgresql: [
        'alter table "users" alter column "email" drop default, alter column "email" type varchar(320) using "email"::varchar(320), alter column "email" set default \'-\'',
      ],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(320) not null default '-', `age` integer null, `bio` text null, primary key (`id`))",
        ),
      ],
      mysql: ["alter table `users` modify column `email` varchar(320) not null default '-'"],
      mariadb: ["alter table `users` modify column `email` varchar(320) not null default '-'"],
    },
  },
  {
    name: 'make a column nullable',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {nullable: true}, {was: emailWas}),
    sql: {
      postgresql: ['alter table "users" alter column "email" drop not null'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) default '-', `age` integer null, `bio` text null, primary key (`id`))",
        ),
      ],
      mysql: ["alter table `users` modify column `email` varchar(255) null default '-'"],
      mariadb: ["alter table `users` modify column `email` varchar(255) null default '-'"],
    },
  },
  {
    name: 'alter several respects of a column at once',
    before: users,
    run: (op) =>
      op.alterColumn(
        'users',
        'age',
        {type: 'bigint', nullable: false, default: 18},
        {was: {type: 'integer', nullable: true, default: null}},
      ),
    sql: {
      postgresql: [
        'alter table "users" alter column "age" type bigint using "age"::bigint, alter column "age" set default 18, alter column "age" set not null',
      ],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` bigint not null default 18, `bio` text null, primary key (`id`))",
        ),
      ],
      mysql: ['alter table `users` modify column `age` bigint not null default 18'],
      mariadb: ['alter table `users` modify column `age` bigint not null default 18'],
    },
  },
  {
    name: 'drop a default',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {default: null}, {was: {default: '-'}}),
    sql: {
      postgresql: ['alter table "users" alter column "email" drop default'],
      sqlite: [
        rebuilt(
          'create table `users__mig` (`id` integer not null, `email` varchar(255) not null, `age` integer null, `bio` text null, primary key (`id`))',
        ),
      ],
      mysql: ['alter table `users` alter column `email` drop default'],
      mariadb: ['alter table `users` alter column `email` drop default'],
    },
  },
  {
    name: 'set the default of a long text',
    before: users,
    run: (op) =>
      op.alterColumn('users', 'bio', {default: "it's"}, {was: {type: 'text', nullable: true, default: null}}),
    sql: {
      postgresql: [`alter table "users" alter column "bio" set default 'it''s'`],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null default 'it''s', primary key (`id`))",
        ),
      ],
      mysql: ["alter table `users` modify column `bio` text null default ('it''s')"],
      mariadb: ["alter table `users` alter column `bio` set default 'it''s'"],
    },
  },
  {
    name: 'set a default that is computed',
    before: (op) => op.createTable('events', (t) => ({id: t.integer().primaryKey(), at: t.timestamp()})),
    run: (op) =>
      op.alterColumn(
        'events',
        'at',
        {default: {sql: 'current_timestamp'}},
        {was: {type: 'timestamp', nullable: true, default: null}},
      ),
    sql: {
      postgresql: ['alter table "events" alter column "at" set default current_timestamp'],
      sqlite: [
        rebuilt(
          'create table `events__mig` (`id` integer not null, `at` timestamp null default current_timestamp, primary key (`id`))',
        ),
      ],
      mysql: ['alter table `events` modify column `at` timestamp null default current_timestamp'],
      mariadb: ['alter table `events` alter column `at` set default current_timestamp'],
    },
  },
  {
    name: 'set a comment of a column',
    before: users,
    run: (op) => op.alterColumn('users', 'email', {comment: "it's"}, {was: {...emailWas, comment: null}}),
    sql: {
      postgresql: ['comment on column "users"."email" is \'it\'\'s\''],
      sqlite: [],
      mysql: ["alter table `users` modify column `email` varchar(255) not null default '-' comment 'it''s'"],
      mariadb: ["alter table `users` modify column `email` varchar(255) not null default '-' comment 'it''s'"],
    },
  },
  {
    name: 'convert a column by an expression',
    before: users,
    run: (op) => op.alterColumn('users', 'age', {type: 'bigint'}, {using: 'age * 12', was: {type: 'integer'}}),
    sql: {
      postgresql: ['alter table "users" alter column "age" type bigint using age * 12'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'alter a table in several respects at once',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => {
        table.addColumn('nick', (t) => t.varchar(50))
        table.alterColumn('age', {nullable: false, type: 'integer'}, {was: {nullable: true, type: 'integer'}})
        table.createCheckConstraint('age > 0', {name: 'grown'})
        table.createIndex('nick')
      }),
    sql: {
      postgresql: [
        'alter table "users" add column "nick" varchar(50) null',
        'alter table "users" alter column "age" type integer using "age"::integer, alter column "age" set not null',
        'alter table "users" add constraint "grown" check (age > 0)',
        'create index "users_nick_index" on "users" ("nick")',
      ],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer not null, `bio` text null, `nick` varchar(50) null, primary key (`id`), constraint `grown` check (age > 0))",
          'create index `users_nick_index` on `users` (`nick`)',
        ),
      ],
      mysql: [
        'alter table `users` add column `nick` varchar(50) null',
        'alter table `users` modify column `age` integer not null',
        'alter table `users` add constraint `grown` check (age > 0)',
        'create index `users_nick_index` on `users` (`nick`)',
      ],
      mariadb: [
        'alter table `users` add column `nick` varchar(50) null',
        'alter table `users` modify column `age` integer not null',
        'alter table `users` add constraint `grown` check (age > 0)',
        'create index `users_nick_index` on `users` (`nick`)',
      ],
    },
  },
  {
    name: 'rebuild a table with its columns in another order',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => table.dropColumn('bio', {was: (t) => t.text()}), {
        recreate: 'always',
        columnOrder: ['id', 'email'],
      }),
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, primary key (`id`))",
        ),
      ],
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'rebuild a table that must not be rebuilt, for another order of its columns',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => table.addColumn('nick', (t) => t.text()), {
        recreate: 'never',
        columnOrder: ['age'],
      }),
    sql: {postgresql: NOT_SUPPORTED, sqlite: NOT_SUPPORTED, mysql: NOT_SUPPORTED, mariadb: NOT_SUPPORTED},
  },
  {
    name: 'alter a table in a batch that may rebuild it',
    before: users,
    run: (op) =>
      op.batchAlterTable('users', (table) => table.dropColumn('bio', {was: (t) => t.text()}), {recreate: 'always'}),
    sql: {
      postgresql: ['alter table "users" drop column "bio"'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, primary key (`id`))",
        ),
      ],
      mysql: ['alter table `users` drop column `bio`'],
      mariadb: ['alter table `users` drop column `bio`'],
    },
  },
  {
    name: 'alter a table and columns with names that need quotes',
    before: (op) => op.createTable('Order', (t) => ({group: t.integer().primaryKey(), 'a "b"': t.varchar(20)})),
    run: (op) => {
      op.alterColumn(
        'Order',
        'a "b"',
        {nullable: false, type: 'varchar(20)'},
        {was: {nullable: true, type: 'varchar(20)'}},
      )
      op.addColumn('Order', 'Ünïcode $', (t) => t.integer().notNull().default(1).comment('%s ?'))
      op.createIndex('Order', ['a "b"', 'group'], {name: 'Index of "Order"'})
      op.renameColumn('Order', 'group', 'select')
    },
    sql: {
      postgresql: [
        'alter table "Order" alter column "a ""b""" type varchar(20) using "a ""b"""::varchar(20), alter column "a ""b""" set not null',
        'alter table "Order" add column "Ünïcode $" integer not null default 1',
        'comment on column "Order"."Ünïcode $" is \'%s ?\'',
        'create index "Index of ""Order""" on "Order" ("a ""b""", "group")',
        'alter table "Order" rename column "group" to "select"',
      ],
      sqlite: [
        rebuilt(
          'create table `Order__mig` (`group` integer not null, `a "b"` varchar(20) not null, `Ünïcode $` integer not null default 1, primary key (`group`))',
        ),
        'create index `Index of "Order"` on `Order` (`a "b"`, `group`)',
        'alter table `Order` rename column `group` to `select`',
      ],
      mysql: [
        'alter table `Order` modify column `a "b"` varchar(20) not null',
        "alter table `Order` add column `Ünïcode $` integer not null default 1 comment '%s ?'",
        'create index `Index of "Order"` on `Order` (`a "b"`, `group`)',
        'alter table `Order` rename column `group` to `select`',
      ],
      mariadb: [
        'alter table `Order` modify column `a "b"` varchar(20) not null',
        "alter table `Order` add column `Ünïcode $` integer not null default 1 comment '%s ?'",
        'create index `Index of "Order"` on `Order` (`a "b"`, `group`)',
        'alter table `Order` rename column `group` to `select`',
      ],
    },
  },
]
