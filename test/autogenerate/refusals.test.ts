import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {rejectionOf} from '../support/errors.ts'
import {ModelProject} from '../support/models.ts'

const users = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary()}})

describe('autogenerate refuses', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('sqlite')
  })
  afterEach(async () => project.close())

  it('a database that is not at the heads, and says what brings it there', async () => {
    await project.use([users])
    const {revision} = await project.generate()
    const error = await rejectionOf('DATABASE_NOT_AT_HEADS', async () => project.generate())
    expect(error.message).to.include(`${revision?.revision} is not applied`)
    expect(error.hint).to.include('mig upgrade heads')
  })

  it('a database that has applied what no file has', async () => {
    await project.use([users])
    await project.generate()
    await project.upgrade()
    project.removeRevisions()
    const error = await rejectionOf('DATABASE_NOT_AT_HEADS', async () => project.generate())
    expect(error.message).to.include('missing from the files')
  })

  it('a configuration without entities', async () => {
    await project.use([])
    await rejectionOf('NO_ENTITIES', async () => project.generate())
  })
})
