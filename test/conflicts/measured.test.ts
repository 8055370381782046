import {expect} from 'chai'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {settings} from './support/changes.ts'
import {measuring} from './support/measure.ts'
import {measuredPairs} from './support/measured.ts'

/** Of the pairs of a setting, one in so many is measured again. */
const step = 149

if (databaseKinds.includes('postgresql'))
  describe('the collisions that were measured on postgresql', () => {
    for (const [name, setting] of Object.entries(settings))
      it(`are still measured in the setting ${name}`, async () => {
        const sample = measuredPairs(name).filter(({a, b}, i) => i % step === 0 && !`${a} ${b}`.includes('extension'))
        const database = await createDatabase('postgresql')
        await measuring(database.url, setting, async (measure) => {
          for (const {a, b, collides} of sample) {
            const because = await measure(a, b)
            expect(because !== undefined, `${a} × ${b}: ${because}`).to.equal(collides)
          }
        })
        await database.drop()
      })
  })
