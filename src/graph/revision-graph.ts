import {CycleError} from './errors.ts'
import {followersIn} from './followers.ts'
import type {Followers} from './followers.ts'
import {labelsByRevision, spreadLabels} from './labels.ts'
import {nodeOf} from './node.ts'
import type {Declared, Names, Node} from './node.ts'
import type {Revision, RevisionId} from './revision.ts'
import {topologicalOrder} from './walk.ts'

/** The files of a graph in which some revisions replace others. */
export interface Replacements<R extends Revision> {
  /** All revisions, replaced ones included. */
  readonly sources: readonly R[]
  /** Each id that a revision of the graph stands for, with that revision. */
  readonly aliases: ReadonlyMap<RevisionId, RevisionId>
  /** The down revisions and dependencies of revisions that do not have those of their files. */
  readonly declared?: ReadonlyMap<RevisionId, Declared>
}

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
  #following: Followers | undefined
  #ownLabels: ReadonlyMap<RevisionId, readonly string[]> | undefined
  #carried: ReadonlyMap<RevisionId, ReadonlySet<string>> | undefined
  #positions: ReadonlyMap<RevisionId, number> | undefined
  #branchPoints: readonly RevisionId[] | undefined
  #last: ReadonlySet<RevisionId> | undefined

  /** All revisions in load order, without those that others replace. */
  readonly revisions: readonly R[]
  /** The revisions of all files, in load order. */
  readonly sources: readonly R[]
  /** Each replaced id with the revision that stands for it. */
  readonly aliases: ReadonlyMap<RevisionId, RevisionId>
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
   * @param replacements what some of them replace; without `below`
   */
  constructor(
    added: readonly R[],
    labels: ReadonlyMap<string, RevisionId>,
    below?: RevisionGraph<R>,
    replacements?: Replacements<R>,
  ) {
    this.#below = below
    this.revisions = below === undefined ? added : [...below.revisions, ...added]
    this.sources = replacements?.sources ?? this.revisions
    this.aliases = replacements?.aliases ?? noAliases
    this.labels = labels
    const all = added.map(({id}) => id)
    const ids = new Set(all)
    const has = (id: RevisionId): boolean => ids.has(id) || below?.has(id) === true
    const names: Names = {has, labels, revisions: this.revisions, aliases: this.aliases}
    const first = this.revisions.length - added.length
    for (const [i, revision] of added.entries())
      this.#nodes.set(revision.id, nodeOf(revision, first + i, names, replacements?.declared?.get(revision.id)))

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
    const mergePoints = all.filter((id) => this.listedDownRevisions(id).length > 1)

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
    return this.has(name) ? name : (this.aliases.get(name) ?? this.labels.get(name))
  }

  /** Returns the branch labels that a revision declares, or one that it replaces. */
  ownLabels(id: RevisionId): readonly string[] {
    if (this.aliases.size === 0) return this.get(id).branchLabels
    this.#ownLabels ??= labelsByRevision(this.labels)
    return this.#ownLabels.get(id) ?? []
  }

  /** Returns the down revisions as the file lists them: one that it lists twice is there twice. */
  listedDownRevisions(id: RevisionId): readonly RevisionId[] {
    return this.#node(id).listed
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

  #followers(id: RevisionId, except?: 'down' | 'dependency'): readonly RevisionId[] {
    // Of heads it is known without the edges, and many commands show nothing else.
    this.#last ??= new Set(this.effectiveHeads)
    if (this.#last.has(id)) return []
    this.#following ??= followersIn(this)
    return this.#following(id, except)
  }
}

const noLabels: ReadonlySet<string> = new Set()
const noAliases: ReadonlyMap<RevisionId, RevisionId> = new Map()
