import {expect} from 'chai'
import {Client} from 'pg'
import type {Judgement} from '../../src/conflicts/commute.ts'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {failuresOf} from './support/measure.ts'
import {unmentionedCases} from './support/unmentioned-cases.ts'
import type {UnmentionedCase} from './support/unmentioned-cases.ts'
import {judging} from './support/verdicts.ts'

const history = 'create table users (id integer, name text)'

async function judge(common: string, ours: string, theirs: string): Promise<Judgement> {
  const changes = {ours: {sql: ours}, theirs: {sql: theirs}}
  const judged = await judging({parent: common, changes}, ['sql', 'sql'])
  return judged('ours', 'theirs')
}

const named = ({ours, theirs}: UnmentionedCase): string => `${ours} × ${theirs}`

const expected = {
  always: ['collide', 'unknown'],
  sometimes: ['unknown'],
  never: ['independent', 'together'],
} as const

describe('conflicts/commute, of objects that the history does not mention', () => {
  for (const [about, cases] of Object.entries(unmentionedCases))
    it(`judges ${about}, in whichever order the sides are given`, async () => {
      for (const one of cases)
        for (const [ours, theirs] of [
          [one.ours, one.theirs],
          [one.theirs, one.ours],
        ] as const) {
          const {verdict, reason} = await judge(one.history ?? history, ours, theirs)
          expect(verdict, `${ours} × ${theirs}: ${reason}`).to.be.oneOf(expected[one.collides])
          if (one.verdict !== undefined) expect(verdict, `${ours} × ${theirs}: ${reason}`).to.equal(one.verdict)
        }
    })
})

if (databaseKinds.includes('postgresql'))
  describe('objects that the history does not mention on postgresql', () => {
    for (const [about, cases] of Object.entries(unmentionedCases))
      it(`collide as it is known of ${about}`, async function () {
        this.timeout(120_000)
        const database = await createDatabase('postgresql')
        const client = new Client({connectionString: database.url})
        await client.connect()
        try {
          for (const one of cases) {
            const found = new Set<boolean>()
            for (const outside of one.databases) {
              const common = `${history}; ${outside}`
              found.add((await failuresOf(client, [common, one.ours, one.theirs])).collides)
            }
            const collides = found.size === 2 ? 'sometimes' : found.has(true) ? 'always' : 'never'
            expect(collides, named(one)).to.equal(one.collides)
          }
        } finally {
          await client.end()
          await database.drop()
        }
      })
  })
