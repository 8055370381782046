import type {RevisionId} from '../graph/revision.ts'
import {revisionsBetween} from '../graph/merge-base.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {reachable} from '../graph/walk.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {combinedPairs} from './combined-pairs.ts'
import {failingOrders} from './failing-orders.ts'
import {pairsOf, worstOf} from './pairs.ts'
import type {Pairs, RevisionPair} from './pairs.ts'
import type {ReadTexts, RevisionTexts} from './revision-texts.ts'

/** Two sides of a graph. A revision of theirs never comes after one of ours. */
export interface OpposedRevisions {
  readonly ours: ReadonlySet<RevisionId>
  /** The graph need not have all of them. */
  readonly theirs: ReadonlySet<RevisionId>
  /** Revisions of theirs that the branch of ours does not have. */
  readonly unshared: ReadonlySet<RevisionId>
}

/** Revisions of ours that come after the same revisions of theirs. */
interface Group {
  readonly ours: Set<RevisionId>
  /** The revisions of theirs that they do not come after: in a long history far fewer than those that they do. */
  readonly unordered: ReadonlySet<RevisionId>
}

/**
 * Judges each revision of ours against those of theirs that it does not come after; of the others, those after which it
 * fails. A revision that joins both sides orders its descendants, but not the revisions that it joins.
 *
 * Of lines that the branch of ours shares without having forked from them, only collisions are returned: nothing tells
 * whether their revisions are new to it, and a whole line may be unreadable.
 */
export async function unorderedPairs(
  graph: RevisionGraph<ScriptRevision>,
  {ours, theirs, unshared}: OpposedRevisions,
  texts: RevisionTexts,
  read: ReadTexts,
): Promise<Pairs> {
  const inOrder = (ids: ReadonlySet<RevisionId>): readonly ScriptRevision[] =>
    graph.sorted(ids).map((id) => graph.get(id))
  const allBut = (...others: readonly ReadonlySet<RevisionId>[]): readonly ScriptRevision[] =>
    graph.topological.filter((id) => !others.some((ids) => ids.has(id))).map((id) => graph.get(id))
  const pairs: RevisionPair[] = []
  for (const {ours: own, unordered} of groupsOf(graph, ours, theirs)) {
    const outside = new Set(revisionsBetween(graph, own, graph.effectiveHeads))
    const before = allBut(outside, own)
    if (unordered.size < theirs.size) {
      const failing: RevisionPair[] = []
      for (const one of [texts, ...texts.others]) {
        const [ancestors, mine] = [await one.of(before, read), await one.of(inOrder(own), read)]
        failing.push(...(await failingOrders(ancestors, mine, theirs, one)))
      }
      pairs.push(...combinedPairs(failing))
    }
    if (unordered.size === 0) continue
    const aside = besides(graph, outside, theirs, unordered.difference(unshared))
    const opposed = {
      common: aside.size === 0 ? before : allBut(outside.difference(aside), own),
      ours: inOrder(own),
      theirs: inOrder(unordered.difference(aside)),
    }
    pairs.push(...(await pairsOf(opposed, texts, read)).pairs)
    if (aside.size === 0) continue
    const lines = await pairsOf({...opposed, common: before, theirs: inOrder(aside)}, texts, read)
    pairs.push(...lines.pairs.filter(({verdict}) => verdict === 'collide'))
  }
  return {verdict: worstOf(pairs), pairs}
}

/**
 * Returns those of some revisions of theirs that do not come after a revision from which a line forks.
 *
 * @param outside the revisions that are not on the line
 */
function besides(
  graph: RevisionGraph,
  outside: ReadonlySet<RevisionId>,
  theirs: ReadonlySet<RevisionId>,
  candidates: ReadonlySet<RevisionId>,
): ReadonlySet<RevisionId> {
  // The descendants of a revision take a walk of the whole graph, and most merges have no candidates.
  if (candidates.size === 0) return candidates
  const line = graph.topological.filter((id) => !outside.has(id) && !theirs.has(id))
  const forks = line.flatMap((id) => graph.parents(id)).filter((id) => theirs.has(id))
  return candidates.difference(reachable(forks, (id) => graph.childrenAndDependents(id)))
}

/** Groups the revisions of ours; only where one has another parent than the one before it does it need a walk. */
function groupsOf(
  graph: RevisionGraph,
  ours: ReadonlySet<RevisionId>,
  theirs: ReadonlySet<RevisionId>,
): readonly Group[] {
  const groups: Group[] = []
  const byRevision = new Map<RevisionId, Group>()
  for (const id of graph.sorted(ours)) {
    const [parent, ...others] = graph.parents(id)
    const inherited = others.length === 0 && parent !== undefined ? byRevision.get(parent) : undefined
    const group = inherited ?? groupAt(graph, id, theirs, groups)
    group.ours.add(id)
    byRevision.set(id, group)
  }
  return groups
}

function groupAt(graph: RevisionGraph, id: RevisionId, theirs: ReadonlySet<RevisionId>, groups: Group[]): Group {
  const outside = revisionsBetween(graph, [id], graph.effectiveHeads)
  const unordered = new Set(outside.filter((other) => theirs.has(other)))
  const same = groups.find((group) => group.unordered.symmetricDifference(unordered).size === 0)
  if (same !== undefined) return same
  const group = {ours: new Set<RevisionId>(), unordered}
  groups.push(group)
  return group
}
