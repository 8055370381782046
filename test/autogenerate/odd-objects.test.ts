import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

/** Objects that MikroORM reads or compares only in part. */
interface Case {
  readonly name: string
  readonly on: DatabaseKind
  readonly before: () => Entities
  /** Changes by hand between the two. */
  readonly sql?: readonly string[]
  readonly after: () => Entities
  readonly options?: object
  readonly finds: readonly string[]
  readonly leaves?: readonly string[]
}

const user = (properties: object = {}, options: object = {}): object =>
  defineEntity({
    name: 'User',
    tableName: 'user',
    properties: {id: p.integer().primary(), n: p.string(), ...properties},
    ...options,
  } as never)

const view = (schema?: string): object =>
  defineEntity({
    name: 'Seen',
    tableName: 'seen',
    ...(schema !== undefined && {schema}),
    view: true,
    expression: 'select id from "user"',
    properties: {id: p.integer().primary()},
  } as never)

const inSchema = (schema: string): object =>
  defineEntity({name: `In${schema}`, tableName: 'thing', schema, properties: {id: p.integer().primary()}})

const computed = (expression: string): object =>
  user(
    {g: p.integer().generated(expression).nullable()},
    {indexes: [{name: 'i', properties: ['g', 'n']}], checks: [{name: 'positive', expression: 'g > 0'}]},
  )

const stored = (options: object = {}): object =>
  defineEntity({
    name: 'Stored',
    tableName: 'stored',
    view: {materialized: true},
    expression: 'select id from "user"',
    properties: {id: p.integer().primary()},
    ...options,
  } as never)

const empty = {view: {materialized: true, withData: false}}
const indexedView = {indexes: [{name: 'i', properties: ['id']}]}

const quoted = (properties: object = {}): object =>
  defineEntity({
    name: 'Quoted',
    tableName: 'two words',
    properties: {id: p.integer().primary(), ...properties},
    triggers: [{name: 'watch', timing: 'after', events: ['insert'], body: 'select 1'}],
  } as never)

const trigger = {triggers: [{name: 'checks', timing: 'before', events: ['insert'], body: 'return new'}]}
const indexed = (expression: string): object => user({}, {indexes: [{name: 'i', expression}]})

const referring = (): Entities => {
  const one = user()
  const properties = {id: p.integer().primary(), owner: () => p.manyToOne(one as never)}
  return [one, defineEntity({name: 'Pet', tableName: 'pet', properties} as never)]
}

