import {expect} from 'chai'
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
})
