import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const things = (properties: Readonly<Record<string, unknown>>, expressions: readonly string[] = []): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {id: p.integer().primary(), ...properties},
    checks: expressions.map((expression, i) => ({name: `check_${i}`, expression})),
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const size = (check: string) => ({size: p.integer().default(1).check(check)})
const other = {other: p.integer().default(2)}
const computed = (expression: string) => ({twice: p.integer().generated(`(${expression}) stored`).nullable()})

const cases: readonly (Change & {readonly name: string})[] = [
  {
    name: 'of a property without columns, and another column is added',
    before: () => things(size('1 = 1')),
    after: () => things({...size('1 = 1'), ...other}),
  },
  {
    name: 'of a property without columns, and another column is dropped',
    before: () => things({...size('1 = 1'), ...other}),
    after: () => things(size('1 = 1')),
  },
  {
    name: 'of a table without columns, and a column is computed in another way',
    before: () => things({...other, ...computed('other + 1')}, ['1 = 1', `'other' <> 'things'`]),
    after: () => things({...other, ...computed('other + 2')}, ['1 = 1', `'other' <> 'things'`]),
  },
  {
    name: 'without columns that changes, and another column is dropped',
    before: () => things({...size('1 = 1'), ...other}),
    after: () => things(size('2 > 1')),
  },
  {
    name: 'of other columns, and a column is dropped',
    before: () => things({...size('size > 0'), ...other}, ['size < 9']),
    after: () => things(size('size > 0'), ['size < 9']),
  },
  {
    name: 'of a dropped column only, in a table with one without columns',
    before: () => things({...other, ...size('size > 0')}, ['1 = 1']),
    after: () => things(other, ['1 = 1']),
  },
]

for (const kind of databaseKinds)
  describe(`a check on ${kind} stays:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    for (const change of cases)
      it(
        change.name,
        async () => void (await expectBothWays(project, {...change, sql: ['insert into things (id) values (1)']})),
      )
  })
