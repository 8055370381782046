import {NotAnAncestorError, InvalidTargetError, OverlappingTargetsError} from './target-errors.ts'
import {AppliedSet} from './applied.ts'
import {
  findRevision,
  relativeReading,
  resolveAbsolute,
  resolveDowngrade,
  resolveUpgrade,
  type DowngradeTarget,
} from './resolve.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import type {RowChange} from './row-changes.ts'
import {formatTarget, readPlanTargets, type Target, type TargetInput} from './target.ts'
import {reachable} from './walk.ts'
import {shellCommand} from '../util/shell.ts'

/** Steps for one database, in order. */
export interface Plan {
  readonly steps: readonly Step[]
}

interface BaseStep {
  readonly revision: RevisionId
  /** Heads in the version table after this step, in load order. */
  readonly heads: readonly RevisionId[]
  /** The change of the version table, if its rows are not those of the revisions of the step. */
  readonly rows?: RowChange
}

export interface UpgradeStep extends BaseStep {
  readonly direction: 'upgrade'
  /** Set if a descendant of this revision is already applied: the revision was inserted below it later. */
  readonly outOfOrder?: true
}

export interface DowngradeStep extends BaseStep {
  readonly direction: 'downgrade'
}

/** Sets the recorded state without running revisions. */
export interface StampStep extends BaseStep {
  readonly direction: 'stamp'
  readonly added: readonly RevisionId[]
  readonly removed: readonly RevisionId[]
}

/** Returns what a stamp removes, if it removes the revision that it names. */
export function removedBy(step: Step): readonly RevisionId[] | undefined {
  return step.direction === 'stamp' && step.removed.includes(step.revision) ? step.removed : undefined
}

export type Step = UpgradeStep | DowngradeStep | StampStep

/**
 * Returns the steps that apply the targets and their unapplied ancestors.
 *
 * @param target one target, or several that are all applied
 * @throws MigError as `resolveTargets`, UNKNOWN_APPLIED_REVISION, OVERLAPPING_TARGETS
 */
export function planUpgrade(
  graph: RevisionGraph,
  applied: Iterable<RevisionId>,
  target: TargetInput | readonly TargetInput[],
): {readonly steps: readonly UpgradeStep[]} {
  const set = new AppliedSet(graph, applied)
  const targets = readPlanTargets(target).flatMap((item) => resolveUpgrade(graph, item, set.heads))
  const wanted = [...new Set(targets)]
  refuseOverlap(graph, wanted)
  const pending = ancestors(graph, wanted).difference(set.ids)
  const steps = graph.sorted(pending).map((revision): UpgradeStep => {
    const outOfOrder = set.hasAppliedChild(revision)
    set.add(revision)
    return {direction: 'upgrade', revision, heads: set.heads, ...(outOfOrder && {outOfOrder})}
  })
  return {steps}
}

/**
 * Returns the steps that revert the descendants of the target; for `branch@target`, only those on that branch.
 *
 * Dependents of a reverted revision are reverted with it, on any branch; its own dependencies stay applied. Given
 * revisions instead of a target, everything that is not an ancestor of one of them is reverted.
 *
 * @throws MigError as `resolveTargets`, UNKNOWN_APPLIED_REVISION, NOT_AN_ANCESTOR
 */
