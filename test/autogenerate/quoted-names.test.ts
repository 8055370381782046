import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

type Constraints = readonly {readonly name: string; readonly properties: readonly string[]}[]

const both: Constraints = [
  {name: 'mail', properties: ['mail']},
  {name: 'mail_and_order', properties: ['order', 'mail']},
]

/** A table whose columns have to be quoted. */
const users = (
  uniques: Constraints,
  {table = 'Users', mail = 'userMail', unique = uniques.length > 0} = {},
): Entities => [
  defineEntity({
    name: 'User',
    tableName: table,
    properties: {
      id: p.integer().primary(),
      mail: p.string().length(50).fieldName(mail),
      order: unique ? p.integer().fieldName('order').unique() : p.integer().fieldName('order'),
    },
    uniques: uniques.map(({name, properties}) => ({name, properties: properties as ('mail' | 'order')[]})),
  }),
]

const cases: readonly (Change & {readonly name: string})[] = [
  {name: 'is removed', before: () => users(both), after: () => users([])},
  {name: 'is added', before: () => users([]), after: () => users(both)},
  {
    name: 'is renamed',
    before: () => users(both),
    after: () => users(both.map(({name, properties}) => ({name: `other_${name}`, properties}))),
  },
  {
    name: 'is of a column that is renamed',
    before: () => users(both),
    after: () => users(both, {mail: 'E-mail'}),
    answers: {renames: ['Users.userMail:E-mail']},
  },
  {
    name: 'is of a table that is renamed',
    before: () => users(both),
    after: () => users(both, {table: 'People'}),
    answers: {renames: ['Users:People']},
  },
  {
    name: 'is removed from a table that is renamed',
    before: () => users(both),
    after: () => users([], {table: 'People'}),
    answers: {renames: ['Users:People']},
  },
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`a unique constraint on columns that have to be quoted, on ${kind},`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    for (const {name, ...change} of cases) it(name, async () => void (await expectBothWays(project, change)))
  })
