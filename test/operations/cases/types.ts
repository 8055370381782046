import {NOT_SUPPORTED, isPostgres} from './case.ts'
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
    name: 'rename an enum',
    before: (op) => {
      op.createEnum('mood', ['sad', 'ok'])
    },
    run: (op) => op.renameEnum('mood', 'feeling'),
    sql: {
      postgresql: ['alter type "mood" rename to "feeling"'],
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
    name: 'replace an enum with the array, the domain and the view that use it',
    before: (op) => {
      op.createEnum('mood', ['sad', 'ok'])
      op.createDomain('good', 'mood', {checks: [{expression: `value <> 'sad'`, name: 'is_good'}]})
      op.createTable('people', (t) => ({moods: t.type('mood').array().default('{ok}'), good: t.type('good')}))
      if (isPostgres(op)) op.createView('ok_people', `select good from people where 'ok' = any(moods)`)
    },
    run: (op) =>
      op.replaceEnum('mood', ['ok', 'sad'], {
        columns: [
          {table: 'people', column: 'moods', type: 'mood[]', default: '{ok}'},
          {table: 'people', column: 'good', type: 'good'},
        ],
        domains: [{name: 'good', type: 'mood', checks: [{expression: `value <> 'sad'`, name: 'is_good'}]}],
        dependents: [
          {
            drop: 'drop view ok_people',
            create: [`create view ok_people as select good from people where 'ok' = any(moods)`],
          },
        ],
        mapping: {sad: 'ok', ok: 'sad'},
        was: ['sad', 'ok'],
      }),
    sql: {
      postgresql: [
        'drop view ok_people',
        'alter type "mood" rename to "mood_old"',
        'alter domain "good" rename to "good_old"',
        "create type \"mood\" as enum ('ok', 'sad')",
        'create domain "good" as mood constraint "is_good" check (value <> \'sad\')',
        "alter table \"people\" alter column \"moods\" drop default, alter column \"moods\" type mood[] using array_replace(array_replace(array_replace(array_replace(\"moods\"::text[], 'sad', 'mig 0'), 'ok', 'mig 1'), 'mig 0', 'ok'), 'mig 1', 'sad')::mood[], alter column \"moods\" set default '{ok}'",
        'alter table "people" alter column "good" type good using (case "good"::text when \'sad\' then \'ok\' when \'ok\' then \'sad\' else "good"::text end)::good',
        'drop domain "good_old"',
        'drop type "mood_old"',
        `create view ok_people as select good from people where 'ok' = any(moods)`,
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
