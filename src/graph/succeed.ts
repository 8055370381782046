import {
  NotAHeadError,
  NotMergeableError,
  NothingToMergeError,
  SeveralMergePartnersError,
  SeveralParentsError,
} from './successor-errors.ts'
import {MultipleHeadsError} from './target-errors.ts'
import {lineage, mergeBases} from './merge-base.ts'
import {findRevision, headChoices, resolveAbsolute} from './resolve.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {formatTarget, readTargets} from './target.ts'
import type {Target, TargetInput} from './target.ts'
import {reachable} from './walk.ts'

export interface SucceedOptions {
  /** Whether the parent may already have children; the new revision then starts a branch. */
  readonly splice?: boolean | undefined
  /** The flag that names the parent, for hints; `--head` by default. */
  readonly parentFlag?: '--head' | '--from' | undefined
}

/**
 * Returns the down revisions of a new revision: the one that the target refers to, or none for `base`.
 *
 * @throws MigError as `resolveTargets`; NOT_A_HEAD
 */
export function downRevisionsOfNew(
  graph: RevisionGraph,
  input: TargetInput,
  options: SucceedOptions = {},
): RevisionId[] {
  const [target] = readTargets(input) as readonly [Target]
  const found = resolveParent(graph, target, options.parentFlag)
  if (options.splice !== true) refuseFollowed(graph, found)
  return found
}

function resolveParent(
  graph: RevisionGraph,
  target: Target,
  flag: SucceedOptions['parentFlag'] = '--head',
): RevisionId[] {
  const refuse = (code: 'MULTIPLE_HEADS' | 'NOT_MERGEABLE', found: readonly RevisionId[]): SeveralParentsError =>
    new SeveralParentsError(code, formatTarget(target), found, headChoices(graph, found), flag)
  try {
    const found = resolveAbsolute(graph, target)
    if (found.length > 1) throw refuse('NOT_MERGEABLE', found)
    return found
  } catch (error) {
    throw error instanceof MultipleHeadsError ? refuse('MULTIPLE_HEADS', error.heads) : error
  }
}

/**
 * Returns the down revisions of a new merge point: the revisions of the targets or, for a single branch, its head and
 * the only other head of the line it started from.
 *
 * @throws MigError as `resolveTargets`; NOT_A_HEAD, NOTHING_TO_MERGE, NOT_MERGEABLE, SEVERAL_MERGE_PARTNERS
 */
export function downRevisionsOfMerge(
  graph: RevisionGraph,
  input: readonly TargetInput[],
  options: SucceedOptions = {},
): RevisionId[] {
  const targets = readTargets(input)
  const meant = [...new Set(targets.flatMap((target) => toJoin(graph, target)))]
  const [only] = targets
  if (targets.length === 1 && only !== undefined && meant.length === 1) {
    if ((only.kind === 'heads' || only.kind === 'head') && only.branch === undefined)
      throw new NothingToMergeError(`${meant[0]} is the only head`, {target: only.kind})
    return withLineItLeft(graph, only)
  }
  const [same] = meant
  if (meant.length < 2)
    throw new NothingToMergeError(same === undefined ? 'there are no revisions yet' : `all targets are ${same}`, {
      targets: targets.map(formatTarget),
    })
  refuseAncestors(graph, meant)
  if (options.splice !== true) refuseFollowed(graph, meant)
  return meant
}

/** Returns the revisions of a target. `heads` includes dependencies, because `head` and the policy count them, too. */
function toJoin(graph: RevisionGraph, target: Target): readonly RevisionId[] {
  return target.kind === 'heads' && target.branch === undefined ? graph.heads : resolveAbsolute(graph, target)
}

/** Merges a branch back: its head with the only other head that shares its branch point. */
function withLineItLeft(graph: RevisionGraph, only: Target): RevisionId[] {
  const target = formatTarget(only)
  const tip = branchTip(graph, only)
  const below = graph.sorted(reachable([tip], (id) => graph.downRevisions(id))).toReversed()
  for (const forkPoint of below) {
    const above = reachable([forkPoint], (id) => graph.children(id))
    const others = graph.heads.filter((head) => head !== tip && above.has(head))
    if (others.length > 1)
      throw new SeveralMergePartnersError(target, tip, forkPoint, others, headChoices(graph, [tip, ...others]))
    if (others.length === 1) return [...others, tip]
  }
  throw new NothingToMergeError(`no other head shares an ancestor with ${tip}`, {target, revision: tip})
}

/** Returns the head of the branch that a target names by label, revision or `branch@head`. */
function branchTip(graph: RevisionGraph, only: Target): RevisionId {
  const target = formatTarget(only)
  const named = graph.named(target) ?? findRevision(graph, resolveAbsolute(graph, only)[0] ?? target)
  const line = lineage(graph, named)
  const heads = graph.heads.filter((head) => line.has(head))
  const [head, ...others] = heads
  if (head === undefined || others.length > 0)
    throw new SeveralMergePartnersError(target, named, named, heads, headChoices(graph, heads))
  return head
}

function refuseAncestors(graph: RevisionGraph, ids: readonly RevisionId[]): void {
  for (const upper of ids)
    for (const lower of ids)
      if (lower !== upper && mergeBases(graph, [upper, lower]).includes(lower))
        throw new NotMergeableError(`${lower} is an ancestor of ${upper}; there is nothing to merge.`, {
          hint: `Leave ${lower} out.`,
          data: {ancestor: lower, descendant: upper},
        })
}

function refuseFollowed(graph: RevisionGraph, ids: readonly RevisionId[]): void {
  const followed = ids.find((id) => graph.children(id).length > 0)
  if (followed !== undefined) throw new NotAHeadError(followed, graph.children(followed))
}
