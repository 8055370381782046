import {defineEntity, p} from '@mikro-orm/core'
import type {EntitySchema} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'

const users = defineEntity({name: 'User', tableName: 'users', properties: {id: p.integer().primary()}})
const teams = defineEntity({name: 'Team', tableName: 'teams', properties: {id: p.integer().primary()}})

const citizens = defineEntity({
  name: 'Citizen',
  tableName: 'citizens',
  properties: {id: p.integer().primary(), name: p.string().columnType('citext')},
})

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`what no revision has made, on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([users, teams])
      await project.generate()
      await project.upgrade()
    })
    afterEach(async () => project.close())

    it('is left alone and mentioned, and what a revision has made is dropped', async () => {
      await project.query('create table foreign_to_us (id integer primary key)')
      await project.query('create view seen as select id from users')
      await project.use([users])
      const {detected, unknown} = await project.generate()
      expect(detected.map(({text}) => text)).to.deep.equal(["Detected removed table 'teams'"])
      expect(unknown).to.deep.equal([
        {kind: 'table', name: 'foreign_to_us'},
        {kind: 'view', name: 'seen'},
      ])
    })

    it('is dropped when that is asked for', async () => {
      await project.query('create table foreign_to_us (id integer primary key)')
      await project.query('create view seen as select id from users')
      const {detected} = await project.generate({drops: ['foreign_to_us', 'seen']})
      expect(detected.map(({text}) => text)).to.deep.equal([
        "Detected removed view 'seen'",
        "Detected removed table 'foreign_to_us'",
      ])
    })

    it('does not get into a comparison with a database of its own', async () => {
      if (kind === 'postgresql') {
        // It comes from an extension, which PGlite must be given when it starts.
        await project.use([users, teams, citizens])
        await project.generate()
        await project.upgrade()
      }
      await project.query('create table foreign_to_us (id integer primary key)')
      await project.query('alter table users add column by_hand integer')
      const {revision, unknown} = await project.generate({scratch: true})
      expect([revision, unknown]).to.deep.equal([null, []])
    })

    it('is left alone on a table of an entity, too, until it is dropped by name', async () => {
      await project.query(
        'alter table users add column by_hand integer',
        'create index fast on users (by_hand)',
        'create index slow on users (id, by_hand)',
      )
      const {detected, unknown} = await project.generate()
      expect(detected).to.deep.equal([])
      expect(unknown).to.deep.include({kind: 'column', name: 'users.by_hand'})
      const dropped = await project.generate({drops: ['users.by_hand', 'users.fast', 'users.slow']})
      expect(dropped.detected.map(({text}) => text)).to.have.members([
        "Detected removed index 'users.fast'",
        "Detected removed index 'users.slow'",
        "Detected removed column 'users.by_hand'",
      ])
      await project.upgrade()
      await project.downgrade('-1')
      expect(await project.rows('select by_hand from users')).to.deep.equal([])
    })

    it('is not a column of a table whose name and another column were changed at once', async () => {
      const city = {name: 'City', properties: {id: p.integer().primary(), zip: p.integer(), mayor: p.string()}}
      await project.use([users, teams, defineEntity({...city, tableName: 'cities'})])
      await project.generate()
      await project.upgrade()
      const {id, mayor, zip} = city.properties
      const town = (properties: object): EntitySchema =>
        defineEntity({name: 'Town', tableName: 'towns', properties} as never)
      await project.use([users, teams, town({id, mayor, code: zip})])
      await project.generate({renames: ['cities:towns', 'towns.zip:code']})
      await project.upgrade()
      await project.use([users, teams, town({id, code: zip})])
      const {detected, unknown} = await project.generate()
      expect(detected.map(({text}) => text)).to.deep.equal(["Detected removed column 'towns.mayor'"])
      expect(unknown).to.deep.equal([])
    })
  })
