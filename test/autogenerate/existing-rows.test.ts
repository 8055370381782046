import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const teams = defineEntity({name: 'Team', tableName: 'teams', properties: {id: p.integer().primary()}})

const users = (properties: Record<string, unknown>, options: object = {}): Entities => [
  teams,
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), ...properties},
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const mail = () => p.string().length(50)

const before = (): Entities => users({mail: mail(), size: p.integer(), teamId: p.integer().unsigned()})
const after = (): Entities =>
  users(
    {
      mail: mail().unique(),
      size: p.integer(),
      team: () => p.manyToOne(teams).fieldName('team_id'),
      code: p.string().length(9).nullable().unique(),
    },
    {checks: [{name: 'positive', expression: 'size > 0'}]},
  )

const unique = 'fails if existing rows have duplicates in mail'
const check = 'fails if existing rows violate the check'
const key = 'fails if existing rows refer to missing rows of teams'

/** Returns the comments of a revision. */
const commentsOf = (text: string, mark: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${mark} fails if`))
    .map((line) => line.slice(mark.length + 1))

for (const kind of databaseKinds.filter((candidate) => candidate !== 'pglite'))
  describe(`existing rows that a revision cannot be run with, on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    it('are not mentioned of a new table', async () => {
      await project.use(after())
      expect(commentsOf(project.read(await project.generate()), '//')).to.deep.equal([])
    })

    it('are mentioned above the constraints that they would violate', async () => {
      await project.use(before())
      await project.generate()
      await project.upgrade()
      await project.use(after())
      const text = project.read(await project.generate())
      expect(commentsOf(text, '//').toSorted()).to.deep.equal([unique, key, check].toSorted())
    })

    it('are not mentioned of a foreign key that is only recreated', async () => {
      const keyed = (columnType: string): Entities => {
        const team = defineEntity({
          name: 'Team',
          tableName: 'teams',
          properties: {id: p.string().columnType(columnType).primary()},
        })
        const properties = {id: p.integer().primary(), team: () => p.manyToOne(team).fieldName('team_id')}
        return [team, defineEntity({name: 'User', tableName: 'users', properties})]
      }
      await project.use(keyed('int'))
      await project.generate()
      await project.upgrade()
      await project.use(keyed('varchar(20)'))
      expect(commentsOf(project.read(await project.generate()), '//')).to.deep.equal([])
    })

    if (kind === 'mariadb' || kind === 'mysql')
      it('are not mentioned in the words of the server by the name of a temporary database', async () => {
        await project.use(users({}))
        await project.generate()
        await project.upgrade()
        await project.query(
          'create table by_hand (user_id int unsigned, constraint by_hand_key foreign key (user_id) references users (id))',
        )
        await project.use([
          teams,
          defineEntity({name: 'User', tableName: 'users', properties: {id: p.bigint().primary()}}),
        ])
        const result = await project.generate()
        const text = project.read(result)
        expect(text).to.match(/\/\/ fails: .* foreign key constraint 'by_hand_key'/)
        expect(text + JSON.stringify(result)).to.not.match(/mig_(?:rehearsal|scratch)_/)
      })

    if (kind !== 'sqlite')
      it('are mentioned in SQL files', async () => {
        await project.use(before())
        await project.generate()
        await project.upgrade()
        await project.use(after())
        const text = project.read(await project.generate({isSql: true}))
        expect(commentsOf(text, '--')).to.include.members([unique, check])
      })

    if (kind === 'postgresql')
      it('are mentioned above an enum that loses values', async () => {
        const mood = (...values: string[]): Entities => users({mood: p.enum(values).nativeEnumName('mood')})
        await project.use(mood('sad', 'ok'))
        await project.generate()
        await project.upgrade()
        await project.use(mood('ok'))
        expect(commentsOf(project.read(await project.generate()), '//')).to.deep.equal([
          'fails if existing rows have a removed value (sad): add a mapping',
        ])
      })
  })
