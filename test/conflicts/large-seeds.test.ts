import {expect} from 'chai'
import {judging} from './support/verdicts.ts'

const count = 2_000
const parent = [
  'create table kinds (id integer primary key)',
  'insert into kinds values (1)',
  'create table items (id integer primary key, code text unique, kind integer references kinds)',
  ...Array.from({length: 50}, (_, i) => `create table other${i} (id integer primary key, a text, b text)`),
].join('; ')

/** Returns the inserts of a revision, whose keys begin with a number. */
function seed(from: number): string {
  const row = (i: number): string => `insert into items (id, code, kind) values (${i}, 'code ${i}', 1)`
  return Array.from({length: count}, (_, i) => row(from + i)).join('; ')
}

describe('conflicts/commute, of revisions with thousands of rows', () => {
  const cases = [
    ['rows with other keys', seed(0), seed(count), 'together'],
    ['one row of both', seed(0), seed(count - 1), 'collide'],
    ['a new column', seed(0), 'alter table items add column x integer', 'together'],
    ['a deleted row', seed(0), 'delete from items where id = 7', 'collide'],
    ['another row that is deleted', seed(0), `delete from items where id = ${count}`, 'together'],
  ] as const

  for (const [about, ours, theirs, expected] of cases)
    it(`judges them within seconds: ${about}`, async function () {
      this.timeout(20_000)
      const judged = await judging({parent, changes: {ours: {sql: ours}, theirs: {sql: theirs}}}, ['sql', 'sql'])
      const {verdict, reason} = judged('ours', 'theirs')
      expect(verdict, reason).to.equal(expected)
    })
})
