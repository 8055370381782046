import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {reachable} from './walk.ts'

/** Returns whether `descendant` descends from `ancestor` through down revisions, or is the same revision. */
export function isAncestor(graph: RevisionGraph, ancestor: RevisionId, descendant: RevisionId): boolean {
  return reachable([descendant], (id) => graph.downRevisions(id)).has(ancestor)
}

/**
 * Returns the best common ancestors of the given revisions through down revisions: those that are not ancestors of
 * another common ancestor. A criss-cross merge has several; unrelated revisions have none.
 */
export function mergeBases(graph: RevisionGraph, ids: readonly RevisionId[]): RevisionId[] {
  const common = ids
    .map((id) => reachable([id], (node) => graph.downRevisions(node)))
    .reduce<ReadonlySet<RevisionId> | undefined>((shared, below) => shared?.intersection(below) ?? below, undefined)
  if (common === undefined) return []
  const covered = new Set([...common].flatMap((id) => graph.downRevisions(id)))
  return graph.sorted(common.difference(covered))
}

/**
 * Returns the ancestors of `upper` that `lower` does not have, dependencies included, each after its parents.
 *
 * Goes back from the newest of them, and ends where all that is left is an ancestor of `lower`.
 */
export function revisionsBetween(
  graph: RevisionGraph,
  lower: Iterable<RevisionId>,
  upper: Iterable<RevisionId>,
): RevisionId[] {
  const [below, above] = [new Set(lower), new Set(upper)]
  const found: RevisionId[] = []
  let left = above.difference(below).size
  let at = [...below, ...above].reduce((highest, id) => Math.max(highest, graph.position(id)), -1)
  for (; left > 0; at--) {
    const id = graph.topological[at]
    if (id === undefined) break
    if (below.has(id)) {
      for (const parent of graph.parents(id)) {
        if (above.has(parent) && !below.has(parent)) left--
        below.add(parent)
      }
    } else if (above.has(id)) {
      found.push(id)
      left--
      for (const parent of graph.parents(id)) {
        if (!above.has(parent) && !below.has(parent)) left++
        above.add(parent)
      }
    }
  }
  return found.toReversed()
}

/** Returns the revisions on the same lines as `id`: itself, its ancestors and its descendants, without dependencies. */
export function lineage(graph: RevisionGraph, id: RevisionId): Set<RevisionId> {
  const above = reachable([id], (node) => graph.children(node))
  return above.union(reachable([id], (node) => graph.downRevisions(node)))
}
