import {stateIn} from '../graph/recorded.ts'
import type {GraphState} from '../graph/recorded.ts'
import type {Revision, RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {OpenDatabase} from './databases.ts'

/**
 * Returns the state of a database in terms of the revisions of the files.
 *
 * @param options.apart whether to show the originals of squashes, where these ran themselves, for a downgrade
 */
export function stateOf<R extends Revision>(
  graph: RevisionGraph<R>,
  {state}: Pick<OpenDatabase, 'state'>,
  {apart = false}: {readonly apart?: boolean} = {},
): GraphState<R> {
  return stateIn(graph, state.applied, {apart, begun: state.partiallyApplied?.revision})
}

/**
 * Returns the applied revisions of a graph, and the recorded ones that are missing from the files. A squash that is applied
 * in part is not among them.
 */
export function appliedSetOf(graph: RevisionGraph, database: Pick<OpenDatabase, 'state'>): ReadonlySet<RevisionId> {
  const {applied, unknown} = stateOf(graph, database)
  return new Set([...applied].filter((id) => graph.has(id))).union(unknown)
}
