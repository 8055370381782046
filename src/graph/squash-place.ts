import {SquashNotConvexError, SquashParentsError} from './squash-errors.ts'
import type {Revision, RevisionId} from './revision.ts'
import type {Squash} from './squashes.ts'
import {reachable} from './walk.ts'

type ById = ReadonlyMap<RevisionId, Revision>
type Resolve = (name: string) => RevisionId

/**
 * Checks that no revision outside of a squash comes after one of the revisions in it and before another one.
 *
 * @param resolve returns the revision that a name means
 * @throws MigError SQUASH_NOT_CONVEX
 */
export function refuseNotConvex(squash: Squash, revisions: ById, resolve: Resolve): void {
  const originals = originalsOf(squash, revisions)
  const parentsOf = (id: RevisionId): readonly RevisionId[] => namesIn(revisions.get(id)).map(resolve)
  const outside = new Set(originals.flatMap(({id}) => parentsOf(id)))
  outside.delete(squash.id)
  const before = reachable(outside, parentsOf)
  if (!before.has(squash.id)) return
  const between = [...before].filter((id) => id !== squash.id && reachable([id], parentsOf).has(squash.id))
  throw new SquashNotConvexError(
    revisions.get(squash.id)!,
    between.flatMap((id) => revisions.get(id) ?? []),
  )
}

/**
 * Checks that a squash has the parents and dependencies that the revisions have outside of it; what the files that are
 * left do not show is allowed.
 *
 * @param resolve returns the revision that a name means
 * @throws MigError SQUASH_WRONG_PARENTS
 */
export function refuseWrongParents(squash: Squash, revisions: ById, resolve: Resolve): void {
  const revision = revisions.get(squash.id)!
  const known = originalsOf(squash, revisions)
  const isWhole = known.length === squash.originals.size
  const outside = (names: readonly string[]): Set<RevisionId> =>
    new Set(names.map(resolve)).difference(new Set([squash.id]))
  const parents = outside(known.flatMap(({downRevisions}) => downRevisions))
  const needed = outside(known.flatMap(({dependsOn}) => dependsOn)).difference(parents)
  const own = outside(revision.downRevisions)
  const dependencies = outside(revision.dependsOn).difference(own)
  if (!(isWhole ? isSame(parents, own) : parents.isSubsetOf(own)))
    throw new SquashParentsError(revision, 'downRevision', [...parents])
  if (!(isWhole ? isSame(needed, dependencies) : needed.isSubsetOf(own.union(dependencies))))
    throw new SquashParentsError(revision, 'dependsOn', [...needed])
}

function isSame(one: ReadonlySet<RevisionId>, other: ReadonlySet<RevisionId>): boolean {
  return one.size === other.size && one.isSubsetOf(other)
}

/** Returns the originals of a squash that have files. */
function originalsOf({originals}: Squash, revisions: ById): readonly Revision[] {
  return [...originals].flatMap((id) => revisions.get(id) ?? [])
}

function namesIn(revision: Revision | undefined): readonly string[] {
  return revision === undefined ? [] : [...revision.downRevisions, ...revision.dependsOn]
}
