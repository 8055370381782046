import type {Divergence} from '../engine/divergence.ts'
import {ageOf} from '../util/age.ts'
import {listOf} from '../util/text.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

const sides = {ours: 'ours', theirs: 'theirs', both: 'both'} as const

/** Returns several heads with their origin and branch point. */
export function formatDivergence({heads, forkPoints, shared}: Divergence, paint: Paint, now: Date): SafeText[] {
  const parts = forkPoints.map(
    ({revision, message}) => text`${paint('id', revision)}${message === '' ? '' : `, ${message}`}`,
  )
  return [
    ...heads.flatMap(({revision, message, file, side, commit}) => {
      const who = commit === undefined ? 'not committed' : describeCommit(commit, now)
      return [
        text`  ${paint('label', sides[side].padEnd(7))} ${paint('id', revision)}${message === '' ? '' : `, ${message}`}`,
        text`          ${paint('dim', `${file} (${who})`)}`,
      ]
    }),
    parts.length === 0 ? text`  They have no common ancestor.` : text`  They diverge after ${joined(parts, ' and ')}.`,
    ...describeShared(shared, heads.length).map((line) => text`  ${line}`),
  ]
}

/** Returns the objects that the lines of several heads share, as sentences. */
export function describeShared(shared: Divergence['shared'], count: number): string[] {
  if (shared === undefined) return []
  const {objects, unclear} = shared
  const groups = Map.groupBy(objects, ({heads}) => (heads.length < count ? heads.join(' ') : ''))
  const common = [...groups.values()].map((group) => {
    const heads = group[0]?.heads ?? []
    const who = heads.length === 2 && count === 2 ? 'Both' : heads.length === count ? 'All' : listOf(heads)
    return `${who} touch ${listOf(
      group.map(({kind, name}) => `${kind} ${name}`),
      5,
    )}.`
  })
  const besides = common.length > 0 ? 'else ' : ''
  if (unclear.length > 0)
    return [
      ...common,
      `The ${besides === '' ? '' : 'other '}effects of ${listOf(unclear, 3)} are unknown without running it.`,
    ]
  return common.length > 0 ? common : ['They touch no common objects, as far as their code shows.']
}

/** Returns a commit as short id, author and age. */
export function describeCommit(
  {id, author, authored}: {readonly id: string; readonly author: string; readonly authored: number},
  now: Date,
): string {
  return `${id.slice(0, 7)}, ${author}, ${ageOf(new Date(authored * 1000), now)}`
}
