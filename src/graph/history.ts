import {headsOf} from './applied.ts'
import {InvalidRangeError, MultipleLabelsError, NotAnAncestorError} from './target-errors.ts'
import {refuseOverlap} from './plan.ts'
import {findRevision, meansCurrent, relativeReading, resolveAbsolute, resolveUpgrade} from './resolve.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {formatRange, parseRange, type Range, type Target} from './target.ts'
import {reachable} from './walk.ts'

/**
 * Returns the revisions of a range, newest first: the ancestors of the upper end that are not ancestors of the lower
 * end, including both ends. Without a range, returns the whole history.
 *
 * The upper end is read like an upgrade target, counted from the lower end; relative ends stop at the first or last
 * revision. If the lower end is a commit, exactly the revisions of that commit are excluded. If it is a revision, only
 * its descendants are listed; if it is spelled `label@…`, only revisions that carry the label.
 *
 * @param applied what `current` in the range refers to
 * @throws MigError as `resolveTargets`, INVALID_RANGE, NOT_AN_ANCESTOR
 */
export function planHistory(
  graph: RevisionGraph,
  asked?: string | Range,
  applied: Iterable<RevisionId> = [],
): RevisionId[] {
  if (asked === undefined) return graph.topological.toReversed()
  const {lower, upper} = typeof asked === 'string' ? parseRange(asked.trim()) : asked
  const range = typeof asked === 'string' ? asked : formatRange(asked)
  if (countsFrom(graph, lower) === 'heads' && countsFrom(graph, upper) === 'lower end')
    throw new InvalidRangeError(range, 'its ends are relative to each other')
  const current = headsOf(graph, applied)
  const upperIsCurrent = meansCurrent(graph, upper)
  const lowerIsCurrent = !upperIsCurrent && meansCurrent(graph, lower)

  const from = lowerIsCurrent ? current : lower === undefined ? [] : resolveAbsolute(graph, lower, 'stop')
  const to = upperIsCurrent && current.length > 0 ? current : upperEnd(graph, upperIsCurrent ? undefined : upper, from)
  const label = lowerIsCurrent ? undefined : labelOfLowerEnd(graph, lower)
  const top = label === undefined ? to : to.filter((id) => graph.branchLabelsOf(id).has(label))

  refuseOverlap(graph, from)
  const below = reachable(top, (id) => graph.parents(id))
  const under = reachable(from, (id) => graph.parents(id))
  if (lower?.kind === 'revisions') return graph.sorted(below.difference(under)).toReversed()
  const stray = from.find((id) => !below.has(id))
  if (stray !== undefined)
    throw new NotAnAncestorError(
      `Range ${range} is empty: ${stray} is not an ancestor of its upper end.`,
      'A range is FROM:TO, the older end first.',
      {range, lower: from, upper: top},
    )
  if (from.length === 0) return graph.sorted(below).toReversed()
  const above = reachable(from, (id) => graph.children(id))
  const wanted = below.difference(under).union(new Set(from)).intersection(above)
  return graph.sorted(wanted).toReversed()
}

function upperEnd(graph: RevisionGraph, upper: Target | undefined, from: readonly RevisionId[]): RevisionId[] {
  return upper === undefined ? [...graph.effectiveHeads] : resolveUpgrade(graph, upper, from, 'stop')
}

/** Returns the start of a relative end: `-2` and `label@-2` count from the heads, `+2` from the lower end. */
function countsFrom(graph: RevisionGraph, end: Target | undefined): 'heads' | 'lower end' | undefined {
  const relative = relativeReading(graph, end)
  if (relative === undefined || relative.from !== undefined) return undefined
  if (relative.steps < 0) return 'heads'
  return relative.branch === undefined ? 'lower end' : undefined
}

/** Returns the label that a lower end spelled `label@…` or `revision@…` restricts the range to. */
function labelOfLowerEnd(graph: RevisionGraph, lower: Target | undefined): string | undefined {
  if (lower?.branch === undefined) return undefined
  const revision = findRevision(graph, lower.branch)
  if (revision !== lower.branch) return lower.branch
  const [label, ...others] = graph.branchLabelsOf(revision)
  if (label === undefined || others.length > 0)
    throw new MultipleLabelsError(revision, [...graph.branchLabelsOf(revision)])
  return label
}
