import * as fc from 'fast-check'
import {expect} from 'chai'
import {cases} from '../soak/entities/arbitrary.ts'
import type {Case} from '../soak/entities/arbitrary.ts'
import {changeOf} from '../soak/entities/case-change.ts'
import {Workbench} from '../support/changes/workbench.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'

/** A few cases of `npm run soak -- --entities`; a change of its generator makes other cases of them. */
const seeds: Readonly<Record<DatabaseKind, readonly number[]>> = {
  postgresql: [12, 29, 53, 61, 66, 69, 82, 83, 91, 93],
  pglite: [],
  sqlite: [1, 6, 10, 13, 16, 22, 23, 25, 27, 29],
  mariadb: [1, 4, 6, 13, 16, 22, 23, 27, 29, 36],
  mysql: [1, 4, 6, 8, 12, 13, 16, 22, 23, 27],
}

for (const kind of databaseKinds)
  describe(`autogenerate of random entities, on ${kind}`, () => {
    let workbench: Workbench
    before(async () => {
      workbench = await Workbench.open(kind, {needsReference: true})
    })
    after(async () => workbench.close())

    for (const seed of seeds[kind])
      it(`makes a random change back and forth: seed ${seed}`, async () => {
        const change = changeOf(caseOf(seed), kind)
        expect(change.after).to.not.equal(change.before)
        await workbench.try(change)
      })
  })

/** The first cases of a seed are the simplest. */
function caseOf(seed: number): Case {
  return fc.sample(cases, {seed, numRuns: 20}).at(-1)!
}
