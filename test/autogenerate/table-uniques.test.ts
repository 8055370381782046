import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import type {AutogenerateOptions, AutogenerateResult} from '../../src/autogenerate/autogenerate.ts'
import {expectBothWays} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'

const user = (uniques: readonly (readonly string[])[] = [], more: object = {}, options: object = {}): object =>
  defineEntity({
    name: 'User',
    tableName: 'user',
    properties: {id: p.integer().primary(), n: p.string(), ...more},
    uniques: uniques.map((properties) => ({properties})),
    ...options,
  } as never)

const adopted = [
  'create table user (id integer primary key autoincrement, n text not null unique, constraint Both unique (id, n))',
]

describe('unique constraints in the statement of an adopted table, on sqlite', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('sqlite')
    await project.query(...adopted, "insert into user (n) values ('a'), ('b')")
  })
  afterEach(async () => project.close())

  const generate = async (options: AutogenerateOptions = {}): Promise<AutogenerateResult> => {
    const result = await project.generate(options)
    for (const {refused, unsettled, notReverted} of result.rehearsals)
      expect([refused, unsettled, notReverted]).to.deep.equal([[], [], []])
    return result
  }
  const detectedBy = async (options?: AutogenerateOptions): Promise<readonly string[]> =>
    (await generate(options)).detected.map(({text}) => text)

  /** A constraint on a column and one of the table are the same, but not their words. */
  const indexes = async (): Promise<readonly string[]> =>
    (await project.catalogue()).filter((line) => line.startsWith('index'))

  /** Runs the last revision up, down and up again, and compares once more. */
  const runBothWays = async (): Promise<void> => {
    const before = await indexes()
    await project.upgrade()
    const upgraded = await indexes()
    expect(upgraded).to.have.length(before.length - 2)
    await project.downgrade('-1')
    expect(await indexes()).to.deep.equal(before)
    await project.upgrade()
    expect(await indexes()).to.deep.equal(upgraded)
    expect(await detectedBy()).to.deep.equal([])
    expect(await project.rows('select n from user order by id')).to.deep.equal([{n: 'a'}, {n: 'b'}])
  }

  for (const scratch of [undefined, false])
    describe(`with scratch ${scratch}`, () => {
      it('are those of an entity', async () => {
        await project.use([user([['n'], ['id', 'n']])])
        const {detected, unknown} = await generate({scratch})
        expect([detected, unknown]).to.deep.equal([[], []])
      })

      it('are left alone without an entity that has them', async () => {
        await project.use([user([['n']])])
        const {detected, unknown} = await generate({scratch})
        expect([detected, unknown]).to.deep.equal([[], [{kind: 'index', name: 'user.Both'}]])
      })

      it('are no index that could be renamed', async () => {
        await project.use([user([], {}, {uniques: [{name: 'part', properties: ['n'], where: 'id > 1'}]})])
        const drops = ['user.(n)', 'user.Both']
        expect(await detectedBy({scratch, drops})).to.have.members([
          "Detected removed unique constraint 'user.(n)'",
          "Detected removed unique constraint 'user.Both'",
          "Detected added index 'user.part'",
        ])
      })

      it('are dropped in both directions, if asked to', async () => {
        await project.use([user()])
        const drops = ['user.(n)', 'user.Both']
        expect(await detectedBy({scratch, drops})).to.deep.equal([
          "Detected removed unique constraint 'user.(n)'",
          "Detected removed unique constraint 'user.Both'",
        ])
        await runBothWays()
        await project.query("insert into user (n) values ('a')")
      })
    })

  it('are dropped if the history has created them, with the column', async () => {
    await project.query('drop table user')
    project.folder.write({
      'migrations/versions/aaaa.ts': `export const revision = 'aaaa'\nexport const downRevision = null
export async function upgrade(op) {
  op.createTable('user', (t) => ({id: t.integer().autoincrement().primaryKey(), n: t.text().notNull(), m: t.text()}), {
    unique: [{columns: ['m'], inTable: true}, {columns: ['id', 'n'], name: 'Both', inTable: true}, {columns: ['n']}],
  })
}\n`,
    })
    await project.use([user([['n']])])
    await project.upgrade()
    await project.query("insert into user (n) values ('a'), ('b')")
    const result = await generate()
    expect(result.detected.map(({text}) => text)).to.have.members([
      "Detected removed column 'user.m'",
      "Detected removed unique constraint 'user.(m)'",
      "Detected removed unique constraint 'user.Both'",
    ])
    expect(project.read(result)).to.include("op.createUniqueConstraint('user', ['m'], {inTable: true})")
    await runBothWays()
  })

  it('come back with their table', async () => {
    await project.use([defineEntity({name: 'Pet', tableName: 'pet', properties: {id: p.integer().primary()}})])
    expect(await detectedBy({drops: ['user']})).to.include("Detected removed table 'user'")
    const before = await indexes()
    await project.upgrade()
    expect(await indexes()).to.deep.equal([])
    await project.downgrade('-1')
    expect(await indexes()).to.deep.equal(before)
  })

  it('stay beside an index on the same columns', async () => {
    await project.query('create unique index user_n_unique on user (n)')
    await project.use([user([['n'], ['id', 'n']])])
    const {detected, unknown} = await generate()
    expect([detected, unknown]).to.deep.equal([[], []])
  })
})

const twice = (...names: readonly string[]): object =>
  user([], {}, {uniques: names.map((name) => ({name, properties: ['n', 'id']}))})
const pet = defineEntity({name: 'Pet', tableName: 'pet', properties: {id: p.integer().primary()}})

const twins: readonly (readonly [what: string, before: readonly object[], after: readonly object[]])[] = [
  ['created with their table', [pet], [pet, twice('one', 'two')]],
  ['created three at once', [pet], [pet, twice('one', 'two', 'three')]],
  ['dropped with their table', [pet, twice('one', 'two')], [pet]],
  ['added to each other', [twice('one')], [twice('one', 'two')]],
  ['dropped one after the other', [twice('one', 'two')], [twice('two')]],
  ['added at once', [twice()], [twice('one', 'two')]],
]

for (const kind of databaseKinds)
  describe(`two unique constraints on the same columns, on ${kind}`, function () {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const [what, before, after] of twins)
      it(`are ${what}`, async () => {
        const answers = {drops: ['user'].filter(() => after.length === 1 && before.length === 2)}
        await expectBothWays(project, {before: () => before, after: () => after, answers})
      })
  })
