import type {Step} from '../../src/graph/plan.ts'
import type {Revision} from '../../src/graph/revision.ts'

/**
 * What is true of a graph by definition, computed the slow and obvious way: nothing of `src/graph` is used.
 *
 * State is a set of revisions; ancestors are a transitive closure; heads are the maximal elements.
 */
export class Model {
  readonly ids: readonly string[]
  /** Ids and labels, with the revision that each means. */
  readonly names: ReadonlyMap<string, string>
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>
  readonly downRevisions: ReadonlyMap<string, readonly string[]>
  readonly #ancestors = new Map<string, ReadonlySet<string>>()

  constructor(revisions: readonly Revision[]) {
    this.names = new Map(revisions.flatMap((r) => [...r.branchLabels, r.id].map((name) => [name, r.id] as const)))
    this.ids = revisions.map((r) => r.id)
    this.downRevisions = new Map(revisions.map((r) => [r.id, r.downRevisions]))
    this.parents = new Map(
      revisions.map((r) => [
        r.id,
        new Set([...r.downRevisions, ...r.dependsOn.map((name) => this.names.get(name) ?? name)]),
      ]),
    )
  }

  /** Returns a revision and everything below it. */
  ancestors(id: string): ReadonlySet<string> {
    const known = this.#ancestors.get(id)
    if (known) return known
    const all = new Set([id])
    for (const parent of this.parents.get(id) ?? []) for (const ancestor of this.ancestors(parent)) all.add(ancestor)
    this.#ancestors.set(id, all)
    return all
  }

  closure(ids: Iterable<string>): Set<string> {
    return new Set([...ids].flatMap((id) => [...this.ancestors(id)]))
  }

  /** Returns the maximal elements of a set, sorted. */
  heads(set: Iterable<string>): string[] {
    const members = [...set]
    return members.filter((id) => !members.some((other) => other !== id && this.parents.get(other)?.has(id))).toSorted()
  }

  /** Returns what is wrong with a plan that starts from this applied set, or undefined. */
  fault(steps: readonly Step[], applied: Iterable<string>): string | undefined {
    const now = new Set(applied)
    for (const step of steps) {
      const {revision} = step
      if (!this.parents.has(revision)) return `${revision} is no revision`
      if (step.direction === 'upgrade') {
        if (now.has(revision)) return `${revision} is applied already`
        const missing = [...this.parents.get(revision)!].find((parent) => !now.has(parent))
        if (missing !== undefined) return `${revision} comes before ${missing}`
        now.add(revision)
      } else if (step.direction === 'downgrade') {
        if (!now.delete(revision)) return `${revision} is not applied`
        const standing = [...now].find((other) => this.parents.get(other)!.has(revision))
        if (standing !== undefined) return `${revision} goes while ${standing} stands on it`
      } else {
        for (const id of step.removed) if (!now.delete(id)) return `${id} is not applied`
        for (const id of step.added) if (now.has(id)) return `${id} is applied already`
        for (const id of step.added) now.add(id)
      }
      const heads = this.heads(now).join(' ')
      const said = step.heads.toSorted().join(' ')
      if (said !== heads) return `after ${revision} the heads are ${heads}, not ${said}`
    }
    return undefined
  }

  /** Returns what is wrong with a list of revisions, newest first, or undefined. */
  faultOfHistory(listed: readonly string[]): string | undefined {
    const place = new Map(listed.map((id, i) => [id, i]))
    if (place.size < listed.length) return 'a revision comes twice'
    for (const id of listed)
      for (const parent of this.parents.get(id) ?? [])
        if ((place.get(parent) ?? Infinity) < place.get(id)!) return `${parent} comes before ${id}, which stands on it`
    return undefined
  }

  /** Tells whether `-N` or `branch@-N`, counted down from some head, arrives at the base or below. */
  walksToTheBase(target: string): boolean {
    const steps = Number(/^(?:.+?@)?-(\d+)$/s.exec(target)?.[1] ?? 0)
    return steps > 0 && this.heads(this.ids).some((head) => this.#lengthOfLineBelow(head) <= steps)
  }

  /** Counts the revisions from `id` down to the base; a merge point on the way makes it endless. */
  #lengthOfLineBelow(id: string): number {
    const [below, ...others] = this.downRevisions.get(id) ?? []
    if (others.length > 0) return Infinity
    return below === undefined ? 1 : 1 + this.#lengthOfLineBelow(below)
  }

  /** Returns the set after these steps. */
  after(steps: readonly Step[], applied: Iterable<string>): Set<string> {
    const now = new Set(applied)
    for (const step of steps) {
      if (step.direction === 'upgrade') now.add(step.revision)
      else if (step.direction === 'downgrade') now.delete(step.revision)
      else {
        for (const id of step.removed) now.delete(id)
        for (const id of step.added) now.add(id)
      }
    }
    return now
  }
}
