import type {GraphState, Reading, RecordedRevision} from './recorded.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import type {Squash} from './squashes.ts'

/** The recorded state by original revisions. */
interface Originals extends Pick<GraphState, 'rows' | 'originalsOf'> {
  /** All squashes, each before those that replace it. */
  readonly squashes: ReadonlyMap<RevisionId, Squash>
  /** The applied originals. */
  readonly originals: ReadonlySet<RevisionId>
}

/**
 * Returns the squashes whose originals take their place in the plans for a database, each with whether all of it is applied,
 * and those of which that is impossible.
 */
export function dissolve(
  graph: RevisionGraph,
  {squashes, rows, originalsOf, originals}: Originals,
  {apart = false, begun}: Reading,
): {readonly dissolved: ReadonlyMap<RevisionId, boolean>; readonly stuck: ReadonlyMap<RevisionId, readonly RevisionId[]>} {
  const dissolved = new Map<RevisionId, boolean>()
  const stuck = new Map<RevisionId, readonly RevisionId[]>()
  if (squashes.size === 0) return {dissolved, stuck}
  const files = new Set(graph.sources.map(({id}) => id))
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
    const isRecorded = rows.some(({revision}) => revision === id)
    const isApplied = isRecorded || all.isSubsetOf(originals)
    if (isApplied && !isBegun && !(apart && all.isSubsetOf(ran))) return
    const inner = [...squash.squashes].flatMap((other) => (files.has(other) ? (squashes.get(other) ?? []) : []))
    // Of a squash without a file it may be unknown what it consists of.
    const isClear = [...ran].every((original) => all.has(original))
    const hasFiles = [...all].every((original) => files.has(original) || inner.some((one) => one.originals.has(original)))
    if (isClear && hasFiles) {
      dissolved.set(id, isApplied)
      inner.filter((one) => !inner.some((other) => other.squashes.has(one.id))).forEach(visit)
    } else if (!isApplied) stuck.set(id, [...all.difference(originals)])
  }
  for (const squash of squashes.values()) if (graph.has(squash.id)) visit(squash)
  return {dissolved, stuck}
}
