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

const plain = {twice: p.bigint().nullable()}
const parts = {
  indexes: [{properties: ['twice', 'id']}],
  uniques: [{properties: ['twice']}],
  checks: [{name: 'even', expression: 'twice > 0'}],
}
const virtual = {twice: p.bigint().generated('(size * 2) virtual').nullable()}
const fromBase = {twice: p.bigint().generated('(base * 2) stored').nullable()}
const keepsTwice = 'select twice from things order by id'

/** Generated columns before, and plain ones after. */
const endings: readonly Case[] = [
  {name: 'alone', before: () => things(p.integer()), after: () => things(p.integer(), plain), sql, keeps},
  {
    name: 'while the column that it uses gets another type',
    before: () => things(p.integer()),
    after: () => things(p.bigint(), plain),
    sql,
    keeps: keepsTwice,
  },
  {
    name: 'while the column after it, which it uses, goes',
    on: ['sqlite', 'mariadb', 'mysql'],
    before: () => things(p.integer(), {...fromBase, base: p.integer().default(1)}),
    after: () => things(p.integer(), plain),
    sql,
    keeps: keepsTwice,
  },
  {
    name: 'while the column before it, which it uses, goes',
    on: ['postgresql'],
    before: () => things(p.integer(), {base: p.integer().default(1), ...fromBase}),
    after: () => things(p.integer(), plain),
    sql,
    keeps: keepsTwice,
  },
  {
    name: 'while its own type and that of the column that it uses change',
    before: () => things(p.integer()),
    after: () => things(p.bigint(), {twice: p.double().nullable()}),
    sql,
  },
  {
    name: 'with an index, a unique constraint and a check',
    before: () => things(p.integer(), twice, parts),
    after: () => things(p.integer(), plain, parts),
    sql,
    keeps,
  },
  {
    name: 'with an index, a unique constraint and a check that go',
    before: () => things(p.integer(), twice, parts),
    after: () => things(p.integer(), plain),
    sql,
    keeps,
  },
  {
    name: 'while a view shows it',
    before: () => [...things(p.integer()), doubled],
    after: () => [...things(p.integer(), plain), doubled],
    sql,
    keeps,
  },
  {
    name: 'that is required',
    before: () => things(p.integer(), {twice: p.bigint().generated('(size * 2) stored')}),
    after: () => things(p.integer(), {twice: p.bigint()}),
    sql,
    keeps,
  },
  {
    name: 'that is virtual',
    on: ['sqlite', 'mariadb', 'mysql'],
    before: () => things(p.integer(), virtual, parts),
    after: () => things(p.bigint(), plain, parts),
    sql,
  },
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`a column on ${kind} that a generated column uses changes in both directions:`, function () {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const change of cases.filter((one) => one.on?.includes(kind) ?? true))
      it(change.name, async () => void (await expectBothWays(project, change)))
  })

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`a generated column on ${kind} becomes plain, or a plain one generated:`, function () {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const change of endings.filter((one) => one.on?.includes(kind) ?? true)) {
      it(change.name, async () => void (await expectBothWays(project, change)))

      it(`${change.name}, the other way round`, async () => {
        await expectBothWays(project, {before: change.after, after: change.before})
      })
    }
  })
