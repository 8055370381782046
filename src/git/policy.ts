import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'

/** What a team wants of its revisions. */
export interface Policy {
  /** How many heads there may be; left out, not more than there were, and one is always allowed. */
  readonly heads?: 'one' | 'many' | undefined
  /** Branch labels that may have a head of their own beside it. */
  readonly labels: readonly string[]
  /** Whether a revision may be edited or deleted that others have already. */
  readonly published: 'frozen' | 'editable'
}

/**
 * Returns the heads that are more than a policy allows; none when all is well.
 *
 * @param before how many heads there were, where that is known
 */
export function headsTooMany(graph: RevisionGraph, policy: Policy, before = 1): readonly RevisionId[] {
  if (policy.heads === 'many') return []
  if (policy.heads === undefined && policy.labels.length === 0)
    return graph.heads.length > Math.max(1, before) ? graph.heads : []
  const places = new Map<string, RevisionId[]>()
  for (const head of graph.heads) {
    const label = [...graph.branchLabelsOf(head)].find((one) => policy.labels.includes(one)) ?? ''
    places.set(label, [...(places.get(label) ?? []), head])
  }
  return [...places.values()].filter((heads) => heads.length > 1).flat()
}
