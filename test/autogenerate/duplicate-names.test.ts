import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

interface Check {
  readonly name: string
  readonly expression: string
}

const users = (checks: readonly Check[], properties: object = {}): Entities => [
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), age: p.integer(), ...properties},
    checks,
  } as never),
]

const positive = {name: 'c', expression: 'age > 0'}
const mood = {mood: p.enum(['sad', 'ok'])}

const cases: readonly {
  readonly name: string
  readonly on: readonly DatabaseKind[]
  readonly entities: () => Entities
  readonly omits: string
  /** The same with a name of its own for each check. */
  readonly renamed: () => Entities
}[] = [
  {
    name: 'two checks of an entity',
    on: ['sqlite', 'postgresql', 'mariadb', 'mysql'],
    entities: () => users([positive, {name: 'c', expression: 'age < 100'}]),
    omits: 'users.c',
    renamed: () => users([positive, {name: 'd', expression: 'age < 100'}]),
  },
  {
    name: 'two checks whose names differ in case',
    on: ['sqlite', 'mariadb', 'mysql'],
    entities: () => users([positive, {name: 'C', expression: 'age < 100'}]),
    omits: 'users.C',
    renamed: () => users([positive, {name: 'd', expression: 'age < 100'}]),
  },
  {
    name: 'a check of an entity and that of the values of an enum',
    on: ['sqlite', 'postgresql'],
    entities: () => users([{...positive, name: 'users_mood_check'}], mood),
    omits: 'users.users_mood_check',
    renamed: () => users([positive], mood),
  },
]

for (const kind of databaseKinds)
  describe(`checks with one name, on ${kind}:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, entities, omits, renamed} of cases.filter(({on}) => on.includes(kind))) {
      it(`${name} are named, and one is written`, async () => {
        const omitted = [`check ${omits}: another check of the table has the same name; rename one of them`]
        await project.use(entities())
        const first = await project.generate()
        expect(first.omitted).to.deep.equal(omitted)
        expect(first.rehearsals.flatMap(({refused}) => refused)).to.deep.equal([])
        await project.upgrade()
        const {revision, omitted: again} = await project.generate()
        expect({revision, omitted: again}).to.deep.equal({revision: null, omitted})
      })

      it(`${name} come to have two names`, async () => {
        await expectBothWays(project, {before: entities, after: renamed})
      })
    }
  })

for (const kind of databaseKinds.filter((one) => one === 'postgresql'))
  it(`checks whose names differ in case are two on ${kind}`, async () => {
    const project = await ModelProject.open(kind)
    try {
      await project.use(users([positive, {name: 'C', expression: 'age < 100'}]))
      const {detected, omitted} = await project.generate()
      expect(detected.map(({text}) => text).slice(1)).to.deep.equal([
        "Detected added check 'users.c'",
        "Detected added check 'users.C'",
      ])
      expect(omitted).to.deep.equal([])
    } finally {
      await project.close()
    }
  })
