import {DuplicateLabelError, DuplicateRevisionError, InvalidRevisionIdError} from './errors.ts'
import {nodeOf, resolveName} from './node.ts'
import type {Names} from './node.ts'
import type {Revision, RevisionId} from './revision.ts'
import {RevisionGraph} from './revision-graph.ts'
import {refuseNotConvex, refuseWrongParents} from './squash-place.ts'
import {isSquash, replacedBy, squashesOf} from './squashes.ts'
import type {Squash} from './squashes.ts'

const illegalInIds = /[@\-+:]/

/**
 * Returns the validated graph of the given revisions, in which a squash stands for the revisions that it replaces.
 *
 * @param revisions in load order, which breaks ties where the graph gives no order
 * @param below a graph that comes before them in load order, so that only the given revisions are validated
 * @throws MigError DUPLICATE_REVISION, DUPLICATE_LABEL, INVALID_REVISION_ID, UNKNOWN_DOWN_REVISION,
 *   UNKNOWN_DEPENDENCY, CYCLE, SQUASH_REPLACED_TWICE, SQUASH_INCOMPLETE, SQUASH_NOT_CONVEX, SQUASH_WRONG_PARENTS
 */
export function buildRevisionGraph<R extends Revision>(
  revisions: Iterable<R>,
  below?: RevisionGraph<R>,
): RevisionGraph<R> {
  const loaded = [...revisions]
  if (below !== undefined && (below.aliases.size > 0 || loaded.some(isSquash)))
    return buildRevisionGraph([...below.sources, ...loaded])
  const find = uniqueIds(loaded, below)
  const squashes = squashesOf(loaded)
  const aliases = replacedBy(squashes)
  const labels = uniqueLabels(loaded, find, aliases, below)
  if (squashes.length === 0) return new RevisionGraph(loaded, labels, below)
  const shown = loaded.filter(({id}) => !aliases.has(id))
  const ids = new Set(shown.map(({id}) => id))
  refuseMisplaced(squashes, loaded, {has: (id) => ids.has(id), labels, revisions: loaded, aliases})
  return new RevisionGraph(shown, labels, undefined, {sources: loaded, aliases})
}

type Find<R> = (id: RevisionId) => R | undefined

/** Checks that ids are valid and unique, and returns a function that finds the revision with an id. */
function uniqueIds<R extends Revision>(loaded: readonly R[], below: RevisionGraph<R> | undefined): Find<R> {
  const ids = new Map<RevisionId, R>()
  const find: Find<R> = (id) => ids.get(id) ?? (below?.has(id) === true ? below.get(id) : undefined)
  for (const revision of loaded) {
    const illegal = illegalInIds.exec(revision.id)
    if (revision.id === '') throw new InvalidRevisionIdError(revision, 'is empty')
    if (illegal) throw new InvalidRevisionIdError(revision, `contains ${illegal[0]}`)
    const other = find(revision.id)
    if (other !== undefined) throw new DuplicateRevisionError(other, revision)
    ids.set(revision.id, revision)
  }
  return find
}

/** Checks that labels are unique, except that a squash may have those of revisions that it replaces. */
function uniqueLabels<R extends Revision>(
  loaded: readonly R[],
  find: Find<R>,
  aliases: ReadonlyMap<RevisionId, RevisionId>,
  below: RevisionGraph<R> | undefined,
): ReadonlyMap<string, RevisionId> {
  const shown = (id: RevisionId): RevisionId => aliases.get(id) ?? id
  const declared = new Map(below?.labels)
  for (const [label, declaring] of declared) {
    const owner = loaded.find(({id}) => id === label)
    if (owner !== undefined) throw new DuplicateLabelError(label, owner, find(declaring) ?? owner)
  }
  for (const revision of loaded)
    for (const label of revision.branchLabels) {
      const owner = find(declared.get(label) ?? label)
      const isOfSquash = owner !== undefined && owner !== revision && shown(owner.id) === shown(revision.id)
      if (owner !== undefined && (owner.id === label || !isOfSquash))
        throw new DuplicateLabelError(label, owner, revision)
      declared.set(label, revision.id)
    }
  return aliases.size === 0 ? declared : new Map([...declared].map(([label, id]) => [label, shown(id)]))
}

/** Checks that squashes are where the revisions were that they replace. */
function refuseMisplaced(squashes: readonly Squash[], loaded: readonly Revision[], names: Names): void {
  const replaced = loaded.filter(({id}) => names.aliases.has(id))
  // Their parents must exist, too.
  for (const revision of replaced) nodeOf(revision, 0, names)
  const resolve = (name: string): RevisionId => resolveName(name, names)
  const byId = new Map(loaded.map((revision) => [revision.id, revision]))
  for (const squash of squashes.filter(({id}) => !names.aliases.has(id))) {
    refuseNotConvex(squash, byId, resolve)
    refuseWrongParents(squash, byId, resolve)
  }
}
