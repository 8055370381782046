import {MigError} from '../../errors.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {reachable} from '../../graph/walk.ts'
import type {Position} from './position.ts'

/** Errors that are not about a revision. */
const notAboutRevisions: ReadonlySet<string> = new Set(['INTERRUPTED', 'CONNECTION_LOST', 'CREATE_DATABASE_FAILED'])

/** Returns the error of a revision, or throws any other one. */
export function errorOfRevision(error: unknown): MigError {
  if (error instanceof MigError && !notAboutRevisions.has(error.code)) return error
  throw error
}

/** The revisions to rehearse, and what to do with each. */
export interface Walk {
  readonly range: ReadonlySet<RevisionId>
  /**
   * Rehearses a revision on a database with exactly its ancestors; returns whether its descendants can be rehearsed. The
   * revision itself need not be applied afterwards.
   */
  readonly visit: (revision: RevisionId) => Promise<boolean>
  /** Called when a revision cannot be applied next to those of another branch. */
  readonly collide: (revision: RevisionId, error: MigError) => void
  /** Called for a revision of which an ancestor cannot be applied. */
  readonly skip: (revision: RevisionId) => void
}

/**
 * Visits revisions, each after its ancestors and without other branches, and at last all together.
 *
 * @throws MigError REVISION_FAILED if the history below the range cannot be replayed
 */
export async function walk(graph: RevisionGraph, position: Position, walked: Walk): Promise<void> {
  const {range, visit, collide, skip} = walked
  const blocked = new Set<RevisionId>()
  const moveTo = async (revisions: ReadonlySet<RevisionId>): Promise<boolean> => {
    try {
      await position.moveTo(revisions)
      return true
    } catch (error) {
      const failure = errorOfRevision(error)
      const culprit = revisionOf(failure)
      if (culprit === undefined || !range.has(culprit)) throw error
      blocked.add(culprit)
      collide(culprit, failure)
      await position.close()
      return false
    }
  }
  let waiting = graph.sorted(range)
  while (waiting.length > 0) {
    const revision = nextOf(graph, waiting, position)
    waiting = waiting.filter((id) => id !== revision)
    const below = ancestorsOf(graph, revision)
    if (!below.isDisjointFrom(blocked) || !(await moveTo(below))) {
      blocked.add(revision)
      skip(revision)
    } else if (!(await visit(revision))) blocked.add(revision)
  }
  const all = reachable(range, (id) => graph.parents(id))
  const together = all.difference(reachable(blocked, (id) => graph.childrenAndDependents(id)))
  const tops = [...together].filter((id) => graph.childrenAndDependents(id).every((child) => !together.has(child)))
  if (tops.length > 1) await moveTo(together)
}

/** Returns the next revision whose ancestors were visited, preferably one that the database can be used for as it is. */
function nextOf(graph: RevisionGraph, waiting: readonly RevisionId[], position: Position): RevisionId {
  const open = new Set(waiting)
  const ready = waiting.filter((id) => graph.parents(id).every((parent) => !open.has(parent)))
  const isAhead = (id: RevisionId): boolean => position.applied.isSubsetOf(ancestorsOf(graph, id))
  return (ready.length > 1 ? ready.find(isAhead) : undefined) ?? ready[0] ?? (waiting[0] as RevisionId)
}

function ancestorsOf(graph: RevisionGraph, revision: RevisionId): ReadonlySet<RevisionId> {
  return reachable(graph.parents(revision), (id) => graph.parents(id))
}

function revisionOf({data}: MigError): RevisionId | undefined {
  const {revision} = (data ?? {}) as {readonly revision?: RevisionId}
  return revision
}
