import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'

/** Names that are something else to JavaScript or to SQL, on the databases where MikroORM can read them. */
const oddNames: Readonly<Partial<Record<DatabaseKind, readonly string[]>>> = {
  postgresql: ['constructor', "it's", 'a b'],
  sqlite: ['constructor', 'say "hi"', 'a b', "it's"],
  mariadb: ['say "hi"', 'a b', "it's", "it's in (a)"],
  mysql: ['say "hi"', 'a b', "it's", "it's in (a)"],
}

for (const kind of databaseKinds.filter((candidate) => oddNames[candidate] !== undefined))
  describe(`odd names of entities, on ${kind}`, () => {
    for (const name of oddNames[kind] ?? [])
      it(`leave nothing to do after the upgrade: ${name}`, async () => {
        const project = await ModelProject.open(kind)
        try {
          const properties = {
            id: p.integer().primary(),
            mood: p.enum(['sad', 'ok']).nullable(),
            odd: p.integer().fieldName(name).nullable().index(`${name} index`),
          }
          await project.use([defineEntity({name: 'Odd', tableName: name, properties})])
          const {revision} = await project.generate()
          expect(revision).not.to.equal(null)
          await project.upgrade()
          const again = await project.generate()
          expect(again.detected.map(({text}) => text)).to.deep.equal([])
          expect(again.revision).to.equal(null)
          const more = {...properties, more: p.integer().nullable()}
          await project.use([defineEntity({name: 'Odd', tableName: name, properties: more})])
          const added = await project.generate({scratch: false})
          expect(added.detected.map(({text}) => text)).to.have.length(1)
        } finally {
          await project.close()
        }
      })
  })
