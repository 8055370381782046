import {defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import type {Change} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

interface Case extends Change {
  readonly name: string
  /** The databases that have such things; all when left out. */
  readonly on?: readonly DatabaseKind[]
}

const twice = {twice: p.bigint().generated('(size * 2) stored').nullable()}

const things = (size: unknown, more: object = twice, options: object = {}): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {id: p.integer().primary(), size, ...more},
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const doubled = defineEntity({
  name: 'Doubled',
  tableName: 'doubled_things',
  view: true,
  expression: 'select id, twice from things',
  properties: {id: p.integer().primary(), twice: p.bigint()},
})

const sql = ['insert into things (size) values (1), (2)']
const keeps = 'select size, twice from things order by id'

const cases: readonly Case[] = [
  {name: 'its type', before: () => things(p.integer()), after: () => things(p.double()), sql, keeps},
  {
    name: 'its type, default and nullability',
    before: () => things(p.integer().default(1)),
    after: () => things(p.double().default(2).nullable()),
    sql,
    keeps,
  },
  {
    name: 'its type while a generated column with an index, a unique constraint and a check uses it',
    before: () =>
      things(p.integer(), twice, {
        indexes: [{properties: ['twice', 'id']}],
        uniques: [{properties: ['twice']}],
        checks: [{name: 'even', expression: 'twice > 0'}],
      }),
    after: () =>
      things(p.double(), twice, {
        indexes: [{properties: ['twice', 'id']}],
        uniques: [{properties: ['twice']}],
        checks: [{name: 'even', expression: 'twice > 0'}],
      }),
    sql,
    keeps,
  },
  {
    name: 'its type while the expression changes',
    before: () => things(p.integer()),
    after: () => things(p.double(), {twice: p.bigint().generated('(size * 2 + 1) stored').nullable()}),
    sql,
  },
  {
    name: 'its type while the generated column is added',
    before: () => things(p.integer(), {}),
    after: () => things(p.double()),
    sql,
  },
  {
    name: 'its type while the type and comment of the generated column change',
    before: () => things(p.integer()),
    after: () => things(p.double(), {twice: p.integer().generated('(size * 2) stored').nullable().comment('double')}),
    sql,
  },
  {
    name: 'its type while a view shows the generated column',
    before: () => [...things(p.integer()), doubled],
    after: () => [...things(p.double()), doubled],
    sql,
    keeps,
  },
  {
    name: 'its type while the generated column is dropped',
    before: () => things(p.integer()),
    after: () => things(p.double(), {}),
    sql,
  },
  {
    name: 'its collation',
    on: ['postgresql'],
    before: () => things(p.text(), {twice: p.text().generated("(size || 'x') stored").nullable()}),
    after: () => things(p.text().collation('C'), {twice: p.text().generated("(size || 'x') stored").nullable()}),
    sql: ["insert into things (size) values ('a'), ('b')"],
    keeps,
  },
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`a column on ${kind} that a generated column uses changes in both directions:`, function () {
    this.timeout(60_000)
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const change of cases.filter((one) => one.on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })
