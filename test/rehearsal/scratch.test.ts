import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const typed = (type: string): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {id: p.integer().primary(), value: p.type('string').columnType(type)},
  }),
]

describe('a scratch database for postgresql', function () {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
  })
  afterEach(async () => project.close())

  for (const [type, extension] of [
    ['citext', 'citext'],
    ['citext[]', 'citext'],
    ['hstore', 'hstore'],
    ['ltree', 'ltree'],
    ['cube', 'cube'],
  ] as const)
    it(`has the extension of a type that only the entities use: ${type}`, async () => {
      await project.use(typed(type))
      const result = await project.generate({scratch: true})
      expect(result.omitted).to.deep.equal([])
      expect(result.rehearsals).to.deep.equal([
        {database: undefined, refused: [], breaking: [], unsettled: [], notReverted: []},
      ])
      expect(project.read(result)).to.include(`op.createExtension('${extension}'`)
      await project.upgrade()
      expect((await project.generate({scratch: true})).detected).to.deep.equal([])
    })
})
