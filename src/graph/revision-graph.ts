import {Graph} from '@dagrejs/graphlib'
import {didYouMean} from '../util/text.ts'
import {
  CycleError,
  DuplicateLabelError,
  DuplicateRevisionError,
  InvalidRevisionIdError,
  UnknownDependencyError,
  UnknownDownRevisionError,
} from './errors.ts'
import {spreadLabels} from './labels.ts'
import type {Revision, RevisionId} from './revision.ts'
import {reachable, topologicalOrder} from './walk.ts'

/** Relation of a revision to its parent: child, dependent by `dependsOn`, or both. */
type Link = 'down' | 'dependency' | 'both'

/** A revision with its names resolved. */
interface Node<R extends Revision> {
  readonly revision: R
  readonly loadOrder: number
  readonly downRevisions: readonly RevisionId[]
  readonly dependencies: readonly RevisionId[]
  readonly parents: readonly RevisionId[]
}

/**
 * The revisions of a script directory as a validated DAG: ids and labels are unique, names exist, no cycles.
 *
 * "Down revisions" and "children" follow `downRevisions` alone, "dependencies" and "dependents" follow `dependsOn`,
 * "parents" are both. No list has duplicates; each is in load order or in the order of the file.
 */
export class RevisionGraph<R extends Revision = Revision> {
  readonly #nodes = new Map<RevisionId, Node<R>>()
  #edges: Graph<undefined, RevisionId, Link> | undefined
  #carried: ReadonlyMap<RevisionId, ReadonlySet<string>> | undefined

  /** All revisions in load order. */
  readonly revisions: readonly R[]
  /** Branch labels, each with the revision that declares it. */
  readonly labels: ReadonlyMap<string, RevisionId>
  /** All revisions, each after its parents. */
  readonly topological: readonly RevisionId[]
  /** Revisions without children. A head may still be a dependency. */
  readonly heads: readonly RevisionId[]
  /** Heads that are not dependencies either: the current revisions once everything is applied. */
  readonly effectiveHeads: readonly RevisionId[]
  /** Revisions without down revisions. */
  readonly bases: readonly RevisionId[]
  /** Revisions with two or more children. */
  readonly branchPoints: readonly RevisionId[]
  /** Revisions with two or more down revisions. */
  readonly mergePoints: readonly RevisionId[]

  /** @param revisions with `ids` and `labels` unique; `buildRevisionGraph` checks that */
  constructor(
    revisions: readonly R[],
    ids: ReadonlyMap<RevisionId, Revision>,
    labels: ReadonlyMap<string, RevisionId>,
  ) {
    this.revisions = revisions
    this.labels = labels
    for (const [loadOrder, revision] of revisions.entries())
      this.#nodes.set(revision.id, nodeOf(revision, loadOrder, ids, labels))

    const childCount = new Map<RevisionId, number>()
    const dependedOn = new Set<RevisionId>()
    const bases: RevisionId[] = []
    for (const {revision, downRevisions, dependencies} of this.#nodes.values()) {
      if (downRevisions.length === 0) bases.push(revision.id)
      for (const parent of downRevisions) childCount.set(parent, (childCount.get(parent) ?? 0) + 1)
      for (const id of dependencies) dependedOn.add(id)
    }
    const all = revisions.map(({id}) => id)
    this.heads = all.filter((id) => !childCount.has(id))
    this.effectiveHeads = this.heads.filter((id) => !dependedOn.has(id))
    this.bases = bases
    this.branchPoints = all.filter((id) => (childCount.get(id) ?? 0) > 1)
    // A parent listed twice makes a merge point, too.
    this.mergePoints = revisions.filter((r) => r.downRevisions.length > 1).map(({id}) => id)

    // Starting at the heads keeps each line together; the rest is only reached in a cycle.
    const {order, cycle} = topologicalOrder([...this.heads, ...all], (id) => this.parents(id))
    if (cycle) throw new CycleError(cycle.map((id) => this.get(id)))
    this.topological = order
  }

  has(id: RevisionId): boolean {
    return this.#nodes.has(id)
  }

  /** Returns the revision with exactly this id, which must exist. */
  get(id: RevisionId): R {
    return this.#node(id).revision
  }

  /** Returns the revision that has exactly this id or declares exactly this label. */
  named(name: string): RevisionId | undefined {
    return this.#nodes.has(name) ? name : this.labels.get(name)
  }

  downRevisions(id: RevisionId): readonly RevisionId[] {
    return this.#node(id).downRevisions
  }

  dependencies(id: RevisionId): readonly RevisionId[] {
    return this.#node(id).dependencies
  }

  parents(id: RevisionId): readonly RevisionId[] {
    return this.#node(id).parents
  }

  children(id: RevisionId): readonly RevisionId[] {
    return this.#followers(id, 'dependency')
  }

  dependents(id: RevisionId): readonly RevisionId[] {
    return this.#followers(id, 'down')
  }

  childrenAndDependents(id: RevisionId): readonly RevisionId[] {
    return this.#followers(id)
  }

  /** Returns the position of a revision in load order. */
  loadOrder(id: RevisionId): number {
    return this.#node(id).loadOrder
  }

  /** Returns those of `ids` that are revisions of this graph, each after its parents. */
  sorted(ids: Iterable<RevisionId>): RevisionId[] {
    const wanted = new Set(ids)
    return this.topological.filter((id) => wanted.has(id))
  }

  /** Returns the labels of a revision: its own and inherited ones. */
  branchLabelsOf(id: RevisionId): ReadonlySet<string> {
    this.#carried ??= spreadLabels(this)
    return this.#carried.get(id) ?? noLabels
  }

