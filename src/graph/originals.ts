import {resolveName} from './node.ts'
import type {Declared} from './node.ts'
import type {Revision, RevisionId} from './revision.ts'
import {RevisionGraph} from './revision-graph.ts'
import {replacedBy, squashesOf} from './squashes.ts'
import type {Squash} from './squashes.ts'
import {topologicalOrder} from './walk.ts'

const known = new WeakMap<RevisionGraph, readonly Squash[]>()

/** Returns the squashes of a graph, replaced ones included, each before the squashes that replace it. */
export function squashesIn(graph: RevisionGraph): readonly Squash[] {
  const found = known.get(graph) ?? squashesOf(graph.sources)
  known.set(graph, found)
  return found
}

/** Returns the squashes with files that a squash replaces. */
export function innerSquashes(graph: RevisionGraph, {squashes}: Squash): readonly Squash[] {
  const files = new Set(graph.sources.map(({id}) => id))
  return squashesIn(graph).filter(({id}) => squashes.has(id) && files.has(id))
}

/** Returns whether files tell what the originals of a squash are, one by one or in squashes, and in which order they come. */
export function hasOriginals(graph: RevisionGraph, squash: Squash): boolean {
  const files = new Set(graph.sources.map(({id}) => id))
  const inner = innerSquashes(graph, squash)
  const isInner = (id: RevisionId): boolean => inner.some((one) => one.originals.has(id) || one.squashes.has(id))
  const isKnown = (id: RevisionId): boolean => files.has(id) || isInner(id)
  const isOwn = (id: RevisionId): boolean => squash.originals.has(id) || squash.squashes.has(id)
  const named = graph.sources
    .filter(({id}) => isOwn(id) && !isInner(id))
    .flatMap(({downRevisions, dependsOn}) => [...downRevisions, ...dependsOn])
  return [...squash.originals, ...named.filter(isOwn)].every(isKnown)
}

/**
 * Returns a graph with the originals of some squashes in their place. The last original stands for such a squash; if
 * there are several, the squash is a merge point of them.
 *
 * Revisions after one of the originals come after all of them, as they do after the squash.
 *
 * @param ids with the squashes that replace them; all originals have files, or squashes of them that are not in `ids`
 */
export function withOriginals<R extends Revision>(
  graph: RevisionGraph<R>,
  ids: ReadonlySet<RevisionId>,
): RevisionGraph<R> {
  if (ids.size === 0) return graph
  const {sources} = graph
  const squashes = squashesIn(graph)
  const aliases = new Map(replacedBy(squashes.filter(({id}) => !ids.has(id))))
  const shown = new Map(sources.filter(({id}) => !aliases.has(id) && !ids.has(id)).map((one) => [one.id, one]))
  const declared = new Map<RevisionId, Declared>()
  const labels = new Map<string, RevisionId>()
  for (const {id, branchLabels} of sources)
    if (!ids.has(id)) for (const label of branchLabels) labels.set(label, aliases.get(id) ?? id)
  const has = (id: RevisionId): boolean => shown.has(id)
  const byId = new Map(sources.map((revision) => [revision.id, revision]))
  const namesOf = (revision: R): Declared => declared.get(revision.id) ?? revision
  // Smaller ones come first, so that those within a squash are known.
  for (const squash of squashes.filter(({id}) => ids.has(id))) {
    const revision = byId.get(squash.id)!
    const own = squash.originals.union(squash.squashes)
    const outside = [...shown.values()].filter(({id}) => !own.has(id))
    const within = [...shown.values()].filter(({id}) => own.has(id))
    const below = new Set(
      within
        .flatMap((one) => [...namesOf(one).downRevisions, ...namesOf(one).dependsOn])
        .map((name) => resolveName(name, {has, aliases, labels})),
    )
    const heads = within.map(({id}) => id).filter((id) => !below.has(id))
    const [last, ...others] = heads
    const place = last === undefined || others.length > 0 ? squash.id : last
    if (place === squash.id) {
      declared.set(squash.id, {downRevisions: heads, dependsOn: []})
      shown.set(squash.id, revision)
    }
    for (const id of [squash.id, ...squash.squashes]) if (!has(id) && !aliases.has(id)) aliases.set(id, place)
    for (const label of revision.branchLabels) if (!labels.has(label)) labels.set(label, place)
    const moved = (name: string): string => (own.has(resolveName(name, {has, aliases, labels})) ? place : name)
    for (const one of outside) {
      const {downRevisions, dependsOn} = namesOf(one)
      declared.set(one.id, {downRevisions: downRevisions.map(moved), dependsOn: dependsOn.map(moved)})
    }
  }
  const revisions = sources.filter(({id}) => has(id))
  return new RevisionGraph(revisions, labels, undefined, {sources, aliases, declared})
}

/** Returns the revisions that others replace, each after its parents. */
export function replacedRevisions<R extends Revision>({sources, aliases}: RevisionGraph<R>): readonly R[] {
  const replaced = new Map(sources.filter(({id}) => aliases.has(id)).map((revision) => [revision.id, revision]))
  const parents = ({downRevisions, replaces = []}: R): readonly R[] =>
    [...downRevisions, ...replaces].flatMap((id) => replaced.get(id) ?? [])
  return topologicalOrder(replaced.values(), parents).order ?? [...replaced.values()]
}
