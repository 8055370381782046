import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

/** A table with a dot in its name, in a schema of its own. */
const Head = ({more = false} = {}) =>
  defineEntity({
    name: 'Head',
    tableName: 'order.head',
    schema: 'shop',
    properties: {
      id: p.integer().primary(),
      mood: p.enum(['sad', 'ok']).default('ok'),
      number: p.string().length(20).unique(),
      ...(more ? {note: p.string().length(9).default('').index()} : {}),
    },
  })

const Line = (head: ReturnType<typeof Head>) =>
  defineEntity({
    name: 'Line',
    tableName: 'line',
    schema: 'shop',
    properties: {id: p.integer().primary(), order: () => p.manyToOne(head).foreignKeyName('line_order')},
  })

const own = (): Entities => [
  defineEntity({name: 'Own', tableName: 'own', schema: 'shop', properties: {id: p.integer().primary()}}),
]

describe('a table with a dot in its name, in a named schema of PostgreSQL,', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
  })
  afterEach(async () => project.close())

  it('is made, changed and left alone', async () => {
    await expectBothWays(project, {before: () => [Head()], after: () => [Head({more: true})]})
  })

  it('stands in nobody’s way if somebody made it by hand', async () => {
    await project.use(own())
    await project.generate()
    await project.upgrade()
    await project.query('create table shop."by.hand" (id int primary key, "it\'s" text unique)')
    expect((await project.generate()).revision).to.equal(null)
  })

  it('is named where another table refers to it, as MikroORM cannot write such a key', async () => {
    const head = Head()
    await project.use([head, Line(head)])
    const omitted = ['foreign key of line.order to shop.order.head: MikroORM does not support the name']
    expect((await project.generate()).omitted).to.deep.equal(omitted)
    await project.upgrade()
    const {revision, omitted: again} = await project.generate()
    expect({revision, omitted: again}).to.deep.equal({revision: null, omitted})
  })
})
