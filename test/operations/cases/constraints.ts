import {NOT_SUPPORTED, isPostgres, posts, rebuilt, refusedByServer, users} from './case.ts'
import type {OperationCase} from './case.ts'

export const constraintCases: readonly OperationCase[] = [
  {
    name: 'add a foreign key that sets only one of its columns',
    before: (op) => {
      op.createTable('teams', (t) => ({tenant: t.integer().notNull(), id: t.integer().notNull()}), {
        primaryKey: ['tenant', 'id'],
      })
      op.createTable('users', (t) => ({tenant: t.integer().notNull(), team: t.integer()}))
    },
    run: (op) =>
      op.createForeignKey('users', ['tenant', 'team'], 'teams', ['tenant', 'id'], {
        onDelete: 'set null',
        onDeleteColumns: ['team'],
      }),
    sql: {
      postgresql: [
        'alter table "users" add constraint "users_tenant_team_foreign" foreign key ("tenant", "team") references "teams" ("tenant", "id") on delete set null ("team")',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a primary key',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull(), b: t.integer().notNull()})),
    run: (op) => op.createPrimaryKey('t', ['a', 'b']),
    sql: {
      postgresql: ['alter table "t" add primary key ("a", "b")'],
      sqlite: [rebuilt('create table `t__mig` (`a` integer not null, `b` integer not null, primary key (`a`, `b`))')],
      mysql: ['alter table `t` add primary key (`a`, `b`)'],
      mariadb: ['alter table `t` add primary key (`a`, `b`)'],
    },
  },
  {
    name: 'create a deferred primary key with a name',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull()})),
    run: (op) => op.createPrimaryKey('t', 'a', {name: 'own_key', deferrable: 'deferred'}),
    sql: {
      postgresql: ['alter table "t" add constraint "own_key" primary key ("a") deferrable initially deferred'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'drop a primary key',
    before: (op) => op.createTable('t', (t) => ({a: t.integer().notNull()}), {primaryKey: 'a'}),
    run: (op) => op.dropPrimaryKey('t', {was: 'a'}),
    sql: {
      postgresql: ['alter table "t" drop constraint "t_pkey"'],
      sqlite: [rebuilt('create table `t__mig` (`a` integer not null)')],
      mysql: ['alter table `t` drop primary key'],
      mariadb: ['alter table `t` drop primary key'],
    },
  },
  {
    name: 'create a unique constraint',
    before: users,
    run: (op) => op.createUniqueConstraint('users', ['email', 'age']),
    sql: {
      postgresql: ['alter table "users" add constraint "users_email_age_unique" unique ("email", "age")'],
      sqlite: ['create unique index `users_email_age_unique` on `users` (`email`, `age`)'],
      mysql: ['alter table `users` add constraint `users_email_age_unique` unique (`email`, `age`)'],
      mariadb: ['alter table `users` add constraint `users_email_age_unique` unique (`email`, `age`)'],
    },
  },
  {
    name: 'create a unique constraint with every option of PostgreSQL',
    before: users,
    run: (op) =>
      op.createUniqueConstraint('users', 'email', {
        name: 'one_mail',
        nullsNotDistinct: true,
        include: ['age'],
        deferrable: 'deferred',
      }),
    sql: {
      postgresql: [
        'alter table "users" add constraint "one_mail" unique nulls not distinct ("email") include ("age") deferrable initially deferred',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create and drop unique constraints within a table of SQLite',
    before: (op) =>
      op.createTable('t', (t) => ({a: t.integer(), b: t.integer()}), {
        unique: [
          {columns: ['a', 'b'], inTable: true},
          {columns: ['b'], name: 'own', inTable: true},
        ],
      }),
    run: (op) => {
      op.createUniqueConstraint('t', 'a', {inTable: true})
      op.createUniqueConstraint('t', ['b', 'a'], {inTable: true, name: 'both'})
      op.dropConstraint('t', '(a, b)', {was: {type: 'unique', columns: ['a', 'b'], inTable: true}})
    },
    sql: {
      postgresql: NOT_SUPPORTED,
      sqlite: [
        rebuilt(
          'create table `t__mig` (`a` integer null, `b` integer null, constraint `own` unique (`b`), unique (`a`), constraint `both` unique (`b`, `a`))',
        ),
      ],
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a foreign key',
    // MySQL makes an index for a foreign key that has none, and keeps it.
    before: (op) => {
      posts(op)
      op.createIndex('posts', 'author_id')
    },
    run: (op) => op.createForeignKey('posts', 'author_id', 'users', 'id', {onDelete: 'set null', onUpdate: 'cascade'}),
    sql: {
      postgresql: [
        'alter table "posts" add constraint "posts_author_id_foreign" foreign key ("author_id") references "users" ("id") on update cascade on delete set null',
      ],
      sqlite: [
        rebuilt(
          'create table `posts__mig` (`id` integer not null, `author_id` integer null, `title` varchar(100) null, primary key (`id`), constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on update cascade on delete set null)',
        ),
      ],
      mysql: [
        'alter table `posts` add constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on update cascade on delete set null',
      ],
      mariadb: [
        'alter table `posts` add constraint `posts_author_id_foreign` foreign key (`author_id`) references `users` (`id`) on update cascade on delete set null',
      ],
    },
  },
  {
    name: 'create a deferred foreign key that is not valid yet, and validate it',
    before: posts,
    run: (op) => {
      op.createForeignKey('posts', 'author_id', 'users', 'id', {
        name: 'author',
        deferrable: 'deferred',
        match: 'full',
        notValid: true,
      })
      op.validateConstraint('posts', 'author')
    },
    sql: {
      postgresql: [
        'alter table "posts" add constraint "author" foreign key ("author_id") references "users" ("id") match full deferrable initially deferred not valid',
        'alter table "posts" validate constraint "author"',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a check',
    before: users,
    run: (op) => op.createCheckConstraint('users', 'age >= 0'),
    sql: {
      postgresql: ['alter table "users" add constraint "users_check" check (age >= 0)'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null, primary key (`id`), constraint `users_check` check (age >= 0))",
        ),
      ],
      mysql: ['alter table `users` add constraint `users_check` check (age >= 0)'],
      mariadb: ['alter table `users` add constraint `users_check` check (age >= 0)'],
    },
  },
  {
    name: 'create an exclusion constraint',
    before: (op) => op.createTable('rooms', (t) => ({during: t.raw('int4range')})),
    run: (op) => op.createExcludeConstraint('rooms', {expression: 'during', with: '&&'}),
    sql: {
      postgresql: ['alter table "rooms" add constraint "rooms_exclude" exclude using gist (during with &&)'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create an exclusion constraint that is written as a check',
    before: (op) => op.createTable('rooms', (t) => ({during: isPostgres(op) ? t.int4range() : t.integer()})),
    run: (op) => op.createCheckConstraint('rooms', 'exclude using gist (during with &&)'),
    sql: {
      postgresql: ['alter table "rooms" add constraint "rooms_check" exclude using gist (during with &&)'],
      sqlite: refusedByServer(
        'SQLITE_ERROR',
        rebuilt(
          'create table `rooms__mig` (`during` integer null, constraint `rooms_check` check (exclude using gist (during with &&)))',
        ),
      ),
      mysql: refusedByServer(
        'ER_PARSE_ERROR',
        'alter table `rooms` add constraint `rooms_check` check (exclude using gist (during with &&))',
      ),
      mariadb: refusedByServer(
        'ER_PARSE_ERROR',
        'alter table `rooms` add constraint `rooms_check` check (exclude using gist (during with &&))',
      ),
    },
  },
  {
    name: 'drop a check',
    before: (op) => {
      users(op)
      op.createCheckConstraint('users', 'age >= 0', {name: 'grown'})
    },
    run: (op) => op.dropConstraint('users', 'grown', {was: {type: 'check', expression: 'age >= 0'}}),
    sql: {
      postgresql: ['alter table "users" drop constraint "grown"'],
      sqlite: [
        rebuilt(
          "create table `users__mig` (`id` integer not null, `email` varchar(255) not null default '-', `age` integer null, `bio` text null, primary key (`id`))",
        ),
      ],
      mysql: ['alter table `users` drop constraint `grown`'],
      mariadb: ['alter table `users` drop constraint `grown`'],
    },
  },
  {
    name: 'drop a foreign key',
    before: (op) => {
      posts(op)
      op.createForeignKey('posts', 'author_id', 'users', 'id', {name: 'author'})
    },
    run: (op) =>
      op.dropConstraint('posts', 'author', {
        was: {type: 'foreignKey', columns: ['author_id'], references: 'users', referencedColumns: ['id']},
      }),
    sql: {
      postgresql: ['alter table "posts" drop constraint "author"'],
      sqlite: [
        rebuilt(
          'create table `posts__mig` (`id` integer not null, `author_id` integer null, `title` varchar(100) null, primary key (`id`))',
        ),
      ],
      mysql: ['alter table `posts` drop foreign key `author`'],
      mariadb: ['alter table `posts` drop foreign key `author`'],
    },
  },
  {
    name: 'drop a unique constraint',
    before: (op) => {
      users(op)
      op.createUniqueConstraint('users', 'email', {name: 'one_mail'})
    },
    run: (op) => op.dropConstraint('users', 'one_mail', {was: {type: 'unique', columns: ['email']}}),
    sql: {
      postgresql: ['alter table "users" drop constraint "one_mail"'],
      sqlite: ['drop index `one_mail`'],
      mysql: ['drop index `one_mail` on `users`'],
      mariadb: ['drop index `one_mail` on `users`'],
    },
  },
  {
    name: 'rename a constraint',
    before: (op) => {
      users(op)
      op.createCheckConstraint('users', 'age >= 0', {name: 'grown'})
    },
    run: (op) => op.renameConstraint('users', 'grown', 'adult'),
    sql: {
      postgresql: ['alter table "users" rename constraint "grown" to "adult"'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
]
