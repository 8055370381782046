import {adviceOn} from '../../conflicts/advice.ts'
import type {Pairs, RevisionPair} from '../../conflicts/pairs.ts'
import type {Policy} from '../../git/policy.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {Finding} from '../../script/finding.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {plural} from '../../util/text.ts'

/** The number of pairs that have a finding of their own. */
const most = 10

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
    const base = {code: codes[verdict], level: collisions} as const
    const rest = found.length - most
    return [
      ...found.slice(0, most).map((pair): Finding => {
        const hint = adviceOn(pair)
        const place = {file: graph.get(pair.ours).file, revision: pair.ours}
        return {...base, message: messageOf(pair), ...(hint !== undefined && {hint}), ...place}
      }),
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
