import {NOT_SUPPORTED, isPostgres, refusedByServer} from './case.ts'
import type {OperationCase} from './case.ts'

export const schemaCases: readonly OperationCase[] = [
  {
    name: 'create a schema',
    run: (op) => op.createSchema('app'),
    sql: {postgresql: ['create schema "app"'], sqlite: NOT_SUPPORTED, mysql: NOT_SUPPORTED, mariadb: NOT_SUPPORTED},
  },
  {
    name: 'work in a schema',
    before: (op) => {
      if (isPostgres(op)) op.createSchema('mig_test_app')
    },
    run: (op) => {
      op.createTable(
        'mig_test_app.users',
        (t) => ({id: t.serial().primaryKey(), mail: t.text().unique().comment('m')}),
        {
          indexes: [{columns: ['mail']}],
        },
      )
      op.createIndex('mig_test_app.users', 'id')
      op.renameTable('mig_test_app.users', 'people')
    },
    sql: {
      postgresql: [
        'create table "mig_test_app"."users" ("id" serial not null, "mail" text null, primary key ("id"), constraint "users_mail_unique" unique ("mail"))',
        'comment on column "mig_test_app"."users"."mail" is \'m\'',
        'create index "users_mail_index" on "mig_test_app"."users" ("mail")',
        'create index "users_id_index" on "mig_test_app"."users" ("id")',
        'alter table "mig_test_app"."users" rename to "people"',
      ],
      sqlite: refusedByServer(
        'SQLITE_ERROR',
        'create table `mig_test_app`.`users` (`id` serial not null, `mail` text null, primary key (`id`))',
        'create unique index `mig_test_app`.`users_mail_unique` on `users` (`mail`)',
        'create index `mig_test_app`.`users_mail_index` on `users` (`mail`)',
        'create index `mig_test_app`.`users_id_index` on `users` (`id`)',
        'alter table `mig_test_app`.`users` rename to `people`',
      ),
      mysql: refusedByServer(
        'ER_BAD_DB_ERROR',
        "create table `mig_test_app`.`users` (`id` int auto_increment not null, `mail` text null comment 'm', primary key (`id`), constraint `users_mail_unique` unique (`mail`)) default character set utf8mb4 engine = InnoDB",
        'create index `users_mail_index` on `mig_test_app`.`users` (`mail`)',
        'create index `users_id_index` on `mig_test_app`.`users` (`id`)',
        'alter table `mig_test_app`.`users` rename to `mig_test_app`.`people`',
      ),
      mariadb: refusedByServer(
        'ER_BAD_DB_ERROR',
        "create table `mig_test_app`.`users` (`id` int auto_increment not null, `mail` text null comment 'm', primary key (`id`), constraint `users_mail_unique` unique (`mail`)) default character set utf8mb4 engine = InnoDB",
        'create index `users_mail_index` on `mig_test_app`.`users` (`mail`)',
        'create index `users_id_index` on `mig_test_app`.`users` (`id`)',
        'alter table `mig_test_app`.`users` rename to `mig_test_app`.`people`',
      ),
    },
  },
  {
    name: 'move a table to a schema',
    before: (op) => {
      op.createSchema('app')
      op.createTable('public.notes', (t) => ({id: t.integer()}))
    },
    run: (op) => op.moveTable('public.notes', 'app'),
    sql: {
      postgresql: ['alter table "public"."notes" set schema "app"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'rename and drop a schema',
    before: (op) => op.createSchema('app'),
    run: (op) => {
      op.renameSchema('app', 'web')
      op.dropSchema('web')
    },
    sql: {
      postgresql: ['alter schema "app" rename to "web"', 'drop schema "web"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a sequence',
    run: (op) =>
      op.createSequence('numbers', {start: 5, increment: 5, minValue: 5, maxValue: 1000, cache: 2, cycle: true}),
    sql: {
      postgresql: ['create sequence "numbers" start with 5 increment by 5 minvalue 5 maxvalue 1000 cache 2 cycle'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: ['create sequence `numbers` start with 5 increment by 5 minvalue 5 maxvalue 1000 cache 2 cycle'],
    },
  },
  {
    name: 'alter and drop a sequence',
    before: (op) => op.createSequence('numbers'),
    run: (op) => {
      op.alterSequence('numbers', {increment: 2}, {was: {increment: 1}})
      op.dropSequence('numbers', {was: {increment: 2}})
    },
    sql: {
      postgresql: ['alter sequence "numbers" increment by 2', 'drop sequence "numbers"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: ['alter sequence `numbers` increment by 2', 'drop sequence `numbers`'],
    },
  },
  {
    name: 'rename and drop a sequence of a type',
    before: (op) => op.createSequence('numbers', {as: 'integer'}),
    run: (op) => {
      op.renameSequence('numbers', 'figures')
      op.dropSequence('figures', {was: {as: 'integer'}})
    },
    sql: {
      postgresql: ['alter sequence "numbers" rename to "figures"', 'drop sequence "figures"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: [NOT_SUPPORTED, 'drop sequence `figures`'],
    },
  },
  {
    name: 'create an extension',
    extension: 'pg_trgm',
    run: (op) => op.createExtension('pg_trgm', {version: '1.6', cascade: true}),
    sql: {
      postgresql: ['create extension "pg_trgm" version \'1.6\' cascade'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'drop an extension',
    extension: 'pg_trgm',
    before: (op) => op.createExtension('pg_trgm'),
    run: (op) => op.dropExtension('pg_trgm'),
    sql: {
      postgresql: ['drop extension "pg_trgm"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
]
