import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const numbered: Readonly<Record<'serial' | 'identity' | 'always' | 'plain', () => Entities>> = {
  serial: () => [defineEntity({name: 'T', tableName: 't', properties: {id: p.integer().primary(), n: p.integer()}})],
  identity: () => [
    defineEntity({
      name: 'T',
      tableName: 't',
      properties: {id: p.integer().primary().generated('by default as identity'), n: p.integer()},
    }),
  ],
  always: () => [
    defineEntity({
      name: 'T',
      tableName: 't',
      properties: {id: p.integer().primary().generated('identity'), n: p.integer()},
    }),
  ],
  plain: () => [
    defineEntity({
      name: 'T',
      tableName: 't',
      properties: {id: p.integer().primary().autoincrement(false), n: p.integer()},
    }),
  ],
}

type Way = keyof typeof numbered

const changes: readonly (readonly [Way, Way])[] = [
  ['serial', 'identity'],
  ['identity', 'serial'],
  ['serial', 'plain'],
  ['plain', 'serial'],
  ['plain', 'identity'],
  ['identity', 'plain'],
  ['identity', 'always'],
]

describe('the numbers of rows on PostgreSQL', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
  })
  afterEach(async () => project.close())

  for (const [from, to] of changes)
    it(`stay and go on from ${from} to ${to}, and back`, async () => {
      await project.use(numbered[from]())
      const start = await project.catalogue()
      await project.generate()
      await project.upgrade()
      const before = await project.catalogue()
      await project.query(
        `insert into t (${from === 'plain' ? 'id, n' : 'n'}) values ${from === 'plain' ? '(1, 10), (2, 20)' : '(10), (20)'}`,
      )
      await project.use(numbered[to]())
      const {losesData} = await project.generate()
      expect(losesData).to.not.include('the values in t.id')
      await project.upgrade()
      expect((await project.generate()).detected).to.deep.equal([])
      if (to !== 'plain') await project.query('insert into t (n) values (30)')
      const rows = [{id: 1}, {id: 2}, ...(to === 'plain' ? [] : [{id: 3}])]
      expect(await project.rows('select id from t order by id')).to.deep.equal(rows)
      await project.downgrade('-1')
      expect(await project.catalogue()).to.deep.equal(before)
      await project.downgrade('base')
      expect(await project.catalogue()).to.deep.equal(start)
    })

  const detachments: readonly (readonly [what: string, ...sql: readonly string[]])[] = [
    ['no column owns', 'alter sequence t_id_seq owned by none'],
    ['is no default any more', 'alter table t alter column id drop default'],
    [
      'is neither owned nor a default any more',
      'alter sequence t_id_seq owned by none',
      'alter table t alter column id drop default',
    ],
    ['has another type and no owner', 'alter sequence t_id_seq as bigint owned by none'],
    [
      'has another name and no owner',
      'alter sequence t_id_seq owned by none',
      'alter table t alter column id drop default',
      'alter sequence t_id_seq rename to numbers',
    ],
  ]
  for (const [what, ...sql] of detachments)
    it(`come from the sequence of their column again that ${what}`, async () => {
      await project.use(numbered.serial())
      await project.generate()
      await project.upgrade()
      await project.query('insert into t (n) values (10), (20)', ...sql)
      const detached = await project.catalogue()
      const {rehearsals} = await project.generate()
      expect(rehearsals).to.deep.equal([
        {database: undefined, refused: [], breaking: [], unsettled: [], notReverted: []},
      ])
      await project.upgrade()
      expect((await project.generate()).detected).to.deep.equal([])
      await project.query('insert into t (n) values (30)')
      expect(await project.rows('select id from t order by id')).to.deep.equal([{id: 1}, {id: 2}, {id: 3}])
      await project.downgrade('-1')
      expect(await project.catalogue()).to.deep.equal(detached)
    })
})
