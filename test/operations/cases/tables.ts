import {NOT_SUPPORTED, isPostgres, users} from './case.ts'
import type {OperationCase} from './case.ts'

export const tableCases: readonly OperationCase[] = [
  {
    name: 'create a table whose primary key counts and has a name',
    run: (op) =>
      op.createTable('users', (t) => ({id: t.integer().autoincrement()}), {
        primaryKey: {columns: ['id'], name: 'the_key'},
      }),
    sql: {
      postgresql: ['create table "users" ("id" serial, constraint "the_key" primary key ("id"))'],
      sqlite: ['create table `users` (`id` integer not null primary key autoincrement)'],
      mysql: [
        'create table `users` (`id` integer not null auto_increment primary key) default character set utf8mb4 engine = InnoDB',
      ],
      mariadb: [
        'create table `users` (`id` integer not null auto_increment primary key) default character set utf8mb4 engine = InnoDB',
      ],
    },
  },
  {
    name: 'create a table whose primary key of two columns counts',
    run: (op) =>
      op.createTable('users', (t) => ({id: t.integer().autoincrement(), part: t.integer().notNull()}), {
        primaryKey: ['id', 'part'],
      }),
    sql: {
      postgresql: ['create table "users" ("id" serial, "part" integer not null, primary key ("id", "part"))'],
      sqlite: NOT_SUPPORTED,
      mysql: [
        'create table `users` (`id` integer not null auto_increment, `part` integer not null, primary key (`id`, `part`)) default character set utf8mb4 engine = InnoDB',
      ],
      mariadb: [
        'create table `users` (`id` integer not null auto_increment, `part` integer not null, primary key (`id`, `part`)) default character set utf8mb4 engine = InnoDB',
      ],
    },
  },
  {
    name: 'change the comment of a column that counts',
    before: (op) => op.createTable('users', (t) => ({id: t.integer().autoincrement().primaryKey()})),
    run: (op) =>
      op.alterColumn(
        'users',
        'id',
        {comment: 'the number'},
        {was: {type: 'integer', nullable: false, autoincrement: true, comment: null}},
      ),
    sql: {
      postgresql: ['comment on column "users"."id" is \'the number\''],
      sqlite: [],
      mysql: ["alter table `users` modify column `id` integer not null auto_increment comment 'the number'"],
      mariadb: ["alter table `users` modify column `id` integer not null auto_increment comment 'the number'"],
    },
  },
  {
    name: 'create a table with keys, checks, indexes and a comment',
    before: users,
    run: (op) =>
      op.createTable(
        'posts',
        (t) => ({
          id: t.integer().autoincrement().primaryKey(),
          slug: t.varchar(80).notNull().unique(),
          author_id: t.integer().notNull(),
          score: t.numeric(10, 2).notNull().default(0),
          title: t.varchar(100).default("it's").comment('what it is about'),
          created_at: t.timestamp().notNull().defaultSql('current_timestamp'),
        }),
        {
          foreignKeys: [{columns: ['author_id'], references: 'users', referencedColumns: ['id'], onDelete: 'cascade'}],
          checks: [{expression: 'score >= 0'}],
          indexes: [{columns: ['author_id', {column: 'created_at', sort: 'desc'}]}],
          comment: "people's posts",
        },
      ),
    sql: {
      postgresql: [
        'create table "posts" ("id" serial primary key, "slug" varchar(80) not null, "author_id" integer not null, "score" numeric(10, 2) not null default 0, "title" varchar(100) null default \'it\'\'s\', "created_at" timestamp not null default current_timestamp, constraint "posts_slug_unique" unique ("slug"), constraint "posts_author_id_foreign" foreign key ("author_id") references "users" ("id") on delete cascade, constraint "posts_check" check (score >= 0))',
        "comment on table \"posts\" is 'people''s posts'",
        'comment on column "posts"."title" is \'what it is about\'',
        'create index "posts_author_id_created_at_index" on "posts" ("author_id", "created_at" desc)',
      ],
      sqlite: [
        "create table `posts` (`id` integer not null primary key autoincrement, `slug` varchar(80) not null, `author_id` integer not null, `score` numeric(10, 2) not null default 0, `title` varchar(100) null default 'it''s', `created_at` timestamp not null default current_timestamp, constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on delete cascade, constraint `posts_check` check (score >= 0))",
        'create unique index `posts_slug_unique` on `posts` (`slug`)',
        'create index `posts_author_id_created_at_index` on `posts` (`author_id`, `created_at` desc)',
      ],
      mysql: [
        "create table `posts` (`id` integer not null auto_increment primary key, `slug` varchar(80) not null, `author_id` integer not null, `score` numeric(10, 2) not null default 0, `title` varchar(100) null default 'it''s' comment 'what it is about', `created_at` timestamp not null default current_timestamp, constraint `posts_slug_unique` unique (`slug`), constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on delete cascade, constraint `posts_check` check (score >= 0)) default character set utf8mb4 engine = InnoDB comment = 'people''s posts'",
        'create index `posts_author_id_created_at_index` on `posts` (`author_id`, `created_at` desc)',
      ],
      mariadb: [
        "create table `posts` (`id` integer not null auto_increment primary key, `slug` varchar(80) not null, `author_id` integer not null, `score` numeric(10, 2) not null default 0, `title` varchar(100) null default 'it''s' comment 'what it is about', `created_at` timestamp not null default current_timestamp, constraint `posts_slug_unique` unique (`slug`), constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on delete cascade, constraint `posts_check` check (score >= 0)) default character set utf8mb4 engine = InnoDB comment = 'people''s posts'",
        'create index `posts_author_id_created_at_index` on `posts` (`author_id`, `created_at` desc)',
      ],
    },
  },
  {
    name: 'create a table with a composite key',
    run: (op) =>
      op.createTable('memberships', (t) => ({user_id: t.integer(), group_id: t.integer(), since: t.date()}), {
        primaryKey: ['user_id', 'group_id'],
        unique: [{columns: ['group_id', 'since'], name: 'memberships_since'}],
      }),
    sql: {
      postgresql: [
        'create table "memberships" ("user_id" integer not null, "group_id" integer not null, "since" date null, primary key ("user_id", "group_id"), constraint "memberships_since" unique ("group_id", "since"))',
      ],
      sqlite: [
        'create table `memberships` (`user_id` integer null, `group_id` integer null, `since` date null, primary key (`user_id`, `group_id`))',
        'create unique index `memberships_since` on `memberships` (`group_id`, `since`)',
      ],
      mysql: [
        'create table `memberships` (`user_id` integer not null, `group_id` integer not null, `since` date null, primary key (`user_id`, `group_id`), constraint `memberships_since` unique (`group_id`, `since`)) default character set utf8mb4 engine = InnoDB',
      ],
      mariadb: [
        'create table `memberships` (`user_id` integer not null, `group_id` integer not null, `since` date null, primary key (`user_id`, `group_id`), constraint `memberships_since` unique (`group_id`, `since`)) default character set utf8mb4 engine = InnoDB',
      ],
    },
  },
  {
    name: 'create a table with identity and generated columns',
    run: (op) => {
      if (isPostgres(op))
        op.createTable('orders', (t) => ({
          id: t.bigint().identity('by default', {start: 100}).primaryKey(),
          always: t.integer().identity(),
          net: t.numeric(10, 2).notNull(),
          gross: t.numeric(10, 2).generatedAs('net * 1.19').notNull(),
          tags: t.text().array().notNull().defaultSql("'{}'"),
        }))
      else
        op.createTable('orders', (t) => ({
          id: t.bigint().identity().primaryKey(),
          net: t.numeric(10, 2).notNull(),
          gross: t.numeric(10, 2).generatedAs('net * 1.19', {stored: false}),
          rounded: t.integer().generatedAs('net * 1'),
        }))
    },
    sql: {
      postgresql: [
        'create table "orders" ("id" bigint generated by default as identity (start with 100) not null, "always" integer generated always as identity not null, "net" numeric(10, 2) not null, "gross" numeric(10, 2) generated always as (net * 1.19) stored not null, "tags" text[] not null default \'{}\', primary key ("id"))',
      ],
      sqlite: [
        'create table `orders` (`id` integer not null primary key autoincrement, `net` numeric(10, 2) not null, `gross` numeric(10, 2) generated always as (net * 1.19) virtual null, `rounded` integer generated always as (net * 1) stored null)',
      ],
      mysql: [
        'create table `orders` (`id` bigint not null auto_increment primary key, `net` numeric(10, 2) not null, `gross` numeric(10, 2) generated always as (net * 1.19) virtual, `rounded` integer generated always as (net * 1) stored) default character set utf8mb4 engine = InnoDB',
      ],
      mariadb: [
        'create table `orders` (`id` bigint not null auto_increment primary key, `net` numeric(10, 2) not null, `gross` numeric(10, 2) generated always as (net * 1.19) virtual, `rounded` integer generated always as (net * 1) stored) default character set utf8mb4 engine = InnoDB',
      ],
    },
  },
  {
    name: 'create a table with long texts that have defaults',
    run: (op) =>
      op.createTable('notes', (t) => ({
        id: t.integer().primaryKey(),
        short: t.tinytext().default('a'),
        usual: t.text().notNull().default("it's"),
        long: t.longtext().notNull().default(''),
      })),
    sql: {
      postgresql: [
        `create table "notes" ("id" integer not null, "short" text null default 'a', "usual" text not null default 'it''s', "long" text not null default '', primary key ("id"))`,
      ],
      sqlite: [
        "create table `notes` (`id` integer not null, `short` tinytext null default 'a', `usual` text not null default 'it''s', `long` longtext not null default '', primary key (`id`))",
      ],
      mysql: [
        "create table `notes` (`id` integer not null, `short` tinytext null default ('a'), `usual` text not null default ('it''s'), `long` longtext not null default (''), primary key (`id`)) default character set utf8mb4 engine = InnoDB",
      ],
      mariadb: [
        "create table `notes` (`id` integer not null, `short` tinytext null default 'a', `usual` text not null default ('it''s'), `long` longtext not null default '', primary key (`id`)) default character set utf8mb4 engine = InnoDB",
      ],
    },
  },
  {
    name: 'create an unlogged, partitioned and a parametrised table',
    run: (op) => {
      op.createTable('log', (t) => ({id: t.bigint().notNull(), at: t.date().notNull()}), {partitionBy: 'range (at)'})
      op.createTable('cache', (t) => ({key: t.text().primaryKey()}), {unlogged: true, with: {fillfactor: 70}})
    },
    sql: {
      postgresql: [
        'create table "log" ("id" bigint not null, "at" date not null) partition by range (at)',
        'create unlogged table "cache" ("key" text not null, primary key ("key")) with (fillfactor = 70)',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a strict table without rowid',
    run: (op) => op.createTable('pairs', (t) => ({a: t.text().primaryKey()}), {strict: true, withoutRowid: true}),
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: ['create table `pairs` (`a` text not null, primary key (`a`)) strict, without rowid'],
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'drop a table',
    before: users,
    run: (op) =>
      op.dropTable('users', {
        was: {
          columns: (t) => ({
            id: t.integer().primaryKey(),
            email: t.varchar(255).notNull().default('-'),
            age: t.integer(),
            bio: t.text(),
          }),
        },
      }),
    sql: {
      postgresql: ['drop table "users"'],
      sqlite: ['drop table `users`'],
      mysql: ['drop table `users`'],
      mariadb: ['drop table `users`'],
    },
  },
  {
    name: 'rename a table',
    before: users,
    run: (op) => op.renameTable('users', 'people'),
    sql: {
      postgresql: ['alter table "users" rename to "people"'],
      sqlite: ['alter table `users` rename to `people`'],
      mysql: ['alter table `users` rename to `people`'],
      mariadb: ['alter table `users` rename to `people`'],
    },
  },
  {
    name: 'set the comment of a table',
    before: users,
    run: (op) => op.setTableComment('users', "it's people", {was: null}),
    sql: {
      postgresql: ["comment on table \"users\" is 'it''s people'"],
      sqlite: [],
      mysql: ["alter table `users` comment = 'it''s people'"],
      mariadb: ["alter table `users` comment = 'it''s people'"],
    },
  },
  {
    name: 'set storage parameters',
    before: users,
    run: (op) => op.setTableParameters('users', {fillfactor: 70, autovacuum_enabled: false}, {was: {}}),
    sql: {
      postgresql: ['alter table "users" set (fillfactor = 70, autovacuum_enabled = false)'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
]
