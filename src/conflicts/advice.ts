import type {RevisionPair} from './pairs.ts'

type Judged = Pick<RevisionPair, 'ours' | 'theirs' | 'verdict'>

/** Returns what to do about the verdict on two revisions; undefined if either may go first. */
export function adviceOn({ours, theirs, verdict}: Judged): string | undefined {
  const order = `list ${theirs} in the \`dependsOn\` of ${ours}`
  switch (verdict) {
    case 'collide':
      return `If ${ours} must run after ${theirs}, ${order}; otherwise change ${ours} so that either may go first. Joining the heads does not order them.`
    case 'unknown':
      return `Read both. If the order matters, ${order}; otherwise write the part that is not known as SQL or as calls with literal arguments.`
    case 'together':
    case 'independent':
      return undefined
  }
}

/** Returns the pair to settle first: one that collides, or else one that is unknown. */
export function pairToSettle<P extends Judged>(pairs: readonly P[]): P | undefined {
  return pairs.find(({verdict}) => verdict === 'collide') ?? pairs.find(({verdict}) => verdict === 'unknown')
}
