import type {Divergence} from '../api/divergence.ts'
import {ageOf} from '../util/age.ts'
import type {Paint} from './style.ts'

const sides = {yours: 'yours', theirs: 'theirs', both: 'both'} as const

/** Returns several heads, each with who brought it, and where they part. */
export function formatDivergence({heads, forkPoints}: Divergence, paint: Paint, now: Date): string[] {
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
  ]
}

/** Returns a commit as a person names it: short id, author, age. */
export function describeCommit(
  {id, author, authored}: {readonly id: string; readonly author: string; readonly authored: number},
  now: Date,
): string {
  return `${id.slice(0, 7)}, ${author}, ${ageOf(new Date(authored * 1000), now)}`
}
