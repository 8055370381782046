import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'

/** Policy of a project for its revisions. */
export interface Policy {
  /** Allowed number of heads. Default: no more than before; one is always allowed. */
  readonly heads?: 'one' | 'many' | undefined
  /** Branch labels that may have an additional head. */
  readonly labels: readonly string[]
  /** Whether published revisions may be edited or deleted. */
  readonly published: 'frozen' | 'editable'
  /** The level of findings about revisions of both sides of a merge that collide, or whose relation is unknown. */
  readonly collisions: 'error' | 'warning' | 'off'
}

/**
 * Returns the heads in excess of a policy.
 *
 * @param before the previous number of heads, if known
 */
export function headsTooMany(graph: RevisionGraph, policy: Policy, before = 1): readonly RevisionId[] {
  if (policy.heads === 'many') return []
  if (policy.heads === undefined && policy.labels.length === 0)
    return graph.heads.length > Math.max(1, before) ? graph.heads : []
  const places = new Map<string, RevisionId[]>()
  for (const head of graph.heads) {
    const label = [...graph.branchLabelsOf(head)].find((name) => policy.labels.includes(name)) ?? ''
    places.set(label, [...(places.get(label) ?? []), head])
  }
  return [...places.values()].filter((heads) => heads.length > 1).flat()
}
