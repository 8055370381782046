import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {reachable} from '../graph/walk.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {pairsOf, worstOf} from './pairs.ts'
import type {Pairs, RevisionPair} from './pairs.ts'
import type {ReadTexts, RevisionTexts} from './revision-texts.ts'

/** Two sides of a graph. A revision of theirs never comes after one of ours. */
export interface OpposedRevisions {
  readonly ours: ReadonlySet<RevisionId>
  readonly theirs: ReadonlySet<RevisionId>
  /** Revisions of theirs that the branch of ours has, too. */
  readonly shared: ReadonlySet<RevisionId>
}

/** Revisions of ours that come after the same revisions of theirs. */
interface Group {
  readonly ours: Set<RevisionId>
  readonly ordered: ReadonlySet<RevisionId>
}

/**
 * Judges each revision of ours against those of theirs that it does not come after. A revision that joins both sides orders
 * its descendants, but not the revisions that it joins.
 *
 * Of lines that the branch of ours shares without having forked from them, only collisions are returned: nothing tells
 * whether their revisions are new to it, and a whole line may be unreadable.
 */
export async function unorderedPairs(
  graph: RevisionGraph<ScriptRevision>,
  {ours, theirs, shared}: OpposedRevisions,
  texts: RevisionTexts,
  read: ReadTexts,
): Promise<Pairs> {
  const inOrder = (ids: ReadonlySet<RevisionId>): readonly ScriptRevision[] =>
    graph.sorted(ids).map((id) => graph.get(id))
  const pairs: RevisionPair[] = []
  for (const group of groupsOf(graph, ours, theirs)) {
    const unordered = theirs.difference(group.ordered)
    if (unordered.size === 0) continue
    const line = reachable(group.ours, (id) => graph.parents(id))
    const before = line.difference(group.ours)
    const aside = besides(graph, line, theirs, unordered.intersection(shared))
    const opposed = {
      common: inOrder(before.union(aside)),
      ours: inOrder(group.ours),
      theirs: inOrder(unordered.difference(aside)),
    }
    pairs.push(...(await pairsOf(opposed, texts, read)).pairs)
    if (aside.size === 0) continue
    const lines = await pairsOf({...opposed, common: inOrder(before), theirs: inOrder(aside)}, texts, read)
    pairs.push(...lines.pairs.filter(({verdict}) => verdict === 'collide'))
  }
  return {verdict: worstOf(pairs), pairs}
}

/** Returns those of some revisions of theirs that do not come after a revision from which a line forks. */
function besides(
  graph: RevisionGraph,
  line: ReadonlySet<RevisionId>,
  theirs: ReadonlySet<RevisionId>,
  candidates: ReadonlySet<RevisionId>,
): ReadonlySet<RevisionId> {
  // The descendants of a revision take a walk of the whole graph, and most merges have no candidates.
  if (candidates.size === 0) return candidates
  const forks = [...line.difference(theirs)].flatMap((id) => graph.parents(id)).filter((id) => theirs.has(id))
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
  const ordered = reachable([id], (node) => graph.parents(node)).intersection(theirs)
  const same = groups.find((group) => group.ordered.symmetricDifference(ordered).size === 0)
  if (same !== undefined) return same
  const group = {ours: new Set<RevisionId>(), ordered}
  groups.push(group)
  return group
}
