import type {Divergence, RevisionPair} from '../engine/divergence.ts'
import {ageOf} from '../util/age.ts'
import {listOf, plural} from '../util/text.ts'
import type {Paint} from './style.ts'

const sides = {ours: 'ours', theirs: 'theirs', both: 'both'} as const

/** Returns several heads with their origin and branch point. */
export function formatDivergence(
  {heads, forkPoints, pairs}: Divergence,
  paint: Paint,
  now: Date,
  findings: Judged['findings'] = [],
): string[] {
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
    parts.length === 0 ? '  They have no common ancestor.' : `  They diverge after ${parts.join(' and ')}.`,
    ...describePairs({pairs, findings}).map((line) => `  ${line}`),
  ]
}

/** Pairs of revisions, and the findings that are printed beside them. */
interface Judged {
  readonly pairs?: readonly RevisionPair[]
  readonly findings?: readonly {readonly code: string}[]
}

/** The number of pairs and of objects that are named. */
const most = 5

/** Returns the verdicts on the revisions of two sides, as sentences, except for those that findings report. */
export function describePairs({pairs: all = [], findings = []}: Judged): string[] {
  if (all.length === 0) return []
  const isReported = findings.some(({code}) => code.startsWith('REVISIONS_'))
  const pairs = isReported ? all.filter(({verdict}) => verdict === 'together') : all
  const byVerdict = Map.groupBy(pairs, ({verdict}) => verdict)
  const [collide = [], unknown = []] = [byVerdict.get('collide'), byVerdict.get('unknown')]
  const together = new Set((byVerdict.get('together') ?? []).flatMap(({objects}) => objects.map(named)))
  const found = [
    ...collide.slice(0, most).map(({ours, theirs, reason}) => `${ours} and ${theirs} collide. ${reason}`),
    ...more(collide.length - most, 'collide'),
    ...unknown.slice(0, most).map(({ours, theirs, reason}) => `${ours} and ${theirs} may collide. ${reason}`),
    ...more(unknown.length - most, 'may collide'),
    ...(together.size === 0 ? [] : [`Both touch ${listOf([...together], most)}; either may go first.`]),
  ]
  return found.length > 0 || isReported ? found : ['They touch no common objects, as far as their code shows.']
}

const named = ({kind, name}: {readonly kind: string; readonly name: string}): string => `${kind} ${name}`

const more = (count: number, verb: string): readonly string[] =>
  count > 0 ? [`${plural(count, 'more pair')} of revisions ${verb}.`] : []

/** Returns a commit as short id, author and age. */
export function describeCommit(
  {id, author, authored}: {readonly id: string; readonly author: string; readonly authored: number},
  now: Date,
): string {
  return `${id.slice(0, 7)}, ${author}, ${ageOf(new Date(authored * 1000), now)}`
}
