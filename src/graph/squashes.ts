import {ReplacedTwiceError, SquashIncompleteError} from './squash-errors.ts'
import {listOf} from '../util/text.ts'
import type {Revision, RevisionId} from './revision.ts'

/** A revision that replaces others. */
export interface Squash {
  readonly id: RevisionId
  /** The revisions whose changes it contains. */
  readonly originals: ReadonlySet<RevisionId>
  /** Earlier squashes of some of them. */
  readonly squashes: ReadonlySet<RevisionId>
}

/** Returns whether a revision is a squash. */
export function isSquash({replaces = []}: Revision): boolean {
  return replaces.length > 0
}

function squashOf({id, replaces = [], replacedSquashes = []}: Revision): Squash {
  return {id, originals: new Set(replaces), squashes: new Set(replacedSquashes)}
}

/**
 * Returns the squashes among revisions, each before the squashes that replace it.
 *
 * @throws MigError SQUASH_REPLACED_TWICE, SQUASH_INCOMPLETE
 */
export function squashesOf(revisions: readonly Revision[]): readonly Squash[] {
  const declared = revisions.filter(isSquash)
  if (declared.length === 0) return []
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const squashes = declared.map(squashOf).toSorted((a, b) => sizeOf(a) - sizeOf(b))
  const owners = new Map<RevisionId, Squash>()
  for (const squash of squashes) {
    refuseIncomplete(squash, byId)
    for (const id of [...squash.originals, ...squash.squashes]) {
      const owner = owners.get(id)
      if (owner !== undefined && !squash.squashes.has(owner.id))
        throw new ReplacedTwiceError(byId.get(owner.id)!, byId.get(squash.id)!, id)
      owners.set(id, squash)
    }
  }
  return squashes
}

function sizeOf({originals, squashes}: Squash): number {
  return originals.size + squashes.size
}

function refuseIncomplete(squash: Squash, byId: ReadonlyMap<RevisionId, Revision>): void {
  const revision = byId.get(squash.id)!
  const {originals, squashes} = squash
  if (originals.has(squash.id) || squashes.has(squash.id))
    throw new SquashIncompleteError(revision, 'replaces itself', 'Remove its own id from what it replaces.')
  for (const id of originals)
    if (isSquash(byId.get(id) ?? revisionOf(id)))
      throw new SquashIncompleteError(
        revision,
        `names the squash ${id} as one of the revisions that it replaces`,
        `Move ${id} to its \`replacedSquashes\`.`,
      )
  for (const id of squashes) {
    const inner = byId.get(id)
    if (inner === undefined) continue
    if (!isSquash(inner))
      throw new SquashIncompleteError(
        revision,
        `names ${id} as a squash, which replaces nothing`,
        `Move ${id} to what it \`replaces\`.`,
      )
    const {originals: below, squashes: further} = squashOf(inner)
    const missing = [...below.difference(originals), ...further.difference(squashes)]
    if (missing.length > 0)
      throw new SquashIncompleteError(
        revision,
        `replaces ${id}, but not ${listOf(missing, 10)}, which ${id} replaces`,
        `Add ${listOf(missing, 10)} to what it replaces.`,
      )
  }
}

function revisionOf(id: RevisionId): Revision {
  return {id, downRevisions: [], dependsOn: [], branchLabels: []}
}

/** Returns for each replaced id the squash that stands for it, which no other one replaces. */
export function replacedBy(squashes: readonly Squash[]): ReadonlyMap<RevisionId, RevisionId> {
  const aliases = new Map<RevisionId, RevisionId>()
  // Larger ones come later, and win.
  for (const {id, originals, squashes: inner} of squashes) {
    for (const original of originals) aliases.set(original, id)
    for (const earlier of inner) aliases.set(earlier, id)
  }
  return aliases
}
