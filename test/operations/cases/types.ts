import {NOT_SUPPORTED} from './case.ts'
import type {OperationCase} from './case.ts'

export const typeCases: readonly OperationCase[] = [
  {
    name: 'create an enum',
    run: (op) => op.createEnum('mood', ['sad', "it's ok"]),
    sql: {
      postgresql: ["create type \"mood\" as enum ('sad', 'it''s ok')"],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'add, rename and replace values of an enum',
    before: (op) => {
      op.createEnum('mood', ['sad', 'ok'])
      op.createTable('people', (t) => ({mood: t.type('mood').notNull().default('ok')}))
    },
    run: (op) => {
      const columns = [{table: 'people', column: 'mood', default: 'ok'}]
      op.addEnumValue('mood', 'fine', {after: 'sad', was: {values: ['sad', 'ok'], columns}})
      op.renameEnumValue('mood', 'sad', 'blue')
      op.replaceEnum('mood', ['ok', 'blue'], {columns, mapping: {fine: 'ok'}, was: ['blue', 'fine', 'ok']})
    },
    sql: {
      postgresql: [
        "alter type \"mood\" add value 'fine' after 'sad'",
        "alter type \"mood\" rename value 'sad' to 'blue'",
        'alter type "mood" rename to "mood_old"',
        "create type \"mood\" as enum ('ok', 'blue')",
        'alter table "people" alter column "mood" drop default, alter column "mood" type "mood" using (case "mood"::text when \'fine\' then \'ok\' else "mood"::text end)::"mood", alter column "mood" set default \'ok\'',
        'drop type "mood_old"',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'drop an enum',
    before: (op) => op.createEnum('mood', ['sad']),
    run: (op) => op.dropEnum('mood', {was: ['sad']}),
    sql: {postgresql: ['drop type "mood"'], sqlite: NOT_SUPPORTED, mysql: NOT_SUPPORTED, mariadb: NOT_SUPPORTED},
  },
  {
    name: 'create a domain',
    run: (op) =>
      op.createDomain('age', 'integer', {
        notNull: true,
        default: 18,
        checks: [{expression: 'value >= 0', name: 'positive'}],
      }),
    sql: {
      postgresql: ['create domain "age" as integer default 18 not null constraint "positive" check (value >= 0)'],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'drop a domain',
    before: (op) => op.createDomain('age', 'integer'),
    run: (op) => op.dropDomain('age', {was: {type: 'integer'}}),
    sql: {postgresql: ['drop domain "age"'], sqlite: NOT_SUPPORTED, mysql: NOT_SUPPORTED, mariadb: NOT_SUPPORTED},
  },
]
