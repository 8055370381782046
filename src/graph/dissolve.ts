import {hasOriginals, innerSquashes} from './originals.ts'
import type {GraphState, Reading, RecordedRevision} from './recorded.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import type {StuckOriginals} from './squash-errors.ts'
import type {Squash} from './squashes.ts'

/** The recorded state by original revisions. */
interface Originals extends Pick<GraphState, 'rows' | 'originalsOf'> {
  /** All squashes, each before those that replace it. */
  readonly squashes: ReadonlyMap<RevisionId, Squash>
  /** The applied originals. */
  readonly originals: ReadonlySet<RevisionId>
}

/** Returns the squashes whose originals take their place in the plans for a database, and those of which that is impossible. */
export function dissolve(
  graph: RevisionGraph,
  {squashes, rows, originalsOf, originals}: Originals,
  {apart = false, begun}: Reading,
): {readonly dissolved: ReadonlySet<RevisionId>; readonly stuck: ReadonlyMap<RevisionId, StuckOriginals>} {
  const dissolved = new Set<RevisionId>()
  const stuck = new Map<RevisionId, StuckOriginals>()
  if (squashes.size === 0) return {dissolved, stuck}
  const files = new Set(graph.sources.map(({id}) => id))
  const recorded = new Set(rows.map(({revision}) => revision))
  const isWithin = (row: RecordedRevision, squash: Squash): boolean =>
    row.revision !== squash.id &&
    squashes.get(row.revision)?.squashes.has(squash.id) !== true &&
    (squash.squashes.has(row.revision) || originalsOf(row).isSubsetOf(squash.originals))
  const visit = (squash: Squash): void => {
    const {id, originals: all} = squash
    const within = rows.filter((row) => isWithin(row, squash))
    const isBegun = begun !== undefined && (all.has(begun) || squash.squashes.has(begun))
    if (within.length === 0 && !isBegun) return
    const ran = new Set(within.flatMap((row) => [...originalsOf(row)]))
    const isApplied = recorded.has(id) || all.isSubsetOf(originals)
    const isWhole = isApplied && !(apart && all.isSubsetOf(ran))
    if (isWhole && !isBegun) return
    const inner = innerSquashes(graph, squash)
    // Only what ran can be reverted.
    const isReversible = [...all.intersection(ran)].every(
      (original) =>
        (files.has(original) && recorded.has(original)) ||
        inner.some((one) => recorded.has(one.id) && one.originals.has(original)),
    )
    // Of a squash without a file it may be unknown what it consists of.
    const isClear = [...ran].every((original) => all.has(original))
    if (isClear && hasOriginals(graph, squash) && (isReversible || !apart)) {
      dissolved.add(id)
      inner.filter((one) => !inner.some((other) => other.squashes.has(one.id))).forEach(visit)
    } else if (!isApplied) {
      const withoutFiles = [...all, ...squash.squashes].filter((one) => !files.has(one))
      stuck.set(id, {missing: [...all.difference(originals)], withoutFiles})
    }
  }
  for (const squash of squashes.values()) if (graph.has(squash.id)) visit(squash)
  return {dissolved, stuck}
}
