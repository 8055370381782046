import {Graph} from '@dagrejs/graphlib'
import {CycleError, DuplicateLabelError, DuplicateRevisionError, InvalidRevisionIdError} from './errors.ts'
import {spreadLabels} from './labels.ts'
import {nodeOf} from './node.ts'
import type {Names, Node} from './node.ts'
import type {Revision, RevisionId} from './revision.ts'
import {topologicalOrder} from './walk.ts'

/** Relation of a revision to its parent: child, dependent by `dependsOn`, or both. */
type Link = 'down' | 'dependency' | 'both'

/**
 * The revisions of a script directory as a validated DAG: ids and labels are unique, names exist, no cycles.
 *
 * "Down revisions" and "children" follow `downRevisions` alone, "dependencies" and "dependents" follow `dependsOn`,
 * "parents" are both. No list has duplicates; each is in load order or in the order of the file.
 */
export class RevisionGraph<R extends Revision = Revision> {
  /** The graph that this one adds revisions to. */
  readonly #below: RevisionGraph<R> | undefined
  /** The nodes that the graph below does not have. */
  readonly #nodes = new Map<RevisionId, Node<R>>()
  #edges: Graph<undefined, RevisionId, Link> | undefined
  #carried: ReadonlyMap<RevisionId, ReadonlySet<string>> | undefined
  #positions: ReadonlyMap<RevisionId, number> | undefined
  #branchPoints: readonly RevisionId[] | undefined
  #last: ReadonlySet<RevisionId> | undefined

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
  /** Revisions with two or more down revisions. */
  readonly mergePoints: readonly RevisionId[]

  /**
   * @param added with `labels` unique, and ids that are unique and not in `below`; `buildRevisionGraph` checks that
   * @param labels those of `below`, too
   */
  constructor(added: readonly R[], labels: ReadonlyMap<string, RevisionId>, below?: RevisionGraph<R>) {
    this.#below = below
    this.revisions = below === undefined ? added : [...below.revisions, ...added]
    this.labels = labels
    const all = added.map(({id}) => id)
    const ids = new Set(all)
    const names: Names = {has: (id) => ids.has(id) || below?.has(id) === true, labels, revisions: this.revisions}
    const first = this.revisions.length - added.length
    for (const [i, revision] of added.entries()) this.#nodes.set(revision.id, nodeOf(revision, first + i, names))

    const withChildren = new Set<RevisionId>()
    const dependedOn = new Set<RevisionId>()
    const bases: RevisionId[] = []
    for (const {revision, downRevisions, dependencies} of this.#nodes.values()) {
      if (downRevisions.length === 0) bases.push(revision.id)
      for (const parent of downRevisions) withChildren.add(parent)
      for (const id of dependencies) dependedOn.add(id)
    }
    const isHead = (id: RevisionId): boolean => !withChildren.has(id)
    const heads = all.filter(isHead)
    const isEffective = (id: RevisionId): boolean => isHead(id) && !dependedOn.has(id)
    // A parent listed twice makes a merge point, too.
    const mergePoints = added.filter((r) => r.downRevisions.length > 1).map(({id}) => id)

    // Starting at the heads keeps each line together; the rest is only reached in a cycle.
    const {order, cycle} = topologicalOrder([...heads, ...all], (id) => this.#addedParents(id))
    if (cycle) throw new CycleError(cycle.map((id) => this.get(id)))
    this.topological = below === undefined ? order : [...below.topological, ...order]
    this.heads = [...(below?.heads.filter(isHead) ?? []), ...heads]
    this.effectiveHeads = [...(below?.effectiveHeads ?? []), ...heads].filter(isEffective)
    this.bases = [...(below?.bases ?? []), ...bases]
    this.mergePoints = [...(below?.mergePoints ?? []), ...mergePoints]
  }

  /** Revisions with two or more children. */
  get branchPoints(): readonly RevisionId[] {
    this.#branchPoints ??= this.#findBranchPoints()
    return this.#branchPoints
  }

  has(id: RevisionId): boolean {
    return this.#nodes.has(id) || this.#below?.has(id) === true
  }

  /** Returns the revision with exactly this id, which must exist. */
  get(id: RevisionId): R {
    return this.#node(id).revision
  }

  /** Returns the revision that has exactly this id or declares exactly this label. */
  named(name: string): RevisionId | undefined {
    return this.has(name) ? name : this.labels.get(name)
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
    if (wanted.size > this.topological.length / 16) return this.topological.filter((id) => wanted.has(id))
    return [...wanted].filter((id) => this.has(id)).toSorted((a, b) => this.position(a) - this.position(b))
  }

  /** Returns the position of a revision in `topological`. */
  position(id: RevisionId): number {
    if (!this.#nodes.has(id) && this.#below !== undefined) return this.#below.position(id)
    this.#positions ??= this.#findPositions()
    return this.#positions.get(id) ?? this.#unknown(id)
  }

  /** Returns the labels of a revision: its own and inherited ones. */
  branchLabelsOf(id: RevisionId): ReadonlySet<string> {
    this.#carried ??= spreadLabels(this)
    return this.#carried.get(id) ?? noLabels
  }

  #node(id: RevisionId): Node<R> {
    const node = this.#nodes.get(id)
    if (node !== undefined) return node
    return this.#below === undefined ? this.#unknown(id) : this.#below.#node(id)
  }

  #unknown(id: RevisionId): never {
    throw new RangeError(`${id} is not in this graph`)
  }

