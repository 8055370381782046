import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const thing = (value: unknown): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'things',
    properties: {id: p.integer().primary(), size: p.integer().default(1), ...(value === undefined ? {} : {value})},
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const values: readonly (readonly [name: string, value: unknown])[] = [
  ['an object', {a: 1, "it's": [true, null, 'x "y"']}],
  ['an empty object', {}],
  ['an array', [1, {b: 2}]],
  ['a number', 5],
  ['a truth value', true],
]

for (const kind of databaseKinds.filter((candidate) => candidate !== 'pglite'))
  describe(`the default of a property on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    const isStored = async (value: unknown): Promise<void> => {
      await project.query('insert into things (size) values (2)')
      const [row] = (await project.rows('select value from things order by id desc')) as readonly {value: unknown}[]
      const stored: unknown = typeof row?.value === 'string' ? JSON.parse(row.value) : row?.value
      expect(stored).to.deep.equal(value)
    }

    it('is a date', async () => {
      await project.use(thing(p.datetime().default(new Date(0))))
      await project.generate()
      await project.upgrade()
      await project.query('insert into things (size) values (2)')
      const [row] = (await project.rows('select value from things')) as readonly {value: string | number | Date}[]
      expect(new Date(row?.value ?? '').getUTCFullYear()).to.equal(1970)
    })

    for (const [name, value] of values) {
      it(`is ${name} of JSON in a new table`, async () => {
        await project.use(thing(p.json().default(value as never)))
        await project.generate()
        await project.upgrade()
        const {detected} = await project.generate()
        expect(detected).to.deep.equal([])
        await isStored(value)
      })

      it(`changes to ${name} of JSON and back`, async () => {
        await expectBothWays(project, {
          before: () => thing(p.json().default({old: 1} as never)),
          after: () => thing(p.json().default(value as never)),
        })
        await isStored(value)
      })
    }
  })
