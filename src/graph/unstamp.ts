import {headsOf} from './applied.ts'
import {planStamp} from './plan.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'

/**
 * Returns the targets of a stamp that removes one head from the applied set and changes nothing else.
 *
 * @returns undefined if the revision is not a head of the set, or no stamp removes it alone
 */
export function unstampTargets(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  revision: RevisionId,
): readonly string[] | undefined {
  if (!headsOf(graph, applied).includes(revision)) return undefined
  const others = new Set(applied)
  others.delete(revision)
  const parents = graph.parents(revision)
  const heads = headsOf(graph, others)
  const candidates = [
    parents,
    heads,
    [...new Set([...parents, ...heads])],
    others.size === 0 ? ['base'] : [`${revision}@base`],
  ]
  return candidates.find((targets) => targets.length > 0 && isEqual(stamped(graph, applied, targets), others))
}

function stamped(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  targets: readonly string[],
): ReadonlySet<RevisionId> {
  const set = new Set(applied)
  for (const {added, removed} of planStamp(graph, applied, targets).steps) {
    for (const id of removed) set.delete(id)
    for (const id of added) set.add(id)
  }
  return set
}

function isEqual(one: ReadonlySet<RevisionId>, other: ReadonlySet<RevisionId>): boolean {
  return one.size === other.size && one.isSubsetOf(other)
}
