import type {Pairs, RevisionPair} from '../../conflicts/pairs.ts'
import type {Policy} from '../../git/policy.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {Finding} from '../../script/finding.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {plural} from '../../util/text.ts'

/** The number of pairs that have a finding of their own. */
const most = 10

const hints = {
  collide: 'Change one of them so that either may go first, or let one continue from the other.',
  unknown:
    'Check that either may go first, or write the part that is not known as SQL or as calls with literal arguments.',
} as const

const codes = {collide: 'REVISIONS_COLLIDE', unknown: 'REVISIONS_UNCLEAR'} as const

/** Returns findings for the pairs of revisions that collide or may collide, if the policy wants any. */
export function collisionFindings(
  {pairs}: Pairs,
  {collisions}: Policy,
  graph: RevisionGraph<ScriptRevision>,
): readonly Finding[] {
  if (collisions === 'off') return []
  return (['collide', 'unknown'] as const).flatMap((verdict): readonly Finding[] => {
    const found = pairs.filter((pair) => pair.verdict === verdict)
    const base = {code: codes[verdict], level: collisions, hint: hints[verdict]} as const
    const rest = found.length - most
    return [
      ...found.slice(0, most).map((pair): Finding => ({
        ...base,
        message: messageOf(pair),
        file: graph.get(pair.ours).file,
        revision: pair.ours,
      })),
      ...(rest > 0
        ? [
            {
              ...base,
              message: `${plural(rest, 'more pair')} of revisions ${verdict === 'collide' ? 'collide' : 'may collide'}.`,
            },
          ]
        : []),
    ]
  })
}

function messageOf({ours, theirs, verdict, reason}: RevisionPair): string {
  return `Revisions ${ours} and ${theirs} ${verdict === 'collide' ? 'collide' : 'may collide'}. ${reason}`
}
