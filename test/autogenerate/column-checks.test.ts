import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const users = (properties: object, options: object = {}): Entities => [
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), ...properties},
    ...options,
  } as never),
  defineEntity({name: 'Other', tableName: 'others', properties: {id: p.integer().primary()}} as never),
]

const before = (): Entities => users({age: p.integer()})
const sql = ['alter table users modify age int not null check (age > 0)']
const keeps =
  "select count(*) as n from information_schema.check_constraints where constraint_schema = database() and level = 'Column'"

const cases: readonly (Change & {readonly name: string; readonly has: string})[] = [
  {
    name: 'stays when the type of the column changes',
    before,
    after: () => users({age: p.bigint()}),
    sql,
    keeps,
    has: "check: '`age` > 0'",
  },
  {
    name: 'stays when the comment, default and nullability of the column change',
    before,
    after: () => users({age: p.integer().nullable().default(1).comment('in years')}),
    sql,
    keeps,
    has: "check: '`age` > 0'",
  },
  {
    name: 'comes back with its column',
    before,
    after: () => users({}),
    sql,
    has: ".check('`age` > 0')",
  },
  {
    name: 'comes back with its table',
    before,
    after: () => before().slice(1),
    sql,
    has: ".check('`age` > 0')",
  },
  {
    name: 'is dropped when asked to, while the type of the column changes',
    before,
    after: () => users({age: p.bigint()}),
    sql,
    answers: {drops: ['users.age']},
    has: 'check: null',
  },
  {
    name: 'becomes a check of the table',
    before,
    after: () => users({age: p.bigint()}, {checks: [{name: 'age', expression: 'age > 0'}]}),
    sql,
    has: 'check: null',
  },
  {
    name: 'changes into another check of the table',
    before,
    after: () => users({age: p.integer()}, {checks: [{name: 'age', expression: 'age > 1'}]}),
    sql,
    has: 'check: null',
  },
  {
    name: 'of a JSON column is part of its type',
    before: () => users({age: p.json()}),
    after: () => users({age: p.json().nullable()}),
    has: "type: 'json'",
  },
]

for (const kind of databaseKinds.filter((one) => one === 'mariadb'))
  describe(`a check of a column on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, has, ...change} of cases)
      it(name, async () => {
        expect(await expectBothWays(project, change)).to.include(has)
      })
  })
