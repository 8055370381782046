import {dissolve} from './dissolve.ts'
import {squashesIn, withOriginals} from './originals.ts'
import type {Revision, RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import type {StuckOriginals} from './squash-errors.ts'

/** A row of the version table. */
export interface RecordedRevision {
  readonly revision: RevisionId
  readonly isHead: boolean
  /** The originals of a squash, as recorded when it was applied. */
  readonly replaces?: readonly RevisionId[] | undefined
}

/** The state of a database in terms of a graph. */
export interface GraphState<R extends Revision = Revision> {
  /** The graph for plans on this database: with the originals of a squash where only some of them are applied. */
  readonly graph: RevisionGraph<R>
  /** Revisions of that graph. A squash is applied if all of its originals are. */
  readonly applied: ReadonlySet<RevisionId>
  /** The squashes whose originals are in that graph. */
  readonly dissolved: ReadonlySet<RevisionId>
  /** The rows that belong to revisions of the files. */
  readonly rows: readonly RecordedRevision[]
  /** Recorded revisions that are missing from the files. */
  readonly unknown: ReadonlySet<RevisionId>
  /** The original revisions whose changes each row stands for. */
  readonly originalsOf: (row: RecordedRevision) => ReadonlySet<RevisionId>
  /** Squashes whose originals are applied in part and cannot take their place. */
  readonly stuck: ReadonlyMap<RevisionId, StuckOriginals>
}

export interface Reading {
  /** Whether to show the originals of squashes that did not run themselves, for a downgrade. */
  readonly apart?: boolean | undefined
  /** A partially applied revision. */
  readonly begun?: RevisionId | undefined
}

/**
 * Returns the state of a database in terms of a graph.
 *
 * A squash and its originals are the same changes: what counts is which original revisions are applied, one by one or as
 * part of a squash.
 */
export function stateIn<R extends Revision>(
  graph: RevisionGraph<R>,
  recorded: readonly RecordedRevision[],
  reading: Reading = {},
): GraphState<R> {
  const isKnownId = (id: RevisionId): boolean => graph.has(id) || graph.aliases.has(id)
  // A squash whose file is missing is no obstacle if all of its originals are known.
  const isKnown = ({revision, replaces = []}: RecordedRevision): boolean =>
    isKnownId(revision) || (replaces.length > 0 && replaces.every(isKnownId))
  const rows = recorded.filter(isKnown)
  const unknown = new Set(recorded.filter((row) => !isKnown(row)).map(({revision}) => revision))
  if (graph.aliases.size === 0) return plainState(graph, rows, unknown)
  const squashes = new Map(squashesIn(graph).map((squash) => [squash.id, squash]))
  const originalsOf = ({revision, replaces = []}: RecordedRevision): ReadonlySet<RevisionId> =>
    replaces.length > 0 ? new Set(replaces) : (squashes.get(revision)?.originals ?? new Set([revision]))
  const originals = new Set(rows.flatMap((row) => [...originalsOf(row)]))
  const {dissolved, stuck} = dissolve(graph, {squashes, rows, originalsOf, originals}, reading)
  const own = withOriginals(graph, dissolved)
  const recordedIds = new Set(rows.map(({revision}) => revision))
  const isApplied = (id: RevisionId): boolean =>
    recordedIds.has(id) || (squashes.get(id)?.originals ?? new Set([id])).isSubsetOf(originals)
  const applied = new Set(own.revisions.filter(({id}) => isApplied(id)).map(({id}) => id))
  return {graph: own, dissolved, applied, rows, unknown, originalsOf, stuck}
}

/** Without squashes in the files, only rows can name one. */
function plainState<R extends Revision>(
  graph: RevisionGraph<R>,
  rows: readonly RecordedRevision[],
  unknown: ReadonlySet<RevisionId>,
): GraphState<R> {
  const applied = new Set(rows.flatMap((row) => (graph.has(row.revision) ? row.revision : [...recordedOriginals(row)])))
  const originalsOf = recordedOriginals
  return {graph, dissolved: new Set(), applied, rows, unknown, originalsOf, stuck: new Map()}
}

function recordedOriginals({revision, replaces = []}: RecordedRevision): ReadonlySet<RevisionId> {
  return new Set(replaces.length > 0 ? replaces : [revision])
}
