import {readFileSync} from 'node:fs'
import type {MeasuredPair} from '../verdicts.ts'
import {dialectSettings, pairsOfChanges} from './setting.ts'
import type {MeasuredDialect} from './setting.ts'

/** The changes of a setting that collide with one of them on a database, among it and those after it. */
export interface MeasuredOn {
  readonly dialect: MeasuredDialect
  readonly setting: string
  readonly a: string
  readonly collides: readonly string[]
}

export const dialectsFile = 'fixtures/conflicts/dialects.jsonl'

/** Returns what was measured on the databases besides PostgreSQL. */
export function measuredOnDialects(): readonly MeasuredOn[] {
  const lines = readFileSync(dialectsFile, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as MeasuredOn)
}

/** Returns the pairs of a setting as they were measured on a database. */
export function pairsMeasuredOn(dialect: MeasuredDialect, setting: string): readonly MeasuredPair[] {
  const own = measuredOnDialects().filter((one) => one.dialect === dialect && one.setting === setting)
  const colliding = new Map(own.map(({a, collides}) => [a, new Set(collides)]))
  const changes = dialectSettings[dialect][setting]
  if (changes === undefined) throw new Error(`no setting ${setting}`)
  return pairsOfChanges(changes).map(([a, b]) => {
    const known = colliding.get(a)
    if (known === undefined) throw new Error(`${a} was not measured on ${dialect}; run \`npm run record:dialects\``)
    return {a, b, collides: known.has(b)}
  })
}
