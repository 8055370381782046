import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {baseline} from '../../src/api/files/baseline.ts'
import {compareModels} from '../../src/api/models.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'

const id = p.integer().primary().autoincrement(false).unsigned(false)
const users = defineEntity({name: 'User', tableName: 'users', properties: {id}})
const phones = {id, phone: p.integer().nullable()}
const users2 = defineEntity({name: 'User', tableName: 'users', properties: phones})
const teams = defineEntity({name: 'Team', tableName: 'teams', properties: {id}})

const before = (kind: DatabaseKind): readonly string[] => [
  'create table users (id integer not null primary key, legacy_note integer)',
  'create table legacy (id integer primary key)',
  'create table extra (id integer primary key, u integer, constraint extra_u foreign key (u) references users (id))',
  kind === 'mariadb'
    ? 'create index users_twice on users (legacy_note, id)'
    : 'create index users_twice on users ((id + 1))',
  'create view big as select id from users',
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`what only a baseline created, on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.query(...before(kind))
      await project.use([users])
      await baseline({cwd: project.cwd, orm: project.orm, message: 'before'})
    })
    afterEach(async () => project.close())

    it('is left alone, and the models match', async () => {
      for (const scratch of [false, true]) {
        const {detected, unknown} = await project.generate({scratch})
        expect(detected, String(scratch)).to.deep.equal([])
        expect(unknown.map((object) => `${object.kind} ${object.name}`)).to.include.members([
          'table extra',
          'table legacy',
          'view big',
          'column users.legacy_note',
        ])
        const [{operations} = {operations: undefined}] = await compareModels({
          cwd: project.cwd,
          orm: project.orm,
          scratch,
        })
        expect(operations).to.deep.equal([])
      }
    })

    it('is left alone by a revision that adds a column, which a column left alone may be renamed to', async () => {
      await project.use([users2])
      const {detected, unknown} = await project.generate()
      expect(detected.map(({text}) => text)).to.deep.equal(["Detected added column 'users.phone'"])
      expect(unknown).to.deep.include({kind: 'column', name: 'users.legacy_note', similar: ['phone']})
      project.removeLast()
      const renamed = await project.generate({renames: ['users.legacy_note:phone']})
      expect(renamed.detected.map(({text}) => text)).to.deep.equal([
        "Detected column 'users.legacy_note' renamed to 'phone'",
      ])
    })

    it('is dropped when that is asked for', async () => {
      const {detected} = await project.generate({drops: ['legacy', 'big']})
      expect(detected.map(({text}) => text)).to.deep.equal([
        "Detected removed view 'big'",
        "Detected removed table 'legacy'",
      ])
    })

    it('is still left alone when later revisions changed its table, and what they created is dropped', async () => {
      await project.use([users2, teams])
      await project.generate()
      await project.upgrade()
      await project.use([users])
      const {detected, unknown} = await project.generate()
      expect(detected.map(({text}) => text)).to.have.members([
        "Detected removed column 'users.phone'",
        "Detected removed table 'teams'",
      ])
      expect(unknown.map(({name}) => name)).to.include.members(['extra', 'legacy', 'big', 'users.legacy_note'])
    })

    it('is still left alone in a table that was renamed', async () => {
      await project.use([defineEntity({name: 'User', tableName: 'people', properties: {id}})])
      await project.generate({renames: ['users:people']})
      await project.upgrade()
      const {revision, unknown} = await project.generate()
      expect(revision).to.equal(null)
      expect(unknown.map(({name}) => name)).to.include('people.legacy_note')
    })
  })
