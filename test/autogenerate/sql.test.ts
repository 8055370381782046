import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const users = (columns: object): Entities => [
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), name: p.string().index(), ...columns},
  }),
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`autogenerate writes SQL on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    it('that comes full circle, and says what it loses', async () => {
      await project.use(users({}))
      const start = await project.catalogue()
      const first = await project.generate({isSql: true})
      expect(first.revision?.file).to.match(/\.sql$/)
      await project.upgrade()
      expect((await project.generate()).revision).to.equal(null)
      await project.use(users({mail: p.string().nullable()}))
      const second = await project.generate({isSql: true})
      const text = project.read(second)
      expect(text.slice(text.indexOf('-- downgrade'))).to.include(
        '-- loses data: the values in users.mail\nalter table',
      )
      await project.upgrade()
      expect((await project.generate()).revision).to.equal(null)
      await project.downgrade('base')
      expect(await project.catalogue()).to.deep.equal(start)
    })
  })