const cases: readonly Case[] = [
  {
    name: 'an index with operator classes and nulls that are alike comes back as it was',
    on: 'postgresql',
    before: () => [indexed('create unique index "i" on "user" ("n" text_pattern_ops) nulls not distinct')],
    after: () => [user()],
    finds: [`Detected difference that requires SQL: 'drop index "i"'`],
  },
  {
    name: 'an index with parameters comes back as it was',
    on: 'postgresql',
    before: () => [indexed('create index "i" on "user" using brin ("n") with (pages_per_range = 4)')],
    after: () => [user()],
    finds: [`Detected difference that requires SQL: 'drop index "i"'`],
  },
  {
    name: 'an index has the name in its statement',
    on: 'postgresql',
    before: () => [user()],
    after: () => [indexed('create index real_name on "user" (lower(n))')],
    finds: [`Detected difference that requires SQL: 'create index real_name on "user" (lower(n))'`],
  },
  {
    name: 'an index gets a second column whose name has to be quoted',
    on: 'postgresql',
    before: () => [user({m: p.string().name('userMail')}, {indexes: [{name: 'i', properties: ['m']}]})],
    after: () => [user({m: p.string().name('userMail')}, {indexes: [{name: 'i', properties: ['m', 'n']}]})],
    finds: ["Detected changed index 'user.i'"],
  },
  {
    name: 'an index on the beginning of a column is one on the whole column',
    on: 'postgresql',
    before: () => [user()],
    after: () => [user({}, {indexes: [{name: 'i', properties: ['n'], columns: [{name: 'n', length: 4}]}]})],
    finds: ["Detected added index 'user.i'"],
  },
  {
    name: 'a unique constraint cannot be deferred',
    on: 'sqlite',
    before: () => [user()],
    after: () => [user({}, {uniques: [{name: 'u', properties: ['n'], deferMode: 'deferred'}]})],
    finds: ["Detected added unique constraint 'user.u'"],
  },
  {
    name: 'an enum has no type of its own',
    on: 'sqlite',
    before: () => [user()],
    after: () => [user({mood: p.enum(['sad', 'ok']).nativeEnumName('mood').nullable()})],
    finds: ["Detected added column 'user.mood'"],
  },
  {
    name: 'foreign keys are left alone when MikroORM creates none',
    on: 'postgresql',
    before: () => [user()],
    after: referring,
    options: {schemaGenerator: {createForeignKeyConstraints: false}},
    finds: ["Detected added table 'pet'"],
  },
  {
    name: 'a trigger made by hand stays beside that of an entity',
    on: 'postgresql',
    before: () => [user({}, trigger)],
    sql: [
      'create function own() returns trigger language plpgsql as $$begin return new; end$$',
      'create trigger by_hand before insert on "user" for each row execute function own()',
    ],
    after: () => [user({}, trigger)],
    finds: [],
    leaves: ['trigger user.by_hand'],
  },
  {
    name: 'the last view and the last trigger go',
    on: 'postgresql',
    before: () => [user({}, trigger), view()],
    after: () => [user()],
    finds: ["Detected removed view 'seen'", "Detected removed trigger 'user.checks'"],
  },
  {
    name: 'a view moves to another schema',
    on: 'postgresql',
    before: () => [user(), inSchema('one'), view('one')],
    after: () => [user(), inSchema('one'), view('two')],
    finds: ["Detected added schema 'two'", "Detected removed view 'one.seen'", "Detected added view 'two.seen'"],
  },
  {
    name: 'virtual tables and columns without types are somebody else’s',
    on: 'sqlite',
    before: () => [user()],
    sql: ['create virtual table words using fts5(a, b)', 'create table untyped (y)'],
    after: () => [user({x: p.string().nullable()})],
    finds: ["Detected added column 'user.x'"],
    leaves: ['table untyped', 'table words'],
  },
  {
    name: 'a column has the name of what every object has',
    on: 'postgresql',
    before: () => [user()],
    after: () => [user({a: p.string().nullable().name('constructor'), b: p.string().nullable().name('q"x')})],
    finds: ["Detected added column 'user.constructor'", `Detected added column 'user.q"x'`],
  },
  {
    name: 'a table has a quote in its name',
    on: 'postgresql',
    before: () => [user({}, {tableName: 'quo"te'})],
    after: () => [user({m: p.string().nullable()}, {tableName: 'quo"te', indexes: [{name: 'i', properties: ['n']}]})],
    finds: [`Detected added column 'quo"te.m'`, `Detected added index 'quo"te.i'`],
  },
  {
    name: 'a generated column with an index and a check is computed in another way',
    on: 'postgresql',
    before: () => [computed('(length(n) * 2) stored')],
    after: () => [computed('(length(n) * 3) stored')],
    finds: [
      "Detected changed check 'user.positive'",
      "Detected changed index 'user.i'",
      "Detected changed column 'user.g'",
    ],
  },
  {
    name: 'a generated column and the column that it uses go',
    on: 'postgresql',
    before: () => [user({m: p.integer(), z: p.integer().generated('(m * 2) stored').nullable()})],
    after: () => [user()],
    finds: ["Detected removed column 'user.z'", "Detected removed column 'user.m'"],
  },
  {
    name: 'a materialised view gets an index',
    on: 'postgresql',
    before: () => [user(), stored()],
    after: () => [user(), stored({indexes: [{name: 'seen_id', properties: ['id']}]})],
    finds: ["Detected added index 'stored.seen_id'"],
  },
  {
    name: 'a column gets another type and a default that is false',
    on: 'mariadb',
    before: () => [user({b: p.integer()})],
    after: () => [user({b: p.boolean().default(false)})],
    finds: ["Detected changed type of column 'user.b'", "Detected changed default of column 'user.b'"],
  },
  {
    name: 'a column called constructor is dropped',
    on: 'sqlite',
    before: () => [user({a: p.string().nullable().name('constructor')})],
    after: () => [user()],
    finds: ["Detected removed column 'user.constructor'"],
  },
  {
    name: 'a check without columns becomes another one',
    on: 'postgresql',
    before: () => [user({}, {checks: [{name: 'c', expression: '1 = 1'}]})],
    after: () => [user({}, {checks: [{name: 'c', expression: "n > 'a'"}]})],
    finds: ["Detected changed check 'user.c'"],
  },
  {
    name: 'a check without columns goes',
    on: 'postgresql',
    before: () => [user({}, {checks: [{name: 'c', expression: '1 = 1'}]})],
    after: () => [user()],
    finds: ["Detected removed check 'user.c'"],
  },
  {
    name: 'a materialised view without data gets an index',
    on: 'postgresql',
    before: () => [user(), stored(empty)],
    after: () => [user(), stored({...empty, ...indexedView})],
    finds: ["Detected added index 'stored.i'"],
  },
  {
    name: 'a materialised view without data loses an index',
    on: 'postgresql',
    before: () => [user(), stored({...empty, ...indexedView})],
    after: () => [user(), stored(empty)],
    finds: [`Detected difference that requires SQL: 'drop index "i"'`],
  },
  {
    name: 'an index of a materialised view gets a condition',
    on: 'postgresql',
    before: () => [user(), stored(indexedView)],
    after: () => [user(), stored({indexes: [{name: 'i', properties: ['id'], where: 'id > 1'}]})],
    finds: [`Detected difference that requires SQL: 'drop index "i"'`, "Detected added index 'stored.i'"],
  },
  {
    name: 'a materialised view without data gets another definition',
    on: 'postgresql',
    before: () => [user(), stored(empty)],
    after: () => [user(), stored({...empty, expression: 'select id + 1 as id from "user"'})],
    finds: [
      `Detected difference that requires SQL: 'drop index "stored_pkey"'`,
      "Detected changed materialised view 'stored'",
      "Detected added index 'stored.stored_pkey'",
    ],
  },
  {
    name: 'a trigger of a table whose name has to be quoted stays',
    on: 'sqlite',
    before: () => [quoted()],
    after: () => [quoted({n: p.string().nullable()})],
    finds: ["Detected added column 'two words.n'"],
  },
]