  #node(id: RevisionId): Node<R> {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new RangeError(`${id} is not in this graph`)
    return node
  }

  #followers(id: RevisionId, except?: Link): readonly RevisionId[] {
    this.#edges ??= this.#buildEdges()
    const edges = this.#edges
    const key = String(this.#node(id).loadOrder)
    const keys = edges.successors(key) ?? []
    const wanted = except === undefined ? keys : keys.filter((follower) => edges.edge(key, follower) !== except)
    return wanted.map((follower) => edges.node(follower))
  }

  /**
   * Returns all edges, from each revision to its children and dependents. Built on demand: it takes half as long as the
   * rest of the graph, and only walks towards the heads need it.
   *
   * A node's key is its position in load order. graphlib keeps nodes in plain objects, where an id such as `constructor`
   * or `__proto__` always seems to exist; integers are safe, ordered, and fast.
   */
  #buildEdges(): Graph<undefined, RevisionId, Link> {
    const edges = new Graph<undefined, RevisionId, Link>({directed: true})
    for (const {loadOrder, revision} of this.#nodes.values()) edges.setNode(String(loadOrder), revision.id)
    for (const {loadOrder, downRevisions, dependencies, parents} of this.#nodes.values())
      for (const parent of parents) {
        const link = !dependencies.includes(parent) ? 'down' : downRevisions.includes(parent) ? 'both' : 'dependency'
        edges.setEdge(String(this.loadOrder(parent)), String(loadOrder), link)
      }
    return edges
  }
}

const noLabels: ReadonlySet<string> = new Set()
const noDependencies: readonly RevisionId[] = []
const illegalInIds = /[@\-+:]/

/**
 * Returns the validated graph of the given revisions.
 *
 * @param revisions in load order, which breaks ties where the graph gives no order
 * @throws MigError DUPLICATE_REVISION, DUPLICATE_LABEL, INVALID_REVISION_ID, UNKNOWN_DOWN_REVISION,
 *   UNKNOWN_DEPENDENCY or CYCLE
 */
export function buildRevisionGraph<R extends Revision>(revisions: Iterable<R>): RevisionGraph<R> {
  const loaded = [...revisions]
  const ids = new Map<RevisionId, R>()
  for (const revision of loaded) {
    const illegal = illegalInIds.exec(revision.id)
    if (revision.id === '') throw new InvalidRevisionIdError(revision, 'is empty')
    if (illegal) throw new InvalidRevisionIdError(revision, `contains ${illegal[0]}`)
    const other = ids.get(revision.id)
    if (other !== undefined) throw new DuplicateRevisionError(other, revision)
    ids.set(revision.id, revision)
  }
  const labels = new Map<string, RevisionId>()
  for (const revision of loaded)
    for (const label of revision.branchLabels) {
      const owner = ids.get(labels.get(label) ?? label)
      if (owner !== undefined) throw new DuplicateLabelError(label, owner, revision)
      labels.set(label, revision.id)
    }
  return new RevisionGraph(loaded, ids, labels)
}

/** Returns a revision with the revisions that the names in its file refer to. */
function nodeOf<R extends Revision>(
  revision: R,
  loadOrder: number,
  ids: ReadonlyMap<RevisionId, Revision>,
  labels: ReadonlyMap<string, RevisionId>,
): Node<R> {
  const downRevisions = distinct(revision.downRevisions)
  const dependencies =
    revision.dependsOn.length === 0
      ? noDependencies
      : distinct(revision.dependsOn.map((name) => (ids.has(name) ? name : (labels.get(name) ?? name))))
  for (const id of downRevisions)
    if (!ids.has(id)) throw new UnknownDownRevisionError(revision, id, whyUnknown(revision, id, ids, labels))
  for (const id of dependencies)
    if (!ids.has(id)) throw new UnknownDependencyError(revision, id, whyUnknown(revision, id, ids, labels))
  const parents = dependencies.length === 0 ? downRevisions : distinct([...downRevisions, ...dependencies])
  return {revision, loadOrder, downRevisions, dependencies, parents}
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)]
}

/** Returns what an unknown name may stand for: nothing that comes after the revision, which would make a cycle. */
function whyUnknown(
  revision: Revision,
  name: string,
  all: ReadonlyMap<RevisionId, Revision>,
  allLabels: ReadonlyMap<string, RevisionId>,
): string {
  const after = successorsOf(revision, all, allLabels)
  const ids = [...all.keys()].filter((id) => !after.has(id))
  const labels = new Map([...allLabels].filter(([, id]) => !after.has(id)))
  const declaring = labels.get(name)
  if (declaring !== undefined) return `${name} is a branch label; its revision is ${declaring}.`
  const [longer, ...others] = name === '' ? [] : ids.filter((id) => id.startsWith(name))
  if (longer !== undefined && others.length === 0) return `Use the full id in a file: ${longer}.`
  return didYouMean(name, [...ids, ...labels.keys()], 'Check whether its file is missing or on another branch.')
}

/** Returns a revision and all that come after it, of revisions that need not form a graph. */
function successorsOf(
  {id: start}: Revision,
  ids: ReadonlyMap<RevisionId, Revision>,
  labels: ReadonlyMap<string, RevisionId>,
): ReadonlySet<RevisionId> {
  const followers = new Map<RevisionId, RevisionId[]>()
  for (const {id, downRevisions, dependsOn} of ids.values())
    for (const name of [...downRevisions, ...dependsOn]) {
      const parent = labels.get(name) ?? name
      const known = followers.get(parent)
      if (known === undefined) followers.set(parent, [id])
      else known.push(id)
    }
  return reachable([start], (id) => followers.get(id) ?? [])
}