export function planDowngrade(
  graph: RevisionGraph,
  applied: Iterable<RevisionId>,
  input: TargetInput | readonly TargetInput[],
): {readonly steps: readonly DowngradeStep[]} {
  const set = new AppliedSet(graph, applied)
  const [target, ...others] = readPlanTargets(input)
  if (target === undefined || others.length > 0) throw new RangeError('a downgrade has one target')
  if (target.kind === 'revisions') return revert(graph, set, set.ids.difference(ancestors(graph, target.ids)))
  const text = formatTarget(target)
  const end = resolveDowngrade(graph, target, set.ids)
  const roots = downgradeRoots(graph, text, end)
  const reverted = reachable(roots, (id) => graph.childrenAndDependents(id)).intersection(set.ids)
  if (reverted.size === 0 && end.place !== null && !set.heads.includes(end.place))
    throw new NotAnAncestorError(
      `${text} is not a downgrade: ${set.has(end.place) ? `no applied revision descends from ${end.place}` : `${end.place} is not applied`}.`,
      `\`mig current\` shows what is applied${set.has(end.place) ? '' : `; use \`${shellCommand`mig upgrade ${end.place}`}\` to go up`}.`,
      {target: text, revision: end.place, heads: set.heads},
    )
  return revert(graph, set, reverted)
}

function revert(
  graph: RevisionGraph,
  set: AppliedSet,
  reverted: ReadonlySet<RevisionId>,
): {readonly steps: readonly DowngradeStep[]} {
  const steps = graph
    .sorted(reverted)
    .toReversed()
    .map((revision): DowngradeStep => {
      set.remove(revision)
      return {direction: 'downgrade', revision, heads: set.heads}
    })
  return {steps}
}

/**
 * Returns the steps that record the targets as applied, replacing any heads on their lines.
 *
 * Heads unrelated to the targets stay. Every requested revision is recorded as applied afterwards.
 *
 * @throws MigError as `resolveTargets`, UNKNOWN_APPLIED_REVISION
 */
export function planStamp(
  graph: RevisionGraph,
  applied: Iterable<RevisionId>,
  target: TargetInput | readonly TargetInput[],
): {readonly steps: readonly StampStep[]} {
  const set = new AppliedSet(graph, applied)
  const targets = readPlanTargets(target)
  if (set.heads.length > 0) targets.forEach((item) => refuseRelative(graph, item))
  const asked = [...new Set(targets.flatMap((item) => resolveAbsolute(graph, item)))]
  const related = relatedHeads(graph, targets, asked, set.heads)
  const isMoved = (id: RevisionId): boolean =>
    !set.heads.includes(id) && related.some((head) => standsOn(graph, head, id) || standsOn(graph, id, head))
  const dropped = asked.length === 0 || asked.some(isMoved) ? related : []
  const kept = set.heads.filter((head) => !dropped.includes(head))

  const wanted = asked.map((id) => ancestors(graph, [id]))
  const after = ancestors(graph, [...kept, ...asked])
  return {
    steps: [
      ...asked.map((revision, i) => stampStep(set, revision, wanted[i]!, i === 0 ? set.ids.difference(after) : [])),
      ...(asked.length === 0 ? dropped : []).map((revision, i) => {
        const left = ancestors(graph, [...kept, ...dropped.slice(i + 1)])
        return stampStep(set, revision, [], set.ids.difference(left))
      }),
    ].filter((step) => step.added.length + step.removed.length > 0),
  }
}

/** Once revisions are applied, `-1` could count from them or from the newest file. */
function refuseRelative(graph: RevisionGraph, target: Target): void {
  if (relativeReading(graph, target))
    throw new InvalidTargetError(formatTarget(target), 'a relative target cannot be stamped', 'Use a revision id.')
}

/** @throws MigError OVERLAPPING_TARGETS when one of them is included in another */
export function refuseOverlap(graph: RevisionGraph, targets: readonly RevisionId[]): void {
  if (targets.length < 2) return
  for (const target of targets) {
    const below = ancestors(graph, [target])
    const other = targets.find((id) => id !== target && below.has(id))
    if (other !== undefined) throw new OverlappingTargetsError(target, other)
  }
}

/** Returns the lowest revisions that a downgrade reverts, applied or not. */
function downgradeRoots(graph: RevisionGraph, text: string, {place, branch}: DowngradeTarget): readonly RevisionId[] {
  const roots = place === null ? graph.bases : graph.children(place)
  // A label on a base is a second name of that base, and Alembic counts names here.
  const names = place === null ? roots.length + roots.flatMap((id) => graph.ownLabels(id)).length : roots.length
  if (branch === undefined || names < 2) return roots
  const below = reachable([findRevision(graph, branch)], (id) => graph.downRevisions(id))
  const onBranch = roots.filter((id) => below.has(id))
  if (onBranch.length === 0)
    throw new NotAnAncestorError(
      `${text} is not a downgrade: branch ${branch} does not descend from ${place ?? 'base'}.`,
      '`mig current -v` shows the applied revisions with their branches.',
      {target: text, branch, revision: place},
    )
  return onBranch
}

/** Returns the heads on the lines of any stamp target, dependencies included. */
function relatedHeads(
  graph: RevisionGraph,
  targets: readonly Target[],
  asked: readonly RevisionId[],
  heads: readonly RevisionId[],
): readonly RevisionId[] {
  if (heads.length === 0) return []
  const branches = targets.flatMap(({branch}) => (branch === undefined ? [] : findRevision(graph, branch)))
  if (targets.some((target) => target.kind === 'base' && target.branch === undefined)) return heads
  const tips = [...asked, ...branches]
  return heads.filter((head) => tips.some((tip) => standsOn(graph, head, tip) || standsOn(graph, tip, head)))
}

function ancestors(graph: RevisionGraph, ids: Iterable<RevisionId>): Set<RevisionId> {
  return reachable(ids, (id) => graph.parents(id))
}

function standsOn(graph: RevisionGraph, upper: RevisionId, lower: RevisionId): boolean {
  return ancestors(graph, [upper]).has(lower)
}

function stampStep(
  set: AppliedSet,
  revision: RevisionId,
  wanted: Iterable<RevisionId>,
  unwanted: Iterable<RevisionId>,
): StampStep {
  const removed = [...unwanted]
  const added = [...wanted].filter((id) => !set.has(id))
  for (const id of removed) set.remove(id)
  for (const id of added) set.add(id)
  return {direction: 'stamp', revision, added, removed, heads: set.heads}
}
