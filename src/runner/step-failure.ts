import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {capitalized, listOf} from '../util/text.ts'
import {isConnectionLost} from './errors.ts'
import {placeOfFailure} from './failure.ts'
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
 * Returns the error that a failed step is reported with.
 *
 * @param partial how much of the step is there, when it was not rolled back
 * @param heads the heads of the database now
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
      ? {hint: partial ? '`mig repair` shows what can be done.' : '`mig current` says where the database stands.'}
      : {}
  const state = isConnectionLost(error)
    ? 'The connection was lost: the database decides alone whether the end of the revision had arrived.'
    : capitalized(after)
  return new RevisionFailedError(
    {direction, revision, message, ...placeOfFailure(error, loaded), state, heads, ...hint},
    error,
  )
}

function stateAfter(
  partial: PartialProgress | undefined,
  heads: readonly RevisionId[],
  transaction: 'all' | 'each',
): string {
  if (partial === undefined) {
    const what = transaction === 'all' ? 'the whole run' : 'all of it'
    return `${what} was rolled back; ${standsOn(heads)}`
  }
  const of = partial.total === undefined ? '' : ` of ${partial.total}`
  const were = partial.done === 1 ? 'was run and stays' : 'were run and stay'
  const statements = partial.done === 1 && of === '' ? 'statement' : 'statements'
  return `${partial.done}${of} ${statements} ${were}; in the version table, ${standsOn(heads)}`
}

/** Returns the heads of the database as a sentence. */
export function standsOn(heads: readonly RevisionId[]): string {
  return `the database stands on ${heads.length === 0 ? 'the base: nothing is applied' : listOf(heads, 5)}.`
}
