import {didYouMean} from '../util/text.ts'
import {UnknownDependencyError, UnknownDownRevisionError} from './errors.ts'
import type {Revision, RevisionId} from './revision.ts'
import {reachable} from './walk.ts'

/** A revision with its names resolved. */
export interface Node<R extends Revision> {
  readonly revision: R
  readonly loadOrder: number
  readonly downRevisions: readonly RevisionId[]
  readonly dependencies: readonly RevisionId[]
  readonly parents: readonly RevisionId[]
}

/** The names that the files of revisions may contain. */
export interface Names {
  readonly has: (id: RevisionId) => boolean
  readonly labels: ReadonlyMap<string, RevisionId>
  readonly revisions: readonly Revision[]
}

const noDependencies: readonly RevisionId[] = []

/** Returns a revision with the revisions that the names in its file refer to. */
export function nodeOf<R extends Revision>(revision: R, loadOrder: number, names: Names): Node<R> {
  const downRevisions = distinct(revision.downRevisions)
  const dependencies =
    revision.dependsOn.length === 0
      ? noDependencies
      : distinct(revision.dependsOn.map((name) => (names.has(name) ? name : (names.labels.get(name) ?? name))))
  for (const id of downRevisions)
    if (!names.has(id)) throw new UnknownDownRevisionError(revision, id, whyUnknown(revision, id, names))
  for (const id of dependencies)
    if (!names.has(id)) throw new UnknownDependencyError(revision, id, whyUnknown(revision, id, names))
  const parents = dependencies.length === 0 ? downRevisions : distinct([...downRevisions, ...dependencies])
  return {revision, loadOrder, downRevisions, dependencies, parents}
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)]
}

/** Returns what an unknown name may stand for: nothing that comes after the revision, which would make a cycle. */
function whyUnknown(revision: Revision, name: string, names: Names): string {
  const after = successorsOf(revision, names)
  const ids = names.revisions.flatMap(({id}) => (after.has(id) ? [] : id))
  const labels = new Map([...names.labels].filter(([, id]) => !after.has(id)))
  const declaring = labels.get(name)
  if (declaring !== undefined) return `${name} is a branch label; its revision is ${declaring}.`
  const [longer, ...others] = name === '' ? [] : ids.filter((id) => id.startsWith(name))
  if (longer !== undefined && others.length === 0) return `Use the full id in a file: ${longer}.`
  return didYouMean(name, [...ids, ...labels.keys()], 'Check whether its file is missing or on another branch.')
}

/** Returns a revision and all that come after it, of revisions that need not form a graph. */
function successorsOf({id: start}: Revision, {labels, revisions}: Names): ReadonlySet<RevisionId> {
  const followers = new Map<RevisionId, RevisionId[]>()
  for (const {id, downRevisions, dependsOn} of revisions)
    for (const name of [...downRevisions, ...dependsOn]) {
      const parent = labels.get(name) ?? name
      const known = followers.get(parent)
      if (known === undefined) followers.set(parent, [id])
      else known.push(id)
    }
  return reachable([start], (id) => followers.get(id) ?? [])
}
