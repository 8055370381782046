import {expect} from 'chai'
import {Client} from 'pg'
import {createDatabase, databaseKinds} from '../support/databases.ts'
import {catalogueCases} from './support/catalogue-cases.ts'
import type {Case} from './support/catalogue-cases.ts'
import {failuresOf} from './support/measure.ts'
import type {Failures} from './support/measure.ts'
import {judging} from './support/verdicts.ts'
import type {Judgement} from '../../src/conflicts/commute.ts'

async function judge([parent, ours, theirs]: Case): Promise<Judgement> {
  const judged = await judging({parent, changes: {ours: {sql: ours}, theirs: {sql: theirs}}}, ['sql', 'sql'])
  return judged('ours', 'theirs')
}

const named = ([, ours, theirs]: Case): string => `${ours} × ${theirs}`

describe('conflicts/commute, of objects of the catalogue', () => {
  for (const [about, {colliding, commuting}] of Object.entries(catalogueCases)) {
    it(`misses no collision of ${about}`, async () => {
      for (const one of colliding) {
        const {verdict, reason} = await judge(one)
        expect(verdict, `${named(one)}: ${reason}`).to.be.oneOf(['collide', 'unknown'])
      }
    })

    it(`finds no collision of ${about} that commute`, async () => {
      for (const one of commuting) {
        const {verdict, reason} = await judge(one)
        expect(verdict, `${named(one)}: ${reason}`).to.be.oneOf(['independent', 'together'])
      }
    })
  }
})

const orders = {
  either: {oursFirst: false, theirsFirst: false},
  'ours first': {oursFirst: false, theirsFirst: true},
  'theirs first': {oursFirst: true, theirsFirst: false},
  neither: {oursFirst: true, theirsFirst: true},
} as const

if (databaseKinds.includes('postgresql'))
  describe('the objects of the catalogue on postgresql', () => {
    for (const [about, {colliding, commuting}] of Object.entries(catalogueCases)) {
      const all = [...colliding.map((one) => [one, true] as const), ...commuting.map((one) => [one, false] as const)]
      const measurable = all.filter(([one]) => !one.join().includes('extension'))
      if (measurable.length === 0) continue
      it(`collide as it is known of ${about}, and fail in the orders that are told`, async function () {
        this.timeout(120_000)
        const database = await createDatabase('postgresql')
        const client = new Client({connectionString: database.url})
        await client.connect()
        try {
          for (const [one, collides] of measurable) {
            const measured = await failuresOf(client, one)
            expect(measured.collides, named(one)).to.equal(collides)
            const {works} = await judge(one)
            if (works !== undefined) expect(failing(measured), named(one)).to.deep.equal(orders[works])
          }
        } finally {
          await client.end()
          await database.drop()
        }
      })
    }
  })

const failing = ({oursFirst, theirsFirst}: Failures): object => ({oursFirst, theirsFirst})
