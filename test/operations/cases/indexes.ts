import {NOT_SUPPORTED, alone, refusedByServer, users} from './case.ts'
import type {OperationCase} from './case.ts'

export const indexCases: readonly OperationCase[] = [
  {
    name: 'create an index',
    before: users,
    run: (op) => op.createIndex('users', ['email', 'age']),
    sql: {
      postgresql: ['create index "users_email_age_index" on "users" ("email", "age")'],
      sqlite: ['create index `users_email_age_index` on `users` (`email`, `age`)'],
      mysql: ['create index `users_email_age_index` on `users` (`email`, `age`)'],
      mariadb: ['create index `users_email_age_index` on `users` (`email`, `age`)'],
    },
  },
  {
    name: 'create a unique index',
    before: users,
    run: (op) => op.createIndex('users', 'email', {unique: true}),
    sql: {
      postgresql: ['create unique index "users_email_unique" on "users" ("email")'],
      sqlite: ['create unique index `users_email_unique` on `users` (`email`)'],
      mysql: ['create unique index `users_email_unique` on `users` (`email`)'],
      mariadb: ['create unique index `users_email_unique` on `users` (`email`)'],
    },
  },
  {
    name: 'create a partial index in an order',
    before: users,
    run: (op) => op.createIndex('users', [{column: 'age', sort: 'desc'}], {name: 'adults', where: 'age > 17'}),
    sql: {
      postgresql: ['create index "adults" on "users" ("age" desc) where age > 17'],
      sqlite: ['create index `adults` on `users` (`age` desc) where age > 17'],
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create an index on an expression',
    before: users,
    run: (op) => op.createIndex('users', {expression: 'lower(email)'}),
    sql: {
      postgresql: ['create index "users_lower_email_index" on "users" ((lower(email)))'],
      sqlite: ['create index `users_lower_email_index` on `users` ((lower(email)))'],
      mysql: ['create index `users_lower_email_index` on `users` ((lower(email)))'],
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create an index with every option of PostgreSQL',
    before: users,
    run: (op) =>
      op.createIndex('users', [{column: 'email', opclass: 'varchar_pattern_ops', sort: 'asc', nulls: 'first'}], {
        name: 'users_mail',
        using: 'btree',
        unique: true,
        include: ['age'],
        nullsNotDistinct: true,
        with: {fillfactor: 80},
        where: 'age > 1',
      }),
    sql: {
      postgresql: [
        'create unique index "users_mail" on "users" using btree ("email" varchar_pattern_ops asc nulls first) include ("age") nulls not distinct with (fillfactor = 80) where age > 1',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create an index concurrently',
    before: users,
    run: (op) => op.createIndex('users', 'age', {concurrently: true, ifNotExists: true}),
    isIrreversible: true,
    sql: {
      postgresql: [alone('create index concurrently if not exists "users_age_index" on "users" ("age")')],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create a fulltext index',
    before: users,
    run: (op) => op.createIndex('users', 'bio', {using: 'fulltext'}),
    sql: {
      postgresql: refusedByServer('42704', 'create index "users_bio_index" on "users" using fulltext ("bio")'),
      sqlite: NOT_SUPPORTED,
      mysql: ['create fulltext index `users_bio_index` on `users` (`bio`)'],
      mariadb: ['create fulltext index `users_bio_index` on `users` (`bio`)'],
    },
  },
  {
    name: 'drop an index',
    before: (op) => {
      users(op)
      op.createIndex('users', 'age', {name: 'by_age'})
    },
    run: (op) => op.dropIndex('by_age', {table: 'users', was: {columns: ['age']}}),
    sql: {
      postgresql: ['drop index "by_age"'],
      sqlite: ['drop index `by_age`'],
      mysql: ['drop index `by_age` on `users`'],
      mariadb: ['drop index `by_age` on `users`'],
    },
  },
  {
    name: 'rename an index',
    before: (op) => {
      users(op)
      op.createIndex('users', 'age', {name: 'by_age'})
    },
    run: (op) => op.renameIndex('by_age', 'age_index', {table: 'users', was: {columns: ['age']}}),
    sql: {
      postgresql: ['alter index "by_age" rename to "age_index"'],
      sqlite: ['drop index `by_age`', 'create index `age_index` on `users` (`age`)'],
      mysql: ['alter table `users` rename index `by_age` to `age_index`'],
      mariadb: ['alter table `users` rename index `by_age` to `age_index`'],
    },
  },
]
