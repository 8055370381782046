import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

/** A column of one type, with values that the other one can hold, too. */
interface Case {
  readonly name: string
  readonly before: unknown
  readonly after: unknown
  /** SQL of values. */
  readonly values?: readonly string[]
}

const thing = (value: unknown): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {id: p.integer().primary(), value},
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const typed = (type: string) => p.type('string').columnType(type)

const cases: readonly Case[] = [
  {
    name: 'integer with a default to boolean with a default',
    before: p.integer().default(0),
    after: p.boolean().default(false),
    values: ['0', '1'],
  },
  {name: 'boolean with a default to text', before: p.boolean().default(true), after: p.string(), values: ['false']},
  {
    name: 'text with a default to integer with the same default',
    before: p.string().default('1'),
    after: p.integer().default(1),
    values: ["'2'"],
  },
  {name: 'text with a default to uuid', before: p.string().default('x'), after: p.uuid()},
  {name: 'integer to uuid', before: p.integer(), after: p.uuid()},
  {
    name: 'integer with a default to uuid with a default',
    before: p.integer().default(1),
    after: p.uuid().defaultRaw('gen_random_uuid()'),
  },
  {name: 'bigint to boolean', before: p.bigint(), after: p.boolean(), values: ['1', '0']},
  {name: 'numeric to boolean', before: p.decimal().precision(10).scale(0), after: p.boolean(), values: ['1']},
  {name: 'boolean to smallint', before: p.boolean(), after: p.smallint(), values: ['true', 'false']},
  {name: 'timestamp to integer', before: p.datetime(), after: p.integer()},
  {name: 'date to boolean', before: p.date(), after: p.boolean()},
  {name: 'integer to date', before: p.integer(), after: p.date()},
  {name: 'date to timestamp', before: p.date(), after: p.datetime(), values: ["'2026-11-25'"]},
  {name: 'time to interval', before: typed('time'), after: typed('interval'), values: ["'12:00'"]},
  {name: 'jsonb to integer', before: p.json(), after: p.integer(), values: ["'1'"]},
  {name: 'text to jsonb', before: p.text(), after: p.json(), values: [`'{"a": 1}'`]},
  {name: 'bytea to text', before: p.blob(), after: p.text()},
  {name: 'bytea to integer', before: p.blob(), after: p.integer()},
  {
    name: 'an array with a default to text',
    before: typed('text[]').default('{}'),
    after: p.text().default('none'),
    values: ["'{a}'"],
  },
  {name: 'an array to jsonb', before: typed('text[]'), after: p.json()},
  {
    name: 'text to an enum',
    before: p.string().default('ok'),
    after: p.enum(['ok', 'sad']).nativeEnumName('mood').default('ok'),
    values: ["'sad'"],
  },
  {name: 'integer to an enum', before: p.integer(), after: p.enum(['1', '2']).nativeEnumName('number'), values: ['1']},
  {
    name: 'an enum to another',
    before: p.enum(['ok', 'sad']).nativeEnumName('mood').default('ok'),
    after: p.enum(['ok', 'sad', 'fine']).nativeEnumName('feeling').default('ok'),
    values: ["'sad'"],
  },
  {name: 'inet to text', before: typed('inet'), after: p.text(), values: ["'10.0.0.1/32'"]},
  {name: 'inet to integer', before: typed('inet'), after: p.integer()},
  {name: 'money to integer', before: typed('money'), after: p.integer(), values: ['2']},
  {name: 'integer to interval', before: p.integer(), after: typed('interval')},
  {name: 'a range to text', before: typed('int4range'), after: p.text(), values: ["'[1,3)'"]},
  {name: 'a range to another', before: typed('int4range'), after: typed('int8range'), values: ["'[1,3)'"]},
  {name: 'bit to integer', before: typed('bit(8)'), after: p.integer(), values: ["b'00000001'"]},
  {name: 'bit to text', before: typed('bit(8)'), after: p.text(), values: ["b'00000001'"]},
  {name: 'xml to jsonb', before: typed('xml'), after: p.json()},
  {name: 'tsvector to text', before: typed('tsvector'), after: p.text()},
  {name: 'point to text', before: typed('point'), after: p.text(), values: ["'(1,2)'"]},
]

describe('a column on postgresql changes in both directions from', () => {
  let project: ModelProject
  before(async () => {
    project = await ModelProject.open('postgresql')
    await project.use([])
  })
  after(async () => project.close())
  afterEach(async () => {
    for (const sql of ['drop schema public cascade', 'create schema public']) await project.query(sql)
    project.removeRevisions()
  })

  for (const {name, before: from, after: to, values = []} of cases)
    it(name, async () => {
      await expectBothWays(project, {
        before: () => thing(from),
        after: () => thing(to),
        sql: values.map((value) => `insert into things (value) values (${value})`),
      })
    })
})
