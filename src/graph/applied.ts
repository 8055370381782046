import {UnknownAppliedRevisionError} from './errors.ts'
import {RevisionNotFoundError} from './target-errors.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {reachable} from './walk.ts'

/**
 * Returns the applied set of a database with these heads: the heads and all their ancestors.
 *
 * @throws MigError REVISION_NOT_FOUND
 */
export function appliedFromHeads(graph: RevisionGraph, heads: Iterable<RevisionId>): Set<RevisionId> {
  const start = [...heads]
  const unknown = start.find((id) => !graph.has(id))
  if (unknown !== undefined) throw new RevisionNotFoundError(unknown)
  return reachable(start, (id) => graph.parents(id))
}

/**
 * Returns the heads of an applied set: the revisions that no other applied one has as a parent, dependencies included.
 *
 * @throws MigError UNKNOWN_APPLIED_REVISION
 */
export function headsOf(graph: RevisionGraph, applied: Iterable<RevisionId>): RevisionId[] {
  return [...new AppliedSet(graph, applied).heads]
}

/** Returns the applied revisions without an applied child: the heads, and revisions that are only dependencies. */
export function currentRevisions(graph: RevisionGraph, applied: ReadonlySet<RevisionId>): RevisionId[] {
  const below = new Set([...applied].flatMap((id) => graph.downRevisions(id)))
  return [...applied].filter((id) => !below.has(id))
}

/** Applied set of a database during planning; keeps track of its heads after every step. */
export class AppliedSet {
  readonly #graph: RevisionGraph
  readonly #applied: Set<RevisionId>
  /** Number of applied revisions that have this one as a parent. */
  readonly #followers = new Map<RevisionId, number>()
  #heads: readonly RevisionId[]

  /** @throws MigError UNKNOWN_APPLIED_REVISION */
  constructor(graph: RevisionGraph, applied: Iterable<RevisionId>) {
    this.#graph = graph
    this.#applied = new Set(applied)
    const unknown = [...this.#applied].filter((id) => !graph.has(id))
    if (unknown.length > 0) throw new UnknownAppliedRevisionError(unknown)
    for (const id of this.#applied) this.#count(id, 1)
    this.#heads = this.#inLoadOrder([...this.#applied].filter((id) => !this.hasAppliedChild(id)))
  }

  get ids(): ReadonlySet<RevisionId> {
    return this.#applied
  }

  /** In load order. */
  get heads(): readonly RevisionId[] {
    return this.#heads
  }

  has(id: RevisionId): boolean {
    return this.#applied.has(id)
  }

  /** Returns whether an applied revision has this one as a parent. */
  hasAppliedChild(id: RevisionId): boolean {
    return (this.#followers.get(id) ?? 0) > 0
  }

  add(id: RevisionId): void {
    if (this.#applied.has(id)) return
    this.#applied.add(id)
    this.#count(id, 1)
    const parents = this.#graph.parents(id)
    const heads = this.#heads.filter((head) => !parents.includes(head))
    this.#heads = this.hasAppliedChild(id) ? heads : this.#inLoadOrder([...heads, id])
  }

  remove(id: RevisionId): void {
    if (!this.#applied.delete(id)) return
    this.#count(id, -1)
    const freed = this.#graph.parents(id).filter((parent) => this.#applied.has(parent) && !this.hasAppliedChild(parent))
    this.#heads = this.#inLoadOrder([...this.#heads.filter((head) => head !== id), ...freed])
  }

  #count(id: RevisionId, change: 1 | -1): void {
    for (const parent of this.#graph.parents(id))
      this.#followers.set(parent, (this.#followers.get(parent) ?? 0) + change)
  }

  #inLoadOrder(ids: readonly RevisionId[]): readonly RevisionId[] {
    return ids.length < 2 ? ids : ids.toSorted((a, b) => this.#graph.loadOrder(a) - this.#graph.loadOrder(b))
  }
}
