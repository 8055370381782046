import {didYouMean} from '../util/text.ts'
import {UnknownDependencyError, UnknownDownRevisionError} from './errors.ts'
import type {Revision, RevisionId} from './revision.ts'
import {reachable} from './walk.ts'

/** A revision with its names resolved. */
export interface Node<R extends Revision> {
  readonly revision: R
  readonly loadOrder: number
  readonly downRevisions: readonly RevisionId[]
  /** The down revisions as listed in the file: one that is listed twice is there twice. */
  readonly listed: readonly RevisionId[]
  readonly dependencies: readonly RevisionId[]
  readonly parents: readonly RevisionId[]
}

/** The names of what a revision comes after. */
export type Declared = Pick<Revision, 'downRevisions' | 'dependsOn'>

/** The names that the files of revisions may contain. */
export interface Names {
  readonly has: (id: RevisionId) => boolean
  readonly labels: ReadonlyMap<string, RevisionId>
  /** Each replaced id with the revision that stands for it. */
  readonly aliases: ReadonlyMap<RevisionId, RevisionId>
  readonly revisions: readonly Revision[]
}

const noDependencies: readonly RevisionId[] = []

/**
 * Returns a revision with the revisions that the names in its file refer to.
 *
 * @param declared its down revisions and dependencies, if they are not those of its file
 */
export function nodeOf<R extends Revision>(
  revision: R,
  loadOrder: number,
  names: Names,
  declared: Declared = revision,
): Node<R> {
  const {aliases} = names
  const isReplaced = declared.downRevisions.some((id) => aliases.has(id))
  const downRevisions = distinct(
    isReplaced ? declared.downRevisions.map((id) => aliases.get(id) ?? id) : declared.downRevisions,
  )
  const listed = isReplaced ? downRevisions : declared.downRevisions
  const dependencies =
    declared.dependsOn.length === 0
      ? noDependencies
      : distinct(declared.dependsOn.map((name) => resolveName(name, names)))
  for (const id of downRevisions)
    if (!names.has(id)) throw new UnknownDownRevisionError(revision, id, whyUnknown(revision, id, names))
  for (const id of dependencies)
    if (!names.has(id)) throw new UnknownDependencyError(revision, id, whyUnknown(revision, id, names))
  const all = dependencies.length === 0 ? downRevisions : distinct([...downRevisions, ...dependencies])
  return {revision, loadOrder, downRevisions, listed, dependencies, parents: all}
}

/** Returns the revision that an id or a label in a file means. */
export function resolveName(name: string, {has, aliases, labels}: Omit<Names, 'revisions'>): RevisionId {
  return has(name) ? name : (aliases.get(name) ?? labels.get(name) ?? name)
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
