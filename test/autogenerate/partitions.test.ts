import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const other = (name = 'others'): Entities => [
  defineEntity({name: 'Other', tableName: name, properties: {id: p.integer().primary()}}),
]

const events = (partitionBy: object, options: object = {}): Entities => [
  ...other(),
  defineEntity({
    name: 'Event',
    tableName: 'events',
    properties: {
      id: p.integer().primary().autoincrement(false),
      day: p.date().primary(),
      name: p.string().index(),
    },
    partitionBy,
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const years = (...names: readonly number[]): object => ({
  type: 'range',
  expression: ['day'],
  partitions: names.map((year) => ({
    name: `events_${year}`,
    values: `from ('${year}-01-01') to ('${year + 1}-01-01')`,
  })),
})

describe('partitions', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
    await project.use([])
  })
  afterEach(async () => project.close())

  const kinds = {
    ranges: years(2025, 2026),
    hashes: {type: 'hash', expression: ['id'], partitions: 4},
    lists: {
      type: 'list',
      expression: ['day'],
      partitions: [
        {name: 'events_first', values: `in ('2026-01-01')`},
        {name: 'parts.events_rest', values: 'default'},
      ],
    },
  }
  for (const [name, partitionBy] of Object.entries(kinds)) {
    it(`by ${name} come with their table`, async () => {
      await expectBothWays(project, {
        before: () => other(),
        after: () => events(partitionBy),
        sql: ['create schema parts'],
      })
      await project.query(`insert into events (id, day, name) values (1, '2026-01-01', 'x')`)
      expect(await project.rows('select name from events')).to.deep.equal([{name: 'x'}])
    })

    it(`by ${name} go with their table`, async () => {
      await project.query('create schema parts')
      await expectBothWays(project, {
        before: () => events(partitionBy),
        after: () => other(),
        sql: [`insert into events (id, day, name) values (1, '2026-01-01', 'x')`],
      })
    })
  }

  it('are added and removed', async () => {
    const text = await expectBothWays(project, {
      before: () => events(years(2024, 2025)),
      after: () => events(years(2025, 2026, 2027)),
      sql: [`insert into events (id, day, name) values (1, '2025-01-01', 'x')`],
      keeps: 'select name from events',
    })
    expect(text).to.include('// loses data: the rows of events_2024')
  })
})
