import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {capitalized, listOf, plural} from '../util/text.ts'
import {executedOf} from './describe.ts'
import {isConnectionLost} from './errors.ts'
import {placeOfFailure} from './failure.ts'
import {hintOfExisting, hintOfFailure} from './failure-hints.ts'
import {hookError, HookFailure} from './lifecycle-hooks.ts'
import {unawaitedFailure} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import type {Execution} from './execution.ts'
import type {PartialProgress} from './progress-log.ts'
import type {Run} from './run.ts'
import {InterruptedError, RevisionFailedError} from './run-errors.ts'

/** Errors that need no extra context. */
const ownCodes: ReadonlySet<string> = new Set([
  'VERSION_TABLE_CHANGED',
  'NOT_TRANSACTIONAL_STATEMENT',
  'TRANSACTION_CONTROL',
  'LOCK_RELEASE',
  'RESUME_MISMATCH',
  'STATEMENT_IN_DOUBT',
  'LOCK_LOST',
  'IRREVERSIBLE',
])

/** The state of a database after a failed step. */
export interface KeptState {
  readonly heads: readonly RevisionId[]
  /** The number of revisions that were sent before the server answered the failed one. */
  readonly sentAfter: number
}

/**
 * Returns the error that reports a failed step.
 *
 * @param execution the failed attempt, of which nothing is left if its `partial` is undefined
 */
export function failureOfStep(
  {policy, caller, settings, session}: Run,
  {step, loaded}: PreparedStep,
  {partial, commitInDoubt}: Pick<Execution, 'partial' | 'commitInDoubt'>,
  error: unknown,
  {heads, sentAfter}: KeptState,
): unknown {
  const isLost = isConnectionLost(error)
  const after = stateAfter(partial, heads, settings.transaction, isLost)
  const isInterrupted = caller.signal?.aborted === true
  const hintOfState = hintOf(partial, error)
  const context = {state: capitalized(after), hint: hintOfState, data: {heads, ...(partial && {partial: true})}}
  if (error instanceof HookFailure && !isInterrupted) return hookError(error, policy.root, context)
  if (error instanceof MigError && ownCodes.has(error.code)) return error
  const unknown = commitInDoubt && unknownAfterLoss(commitInDoubt, sentAfter)
  if (isInterrupted) return new InterruptedError(unknown ?? after, heads, partial !== undefined)
  const unawaited = unawaitedFailure(error, {step, loaded}, context)
  if (unawaited !== undefined) return unawaited
  const {direction, revision} = step
  const {message} = loaded.revision
  const place = placeOfFailure(error, loaded)
  // The driver only says that the connection cannot be used any more.
  const cause = (isLost ? session.ended : undefined) ?? error
  const isFirst = direction === 'upgrade' && heads.length === 0
  const known =
    hintOfFailure(cause, place.statement) ??
    (isFirst && partial === undefined ? hintOfExisting(cause, loaded.revision) : undefined)
  const single = cause === error ? (hintOfState ?? known) : (known ?? hintOfState)
  const hints = partial === undefined ? [single] : [known, hintOfState]
  const hint = hints.filter((text) => text !== undefined).join(' ') || undefined
  const state = capitalized(unknown ?? after)
  return new RevisionFailedError(
    {direction, revision, message, ...place, state, heads, isPartial: partial !== undefined, hint},
    cause,
  )
}

function unknownAfterLoss(commit: 'revision' | 'statements', sentAfter: number): string {
  if (commit === 'statements')
    return 'the connection was lost; it is unknown whether the last statements of the revision were committed.'
  const others = sentAfter === 0 ? ' was' : ` and the ${plural(sentAfter, 'revision')} sent after it were`
  return `the connection was lost; it is unknown whether the revision${others} committed.`
}

/** Returns what to do about the state that a failure leaves behind, if anything. */
function hintOf(partial: PartialProgress | undefined, error: unknown): string | undefined {
  if (partial !== undefined) return 'Run `mig repair` to see how to resume or resolve it.'
  return isConnectionLost(error) ? 'Run `mig current` to see the applied heads.' : undefined
}

function stateAfter(
  partial: PartialProgress | undefined,
  heads: readonly RevisionId[],
  transaction: 'all' | 'each',
  isLost: boolean,
): string {
  if (partial === undefined) {
    const subject = transaction === 'all' ? 'the whole run' : 'the revision'
    return isLost
      ? `the connection was lost before ${subject} was committed, so the server rolls it back; ${headsSentence(heads)}`
      : `${subject} was rolled back; ${headsSentence(heads)}`
  }
  const stays = partial.done === 1 || partial.total === 1 ? 'stays applied' : 'stay applied'
  return `${executedOf(partial)} and ${stays}${doubts[partial.doubt ?? 'none']}; according to the version table, ${headsSentence(heads)}`
}

const doubts: Readonly<Record<NonNullable<PartialProgress['doubt']> | 'none', string>> = {
  none: '',
  'next statement': ', and it is unknown how much of the next one was executed',
  rollback: '; later statements were rolled back, except for their changes of tables without transactions',
}

/** Returns a sentence with the heads of the database. */
export function headsSentence(heads: readonly RevisionId[]): string {
  return `the database is at ${heads.length === 0 ? 'base' : listOf(heads, 5)}.`
}
