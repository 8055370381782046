import {EntitySchema, defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const team = defineEntity({
  name: 'Team',
  tableName: 'teams',
  properties: {tenant: p.integer().primary(), id: p.integer().primary()},
})

const users = (rule: string): Entities => [
  team,
  new EntitySchema({
    name: 'User',
    tableName: 'users',
    properties: {
      id: {type: 'integer', primary: true},
      team: {
        kind: 'm:1',
        entity: () => team,
        joinColumns: ['tenant', 'theTeam'],
        deleteRule: rule,
        nullable: true,
      },
    },
  } as never),
]

describe('rules of foreign keys', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
    await project.use([])
  })
  afterEach(async () => project.close())

  for (const [before, after] of [
    ['cascade', 'set null ("theTeam")'],
    ['set null', 'set null ("theTeam")'],
    ['set null ("theTeam")', 'set null ("tenant", "theTeam")'],
    ['set null ("theTeam")', 'set default ("theTeam")'],
    ['set null ("theTeam")', 'restrict'],
  ] as const)
    it(`change from ${before} to ${after}`, async () => {
      await expectBothWays(project, {
        before: () => users(before),
        after: () => users(after),
        sql: ['insert into teams (tenant, id) values (1, 2)', 'insert into users (tenant, "theTeam") values (1, 2)'],
      })
    })

  it('set only the columns that they name', async () => {
    await project.use(users('set null ("theTeam")'))
    const text = project.read(await project.generate())
    expect(text).to.include("onDelete: 'set null', onDeleteColumns: ['theTeam']")
    await project.upgrade()
    await project.query('insert into teams values (1, 2)', 'insert into users (tenant, "theTeam") values (1, 2)')
    await project.query('delete from teams')
    expect(await project.rows('select tenant, "theTeam" as team from users')).to.deep.equal([{tenant: 1, team: null}])
  })
})
