import type {Divergence} from '../engine/divergence.ts'
import {ageOf} from '../util/age.ts'
import {listOf} from '../util/text.ts'
import type {Paint} from './style.ts'

const sides = {ours: 'ours', theirs: 'theirs', both: 'both'} as const

/** Returns several heads, each with who brought it, and where they part. */
export function formatDivergence({heads, forkPoints, shared}: Divergence, paint: Paint, now: Date): string[] {
  const parts = forkPoints.map(
    ({revision, message}) => `${paint('id', revision)}${message === '' ? '' : `, ${message}`}`,
  )
  return [
    ...heads.flatMap(({revision, message, file, side, commit}) => {
      const who = commit === undefined ? 'not committed' : describeCommit(commit, now)
      return [
        `  ${paint('label', sides[side].padEnd(7))} ${paint('id', revision)}${message === '' ? '' : `, ${message}`}`,
        `          ${paint('dim', `${file} (${who})`)}`,
      ]
    }),
    parts.length === 0 ? '  They have no revision in common.' : `  They part after ${parts.join(' and ')}.`,
    ...describeShared(shared, heads.length).map((line) => `  ${line}`),
  ]
}

/** Returns what the lines of several heads touch in common, as sentences. */
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
    return [...common, `What ${besides}${listOf(unclear, 3)} may do cannot be told without running it.`]
  return common.length > 0 ? common : ['They touch nothing in common, as far as their text says.']
}

/** Returns a commit as a person names it: short id, author, age. */
export function describeCommit(
  {id, author, authored}: {readonly id: string; readonly author: string; readonly authored: number},
  now: Date,
): string {
  return `${id.slice(0, 7)}, ${author}, ${ageOf(new Date(authored * 1000), now)}`
}
