import type {RevisionId} from '../graph/revision.ts'
import {shellCommand} from '../util/shell.ts'
import type {RevisionPair} from './pairs.ts'

type Judged = Pick<RevisionPair, 'ours' | 'theirs' | 'verdict' | 'works' | 'isOrdered'>

/** Returns what to do about the verdict on two revisions, of which ours may change; undefined if either may go first. */
export function adviceOn(pair: Judged): string | undefined {
  switch (pair.verdict) {
    case 'collide':
      return adviceOnCollision(pair)
    case 'unknown':
      if (pair.isOrdered)
        return `Read both. If ${pair.ours} does not work after ${pair.theirs}, change it, or remove that order.`
      return `Read both. If the order matters, ${orderOf(pair)}; otherwise write the part that is not known as SQL or as calls with literal arguments.`
    case 'together':
    case 'independent':
      return undefined
  }
}

const orderOf = ({ours, theirs}: Judged): string => `list ${theirs} in the \`dependsOn\` of ${ours}`

/** An order is advised only where it works. */
function adviceOnCollision(pair: Judged): string {
  const {ours, theirs, works = 'either', isOrdered = false} = pair
  const change = `change ${ours} so that either may go first. Joining the heads does not order them.`
  if (isOrdered) return `Change ${ours} so that it works after ${theirs}, or remove that order.`
  switch (works) {
    case 'either':
      return `If ${ours} must run after ${theirs}, ${orderOf(pair)}; otherwise ${change}`
    case 'theirs first':
      return `As ${ours} works only after ${theirs}, ${orderOf(pair)}; or ${change}`
    case 'ours first':
      return `Change ${ours} so that it works after ${theirs}. With ${theirs} in its \`dependsOn\`, it would always fail.`
    case 'neither':
      return `Change ${ours} so that it works after ${theirs}. As they are, neither works after the other.`
  }
}

/** Returns the pair to settle first: one that collides, or else one that is unknown. */
export function pairToSettle<P extends Judged>(pairs: readonly P[]): P | undefined {
  return pairs.find(({verdict}) => verdict === 'collide') ?? pairs.find(({verdict}) => verdict === 'unknown')
}

const exchanged = {
  either: 'either',
  neither: 'neither',
  'ours first': 'theirs first',
  'theirs first': 'ours first',
} as const

/** Returns a pair with the sides exchanged. */
export function exchangedPair<P extends Judged>(pair: P): P {
  const {ours, theirs, works} = pair
  return {...pair, ours: theirs, theirs: ours, ...(works !== undefined && {works: exchanged[works]})}
}

/**
 * Returns what to do about two revisions that are both published, so that neither may change, and the command to begin with.
 *
 * @param joinedBy the new revision that joins them
 */
export function adviceOnPublished(
  {ours, theirs, verdict, works = 'either'}: Judged,
  joinedBy: RevisionId,
): {readonly advice: string; readonly next?: string} {
  const frozen = `Revisions ${ours} and ${theirs} are both published and stay as they are.`
  if (verdict !== 'collide')
    return {advice: `${frozen} Read both. If the order matters, write what makes the results equal in ${joinedBy}.`}
  switch (works) {
    case 'either':
      return {
        advice: `${frozen} Write what makes the results of both orders equal in ${joinedBy}, which joins them.`,
        next: shellCommand`mig edit ${joinedBy}`,
      }
    case 'ours first':
    case 'theirs first': {
      const next = shellCommand`mig upgrade ${works === 'ours first' ? ours : theirs}`
      return {advice: `${frozen} In every database, run \`${next}\` before \`mig upgrade heads\`.`, next}
    }
    case 'neither':
      return {
        advice: `${frozen} As neither works after the other, replace one of them by a new revision, and stamp it where it was not applied.`,
        next: 'mig revision -m "..."',
      }
  }
}
