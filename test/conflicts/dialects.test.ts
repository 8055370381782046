import {expect} from 'chai'
import {statementsOfText} from '../../src/conflicts/revision-statements.ts'
import {databaseKinds} from '../support/databases.ts'
import {pairsMeasuredOn} from './support/dialects/fixture.ts'
import {judgingOn} from './support/dialects/judge.ts'
import {measuringOn} from './support/dialects/measure.ts'
import {dialectSettings, measuredDialects} from './support/dialects/setting.ts'
import {scoreOf, ways} from './support/verdicts.ts'

/** Of the pairs of a setting, one in so many is measured again: a server takes a second for a few of them. */
const step = {sqlite: 5, mariadb: 61, mysql: 89}

describe('conflicts/commute, on other databases', () => {
  for (const dialect of measuredDialects)
    for (const [name, setting] of Object.entries(dialectSettings[dialect])) {
      for (const way of ways)
        it(`finds each collision of the setting ${name} on ${dialect}, written as ${way.join(' and ')}`, async () => {
          const pairs = pairsMeasuredOn(dialect, name)
          const score = scoreOf(pairs, await judgingOn(dialect, setting, way))
          const {commuting, missed, falselyColliding, unknown} = score
          expect(missed, 'missed').to.deep.equal([])
          expect(falselyColliding.length / commuting, falselyColliding.join('\n')).to.be.at.most(0.08)
          expect(unknown.length / pairs.length, unknown.join('\n')).to.be.at.most(0.2)
        })

      if (databaseKinds.includes(dialect))
        it(`collide as it was measured in the setting ${name} on ${dialect}`, async function () {
          this.timeout(120_000)
          const sample = pairsMeasuredOn(dialect, name).filter((_, i) => i % step[dialect] === 0)
          await measuringOn(dialect, setting, async (measure) => {
            for (const {a, b, collides} of sample) {
              const because = await measure(a, b)
              expect(because !== undefined, `${a} × ${b}: ${because}`).to.equal(collides)
            }
          })
        })
    }

  const unread = [
    ['mariadb', 'replace into users values (1)', 'rows that replace others'],
    ['mysql', 'alter table users default character set latin1', 'a new default of the character set'],
    ['mysql', 'call tidy()', 'a statement of the kind CALL'],
    ['mariadb', 'alter table users partition by hash (id)', 'ALTER TABLE with partition'],
    ['mariadb', 'create or replace table users (id int)', 'CREATE OR REPLACE TABLE'],
    ['mysql', 'update users join posts on posts.id = users.id set users.x = 1', 'SQL of MySQL that cannot be compared'],
    ['sqlite', 'alter table users modify column age bigint', 'ALTER TABLE with modify'],
    ['sqlite', 'alter table users add column nick text after age', 'SQL that is not understood near after'],
    ['sqlite', 'pragma writable_schema = on', 'PRAGMA writable_schema'],
    ['sqlite', 'insert or rollback into users values (1)', 'INSERT OR ROLLBACK'],
  ] as const
  for (const [dialect, sql, reason] of unread)
    it(`says of ${sql} on ${dialect} that it has ${reason}`, async () => {
      const {unclear, vague} = await statementsOfText(sql, {dialect})
      expect([...unclear, ...vague]).to.deep.equal([reason])
    })
})
