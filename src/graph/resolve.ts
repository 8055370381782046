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
} from './errors.ts'
import {didYouMean} from '../util/text.ts'
import {AppliedSet, currentRevisions, headsOf} from './applied.ts'
import {lineage} from './merge-base.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {absolute, formatTarget, parseTarget, type Target, type TargetInput} from './target.ts'
import {reachable} from './walk.ts'

/** A revision, or null: the base, below the first revision. */
type Place = RevisionId | null

/** Where a downgrade ends, and the branch that it is confined to. */
export interface DowngradeTarget {
  readonly place: Place
  readonly branch?: string
}

/** What to do with a relative target that goes past the first or the last revision. */
type Overshoot = 'fail' | 'stop'

/**
 * Returns the revisions that a target means: none for the base, several for `heads` and the like.
 *
 * Without `applied`, `-N` counts down from every head and other relative targets are errors; with it, `+N` and `-N`
 * count from what is applied, and `current` means the heads of what is applied.
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
  return [resolveDowngrade(graph, target, set).place].filter((place) => place !== null)
}

/** Returns whether a target says `current` and no revision or label is called so. */
export function meansCurrent(graph: RevisionGraph, target: Target | undefined): boolean {
  return target?.kind === 'name' && target.name === 'current' && !target.branch && graph.named('current') === undefined
}

/** Returns the revisions that a target means where nothing is known of a database: in `show`, `stamp` and ranges. */
export function resolveAbsolute(graph: RevisionGraph, target: Target, overshoot: Overshoot = 'fail'): RevisionId[] {
  const {branch} = target
  switch (target.kind) {
    case 'base':
      return []
    case 'git':
      throw new InvalidTargetError(formatTarget(target), 'a commit means nothing here', 'Name the revision.')
    case 'revisions':
      return [...target.ids]
    case 'heads':
      return branch === undefined
        ? [...graph.effectiveHeads]
        : namedBranch(graph, onBranch(graph, graph.heads, branch), branch)
    case 'head':
      return oneHead(graph, target)
    case 'name':
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
    const start = resolveOne(graph, {...absolute(from), ...(steps <= 0 && branch !== undefined && {branch})})
    return [walk(graph, target, start, steps, {branch, overshoot})].filter((place) => place !== null)
  }
  if (steps <= 0)
    throw new InvalidTargetError(
      formatTarget(target),
      'an upgrade goes up',
      'Say `+1`, or `mig downgrade -1` to go down.',
    )
  const start = branch === undefined ? current : startsOnBranch(graph, current, branch)
  if (start.length > 1) {
    const choices = start.map((id) => `${id}+${steps}`)
    throw new SeveralCurrentRevisionsError(formatTarget(target), start, choices)
  }
  return [walk(graph, target, start[0] ?? null, steps, {branch, overshoot})].filter((place) => place !== null)
}

/** Returns where a downgrade of the applied set ends. */
export function resolveDowngrade(
  graph: RevisionGraph,
  target: Target,
  applied: ReadonlySet<RevisionId>,
): DowngradeTarget {
  const relative = relativeReading(graph, target)
  if (relative === undefined) return splitAtLast(graph, asAbsolute(target))
  const {branch, from, steps} = relative
  if (from !== undefined) {
    const start = resolveOne(graph, {...absolute(from), ...(steps < 0 && branch !== undefined && {branch})})
    const place = walk(graph, target, start, steps, {branch})
    return {place, ...(branch !== undefined && {branch})}
  }
  if (steps >= 0)
    throw new InvalidTargetError(
      formatTarget(target),
      'a downgrade goes down',
      'Say `-1`, or `mig upgrade +1` to go up.',
    )
  const start = currentOnBranch(graph, target, applied)
  return {place: walk(graph, target, start, steps), branch: branch ?? start}
}

/**
 * Returns the one revision or label that `name` is or is short for.
 *
 * Only names of four or more characters can be abbreviated, which is Alembic's rule.
 */
export function findRevision(graph: RevisionGraph, name: string, branch?: string): RevisionId {
  const tip = branch === undefined ? undefined : findBranch(graph, branch)
  const line = tip === undefined ? undefined : lineage(graph, tip)
  const exact = graph.named(name)
  const found = exact ?? findByPrefix(graph, name, line)
  if (line && !line.has(found)) throw new NotOnBranchError(found, branch!)
  return found
}

/** Returns for each head the shortest thing to type that means this head and no other. */
export function headChoices(graph: RevisionGraph, heads: readonly RevisionId[]): string[] {
  return heads.map((head) => {
    const own = [...graph.branchLabelsOf(head)].find((label) =>
      heads.every((other) => other === head || !graph.branchLabelsOf(other).has(label)),
    )
    return own === undefined ? head : `${own}@head`
  })
}

function findByPrefix(graph: RevisionGraph, prefix: string, line: ReadonlySet<RevisionId> | undefined): RevisionId {
  const names = [...graph.revisions.map(({id}) => id), ...graph.labels.keys()]
  const hits = names.filter(
    (name) => name.length > 3 && name.startsWith(prefix) && (line === undefined || line.has(graph.named(name)!)),
  )
  if (hits.length > 1) throw new RevisionAmbiguousError(prefix, hits)
  const [hit] = hits
  if (hit === undefined) throw new RevisionNotFoundError(prefix, notFoundHint(prefix, names))
  return graph.named(hit)!
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

/** Keeps those of `ids` that are on the lines of a branch. Nobody asks for the branch where there is nothing to filter. */
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

/** Returns `ids`, having made sure that the branch they were filtered by is not just `head`, `heads` or `base`. */
function namedBranch(graph: RevisionGraph, ids: RevisionId[], branch: string): RevisionId[] {
  if (ids.length > 0) findBranch(graph, branch)
  return ids
}

function oneHead(graph: RevisionGraph, target: Target): RevisionId[] {
  const heads = target.branch === undefined ? graph.heads : onBranch(graph, graph.heads, target.branch)
  if (heads.length > 1) throw new MultipleHeadsError(formatTarget(target), heads, headChoices(graph, heads))
  return target.branch === undefined ? [...heads] : namedBranch(graph, [...heads], target.branch)
}

/** Returns the single revision that an absolute target means, or null for the base. */
function resolveOne(graph: RevisionGraph, target: Target): Place {
  if (target.kind === 'base' && target.branch !== undefined) findBranch(graph, target.branch)
  const found = resolveAbsolute(graph, target)
  if (found.length > 1) throw new MultipleHeadsError(formatTarget(target), found, headChoices(graph, found))
  return found[0] ?? null
}

/** Returns the target if it is to be read as relative: it looks so, and nothing is called exactly so. */
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

/** A downgrade target is split at the last @, and its branch is not asked whether the revision is on it. */
function splitAtLast(graph: RevisionGraph, target: Target): DowngradeTarget {
  const text = formatTarget(target)
  const at = text.lastIndexOf('@')
  const place = resolveOne(graph, absolute(text.slice(at + 1)))
  return {place, ...(at > 0 && {branch: text.slice(0, at)})}
}

/** Returns where `branch@+N` starts to count: the current revision on the branch, or the last applied one below it. */
function startsOnBranch(graph: RevisionGraph, current: readonly RevisionId[], branch: string): RevisionId[] {
  const heads = onBranch(graph, current, branch)
  if (heads.length > 0) return heads
  const below = onBranch(graph, [...reachable(current, (id) => graph.parents(id))], branch)
  return [...new AppliedSet(graph, below).heads]
}

/** Returns the revision that a downgrade by `-N` or `branch@-N` starts to count from. */
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

/** Returns the place `steps` above or below `start`. A branch tells which way to go up; down there is only one way. */
function walk(
  graph: RevisionGraph,
  target: Target,
  start: Place,
  steps: number,
  {branch, overshoot = 'fail'}: {branch?: string | undefined; overshoot?: Overshoot} = {},
): Place {
  const text = formatTarget(target)
  const up = steps > 0
  let place = start
  for (let done = 0; done < Math.abs(steps); done++) {
    const choices = up ? stepUp(graph, place, branch) : stepDown(graph, place, done)
    if (choices.length > 1) throw new AmbiguousWalkError(text, place, up ? 'up' : 'down', choices)
    const [next] = choices
    if (next === undefined && overshoot === 'stop') return place
    if (next === undefined) throw new WalkedTooFarError(text, Math.abs(steps), done)
    place = next
  }
  return place
}

function stepUp(graph: RevisionGraph, place: Place, branch: string | undefined): readonly RevisionId[] {
  const above = place === null ? graph.bases : graph.children(place)
  return branch === undefined ? above : onBranch(graph, above, branch)
}

function stepDown(graph: RevisionGraph, place: Place, done: number): readonly Place[] {
  // Only a walk that starts at the base may go down from it, to the heads: `base-1`.
  if (place === null) return done === 0 ? graph.heads : []
  // Not `downRevisions(place)`: a parent that is listed twice makes the step ambiguous.
  const below = graph.get(place).downRevisions
  return below.length === 0 ? [null] : below
}
