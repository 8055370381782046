import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

interface Case extends Change {
  readonly name: string
  /** A part of the revision. */
  readonly says?: string
  /** The answers that the question offers. */
  readonly offers: readonly string[]
}

interface Place {
  readonly schema?: string
  readonly table?: string
  readonly name?: string
}

const things = ({schema, table = 'things', name = 'name'}: Place = {}, options: object = {}): Entities[number] =>
  defineEntity({
    name: 'Thing',
    tableName: table,
    ...(schema !== undefined && {schema}),
    properties: {id: p.integer().primary(), name: p.string().fieldName(name).length(20).unique()},
    ...options,
  } as never)

/** Another table in a schema. */
const users = (schema?: string): Entities[number] =>
  defineEntity({
    name: 'User',
    tableName: 'users',
    ...(schema !== undefined && {schema}),
    properties: {id: p.integer().primary(), mail: p.string()},
  })

const parts = (schema?: string): Entities => {
  const part = defineEntity({
    name: 'Part',
    tableName: 'parts',
    ...(schema !== undefined && {schema}),
    properties: {
      id: p.integer().primary(),
      size: p.integer(),
      twin: () => p.manyToOne(part).nullable(),
    },
    indexes: [{properties: ['size']}],
    checks: [{name: 'positive', expression: 'size > 0'}],
    triggers: [{name: 'watch', timing: 'after', events: ['update'], body: 'perform 1'}],
  } as never) as never
  return [part]
}

const shown = (table: string): Entities[number] =>
  defineEntity({
    name: 'Shown',
    tableName: 'shown_things',
    view: true,
    expression: `select id, name from ${table}`,
    properties: {id: p.integer().primary(), name: p.string()},
  })

const partitioned = (schema?: string): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    ...(schema !== undefined && {schema}),
    partitionBy: {type: 'hash', expression: ['id'], partitions: 2},
    properties: {id: p.integer().primary(), name: p.string()},
  } as never),
]

const inserted = (table: string): readonly string[] => [`insert into ${table} (name) values ('a'), ('b')`]

const cases: readonly Case[] = [
  {
    name: 'to a new schema',
    before: () => [things()],
    after: () => [things({schema: 'shop'})],
    sql: inserted('things'),
    answers: {renames: ['things:shop.things']},
    offers: ['--rename things:shop.things', '--drop things'],
  },
  {
    name: 'to the default schema, the last of its own, which is dropped',
    says: "op.dropSchema('shop')",
    before: () => [things({schema: 'shop'}), users()],
    after: () => [things(), users()],
    sql: inserted('shop.things'),
    answers: {renames: ['shop.things:things']},
    offers: ['--rename shop.things:things', '--drop shop.things'],
  },
  {
    name: 'to the default schema, one of several',
    before: () => [things({schema: 'shop'}), users('shop')],
    after: () => [things(), users('shop')],
    sql: inserted('shop.things'),
    answers: {renames: ['shop.things:public.things']},
    offers: ['--rename shop.things:things', '--drop shop.things'],
  },
  {
    name: 'from one schema to another, with its columns renamed',
    before: () => [things({schema: 'shop'}), users('shop')],
    after: () => [things({schema: 'store', name: 'title'}), users('shop')],
    sql: inserted('shop.things'),
    answers: {renames: ['shop.things:store.things', 'store.things.name:title']},
    offers: ['--rename shop.things:store.things', '--drop shop.things'],
  },
  {
    name: 'with a foreign key, an index, a check and a trigger',
    before: () => parts(),
    after: () => parts('shop'),
    sql: ['insert into parts (size) values (1), (2)'],
    answers: {renames: ['parts:shop.parts']},
    offers: ['--rename parts:shop.parts', '--drop parts'],
  },
  {
    name: 'under a view',
    before: () => [things(), shown('things')],
    after: () => [things({schema: 'shop'}), shown('shop.things')],
    sql: inserted('things'),
    answers: {renames: ['things:shop.things']},
    keeps: 'select * from shown_things order by id',
    offers: ['--rename things:shop.things', '--drop things'],
  },
  {
    name: 'with its partitions',
    before: () => partitioned(),
    after: () => partitioned('shop'),
    sql: inserted('things'),
    answers: {renames: ['things:shop.things']},
    offers: ['--rename things:shop.things', '--drop things'],
  },
]

for (const kind of databaseKinds.filter((one) => one === 'postgresql' || one === 'pglite'))
  describe(`a table on ${kind} moves in both directions`, function () {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {offers, says = 'op.moveTable(', ...change} of cases)
      it(`${change.name}, and it is a question`, async () => {
        const text = await expectBothWays(project, change)
        expect(text).to.include('op.moveTable(').and.include(says).and.not.include('loses data')
        await project.downgrade('-1')
        project.removeLast()
        const {questions, losesData} = await project.generate()
        expect(questions.filter(({kind: what}) => what === 'table').map(({answers}) => answers)).to.deep.equal([offers])
        expect(losesData).to.include(`the rows of ${offers[1]?.slice('--drop '.length)}`)
      })

    it('in one revision with another name', async () => {
      const text = await expectBothWays(project, {
        before: () => [things(), users('shop')],
        after: () => [things({schema: 'shop', table: 'parts'}), users('shop')],
        sql: inserted('things'),
        answers: {renames: ['things:shop.parts']},
      })
      expect(text).to.include("op.moveTable('public.things', 'shop')")
    })

    it('not if the answer is that it is dropped', async () => {
      await project.use([things({schema: 'shop'}), users()])
      await project.generate()
      await project.upgrade()
      await project.use([things(), users()])
      const result = await project.generate({drops: ['shop.things']})
      expect([result.questions, result.losesData]).to.deep.equal([[], ['the rows of shop.things']])
      await project.upgrade()
      expect((await project.generate()).revision).to.equal(null)
    })

    it('nowhere but is dropped with its schema where it is the last of both', async () => {
      const text = await expectBothWays(project, {
        before: () => [things({schema: 'shop'}), users()],
        after: () => [users()],
      })
      expect(text).to.include("op.dropTable('shop.things'").and.include("op.dropSchema('shop'")
    })

    it('nowhere but is dropped without its schema, which holds more', async () => {
      const text = await expectBothWays(project, {
        before: () => [things({schema: 'shop'}), users()],
        after: () => [users()],
        sql: ['create table shop.by_hand (id integer)'],
      })
      expect(text).to.include("op.dropTable('shop.things'").and.not.include("op.dropSchema('shop'")
    })

    it('not if no revision has created it', async () => {
      await project.use([users()])
      await project.query('create schema shop', 'create table shop.things (id serial primary key, name text)')
      await project.use([things(), users()])
      const {questions, losesData} = await project.generate()
      expect([questions, losesData]).to.deep.equal([[], []])
    })
  })
