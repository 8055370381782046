import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {compareModels} from '../../src/api/models.ts'
import {isSameExpression, isSameStatement} from '../../src/autogenerate/postgres-tree.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

/** A database that was made by hand, and entities that differ from it in one thing, which MikroORM does not see. */
interface Case {
  readonly name: string
  readonly comparator: string
  readonly sql: readonly string[]
  readonly entities: () => Entities
  readonly finds: readonly string[]
}

const table = (columns: Record<string, unknown>, options: object = {}): Entities => [
  defineEntity({name: 'T', tableName: 't', properties: {id: p.integer().primary(), ...columns}, ...options} as never),
]

const cases: readonly Case[] = [
  {
    name: 'a time with zone for one without',
    comparator: 'timestamps',
    sql: ['create table t (id serial primary key, at timestamptz(3) not null)'],
    entities: () => table({at: p.datetime().columnType('timestamp(3)')}),
    finds: ["Detected changed type of column 't.at'"],
  },
  {
    name: 'json for jsonb',
    comparator: 'timestamps',
    sql: ['create table t (id serial primary key, data json not null)'],
    entities: () => table({data: p.json()}),
    finds: ["Detected changed type of column 't.data'"],
  },
  {
    name: 'a unique index for a unique constraint',
    comparator: 'uniqueForm',
    sql: [
      'create table t (id serial primary key, mail varchar(255) not null)',
      'create unique index t_mail_unique on t (mail)',
    ],
    entities: () => table({mail: p.string().unique()}),
    finds: ["Detected removed index 't.t_mail_unique'", "Detected added unique constraint 't.t_mail_unique'"],
  },
  {
    name: 'another expression in an index',
    comparator: 'indexExpressions',
    sql: [
      'create table t (id serial primary key, mail varchar(255) not null)',
      'create index t_mail on t (upper(mail))',
    ],
    entities: () =>
      table({mail: p.string()}, {indexes: [{name: 't_mail', expression: 'create index t_mail on t (lower(mail))'}]}),
    finds: [
      'Detected difference that requires SQL: \'drop index "t_mail"\'',
      "Detected difference that requires SQL: 'create index t_mail on t (lower(mail))'",
    ],
  },
  {
    name: 'an index whose nulls are alike',
    comparator: 'indexExpressions',
    sql: ['create table t (id serial primary key, n integer)', 'create unique index t_n on t (n)'],
    entities: () =>
      table(
        {n: p.integer().nullable()},
        {indexes: [{name: 't_n', expression: 'create unique index t_n on t (n) nulls not distinct'}]},
      ),
    finds: [
      "Detected removed index 't.t_n'",
      "Detected difference that requires SQL: 'create unique index t_n on t (n) nulls not distinct'",
    ],
  },
  {
    name: 'a value that an enum does not have yet',
    comparator: 'enumValues',
    sql: [`create type mood as enum ('sad', 'happy')`, 'create table t (id serial primary key, mood mood not null)'],
    entities: () => table({mood: p.enum(['sad', 'fair', 'happy']).nativeEnumName('mood')}),
    finds: ["Detected added value of enum 'mood'"],
  },
  {
    name: 'a value that an enum has no more',
    comparator: 'enumValues',
    sql: [`create type mood as enum ('sad', 'happy')`, 'create table t (id serial primary key, mood mood not null)'],
    entities: () => table({mood: p.enum(['happy']).nativeEnumName('mood')}),
    finds: ["Detected changed values of enum 'mood'"],
  },
  {
    name: 'a sequence that a default is taken from',
    comparator: 'sequences',
    sql: ['create table t (id serial primary key)'],
    entities: () => [
      ...table({}),
      defineEntity({
        name: 'U',
        tableName: 'u',
        properties: {id: p.integer().primary(), number: p.integer().defaultRaw("nextval('numbers')")},
      }),
    ],
    finds: ["Detected added sequence 'numbers'", "Detected added table 'u'"],
  },
]

describe('comparators', () => {
  let project: ModelProject
  before(async () => {
    project = await ModelProject.open('postgresql')
    await project.use([])
  })
  after(async () => project.close())
  afterEach(async () => {
    project.folder.write({'mig.config.js': 'export default {}\n'})
    for (const sql of ['drop schema public cascade', 'create schema public']) await project.query(sql)
  })

  for (const {name, comparator, sql, entities, finds} of cases)
    it(`find ${name}, without a scratch database, which the operations mend; switched off, they do not`, async () => {
      for (const statement of sql) await project.query(statement)
      await project.use(entities())
      const compare = async (): Promise<readonly string[]> => {
        const [found] = await compareModels({cwd: project.cwd, orm: project.orm, drops: [], scratch: false})
        return found?.detected.map(({text}) => text) ?? []
      }
      expect(await compare()).to.deep.equal(finds)
      project.folder.write({
        'mig.config.js': `export default {autogenerate: {comparators: {${comparator}: false}}}\n`,
      })
      expect((await compare()).length).to.be.lessThan(finds.length)
      project.folder.write({'mig.config.js': 'export default {}\n'})
      await project.generate()
      await project.upgrade()
      expect(await compare()).to.deep.equal([])
      project.removeRevisions()
    })

  const same: readonly (readonly [string, string, boolean])[] = [
    ['grade between 1 and 13', '((grade >= 1) AND (grade <= 13))', true],
    ['grade between 1 and 13', '((grade >= 1) AND (grade <= 12))', false],
    [
      "kind in ('x', 'y')",
      "((kind)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
      true,
    ],
    ["kind in ('x')", "((kind)::text = 'x'::text)", true],
    ["kind not in ('x', 'y')", "(kind <> ALL (ARRAY['x'::text, 'y'::text]))", true],
    [
      "a > -1 and b like 'x%' and c is not null",
      "(((a > '-1'::integer) AND (b ~~ 'x%'::text)) AND (c IS NOT NULL))",
      true,
    ],
    ["upper('x')", "upper('x'::text)", true],
    ["upper('x')", "upper('y'::text)", false],
    ['a > 0 or b > 0 and c > 0', '((a > 0) OR ((b > 0) AND (c > 0)))', true],
    ['(a > 0 or b > 0) and c > 0', '((a > 0) OR ((b > 0) AND (c > 0)))', false],
  ]
  for (const [one, other, isSame] of same)
    it(`know that ${one} is ${isSame ? '' : 'not '}${other}`, async () => {
      expect(await isSameExpression(one, other)).to.equal(isSame)
    })

  it('know an index by its tree', async () => {
    const stored = 'CREATE UNIQUE INDEX i ON public.t USING btree (lower((n)::text))'
    expect(await isSameStatement('create unique index "i" on "t" (lower("n") asc)', stored)).to.equal(true)
    expect(await isSameStatement('create index i on t (lower(n))', stored)).to.equal(false)
    expect(await isSameStatement('create unique index i on t (lower(n)) nulls not distinct', stored)).to.equal(false)
  })
})
