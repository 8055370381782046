import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {reachable} from './walk.ts'

/** Returns whether `descendant` stands on `ancestor` through down revisions; a revision stands on itself. */
export function isAncestor(graph: RevisionGraph, ancestor: RevisionId, descendant: RevisionId): boolean {
  return reachable([descendant], (id) => graph.downRevisions(id)).has(ancestor)
}

/**
 * Returns the best common ancestors of all given revisions through down revisions: those that no other common ancestor
 * stands on. After a criss-cross merge there are several; none means that the revisions share no base.
 */
export function mergeBases(graph: RevisionGraph, ids: readonly RevisionId[]): RevisionId[] {
  const common = ids
    .map((id) => reachable([id], (node) => graph.downRevisions(node)))
    .reduce<ReadonlySet<RevisionId> | undefined>((all, one) => all?.intersection(one) ?? one, undefined)
  if (common === undefined) return []
  const covered = new Set([...common].flatMap((id) => graph.downRevisions(id)))
  return graph.sorted(common.difference(covered))
}

/** Returns what `upper` stands on and `lower` does not, dependencies included, each revision after its parents. */
export function revisionsBetween(
  graph: RevisionGraph,
  lower: Iterable<RevisionId>,
  upper: Iterable<RevisionId>,
): RevisionId[] {
  const parents = (id: RevisionId): readonly RevisionId[] => graph.parents(id)
  return graph.sorted(reachable(upper, parents).difference(reachable(lower, parents)))
}

/** Returns the revisions on the same lines as `id`: itself, its ancestors and its descendants, without dependencies. */
export function lineage(graph: RevisionGraph, id: RevisionId): Set<RevisionId> {
  const above = reachable([id], (node) => graph.children(node))
  return above.union(reachable([id], (node) => graph.downRevisions(node)))
}