  /** Returns the parents of a revision that the graph below does not have. */
  #addedParents(id: RevisionId): readonly RevisionId[] {
    const {parents} = this.#node(id)
    return this.#below === undefined ? parents : parents.filter((parent) => this.#nodes.has(parent))
  }

  #findPositions(): ReadonlyMap<RevisionId, number> {
    const first = this.topological.length - this.#nodes.size
    return new Map(this.topological.slice(first).map((id, i) => [id, first + i]))
  }

  #findBranchPoints(): readonly RevisionId[] {
    const counts = new Map<RevisionId, number>()
    for (const {id} of this.revisions)
      for (const parent of this.downRevisions(id)) counts.set(parent, (counts.get(parent) ?? 0) + 1)
    return this.revisions.flatMap(({id}) => ((counts.get(id) ?? 0) > 1 ? id : []))
  }

  #followers(id: RevisionId, except?: Link): readonly RevisionId[] {
    // Of heads it is known without the edges, and many commands show nothing else.
    this.#last ??= new Set(this.effectiveHeads)
    if (this.#last.has(id)) return []
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
    for (const [loadOrder, {id}] of this.revisions.entries()) edges.setNode(String(loadOrder), id)
    for (const {id} of this.revisions) {
      const {loadOrder, downRevisions, dependencies, parents} = this.#node(id)
      for (const parent of parents) {
        const link = !dependencies.includes(parent) ? 'down' : downRevisions.includes(parent) ? 'both' : 'dependency'
        edges.setEdge(String(this.loadOrder(parent)), String(loadOrder), link)
      }
    }
    return edges
  }
}

const noLabels: ReadonlySet<string> = new Set()
const illegalInIds = /[@\-+:]/

/**
 * Returns the validated graph of the given revisions.
 *
 * @param revisions in load order, which breaks ties where the graph gives no order
 * @param below a graph that comes before them in load order, so that only the given revisions are validated
 * @throws MigError DUPLICATE_REVISION, DUPLICATE_LABEL, INVALID_REVISION_ID, UNKNOWN_DOWN_REVISION,
 *   UNKNOWN_DEPENDENCY or CYCLE
 */
export function buildRevisionGraph<R extends Revision>(
  revisions: Iterable<R>,
  below?: RevisionGraph<R>,
): RevisionGraph<R> {
  const loaded = [...revisions]
  const ids = new Map<RevisionId, R>()
  const find = (id: RevisionId): R | undefined => ids.get(id) ?? (below?.has(id) === true ? below.get(id) : undefined)
  for (const revision of loaded) {
    const illegal = illegalInIds.exec(revision.id)
    if (revision.id === '') throw new InvalidRevisionIdError(revision, 'is empty')
    if (illegal) throw new InvalidRevisionIdError(revision, `contains ${illegal[0]}`)
    const other = find(revision.id)
    if (other !== undefined) throw new DuplicateRevisionError(other, revision)
    ids.set(revision.id, revision)
  }
  const labels = new Map(below?.labels)
  for (const [label, declaring] of labels) {
    const owner = ids.get(label)
    if (owner !== undefined) throw new DuplicateLabelError(label, owner, find(declaring) ?? owner)
  }
  for (const revision of loaded)
    for (const label of revision.branchLabels) {
      const owner = find(labels.get(label) ?? label)
      if (owner !== undefined) throw new DuplicateLabelError(label, owner, revision)
      labels.set(label, revision.id)
    }
  return new RevisionGraph(loaded, labels, below)
}
