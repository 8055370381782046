import {InvalidRangeError, InvalidTargetError} from './target-errors.ts'
import type {RevisionId} from './revision.ts'

/**
 * Parsed target, not yet resolved in a graph.
 *
 * A relative target keeps its spelling without the branch in `name`, because a revision or label with exactly that name
 * takes precedence.
 */
export type Target = {readonly branch?: string} & (
  | {readonly kind: 'head' | 'heads' | 'base'}
  | {readonly kind: 'name'; readonly name: string}
  | {readonly kind: 'relative'; readonly name: string; readonly from?: string; readonly steps: number}
  /** Heads of the files at a commit; resolved to `revisions` from git before planning. */
  | {readonly kind: 'git'; readonly ref: string}
  /** Resolved revisions; has no spelling. */
  | {readonly kind: 'revisions'; readonly ids: readonly RevisionId[]}
)

/** A target as text or parsed. */
export type TargetInput = string | Target

/** The two ends of a range; an omitted end is undefined. */
export interface Range {
  readonly lower?: Target
  readonly upper?: Target
}

const relative = /^(?:(?<branch>.+?)@)?(?<name>(?<from>[\p{L}\p{N}_]+)?(?<steps>[+-]\d+))$/su

/**
 * Reads one target: `head`, `heads`, `base`, a name, `+2`, `-1`, `name+1`, each also as `branch@…`; `git:REF`.
 *
 * The grammar is Alembic's, except that a relative target must be the whole text and no part may be empty.
 *
 * @throws MigError INVALID_TARGET
 */
export function parseTarget(text: string): Target {
  const ref = refOf(text)
  if (ref !== undefined) return {kind: 'git', ref}
  const match = relative.exec(text)?.groups
  if (match?.['name'] !== undefined) {
    const {branch, name, from, steps} = match
    return {
      kind: 'relative',
      name,
      steps: Number(steps),
      ...(from !== undefined && {from}),
      ...(branch !== undefined && {branch}),
    }
  }
  const at = text.indexOf('@')
  const name = text.slice(at + 1)
  if (text === '') throw new InvalidTargetError(text, 'it is empty')
  if (at === 0) throw new InvalidTargetError(text, 'the branch before @ is missing')
  if (name === '' || name.endsWith('@')) throw new InvalidTargetError(text, 'the target after @ is missing')
  return {...absolute(name), ...(at > 0 && {branch: text.slice(0, at)})}
}

/** Splits a range at its colon; the colon in `git:REF` belongs to the target. */
function splitRange(text: string): readonly string[] {
  return text.split(/(?<!^git|:git):/)
}

/**
 * Returns the ref of a `git:` target; undefined for other targets.
 *
 * @throws MigError INVALID_TARGET
 */
function refOf(text: string): string | undefined {
  if (!text.startsWith('git:')) return undefined
  const ref = text.slice(4)
  if (ref === '')
    throw new InvalidTargetError(text, 'the ref after git: is missing', 'Use a branch, a tag or a commit.')
  return ref
}

/** Returns a name as an absolute target, whatever it looks like. */
export function absolute(name: string): Target {
  return name === 'head' || name === 'heads' || name === 'base' ? {kind: name} : {kind: 'name', name}
}

/**
 * Reads a range, `FROM:TO` with both ends optional.
 *
 * @throws MigError INVALID_RANGE or INVALID_TARGET
 */
export function parseRange(text: string): Range {
  const ends = splitRange(text)
  const [lower, upper] = ends
  if (lower === undefined || upper === undefined) throw new InvalidRangeError(text, 'it has no colon')
  if (ends.length > 2) throw new InvalidRangeError(text, 'it has more than one colon')
  return {
    ...(lower !== '' && {lower: parseTarget(lower)}),
    ...(upper !== '' && {upper: parseTarget(upper)}),
  }
}

/**
 * Returns targets, parsed.
 *
 * @param instead a hint for a range
 * @throws MigError INVALID_TARGET, also for a range
 */
export function readTargets(
  input: TargetInput | readonly TargetInput[],
  instead = 'Use a single revision instead.',
): readonly Target[] {
  return [input].flat().map((target) => (typeof target === 'string' ? parseUnlessRange(target, instead) : target))
}

/** As `readTargets`, for a plan that can be written as a script instead. */
export function readPlanTargets(input: TargetInput | readonly TargetInput[]): readonly Target[] {
  return readTargets(input, 'Use the target revision alone, or add `--sql`.')
}

function parseUnlessRange(text: string, instead: string): Target {
  if (refOf(text) === undefined && text.includes(':'))
    throw new InvalidTargetError(text, 'ranges are only supported for offline SQL', instead)
  return parseTarget(text)
}

/**
 * Reads the start and end of a script: `FROM:TO`, or only the end.
 *
 * @throws MigError INVALID_RANGE or INVALID_TARGET
 */
export function parseScriptRange(text: string): Range {
  return splitRange(text).length === 1 ? {upper: parseTarget(text)} : parseRange(text)
}

/** Returns the text that `parseTarget` reads as this target. */
export function formatTarget(target: Target): string {
  if (target.kind === 'git') return `git:${target.ref}`
  if (target.kind === 'revisions') return target.ids.join(', ')
  const name = target.kind === 'name' || target.kind === 'relative' ? target.name : target.kind
  return target.branch === undefined ? name : `${target.branch}@${name}`
}

/** Returns the text that `parseRange` reads as this range. */
export function formatRange({lower, upper}: Range): string {
  return `${lower === undefined ? '' : formatTarget(lower)}:${upper === undefined ? '' : formatTarget(upper)}`
}
