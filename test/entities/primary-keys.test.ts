import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const thing = (properties: Record<string, unknown>, options: object = {}): Entities => [
  defineEntity({name: 'Thing', tableName: 'things', properties, ...options} as unknown as Parameters<
    typeof defineEntity
  >[0]),
]

const id = () => p.integer().primary()
const plain = () => p.integer().primary().autoincrement(false)
const b = () => p.integer()

const cases: readonly (Change & {readonly name: string; readonly on?: readonly DatabaseKind[]})[] = [
  {
    name: 'gets a second column',
    before: () => thing({a: plain(), b: b()}),
    after: () => thing({a: plain(), b: p.integer().primary()}),
    sql: ['insert into things (a, b) values (1, 2), (2, 2)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'loses a column',
    before: () => thing({a: plain(), b: p.integer().primary()}),
    after: () => thing({a: plain(), b: b()}),
    sql: ['insert into things (a, b) values (1, 2), (2, 2)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'that is an identity column becomes a text',
    on: ['postgresql', 'pglite'],
    before: () => thing({a: p.integer().primary().generated('identity'), b: b()}),
    after: () => thing({a: p.string().length(20).primary(), b: b()}),
    sql: ['insert into things (b) values (2), (3)'],
    keeps: 'select b from things order by b',
  },
  {
    name: 'is another column',
    before: () => thing({a: plain(), b: b()}),
    after: () => thing({a: b(), b: plain()}),
    sql: ['insert into things (a, b) values (1, 2), (2, 3)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'that is counted gets a second column',
    before: () => thing({a: id(), b: b()}),
    after: () => thing({a: plain(), b: p.integer().primary()}),
    sql: ['insert into things (b) values (2), (2)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'that is counted is another column',
    before: () => thing({a: id(), b: b()}),
    after: () => thing({a: b(), b: plain()}),
    sql: ['insert into things (b) values (2), (3)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'that is counted is another column that is counted',
    before: () => thing({a: id(), b: b()}),
    after: () => thing({a: b(), b: id()}),
    sql: ['insert into things (b) values (2), (3)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'is a new column that is counted',
    before: () => thing({a: plain()}),
    after: () => thing({a: b(), b: id()}),
    sql: ['insert into things (a) values (2), (3)'],
    keeps: 'select a from things order by a',
  },
  {
    name: 'that is counted goes, and another column is the key',
    before: () => thing({code: p.string().length(20), a: id()}),
    after: () => thing({code: p.string().length(20).primary()}),
    sql: ["insert into things (code) values ('x'), ('y')"],
    keeps: 'select code from things order by code',
    reorders: true,
  },
  {
    name: 'that is counted goes, and two columns are the key',
    before: () => thing({b: b(), c: b(), a: id()}),
    after: () => thing({b: plain(), c: p.integer().primary()}),
    sql: ['insert into things (b, c) values (2, 1), (2, 3)'],
    keeps: 'select b, c from things order by b, c',
    reorders: true,
  },
  {
    name: 'begins to count',
    before: () => thing({a: plain(), b: b()}),
    after: () => thing({a: id(), b: b()}),
    sql: ['insert into things (a, b) values (1, 2), (2, 3)'],
    keeps: 'select a, b from things order by a',
  },
  {
    name: 'that is counted gets a comment',
    before: () => thing({a: id(), b: b()}),
    after: () => thing({a: id().comment('the number'), b: b()}),
    sql: ['insert into things (b) values (2), (3)'],
    keeps: 'select a, b from things order by a',
    on: ['postgresql', 'mariadb', 'mysql'],
  },
  {
    name: 'that is counted gets another type',
    before: () => thing({a: id(), b: b()}),
    after: () => thing({a: p.bigint().primary(), b: b()}),
    sql: ['insert into things (b) values (2), (3)'],
    keeps: 'select b from things order by b',
    on: ['postgresql', 'mariadb', 'mysql'],
  },
]

for (const kind of databaseKinds.filter((candidate) => candidate !== 'pglite'))
  describe(`a primary key on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    for (const change of cases.filter(({on}) => on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })
