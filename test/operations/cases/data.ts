import {users} from './case.ts'
import type {OperationCase} from './case.ts'

export const dataCases: readonly OperationCase[] = [
  {
    name: 'insert rows',
    before: users,
    run: (op) =>
      op.bulkInsert('users', [
        {id: 1, email: "it's"},
        {id: 2, email: '', age: 3},
      ]),
    inserts: {
      query: 'select * from users order by id',
      rows: [
        {id: 1, email: "it's", age: null, bio: null},
        {id: 2, email: '', age: 3, bio: null},
      ],
    },
    sql: {
      postgresql: ['insert into "users" ("id", "email", "age") values (1, \'it\'\'s\', null), (2, \'\', 3)'],
      sqlite: ["insert into `users` (`id`, `email`, `age`) values (1, 'it''s', null), (2, '', 3)"],
      mysql: ["insert into `users` (`id`, `email`, `age`) values (1, 'it''s', null), (2, '', 3)"],
      mariadb: ["insert into `users` (`id`, `email`, `age`) values (1, 'it''s', null), (2, '', 3)"],
    },
  },
  {
    name: 'run SQL with its inverse',
    run: (op) => op.execute('create table raw (n integer)', [], {inverse: 'drop table raw'}),
    sql: {
      postgresql: ['create table raw (n integer)'],
      sqlite: ['create table raw (n integer)'],
      mysql: ['create table raw (n integer)'],
      mariadb: ['create table raw (n integer)'],
    },
  },
]
