import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'

/** Returns the labels that each revision declares. */
export function labelsByRevision(labels: ReadonlyMap<string, RevisionId>): ReadonlyMap<RevisionId, readonly string[]> {
  const own = new Map<RevisionId, string[]>()
  for (const [label, id] of labels) own.set(id, [...(own.get(id) ?? []), label])
  return own
}

/**
 * Returns the branch labels that each revision carries.
 *
 * A label applies to the revision that declares it and to all its descendants, merge points included. It also spreads
 * towards the base while the line is linear: neither a revision that receives it nor a descendant of the declaring one
 * is a merge point or has more than one child or dependent. These are Alembic's rules; `label@-1` and ranges that start
 * with `label@` follow from them.
 */
export function spreadLabels(graph: RevisionGraph): ReadonlyMap<RevisionId, ReadonlySet<string>> {
  const carried = new Map<RevisionId, ReadonlySet<string>>()
  if (graph.labels.size === 0) return carried

  for (const id of graph.topological) {
    const own = graph.ownLabels(id)
    const inherited = graph.downRevisions(id).flatMap((parent) => carried.get(parent) ?? [])
    // Most revisions have the labels of their only parent and share its set.
    if (own.length === 0 && inherited.length === 1) carried.set(id, inherited[0]!)
    else if (own.length + inherited.length > 0)
      carried.set(id, new Set([...own, ...inherited.flatMap((labels) => [...labels])]))
  }

  const isPlain = (id: RevisionId): boolean =>
    graph.listedDownRevisions(id).length < 2 && graph.childrenAndDependents(id).length < 2
  const isPlainUpwards = new Map<RevisionId, boolean>()
  for (const id of graph.topological.toReversed())
    isPlainUpwards.set(id, isPlain(id) && graph.children(id).every((child) => isPlainUpwards.get(child)))
  for (const [label, declaring] of graph.labels) {
    if (!isPlainUpwards.get(declaring)) continue
    for (let id = graph.downRevisions(declaring)[0]; id !== undefined && isPlain(id); id = graph.downRevisions(id)[0])
      carried.set(id, new Set(carried.get(id)).add(label))
  }
  return carried
}
