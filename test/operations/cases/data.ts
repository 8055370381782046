import {users} from './case.ts'
import type {OperationCase} from './case.ts'

/** Consecutive rows with the same columns share a statement. */
function insertsOf(quote: '"' | '`', text: string): readonly string[] {
  const into = (...columns: readonly string[]): string =>
    `insert into ${quote}users${quote} (${columns.map((column) => quote + column + quote).join(', ')}) values`
  return [
    `${into('id', 'email')} (1, ${text})`,
    `${into('id', 'email', 'age')} (2, '', 3), (3, 'x', 4)`,
    `${into('id')} (4)`,
    `${into('id', 'age')} (5, null)`,
  ]
}

export const dataCases: readonly OperationCase[] = [
  {
    name: 'insert rows',
    before: users,
    run: (op) =>
      op.bulkInsert('users', [
        {id: 1, email: "it's"},
        {id: 2, email: '', age: 3},
        {age: 4, email: 'x', id: 3},
        {id: 4},
        {id: 5, email: undefined, age: null},
      ]),
    inserts: {
      query: 'select * from users order by id',
      rows: [
        {id: 1, email: "it's", age: null, bio: null},
        {id: 2, email: '', age: 3, bio: null},
        {id: 3, email: 'x', age: 4, bio: null},
        {id: 4, email: '-', age: null, bio: null},
        {id: 5, email: '-', age: null, bio: null},
      ],
    },
    sql: {
      postgresql: insertsOf('"', "'it''s'"),
      sqlite: insertsOf('`', "'it''s'"),
      mysql: insertsOf('`', "'it''s'"),
      mariadb: insertsOf('`', "'it''s'"),
    },
  },
  {
    name: 'insert rows without values',
    before: (op) => op.createTable('counted', (t) => ({n: t.integer().default(7)})),
    run: (op) => op.bulkInsert('counted', [{}, {n: undefined}, {n: 8}]),
    inserts: {query: 'select * from counted order by n', rows: [{n: 7}, {n: 7}, {n: 8}]},
    sql: {
      postgresql: [
        'insert into "counted" default values',
        'insert into "counted" default values',
        'insert into "counted" ("n") values (8)',
      ],
      sqlite: [
        'insert into `counted` default values',
        'insert into `counted` default values',
        'insert into `counted` (`n`) values (8)',
      ],
      mysql: [
        'insert into `counted` () values ()',
        'insert into `counted` () values ()',
        'insert into `counted` (`n`) values (8)',
      ],
      mariadb: [
        'insert into `counted` () values ()',
        'insert into `counted` () values ()',
        'insert into `counted` (`n`) values (8)',
      ],
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
