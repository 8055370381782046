import {EntitySchema} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

type Property = Readonly<Record<string, unknown>>

const entity = (name: string, tableName: string, properties: Readonly<Record<string, Property>>): EntitySchema =>
  new EntitySchema({name, tableName, properties} as never)

const size = {type: 'integer', default: 0}
const many = (to: () => EntitySchema, more: Property = {}): Property => ({kind: 'm:1', entity: to, ...more})

/** A table, one that refers to it, and one that refers to that by the same column. */
const chain = (id: Property, rule: Property = {}): Entities => {
  const team = entity('Team', 'teams', {id: {primary: true, ...id}, size})
  const user = entity('User', 'users', {
    team: many(() => team, {fieldName: 'team_id', primary: true, ...rule}),
    size,
  })
  const badge = entity('Badge', 'badges', {
    code: {type: 'integer', primary: true, autoincrement: false},
    user: many(() => user, {fieldName: 'user_id', nullable: true}),
  })
  return [team, user, badge]
}

const chainRows = (id: string): readonly string[] => [
  `insert into teams (id, size) values (${id}, 1)`,
  `insert into users (team_id, size) values (${id}, 2)`,
  `insert into badges (code, user_id) values (1, ${id})`,
]
const chainKeeps = 'select teams.size as a, users.size as b from teams join users on teams.id = users.team_id'

/** A table whose rows refer to others of it. */
const tree = (id: Property): Entities => {
  const node: EntitySchema = entity('Node', 'nodes', {
    id: {primary: true, ...id},
    size,
    parent: many(() => node, {fieldName: 'parent_id', nullable: true}),
  })
  return [node]
}

/** Two tables that refer to each other. */
const circle = (id: Property): Entities => {
  const team: EntitySchema = entity('Team', 'teams', {
    id: {primary: true, ...id},
    leader: many(() => user, {fieldName: 'leader_id', nullable: true}),
  })
  const user: EntitySchema = entity('User', 'users', {id: {primary: true, ...id}, team: many(() => team)})
  return [team, user]
}

/** A table with a key of two columns, and one that refers to both. */
const pair = (second: Property): Entities => {
  const place = entity('Place', 'places', {
    a: {type: 'integer', primary: true},
    b: {primary: true, ...second},
    size,
  })
  const visit = entity('Visit', 'visits', {
    id: {type: 'integer', primary: true},
    place: many(() => place, {fieldNames: ['place_a', 'place_b']}),
  })
  return [place, visit]
}

const counted = {autoincrement: true}
const plain = {autoincrement: false}
const integer = {type: 'integer', ...plain}
const bigint = {type: 'bigint', ...plain}
const short = {type: 'string', length: 10}
const long = {type: 'string', length: 40}

const cases: readonly (Change & {readonly name: string; readonly on?: readonly DatabaseKind[]})[] = [
  {
    name: 'from integer to bigint',
    before: () => chain({type: 'integer', ...counted}),
    after: () => chain({type: 'bigint', ...counted}),
    sql: chainRows('1'),
    keeps: chainKeeps,
    on: ['postgresql', 'pglite', 'mariadb', 'mysql'],
  },
  {
    name: 'from bigint to smallint, with rules',
    before: () => chain(bigint, {deleteRule: 'cascade', updateRule: 'restrict'}),
    after: () => chain({type: 'smallint', ...plain}, {deleteRule: 'cascade', updateRule: 'restrict'}),
    sql: chainRows('1'),
    keeps: chainKeeps,
    on: ['postgresql', 'pglite', 'mariadb', 'mysql'],
  },
  {
    name: 'from integer to bigint, while the rule of the foreign key changes',
    before: () => chain(integer, {deleteRule: 'cascade'}),
    after: () => chain(bigint, {deleteRule: 'restrict'}),
    sql: chainRows('1'),
    keeps: chainKeeps,
  },
  {
    name: 'from integer to string',
    before: () => chain(integer),
    after: () => chain(short),
    sql: chainRows('1'),
    keeps: chainKeeps,
  },
  {
    name: 'from a string to a longer one',
    before: () => chain(short),
    after: () => chain(long),
    sql: chainRows(`'a'`),
    keeps: chainKeeps,
    on: ['postgresql', 'pglite', 'mariadb', 'mysql'],
  },
  {
    name: 'from unsigned to signed',
    before: () => chain({type: 'integer', unsigned: true, ...plain}),
    after: () => chain({type: 'integer', unsigned: false, ...plain}),
    sql: chainRows('1'),
    keeps: chainKeeps,
    on: ['mariadb', 'mysql'],
  },
  {
    name: 'to another collation',
    before: () => chain({...short, collation: 'utf8mb4_bin'}),
    after: () => chain({...short, collation: 'utf8mb4_unicode_ci'}),
    sql: chainRows(`'a'`),
    keeps: chainKeeps,
    on: ['mariadb', 'mysql'],
  },
  {
    name: 'that begins to count',
    before: () => chain({type: 'integer', unsigned: true, ...plain}),
    after: () => chain({type: 'integer', ...counted}),
    sql: chainRows('1'),
    keeps: chainKeeps,
    on: ['postgresql', 'pglite', 'mariadb', 'mysql'],
  },
  {
    name: 'of a table that refers to itself',
    before: () => tree(integer),
    after: () => tree(bigint),
    sql: ['insert into nodes (id, size) values (1, 1)', 'insert into nodes (id, size, parent_id) values (2, 1, 1)'],
    keeps: 'select a.size from nodes a join nodes b on a.id = b.parent_id',
    on: ['postgresql', 'pglite', 'mariadb', 'mysql'],
  },
  {
    name: 'of tables that refer to each other',
    before: () => circle(integer),
    after: () => circle(short),
    sql: [
      'insert into teams (id) values (1)',
      'insert into users (id, team_id) values (1, 1)',
      'update teams set leader_id = 1',
    ],
    keeps: 'select count(*) as n from teams join users on teams.leader_id = users.id',
  },
  {
    name: 'of which only one column changes',
    before: () => pair(integer),
    after: () => pair(short),
    sql: [
      'insert into places (a, b, size) values (1, 1, 1)',
      'insert into visits (id, place_a, place_b) values (1, 1, 1)',
    ],
    keeps: 'select size from places join visits on a = place_a and b = place_b',
  },
]

for (const kind of databaseKinds)
  describe(`the type of a key that foreign keys refer to, on ${kind}:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    for (const change of cases.filter(({on}) => on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })
