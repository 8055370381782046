import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

interface Case extends Change {
  readonly name: string
  /** The databases that have such things; all when left out. */
  readonly on?: readonly DatabaseKind[]
}

const teams = (key = 'id', table = 'teams') =>
  defineEntity({
    name: 'Team',
    tableName: table,
    properties: {id: p.integer().primary().fieldName(key), name: p.string().length(50)},
  })

/** Users whose team is in a column of some name. */
const users = (column: string, {key = 'id', table = 'users', team = teams()} = {}): Entities => [
  team,
  defineEntity({
    name: 'User',
    tableName: table,
    properties: {
      id: p.integer().primary().fieldName(key),
      team: () => p.manyToOne(team).fieldName(column).deleteRule('cascade').nullable(),
    },
  }),
]

const rows = [`insert into teams (name) values ('a'), ('b')`, 'insert into users (team_id) values (1), (2), (null)']

const things = (column: string, options: object = {}, more: object = {}): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {
      id: p.integer().primary(),
      size: p.integer().fieldName(column),
      ...more,
    },
    ...options,
  }),
]

const sizes = ['insert into things (size) values (1), (2)']

const cases: readonly Case[] = [
  {
    name: 'a column with a foreign key and its index',
    before: () => users('team_id'),
    after: () => users('squad_id'),
    sql: rows,
    answers: {renames: ['users.team_id:squad_id']},
  },
  {
    name: 'a column that a foreign key references',
    before: () => users('team_id'),
    after: () => users('team_id', {team: teams('number')}),
    sql: rows,
    answers: {renames: ['teams.id:number']},
  },
  {
    name: 'a primary key',
    before: () => users('team_id'),
    after: () => users('team_id', {key: 'number'}),
    sql: rows,
    answers: {renames: ['users.id:number']},
  },
  {
    name: 'a table with its key, and both tables of a foreign key',
    before: () => users('team_id'),
    after: () => users('squad_id', {key: 'number', table: 'people', team: teams('number', 'squads')}),
    sql: rows,
    answers: {
      renames: ['users:people', 'teams:squads', 'people.team_id:squad_id', 'people.id:number', 'squads.id:number'],
    },
  },
  {
    name: 'a table that takes the name of another one',
    before: () => users('team_id'),
    after: () => users('team_id', {table: 'teams', team: teams('id', 'squads')}),
    sql: rows,
    answers: {renames: ['users:teams', 'teams:squads']},
  },
  {
    name: 'a column in an index, a unique constraint and a composite index',
    before: () =>
      things('size', {
        indexes: [{properties: ['size']}, {properties: ['size', 'id']}],
        uniques: [{properties: ['size']}],
      }),
    after: () =>
      things('width', {
        indexes: [{properties: ['size']}, {properties: ['size', 'id']}],
        uniques: [{properties: ['size']}],
      }),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column whose index and unique constraint keep their names',
    before: () =>
      things('size', {
        indexes: [{name: 'one', properties: ['size']}],
        uniques: [{name: 'two', properties: ['size', 'id']}],
      }),
    after: () =>
      things('width', {
        indexes: [{name: 'one', properties: ['size']}],
        uniques: [{name: 'two', properties: ['size', 'id']}],
      }),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column whose index is dropped',
    before: () =>
      things('size', {
        indexes: [{name: 'one', properties: ['size']}],
        uniques: [{name: 'two', properties: ['size', 'id']}],
      }),
    after: () => things('width'),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column in a check that stays',
    before: () => things('size', {checks: [{name: 'positive', expression: 'size > 0'}]}),
    after: () => things('width', {checks: [{name: 'positive', expression: 'width > 0'}]}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column in a check that changes',
    before: () => things('size', {checks: [{name: 'positive', expression: 'size > 0'}]}),
    after: () => things('width', {checks: [{name: 'positive', expression: 'width > -1'}]}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column in a check that is dropped',
    before: () => things('size', {checks: [{name: 'positive', expression: 'size > 0'}]}),
    after: () => things('width'),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column in the condition of an index',
    on: ['postgresql', 'sqlite'],
    before: () => things('size', {indexes: [{name: 'big', properties: ['id'], where: 'size > 10'}]}),
    after: () => things('width', {indexes: [{name: 'big', properties: ['id'], where: 'width > 20'}]}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column of a view that changes',
    before: () => [...things('size'), view('size')],
    after: () => [...things('width'), view('width')],
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a table of a view that changes',
    before: () => [...things('size'), view('size')],
    after: () => [
      defineEntity({...of('parts'), properties: {id: p.integer().primary(), size: p.integer()}}),
      view('size', 'parts'),
    ],
    sql: sizes,
    answers: {renames: ['things:parts']},
  },
  {
    name: 'a column with a trigger that changes',
    before: () => things('size', {triggers: [trigger('size')]}),
    after: () => things('width', {triggers: [trigger('width')]}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column of a policy that changes',
    on: ['postgresql'],
    before: () => things('size', {policies: [{name: 'big', using: 'size > 10'}]}),
    after: () => things('width', {policies: [{name: 'big', using: 'width > 20'}]}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a table with a trigger that changes',
    before: () => things('size', {triggers: [trigger('size')]}),
    after: () => things('size', {tableName: 'parts', triggers: [trigger('size', 'parts')]}),
    sql: sizes,
    answers: {renames: ['things:parts']},
  },
  {
    name: 'a table with a trigger that goes',
    before: () => things('size', {triggers: [trigger('size')]}),
    after: () => things('size', {tableName: 'parts'}),
    answers: {renames: ['things:parts']},
  },
  {
    name: 'a column with a trigger that goes',
    before: () => things('size', {triggers: [trigger('size')]}),
    after: () => things('width'),
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a table with a policy that changes',
    on: ['postgresql'],
    before: () => things('size', {policies: [{name: 'big', using: 'size > 10'}]}),
    after: () => things('width', {tableName: 'parts', policies: [{name: 'big', using: 'width > 20'}]}),
    sql: sizes,
    answers: {renames: ['things:parts', 'parts.size:width']},
  },
  {
    name: 'a column that a generated column with an index uses',
    before: () =>
      things(
        'size',
        {indexes: [{properties: ['twice']}]},
        {twice: p.integer().generated('(size * 2) stored').nullable()},
      ),
    after: () =>
      things(
        'width',
        {indexes: [{properties: ['twice']}]},
        {twice: p.integer().generated('(width * 2) stored').nullable()},
      ),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a column that a generated column uses',
    before: () => things('size', {}, {twice: p.integer().generated('(size * 2) stored').nullable()}),
    after: () => things('width', {}, {twice: p.integer().generated('(width * 2) stored').nullable()}),
    sql: sizes,
    answers: {renames: ['things.size:width']},
  },
  {
    name: 'a generated column',
    before: () => things('size', {}, {twice: p.integer().generated('(size * 2) stored').nullable()}),
    after: () => things('size', {}, {double: p.integer().generated('(size * 2) stored').nullable()}),
    sql: sizes,
    answers: {renames: ['things.twice:double']},
  },
  {
    name: 'a column that gets another type and default',
    before: () => things('size', {}, {name: p.string().length(20).default('x')}),
    after: () => things('size', {}, {title: p.string().length(40).default('y')}),
    sql: sizes,
    answers: {renames: ['things.name:title']},
  },
]

const of = (table: string) => ({name: 'Thing', tableName: table})

const view = (column: string, table = 'things') =>
  defineEntity({
    name: 'Big',
    tableName: 'big_things',
    view: true,
    expression: `select id, ${column} from ${table} where ${column} > 1`,
    properties: {id: p.integer().primary(), size: p.integer().fieldName(column)},
  })

const trigger = (column: string, table = 'things') => ({
  name: 'watch',
  timing: 'after' as const,
  events: ['update' as const],
  body: `update ${table} set ${column} = new.${column} where id = -1`,
})

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`a rename on ${kind} runs in both directions:`, function () {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const change of cases.filter((one) => one.on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })
