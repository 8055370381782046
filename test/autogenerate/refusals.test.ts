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

  for (const scratch of [undefined, true, false])
    it(`entities that all belong to tenants, where there are none, with scratch ${scratch}`, async () => {
      const properties = {id: p.integer().primary()}
      const size = defineEntity({name: 'Size', embeddable: true, properties: {width: p.integer()}})
      await project.use([defineEntity({name: 'School', tableName: 'schools', schema: '*', properties}), size])
      const error = await rejectionOf('NO_ENTITIES', async () => project.generate({scratch}))
      expect(error.message).to.include('All entities have the schema `*`')
      await project.use([defineEntity({name: 'School', tableName: 'schools', schema: '*', properties}), users])
      const {detected} = await project.generate({scratch})
      expect(detected.map(({text}) => text)).to.deep.equal(["Detected added table 'users'"])
    })

  it('a configuration without entities', async () => {
    await project.use([])
    await rejectionOf('NO_ENTITIES', async () => project.generate())
  })
})
