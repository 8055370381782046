import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {listOf} from '../util/text.ts'
import {SquashRefusedError} from './errors.ts'

/** The place of a squash in the history. */
export interface SquashPlace {
  /** The revisions that it stands for, each after its parents; earlier squashes among them. */
  readonly revisions: readonly RevisionId[]
  /** The original revisions, also those of earlier squashes. */
  readonly replaces: readonly RevisionId[]
  readonly replacedSquashes: readonly RevisionId[]
  readonly downRevisions: readonly RevisionId[]
  readonly dependsOn: readonly RevisionId[]
  /** The labels that the revisions declare. */
  readonly branchLabels: readonly string[]
  readonly isBaseline: boolean
  readonly transactional: boolean
  /** Why one of the revisions cannot be downgraded. */
  readonly irreversible: string | undefined
}

/**
 * Returns the place of a squash of some revisions.
 *
 * @throws MigError SQUASH_REFUSED
 */
export function placeOf(graph: RevisionGraph<ScriptRevision>, range: Iterable<RevisionId>): SquashPlace {
  const revisions = graph.sorted(range)
  const inside = new Set(revisions)
  if (revisions.length < 2)
    throw new SquashRefusedError(
      revisions.length === 0 ? 'the range is empty' : `the range has only ${revisions[0]}`,
      'Name a range of several revisions, FROM:TO.',
      revisions,
    )
  refuseBranched(graph, inside)
  const files = revisions.map((id) => graph.get(id))
  const outside = (ids: readonly RevisionId[]): readonly RevisionId[] => ids.filter((id) => !inside.has(id))
  const downRevisions = new Set(revisions.flatMap((id) => outside(graph.downRevisions(id))))
  const dependsOn = new Set(revisions.flatMap((id) => outside(graph.dependencies(id))))
  return {
    revisions,
    replaces: files.flatMap((file) => (file.replaces.length > 0 ? file.replaces : file.id)),
    replacedSquashes: files.flatMap((file) => (file.replaces.length > 0 ? [file.id, ...file.replacedSquashes] : [])),
    downRevisions: [...downRevisions],
    dependsOn: [...dependsOn.difference(downRevisions)],
    branchLabels: files.flatMap((file) => file.branchLabels),
    irreversible: files.find((file) => file.irreversible !== undefined)?.irreversible,
    isBaseline: files.some(({isBaseline}) => isBaseline),
    transactional: files.every(({transactional}) => transactional),
  }
}

/** Refuses several heads with followers: these would come after all of the heads. */
function refuseBranched(graph: RevisionGraph, inside: ReadonlySet<RevisionId>): void {
  const heads = [...inside].filter((id) => graph.children(id).every((child) => !inside.has(child)))
  const followers = [...inside].flatMap((id) => graph.childrenAndDependents(id)).filter((id) => !inside.has(id))
  if (heads.length > 1 && followers.length > 0)
    throw new SquashRefusedError(
      `the range has the heads ${listOf(heads, 5)}, and ${listOf([...new Set(followers)], 5)} would come after all of them`,
      'Squash one branch after the other, or a range that includes what comes after it.',
      heads,
    )
}
