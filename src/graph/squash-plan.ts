import {headsOf} from './applied.ts'
import type {StampStep, Step} from './plan.ts'
import {stateIn} from './recorded.ts'
import type {GraphState, RecordedRevision} from './recorded.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {addedIn, removedIn, rowsAfter, withRowChanges} from './row-changes.ts'
import {SquashIndivisibleError, SquashOriginalsMissingError} from './squash-errors.ts'
import {isSquash} from './squashes.ts'
import {reachable} from './walk.ts'

/**
 * Returns the steps of a plan as they change the version table: a squash whose originals run is no step of its own, and
 * one whose originals are all applied is recorded at the end.
 *
 * @param graph the graph of the files
 * @param state the state of the database, in whose graph the plan was made
 * @param recording whether to record squashes; not if the plan reverts
 * @throws MigError SQUASH_ORIGINALS_MISSING, SQUASH_INDIVISIBLE
 */
export function throughSquashes<S extends Step>(
  graph: RevisionGraph,
  state: GraphState,
  planned: readonly S[],
  recording: boolean,
): {readonly steps: readonly S[]; readonly records: readonly StampStep[]} {
  if (areRowsRevisions(graph, state)) return {steps: planned, records: []}
  refuseStuck(state, recording ? planned : undefined)
  refuseIndivisible(graph, state, planned)
  const steps = planned.filter(({direction, revision}) => direction === 'stamp' || !state.dissolved.has(revision))
  const records = recording ? recordsAfter(graph, state, steps) : []
  const changed = withRowChanges<S | StampStep>([...steps, ...records], state)
  return {
    steps: steps.map((step, i) => ({...step, ...changed[i]})),
    records: records.map((step, i) => ({...step, ...changed[steps.length + i]})),
  }
}

/** Returns whether each row of the version table is that of a revision, and no revision is a squash. */
export function areRowsRevisions(graph: RevisionGraph, {rows}: Pick<GraphState, 'rows'>): boolean {
  return graph.aliases.size === 0 && rows.every(({revision}) => graph.has(revision))
}

/**
 * Refuses to run a squash, or to revert anything, while some of its originals are applied: they could not be reverted.
 *
 * @param steps of a plan that may revert nothing
 */
function refuseStuck({graph, stuck}: GraphState, steps: readonly Step[] | undefined): void {
  if (stuck.size === 0) return
  const added = new Set(steps?.flatMap(addedIn))
  const removed = new Set(steps?.flatMap(removedIn))
  const isNeeded = (id: RevisionId): boolean =>
    added.has(id) || !reachable([id], (one) => graph.parents(one)).isDisjointFrom(removed)
  for (const [id, originals] of stuck)
    if (steps === undefined || isNeeded(id)) throw new SquashOriginalsMissingError(id, originals)
}

/** Refuses to revert parts of a squash whose file is missing, unless its originals ran themselves. */
function refuseIndivisible(graph: RevisionGraph, {rows, originalsOf}: GraphState, steps: readonly Step[]): void {
  const removed = new Set(steps.flatMap(removedIn).flatMap((revision) => [...originalsOf({revision, isHead: false})]))
  const isMissing = ({revision}: RecordedRevision): boolean => !graph.has(revision) && !graph.aliases.has(revision)
  const isStamp = steps.every(({direction}) => direction === 'stamp')
  const ran = new Set(rows.flatMap((row) => (isMissing(row) ? [] : [...originalsOf(row)])))
  for (const squash of rows.filter(isMissing)) {
    const all = originalsOf(squash)
    const [part] = all.intersection(removed)
    if (part === undefined || all.isSubsetOf(ran) || (isStamp && all.isSubsetOf(removed))) continue
    throw new SquashIndivisibleError(
      squash.revision,
      part,
      `Use a version that contains the file of ${squash.revision}.`,
    )
  }
}

/** Returns the steps that record squashes whose originals are all applied after some steps. */
function recordsAfter(graph: RevisionGraph, state: GraphState, steps: readonly Step[]): readonly StampStep[] {
  const {originalsOf} = state
  let rows = state.rows
  for (const step of steps) rows = rowsAfter(step, {rows, originalsOf})
  const applied = new Set(rows.flatMap((row) => [...originalsOf(row)]))
  const isOpen = (revision: RevisionId): boolean =>
    originalsOf({revision, isHead: false}).isSubsetOf(applied) && !rows.some((row) => row.revision === revision)
  return graph.revisions
    .filter((revision) => isSquash(revision) && isOpen(revision.id))
    .map(({id}): StampStep => {
      rows = [...rows, {revision: id, isHead: false}]
      const after = stateIn(graph, rows)
      return {direction: 'stamp', revision: id, added: [id], removed: [], heads: headsOf(after.graph, after.applied)}
    })
}
