import {EntitySchema, defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const team = defineEntity({
  name: 'Team',
  tableName: 'teams',
  properties: {id: p.integer().primary(), name: p.string().length(50)},
})

const many = () => p.manyToOne(team).fieldName('team_id')

const users = (owner: unknown, options: object = {}, more: object = {}): Entities => [
  team,
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), team: () => owner, size: p.integer().default(0), ...more},
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const one = (): Entities => [
  team,
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {
      id: p.integer().primary(),
      team: () => p.oneToOne(team).owner().fieldName('team_id'),
      size: p.integer().default(0),
    },
  }),
]

/** A table whose rows refer to others of it. */
const nodes = (index: string | false, options: object = {}): Entities => {
  const node: EntitySchema = new EntitySchema({
    name: 'Node',
    tableName: 'nodes',
    properties: {
      id: {type: 'integer', primary: true},
      size: {type: 'integer', default: 0},
      parent: {kind: 'm:1', entity: () => node, fieldName: 'parent_id', nullable: true, index},
    },
    ...options,
  } as never)
  return [node]
}

/** A table with a primary key of some columns. */
const members = (keys: readonly string[]): Entities => [
  team,
  defineEntity({
    name: 'Member',
    tableName: 'members',
    properties: Object.fromEntries([
      [
        'team',
        () =>
          keys.includes('team')
            ? many()
                .index(false as never)
                .primary()
            : many().index(false as never),
      ],
      ...['a', 'b'].map((name) => [name, keys.includes(name) ? p.integer().primary() : p.integer()]),
    ]),
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const memberRows = [`insert into teams (name) values ('a')`, 'insert into members (team_id, a, b) values (1, 1, 1)']

const sql = [`insert into teams (name) values ('a'), ('b')`, 'insert into users (team_id) values (1), (2)']

const tree = ['insert into nodes (size) values (1)', 'insert into nodes (parent_id) values (1)']

const composite = {indexes: [{name: 'both', properties: ['team', 'size']}]}

const cases: readonly (Change & {readonly name: string; readonly on?: readonly DatabaseKind[]})[] = [
  {name: 'a unique one becomes plain', before: one, after: () => users(many()), sql},
  {name: 'a plain one becomes unique', before: () => users(many()), after: one, sql},
  {
    name: 'it is renamed',
    before: () => users(many().index('first')),
    after: () => users(many().index('second')),
    sql,
  },
  {
    name: 'one over more columns takes its place',
    before: () => users(many().index('first')),
    after: () => users(many().index(false as never), composite),
    sql,
  },
  {
    name: 'it takes the place of one over more columns',
    before: () => users(many().index(false as never), composite),
    after: () => users(many().index('first')),
    sql,
  },
  {
    name: 'it goes together with the key',
    before: () => users(many().index('first')),
    after: () => [
      team,
      defineEntity({
        name: 'User',
        tableName: 'users',
        properties: {
          id: p.integer().primary(),
          team: p.integer().unsigned().fieldName('team_id'),
          size: p.integer().default(0),
        },
      }),
    ],
    sql,
  },
  {
    name: 'it comes together with the key',
    before: () => [
      team,
      defineEntity({
        name: 'User',
        tableName: 'users',
        properties: {
          id: p.integer().primary(),
          team: p.integer().unsigned().fieldName('team_id'),
          size: p.integer().default(0),
        },
      }),
    ],
    after: () => users(many().index('first')),
    sql,
  },
  {
    name: 'the rule of the key changes with it',
    before: () => users(many().index('first').deleteRule('cascade')),
    after: () => users(many().index('second').deleteRule('restrict')),
    sql,
  },
  {
    name: 'the key has none of its own, and the table changes',
    before: () => nodes(false),
    after: () => nodes(false, {comment: 'a tree', indexes: [{name: 'by_size', properties: ['size']}]}),
    sql: tree,
  },
  {
    name: 'a key that needs one loses its own',
    before: () => nodes('own'),
    after: () => nodes(false, {indexes: [{name: 'by_size', properties: ['size']}]}),
    sql: tree,
  },
  {
    name: 'a unique one goes, and no other comes',
    before: () => users(many().index(false as never), {uniques: [{name: 'only', properties: ['team']}]}),
    after: () => users(many().index(false as never), {indexes: [{name: 'by_size', properties: ['size']}]}),
    sql,
  },
  {
    name: 'one of the same name takes its place',
    before: () => users(many().index('first')),
    after: () => users(many().index(false as never), {indexes: [{name: 'first', properties: ['team', 'size']}]}),
    sql,
  },
  {
    name: 'one with a new column takes its place',
    before: () => users(many().index('first')),
    after: () =>
      users(
        many().index(false as never),
        {indexes: [{name: 'both', properties: ['team', 'more']}]},
        {more: p.integer().nullable()},
      ),
    sql,
  },
  {
    name: 'the primary key that serves it gets another column',
    before: () => members(['team', 'a']),
    after: () => members(['team', 'a', 'b']),
    sql: memberRows,
  },
  {
    name: 'the primary key that serves it no longer does',
    before: () => members(['team', 'a']),
    after: () => members(['a', 'b']),
    sql: memberRows,
  },
  {
    name: 'the primary key begins to serve it',
    before: () => members(['a', 'b']),
    after: () => members(['team', 'a']),
    sql: memberRows,
    on: ['postgresql', 'mariadb', 'mysql'],
  },
]

for (const kind of databaseKinds.filter((candidate) => candidate !== 'pglite'))
  describe(`the index of a foreign key, on ${kind}:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    for (const change of cases.filter(({on}) => on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })
