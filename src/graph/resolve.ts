import {
  AmbiguousWalkError,
  BranchNotFoundError,
  InvalidTargetError,
  MultipleHeadsError,
  NoCurrentRevisionError,
  NotOnBranchError,
  RevisionAmbiguousError,
  RevisionNotFoundError,
  SeveralCurrentRevisionsError,
  WalkedTooFarError,
} from './target-errors.ts'
import {didYouMean} from '../util/text.ts'
import {AppliedSet, currentRevisions, headsOf} from './applied.ts'
import {lineage} from './merge-base.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {absolute, formatTarget, parseTarget, type Target, type TargetInput} from './target.ts'
import {reachable} from './walk.ts'

/** A revision, or null for the base, below the first revision. */
type Place = RevisionId | null

/** End of a downgrade, and the branch it is restricted to. */
export interface DowngradeTarget {
  readonly place: Place
  readonly branch?: string
}

/** Handling of a relative target that goes past the first or last revision. */
type Overshoot = 'fail' | 'stop'

/**
 * Returns the revisions that a target refers to: none for the base, possibly several for `heads`.
 *
 * Without `applied`, `-N` counts down from every head and other relative targets are errors; with it, `+N` and `-N`
 * count from the applied revisions, and `current` refers to the applied heads.
 *
 * @throws MigError INVALID_TARGET, REVISION_NOT_FOUND, REVISION_AMBIGUOUS, BRANCH_NOT_FOUND, NOT_ON_BRANCH,
 *   MULTIPLE_HEADS, AMBIGUOUS_WALK, WALKED_TOO_FAR, NO_CURRENT_REVISION, SEVERAL_CURRENT_REVISIONS
 */
export function resolveTargets(graph: RevisionGraph, input: TargetInput, applied?: Iterable<RevisionId>): RevisionId[] {
  const target = typeof input === 'string' ? parseTarget(input) : input
  if (applied === undefined) return resolveAbsolute(graph, target)
  const set = new Set(applied)
  if (meansCurrent(graph, target)) return headsOf(graph, set)
  const relative = relativeReading(graph, target)
  if (relative === undefined || relative.steps > 0) return resolveUpgrade(graph, target, headsOf(graph, set))
  return [resolveDowngrade(graph, target, set, {isPlace: true}).place].filter((place) => place !== null)
}

/** Returns whether a target is `current` and no revision or label has that name. */
export function meansCurrent(graph: RevisionGraph, target: Target | undefined): boolean {
  return target?.kind === 'name' && target.name === 'current' && !target.branch && graph.named('current') === undefined
}

/** Returns the revisions that a target refers to without a database: in `show`, `stamp` and ranges. */
export function resolveAbsolute(graph: RevisionGraph, target: Target, overshoot: Overshoot = 'fail'): RevisionId[] {
  const {branch} = target
  switch (target.kind) {
    case 'base':
      return []
    case 'git':
      throw new InvalidTargetError(formatTarget(target), 'a commit is not supported here', 'Use a revision id.')
    case 'revisions':
      return [...new Set(target.ids.map((id) => graph.named(id) ?? id))]
    case 'heads':
      return branch === undefined
        ? [...graph.effectiveHeads]
        : namedBranch(graph, onBranch(graph, graph.heads, branch), branch)
    case 'head':
      return oneHead(graph, target)
    case 'name':
      if (meansCurrent(graph, target))
        throw new InvalidTargetError('current', 'the state of a database is not read here', 'Use a revision id.')
      return [findRevision(graph, target.name, branch)]
    case 'relative': {
      const relative = relativeReading(graph, target)
      if (relative === undefined || relative.from !== undefined || relative.steps >= 0)
        return [findRevision(graph, target.name, branch)]
      const heads = graph.effectiveHeads
      const start = branch === undefined ? heads : heads.filter((id) => graph.branchLabelsOf(id).has(branch))
      const places = start.map((id) => walk(graph, target, id, relative.steps, {overshoot}))
      return [...new Set(places)].filter((place) => place !== null)
    }
  }
}

/** Returns the revisions that an upgrade from the given heads goes to. */
export function resolveUpgrade(
  graph: RevisionGraph,
  target: Target,
  current: readonly RevisionId[],
  overshoot: Overshoot = 'fail',
): RevisionId[] {
  const relative = relativeReading(graph, target)
  if (relative === undefined) return resolveAbsolute(graph, asAbsolute(target))
  const {branch, from, steps} = relative
  if (from !== undefined) {
    const start = resolveSingle(graph, {...absolute(from), ...(steps <= 0 && branch !== undefined && {branch})})
    return [walk(graph, target, start, steps, {branch, overshoot})].filter((place) => place !== null)
  }
  if (steps <= 0)
    throw new InvalidTargetError(
      formatTarget(target),
      'an upgrade cannot go down',
      'Use `+1`, or `mig downgrade -1` to go down.',
    )
  const start = branch === undefined ? current : startsOnBranch(graph, current, branch)
  if (start.length > 1) {
    const choices = start.map((id) => `${id}+${steps}`)
    throw new SeveralCurrentRevisionsError(formatTarget(target), start, choices)
  }
  return [walk(graph, target, start[0] ?? null, steps, {branch, overshoot})].filter((place) => place !== null)
}

/**
 * Returns the end of a downgrade of the applied set.
 *
 * @param isPlace whether the place itself matters. Otherwise, any parent of a merge point will do if it alone is reverted
 */
export function resolveDowngrade(
  graph: RevisionGraph,
  target: Target,
  applied: ReadonlySet<RevisionId>,
  {isPlace = false} = {},
): DowngradeTarget {
  if (meansCurrent(graph, target))
    throw new InvalidTargetError('current', 'there is nothing above it to revert', 'Use `-1` to revert a revision.')
  const relative = relativeReading(graph, target)
  if (relative === undefined) return splitAtLast(graph, asAbsolute(target))
  const {branch, from, steps} = relative
  if (from !== undefined) {
    const start = resolveSingle(graph, {...absolute(from), ...(steps < 0 && branch !== undefined && {branch})})
    const place = walk(graph, target, start, steps, {branch})
    return {place, ...(branch !== undefined && {branch})}
  }
  if (steps >= 0)
    throw new InvalidTargetError(
      formatTarget(target),
      'a downgrade cannot go up',
      'Use `-1`, or `mig upgrade +1` to go up.',
    )
  const start = currentOnBranch(graph, target, applied)
  const tip = branch === undefined ? start : graph.named(branch)
  const line = reachable(tip === undefined ? [] : [tip], (id) => graph.downRevisions(id))
  const isSame = (mergePoint: Place, parents: readonly Place[]): boolean =>
    !isPlace && parents.every((id) => id !== null && isOnlyRoot(graph, mergePoint, id, line))
  return {place: walk(graph, target, start, steps, {isSame}), branch: branch ?? start}
}

/** Returns whether a downgrade of a line to the parent of a merge point reverts nothing but what is above that merge point. */
function isOnlyRoot(
  graph: RevisionGraph,
  mergePoint: Place,
  parent: RevisionId,
  line: ReadonlySet<RevisionId>,
): boolean {
  const children = graph.children(parent)
  const [root, ...others] = children.length < 2 ? children : children.filter((id) => line.has(id))
  return root === mergePoint && others.length === 0
}

/**
 * Returns the revision or label with this name, or the only one with this prefix.
 *
 * Only names of four or more characters can be abbreviated, which is Alembic's rule. An abbreviation must not look like a
 * number of revisions.
 */
export function findRevision(graph: RevisionGraph, name: string, branch?: string): RevisionId {
  const tip = branch === undefined ? undefined : findBranch(graph, branch)
  const line = tip === undefined ? undefined : lineage(graph, tip)
  const exact = graph.named(name)
  const found = exact ?? findByPrefix(graph, name, line)
  if (line && !line.has(found)) throw new NotOnBranchError(found, branch!)
  return found
}

/** Returns the shortest unambiguous target for each head. */
export function headChoices(graph: RevisionGraph, heads: readonly RevisionId[]): string[] {
  return heads.map((head) => {
    const own = [...graph.branchLabelsOf(head)].find((label) =>
      heads.every((other) => other === head || !graph.branchLabelsOf(other).has(label)),
    )
    return own === undefined ? head : `${own}@head`
  })
}

function findByPrefix(graph: RevisionGraph, prefix: string, line: ReadonlySet<RevisionId> | undefined): RevisionId {
  const names = [...graph.revisions.map(({id}) => id), ...graph.aliases.keys(), ...graph.labels.keys()]
  const hits = names.filter(
    (name) => name.length > 3 && name.startsWith(prefix) && (line === undefined || line.has(graph.named(name)!)),
  )
  if (hits.length > 1) throw new RevisionAmbiguousError(prefix, hits)
  const [hit] = hits
  if (hit === undefined) throw new RevisionNotFoundError(prefix, notFoundHint(prefix, names))
  if (looksLikeCount(prefix)) throw new RevisionNotFoundError(prefix, countHint(prefix, hit))
  return graph.named(hit)!
}

/** `downgrade 1` must not mean whatever revision begins with a 1. */
function looksLikeCount(prefix: string): boolean {
  return /^\d{1,3}$/.test(prefix)
}

function countHint(count: string, id: string): string {
  return `\`-${count}\` and \`+${count}\` count revisions. For the revision ${id}, write at least \`${id.slice(0, 4)}\`.`
}

function notFoundHint(name: string, names: readonly string[]): string {
  return didYouMean(name, [...names, 'head', 'heads', 'base', 'current'], '`mig history` lists the revisions.')
}

function findBranch(graph: RevisionGraph, branch: string): RevisionId {
  const exact = graph.named(branch)
  if (exact !== undefined) return exact
  try {
    return findRevision(graph, branch)
  } catch (error) {
    if (!(error instanceof RevisionNotFoundError)) throw error
    const names = [...graph.labels.keys(), ...graph.revisions.map(({id}) => id)]
    throw new BranchNotFoundError(branch, didYouMean(branch, names, '`mig heads -v` shows the branch labels.'))
  }
}

/** Returns those of `ids` that are on a branch. The branch is only resolved if there is something to filter. */
function onBranch(graph: RevisionGraph, ids: readonly RevisionId[], branch: string): RevisionId[] {
  if (ids.length === 0 || branch === 'base') return [...ids]
  const tips =
    branch === 'heads'
      ? graph.effectiveHeads
      : branch === 'head'
        ? oneHead(graph, {kind: 'head'})
        : [findBranch(graph, branch)]
  const lines = tips.map((tip) => lineage(graph, tip))
  return ids.filter((id) => lines.some((line) => line.has(id)))
}

/** Returns `ids`, after checking that the branch is not just `head`, `heads` or `base`. */
function namedBranch(graph: RevisionGraph, ids: RevisionId[], branch: string): RevisionId[] {
  if (ids.length > 0) findBranch(graph, branch)
  return ids
}

function oneHead(graph: RevisionGraph, target: Target): RevisionId[] {
  const heads = target.branch === undefined ? graph.heads : onBranch(graph, graph.heads, target.branch)
  if (heads.length > 1) throw new MultipleHeadsError(formatTarget(target), heads, headChoices(graph, heads))
  return target.branch === undefined ? [...heads] : namedBranch(graph, [...heads], target.branch)
}

/** Returns the single revision that an absolute target refers to, or null for the base. */
export function resolveSingle(graph: RevisionGraph, target: Target): Place {
  if (target.kind === 'base' && target.branch !== undefined) findBranch(graph, target.branch)
  const found = resolveAbsolute(graph, target)
  if (found.length > 1) throw new MultipleHeadsError(formatTarget(target), found, headChoices(graph, found))
  return found[0] ?? null
}

/** Returns the target if it is relative: it has that form, and no revision or label has exactly this name. */
export function relativeReading(
  graph: RevisionGraph,
  target: Target | undefined,
): Extract<Target, {kind: 'relative'}> | undefined {
  if (target?.kind !== 'relative') return undefined
  return graph.named(target.name) === undefined ? target : undefined
}

function asAbsolute(target: Target): Target {
  if (target.kind !== 'relative') return target
  return {kind: 'name', name: target.name, ...(target.branch !== undefined && {branch: target.branch})}
}

/** A downgrade target is split at the last @, and its revision need not be on the branch. */
function splitAtLast(graph: RevisionGraph, target: Target): DowngradeTarget {
  const text = formatTarget(target)
  const at = text.lastIndexOf('@')
  const place = resolveSingle(graph, absolute(text.slice(at + 1)))
  return {place, ...(at > 0 && {branch: text.slice(0, at)})}
}

/** Returns the start of `branch@+N`: the current revision on the branch, or the last applied one below it. */
function startsOnBranch(graph: RevisionGraph, current: readonly RevisionId[], branch: string): RevisionId[] {
  const heads = onBranch(graph, current, branch)
  if (heads.length > 0) return heads
  const below = onBranch(graph, [...reachable(current, (id) => graph.parents(id))], branch)
  return [...new AppliedSet(graph, below).heads]
}

/** Returns the start of a downgrade by `-N` or `branch@-N`. */
function currentOnBranch(graph: RevisionGraph, target: Target, applied: ReadonlySet<RevisionId>): RevisionId {
  const {branch} = target
  const text = formatTarget(target)
  const heads = headsOf(graph, applied)
  const onIt = branch === undefined ? heads : onBranch(graph, heads, branch)
  const current =
    onIt.length > 0 || branch === undefined ? onIt : onBranch(graph, currentRevisions(graph, applied), branch)
  if (branch !== undefined) namedBranch(graph, current, branch)
  const [first, ...others] = current
  if (first === undefined) throw new NoCurrentRevisionError(text, branch)
  if (others.length > 0) {
    const steps = text.slice(text.lastIndexOf('@') + 1)
    const choices = headChoices(graph, current).map((choice) => `${choice.replace(/@head$/, '')}@${steps}`)
    throw new SeveralCurrentRevisionsError(text, current, choices)
  }
  return first
}

interface Walk {
  readonly branch?: string | undefined
  readonly overshoot?: Overshoot
  /** Whether it makes no difference to which of several parents the last step goes. */
  readonly isSame?: (from: Place, parents: readonly Place[]) => boolean
}

/** Returns the place `steps` above or below `start`. A branch selects the way up; there is only one way down. */
function walk(
  graph: RevisionGraph,
  target: Target,
  start: Place,
  steps: number,
  {branch, overshoot = 'fail', isSame = () => false}: Walk = {},
): Place {
  const text = formatTarget(target)
  const up = steps > 0
  let place = start
  for (let done = 0; done < Math.abs(steps); done++) {
    const choices = up ? stepUp(graph, place, branch) : stepDown(graph, place, done)
    if (choices.length > 1 && !(done === Math.abs(steps) - 1 && isSame(place, choices))) {
      const targets = up ? waysUp(graph, text, choices, steps - done - 1) : choices.map((id) => id ?? 'base')
      throw new AmbiguousWalkError(text, place, up ? 'up' : 'down', choices, targets)
    }
    const [next] = choices
    if (next === undefined && overshoot === 'stop') return place
    if (next === undefined) throw new WalkedTooFarError(text, Math.abs(steps), done)
    place = next
  }
  return place
}

/**
 * Returns the shortest unambiguous spelling of a relative target for each way up.
 *
 * @param left the number of steps after the choice
 */
function waysUp(graph: RevisionGraph, text: string, choices: readonly Place[], left: number): string[] {
  const ids = choices.filter((id) => id !== null)
  const steps = text.slice(text.lastIndexOf('@') + 1)
  return headChoices(graph, ids).map((choice, i) => {
    if (choice !== ids[i]) return choice.replace(/head$/, steps)
    return left === 0 ? choice : `${choice}+${left}`
  })
}

function stepUp(graph: RevisionGraph, place: Place, branch: string | undefined): readonly RevisionId[] {
  const above = place === null ? graph.bases : graph.children(place)
  return branch === undefined ? above : onBranch(graph, above, branch)
}

function stepDown(graph: RevisionGraph, place: Place, done: number): readonly Place[] {
  // `base-1` wraps around to the heads; only a walk that starts at the base does.
  if (place === null) return done === 0 ? graph.heads : []
  // Not `downRevisions(place)`: a parent listed twice makes the step ambiguous.
  const below = graph.listedDownRevisions(place)
  return below.length === 0 ? [null] : below
}
