import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {capitalized, listOf, plural} from '../util/text.ts'
import {isConnectionLost} from './errors.ts'
import {placeOfFailure} from './failure.ts'
import {hintOfFailure} from './failure-hints.ts'
import {hookError, HookFailure} from './lifecycle-hooks.ts'
import {unawaitedFailure} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
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
 * @param partial the committed part of the step; undefined if it was rolled back
 */
export function failureOfStep(
  {policy, caller, settings, session}: Run,
  {step, loaded}: PreparedStep,
  partial: PartialProgress | undefined,
  error: unknown,
  {heads, sentAfter}: KeptState,
): unknown {
  const after = stateAfter(partial, heads, settings.transaction)
  const isInterrupted = caller.signal?.aborted === true
  const hintOfState = hintOf(partial, error)
  const context = {state: capitalized(after), hint: hintOfState, data: {heads, ...(partial && {partial: true})}}
  if (error instanceof HookFailure && !isInterrupted) return hookError(error, policy.root, context)
  if (error instanceof MigError && ownCodes.has(error.code)) return error
  const isLost = isConnectionLost(error)
  const unknown = unknownAfterLoss(sentAfter)
  if (isInterrupted) return new InterruptedError(isLost ? unknown : after, heads, partial !== undefined)
  const unawaited = unawaitedFailure(error, {step, loaded}, context)
  if (unawaited !== undefined) return unawaited
  const {direction, revision} = step
  const {message} = loaded.revision
  const place = placeOfFailure(error, loaded)
  // The driver only says that the connection cannot be used any more.
  const cause = (isLost ? session.ended : undefined) ?? error
  const known = hintOfFailure(cause, place.statement)
  const hint = partial === undefined && cause !== error ? (known ?? hintOfState) : (hintOfState ?? known)
  const state = capitalized(isLost ? unknown : after)
  return new RevisionFailedError(
    {direction, revision, message, ...place, state, heads, isPartial: partial !== undefined, hint},
    cause,
  )
}

function unknownAfterLoss(sentAfter: number): string {
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
): string {
  if (partial === undefined) {
    const subject = transaction === 'all' ? 'the whole run' : 'the revision'
    return `${subject} was rolled back; ${headsSentence(heads)}`
  }
  const of = partial.total === undefined ? '' : ` of ${partial.total}`
  const were = partial.done === 1 ? 'was executed and stays applied' : 'were executed and stay applied'
  const statements = partial.done === 1 && of === '' ? 'statement' : 'statements'
  return `${partial.done}${of} ${statements} ${were}; according to the version table, ${headsSentence(heads)}`
}

/** Returns a sentence with the heads of the database. */
export function headsSentence(heads: readonly RevisionId[]): string {
  return `the database is at ${heads.length === 0 ? 'base' : listOf(heads, 5)}.`
}
