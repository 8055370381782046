import {expect} from 'chai'
import {renderRevision} from '../../src/autogenerate/render/revision.ts'
import {writtenLosses} from '../../src/conflicts/written-losses.ts'
import {lossesOf, lossesOfText} from '../../src/sql/losses/sentences.ts'
import {operationRegistry, recorded} from '../support/operations.ts'

const texts: readonly (readonly [sql: string, losses: readonly string[]])[] = [
  ['drop table a, app.b; drop view v', ['the rows of a', 'the rows of app.b']],
  ['alter table a add column x int, drop column y, drop column z', ['the values in a.y', 'the values in a.z']],
  ['truncate a', ['the rows of a']],
  ['delete from a; delete from b where n > 1', ['the rows of a', 'some rows of b']],
  ['drop schema app cascade; drop schema empty', ['everything in the schema app']],
  ['create table a (n int); insert into a values (1); drop index i', []],
  ['create table b (n int) engine=InnoDB; drop table `a`', ['the rows of a']],
  ['create table a (n int); drop table a', []],
]

describe('what is lost', () => {
  for (const [sql, losses] of texts)
    it(`by \`${sql}\``, async () => {
      expect(await lossesOfText(sql, 'postgresql')).to.deep.equal(losses)
    })

  it('by operations, with the SQL among them', async () => {
    const operations = recorded('postgresql', (op) => {
      op.createTable('new', (t) => ({id: t.integer()}))
      op.dropColumn('a', 'b')
      op.execute({postgresql: 'delete from a where n = ?', sqlite: 'drop table s'}, [1])
      op.execute({sqlite: 'drop table s'})
    })
    expect(await lossesOf(operations, 'postgresql', operationRegistry)).to.deep.equal([
      'the values in a.b',
      'some rows of a',
    ])
  })

  it('by a change of a type, depending on the database', async () => {
    const operations = [
      ...recorded('mysql', (op) => {
        op.alterColumn('a', 'b', {type: 'timestamp(3)'}, {was: {type: 'timestamp', nullable: true}})
        op.batchAlterTable('a', (batch) =>
          batch.alterColumn('c', {type: 'timestamp(3)'}, {was: {type: 'timestamp', nullable: true}}),
        )
      }),
    ]
    const lost = ['b', 'c'].map((column) => `the values in a.${column} that do not fit timestamp(3)`)
    expect(await lossesOf(operations, 'mysql', operationRegistry)).to.deep.equal([])
    expect(await lossesOf(operations, 'mariadb', operationRegistry)).to.deep.equal([])
    expect(await lossesOf(operations, 'postgresql', operationRegistry)).to.deep.equal(lost)
    const written = renderRevision({upgrade: operations, downgrade: [], dialect: 'mysql'})
    expect(written).to.not.include('loses data')
    expect(renderRevision({upgrade: operations, downgrade: []})).to.include(`// loses data: ${lost[0]}`)
  })

  it('by what is written, of which nothing is run', async () => {
    const text = `export function upgrade(op) {
      throw new Error('this is not run')
      op.dropTable('a')
      op.dropColumn('b', 'c')
      op.dropPartition('events', 'events_2020')
      op.dropTable(name)
      op.execute('truncate d')
    }`
    const losses = ['the rows of a', 'the values in b.c', 'the rows of events_2020', 'the rows of d']
    expect(await writtenLosses('a.ts', text, operationRegistry, 'postgresql')).to.deep.equal({losses, isPartial: true})
    const sql = '-- upgrade\ndrop table `a`;\nalter table [t] drop column `c`;\n-- downgrade\ndrop table b;\n'
    for (const dialect of ['mariadb', 'sqlite'] as const)
      expect(await writtenLosses('a.sql', sql, operationRegistry, dialect)).to.deep.equal({
        losses: ['the rows of a', 'the values in t.c'],
        isPartial: false,
      })
  })
})
