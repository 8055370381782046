import {readFileSync} from 'node:fs'
import {settings} from './changes.ts'
import type {MeasuredPair} from './verdicts.ts'

/** The changes of a setting that collide with one of them, among it and those after it. */
export interface MeasuredChange {
  readonly setting: string
  readonly a: string
  readonly collides: readonly string[]
}

export const measuredFile = 'fixtures/conflicts/measured.jsonl'

/** Returns the names of every two changes of a setting that are measured, each also with itself. */
export function pairsIn(setting: string): readonly (readonly [a: string, b: string])[] {
  const {changes = {}, after = {}} = settings[setting] ?? {}
  const names = Object.keys(changes)
  const isMeasured = (a: string, b: string): boolean =>
    (after[a] === undefined && after[b] === undefined) ||
    after[a]?.includes(b) === true ||
    after[b]?.includes(a) === true
  return names.flatMap((a, i) =>
    names
      .slice(i)
      .filter((b) => isMeasured(a, b))
      .map((b) => [a, b] as const),
  )
}

export function measuredChanges(setting: string): readonly MeasuredChange[] {
  const lines = readFileSync(measuredFile, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as MeasuredChange).filter((one) => one.setting === setting)
}

/** Returns the pairs of a setting as they were measured. */
export function measuredPairs(setting: string): readonly MeasuredPair[] {
  const colliding = new Map(measuredChanges(setting).map(({a, collides}) => [a, new Set(collides)]))
  return pairsIn(setting).map(([a, b]) => {
    const known = colliding.get(a)
    if (known === undefined) throw new Error(`${a} was not measured; run \`npm run record:collisions\``)
    return {a, b, collides: known.has(b)}
  })
}
