import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {capitalized, listOf} from '../util/text.ts'
import {isConnectionLost} from './errors.ts'
import {placeOfFailure} from './failure.ts'
import {hintOfFailure} from './failure-hints.ts'
import {HookError, HookFailure} from './lifecycle-hooks.ts'
import type {PreparedStep} from './prepare.ts'
import type {PartialProgress} from './progress-log.ts'
import type {Run} from './run.ts'
import {InterruptedError, RevisionFailedError} from './run-errors.ts'

/** Errors that need no extra context. */
const ownCodes: ReadonlySet<string> = new Set([
  'VERSION_TABLE_CHANGED',
  'NOT_TRANSACTIONAL_STATEMENT',
  'TRANSACTION_CONTROL',
  'RESUME_MISMATCH',
  'LOCK_LOST',
  'IRREVERSIBLE',
])

/**
 * Returns the error that reports a failed step.
 *
 * @param partial the committed part of the step; undefined if it was rolled back
 * @param heads the current heads of the database
 */
export function failureOfStep(
  {policy, caller, settings}: Run,
  {step, loaded}: PreparedStep,
  partial: PartialProgress | undefined,
  error: unknown,
  heads: readonly RevisionId[],
): unknown {
  const after = stateAfter(partial, heads, settings.transaction)
  if (error instanceof HookFailure) return new HookError(error, policy.root, capitalized(after), heads)
  if (error instanceof MigError && ownCodes.has(error.code)) return error
  if (caller.signal?.aborted) return new InterruptedError(after, heads)
  const {direction, revision} = step
  const {message} = loaded.revision
  const hint =
    partial !== undefined || isConnectionLost(error)
      ? {
          hint: partial
            ? 'Run `mig repair` to see how to resume or resolve it.'
            : 'Run `mig current` to see the applied heads.',
        }
      : {}
  const place = placeOfFailure(error, loaded)
  const hintOfDatabase = hintOfFailure(error, place.statement)
  const state = isConnectionLost(error)
    ? 'The connection was lost; it is unknown whether the revision was committed.'
    : capitalized(after)
  return new RevisionFailedError(
    {direction, revision, message, ...place, state, heads, hint: hintOfDatabase, ...hint},
    error,
  )
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
