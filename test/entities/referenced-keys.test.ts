import {EntitySchema} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

type Property = Readonly<Record<string, unknown>>

const entity = (name: string, tableName: string, properties: Readonly<Record<string, Property>>): EntitySchema =>
  new EntitySchema({name, tableName, properties} as never)

const plain = {type: 'integer', autoincrement: false}
const id = {...plain, primary: true}
const b = {type: 'integer', default: 1}
const key = (isWide: boolean): Readonly<Record<string, Property>> => ({a: id, b: isWide ? {...b, primary: true} : b})
const many = (to: () => EntitySchema, more: Property = {}): Property => ({
  kind: 'm:1',
  entity: to,
  nullable: true,
  updateRule: 'no action',
  ...more,
})

/** A table whose key has one or two columns, and another one that refers to it. */
const pair = (isWide: boolean, more: Readonly<Record<string, Property>> = {}): Entities => {
  const zone = entity('Zone', 'zones', key(isWide))
  return [zone, entity('Area', 'areas', {id, ...more, zone: many(() => zone)})]
}

/** The same with another name, so that the table with the key comes first. */
const earlier = (isWide: boolean): Entities => {
  const area = entity('Area', 'areas', key(isWide))
  return [area, entity('Zone', 'zones', {id, area: many(() => area)})]
}

/** Two tables whose keys change, and which refer to each other. */
const circle = (isWide: boolean): Entities => {
  const team: EntitySchema = entity('Team', 'teams', {...key(isWide), leader: many(() => user)})
  const user: EntitySchema = entity('User', 'users', {...key(isWide), team: many(() => team)})
  return [team, user]
}

const tree = (isWide: boolean): Entities => {
  const node: EntitySchema = entity('Node', 'nodes', {...key(isWide), parent: many(() => node)})
  return [node]
}

/** A chain of three tables whose keys contain each other. */
const chain = (isWide: boolean): Entities => {
  const zone = entity('Zone', 'zones', key(isWide))
  const area = entity('Area', 'areas', {zone: many(() => zone, {primary: true, nullable: false})})
  return [zone, area, entity('Spot', 'spots', {id, area: many(() => area)})]
}

/** A column that may be unique, and a table that may refer to it. */
const coded = (isUnique: boolean, refers: boolean): Entities => {
  const zone = entity('Zone', 'zones', {id, code: {type: 'string', length: 10, unique: isUnique}})
  const owner = {zone: many(() => zone, {targetKey: 'code', fieldName: 'zone_code'})}
  return [zone, entity('Area', 'areas', {id, n: {type: 'integer', nullable: true}, ...(refers && owner)})]
}

const codedTree = (refers: boolean): Entities => {
  const node: EntitySchema = entity('Node', 'nodes', {
    id,
    code: {type: 'string', length: 10, unique: refers},
    ...(refers && {parent: many(() => node, {targetKey: 'code', fieldName: 'parent_code'})}),
  })
  return [node]
}

/** A table that comes with, or goes with, the key that it refers to. */
const referring = (isWide: boolean): Entities => (isWide ? pair(true) : [entity('Zone', 'zones', key(false))])
const referringBack = (isWide: boolean): Entities => (isWide ? [entity('Zone', 'zones', key(true))] : pair(false))

const sized = (isWide: boolean): Readonly<Record<string, Property>> => ({
  size: {type: 'integer', nullable: isWide},
})

interface Pair {
  readonly name: string
  /** Returns the entities before or after. */
  readonly of: (isAfter: boolean) => Entities
  readonly sql?: readonly string[]
  readonly keeps?: string
}

const pairs: readonly Pair[] = [
  {name: 'gets a column', of: pair, keeps: 'select id from areas order by id'},
  {name: 'gets a column, like the table that refers to it', of: (isAfter) => pair(isAfter, sized(isAfter))},
  {name: 'gets a column, and a later table refers to it', of: earlier, keeps: 'select id from zones order by id'},
  {name: 'gets a column, as does that of the table that it refers to', of: circle},
  {name: 'gets a column, and its own table refers to it', of: tree, keeps: 'select a from nodes order by a'},
  {name: 'gets a column, as do the keys of a chain of tables', of: chain},
  {name: 'gets a column, and a new table refers to it', of: referring, keeps: 'select a, b from zones'},
  {name: 'gets a column, and the table that refers to it goes', of: referringBack, keeps: 'select a, b from zones'},
  {name: 'is a new unique constraint', of: (isAfter) => coded(isAfter, isAfter)},
  {name: 'is a new unique constraint of its own table', of: codedTree},
]

const cases: readonly (Change & {readonly name: string})[] = [
  ...pairs.flatMap(({name, of, ...rest}) => [
    {name, before: () => of(false), after: () => of(true), ...rest},
    {name: `${name}, the other way round`, before: () => of(true), after: () => of(false), ...rest},
  ]),
  {
    name: 'gets a column while rows refer to it',
    before: () => pair(false),
    after: () => pair(true),
    sql: ['insert into zones (a, b) values (1, 2)', 'insert into areas (id, zone_a) values (1, 1), (2, null)'],
    keeps: 'select id, zone_a from areas order by id',
  },
]

for (const kind of databaseKinds)
  describe(`a key that foreign keys refer to, on ${kind},`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const change of cases) it(change.name, async () => void (await expectBothWays(project, change)))
  })