describe('objects that MikroORM reads or compares only in part', () => {
  let project: ModelProject
  afterEach(async () => project.close())

  for (const {name, on, before, sql = [], after, options, finds, leaves = []} of cases.filter((one) =>
    databaseKinds.includes(one.on),
  ))
    it(`${name}, on ${on}`, async () => {
      project = await ModelProject.open(on)
      await project.use(before(), options)
      await project.generate()
      await project.upgrade()
      for (const statement of sql) await project.query(statement)
      const start = await project.catalogue()
      await project.use(after(), options)
      const {detected, unknown, rehearsals, omitted} = await project.generate()
      expect(detected.map(({text}) => text)).to.have.members(finds)
      expect(unknown.map((object) => `${object.kind} ${object.name}`).toSorted()).to.deep.equal(leaves)
      expect(omitted).to.deep.equal([])
      for (const {refused, unsettled, notReverted} of rehearsals)
        expect([refused.filter(({onlyWithRows}) => !onlyWithRows), unsettled, notReverted]).to.deep.equal([[], [], []])
      if (finds.length === 0) return
      await project.upgrade()
      expect((await project.generate()).detected.map(({text}) => text)).to.deep.equal([])
      await project.downgrade('-1')
      expect(await project.catalogue()).to.deep.equal(start)
    })
})
