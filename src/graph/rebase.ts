import {DependsOnMovedError, NothingToRebaseError, OntoMovedError} from './rebase-errors.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {reachable} from './walk.ts'

/** A revision that gets other parents. */
interface Reparented {
  readonly revision: RevisionId
  readonly from: readonly RevisionId[]
  readonly to: readonly RevisionId[]
}

/** The revisions that move, each after its parents, and those of them that get other parents. */
export interface Rebase {
  readonly moved: readonly RevisionId[]
  readonly reparented: readonly Reparented[]
}

/**
 * Plans to move revisions, with all that descends from them, after another revision. Those that start the moved part get it
 * as their parent; in the others, and in what they depend on, nothing changes.
 *
 * @param onto the revision to come after; null to start a line of its own
 * @throws MigError NOTHING_TO_REBASE, REBASE_REFUSED
 */
export function planRebase(graph: RevisionGraph, roots: Iterable<RevisionId>, onto: RevisionId | null): Rebase {
  const moved = reachable(roots, (id) => graph.children(id))
  if (onto !== null && moved.has(onto)) throw new OntoMovedError(onto, graph.sorted(roots))
  const before = onto === null ? new Set<RevisionId>() : reachable([onto], (id) => graph.parents(id))
  const [needed] = graph.sorted(before.intersection(moved))
  if (onto !== null && needed !== undefined) throw new DependsOnMovedError(onto, needed)
  const line = onto === null ? before : reachable([onto], (id) => graph.downRevisions(id))
  const reparented = graph.sorted(moved).flatMap((revision): readonly Reparented[] => {
    const from = graph.downRevisions(revision)
    const to = parentsAfter(from, moved, line, onto)
    return to.length === from.length && to.every((id) => from.includes(id)) ? [] : [{revision, from, to}]
  })
  if (reparented.length === 0) throw new NothingToRebaseError(graph.sorted(moved), onto)
  return {moved: graph.sorted(moved), reparented}
}

/**
 * Returns the parents of a revision that moves.
 *
 * @param line the revision to come after and its ancestors
 */
function parentsAfter(
  parents: readonly RevisionId[],
  moved: ReadonlySet<RevisionId>,
  line: ReadonlySet<RevisionId>,
  onto: RevisionId | null,
): readonly RevisionId[] {
  const kept = parents.filter((id) => moved.has(id))
  // A merge point still joins what the new line does not contain.
  const joined = parents.length > 1 ? parents.filter((id) => !moved.has(id) && !line.has(id)) : []
  const first = kept.length > 0 || onto === null ? [] : [onto]
  return [...first, ...parents.filter((id) => kept.includes(id) || joined.includes(id))]
}
