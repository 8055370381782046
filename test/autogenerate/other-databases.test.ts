import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const properties = {id: p.integer().primary()}

const own = () => defineEntity({name: 'Own', tableName: 'own', properties})

const ways: readonly {readonly name: string; readonly entities: () => Entities}[] = [
  {
    name: 'the schema of an entity',
    entities: () => [own(), defineEntity({name: 'Other', tableName: 'things', schema: 'other', properties})],
  },
  {
    name: 'the name of a table',
    entities: () => [own(), defineEntity({name: 'Other', tableName: 'other.things', properties})],
  },
]

for (const kind of databaseKinds.filter((one) => one === 'sqlite' || one === 'mariadb' || one === 'mysql'))
  describe(`another database, on ${kind}, is left alone and named where it is in`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, entities} of ways)
      it(name, async () => {
        await project.use(entities())
        const first = await project.generate()
        const omitted = ['other.things: it is in another database; list it in `exclude` if that is meant']
        expect(first.omitted).to.deep.equal(omitted)
        expect(first.detected.map(({text}) => text)).to.deep.equal(["Detected added table 'own'"])
        await project.upgrade()
        const {revision, omitted: again} = await project.generate()
        expect({revision, omitted: again}).to.deep.equal({revision: null, omitted})
      })

    it('unless the configuration excludes it', async () => {
      project.folder.write({'mig.config.js': `export default {autogenerate: {exclude: ['other.*']}}\n`})
      await project.use(ways[0]?.entities() ?? [])
      const {omitted, detected} = await project.generate()
      expect(omitted).to.deep.equal([])
      expect(detected).to.have.length(1)
    })
  })
