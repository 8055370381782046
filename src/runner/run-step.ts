import type {Timeouts} from '../dialects/dialect.ts'
import type {SessionReset} from '../dialects/session/session-sql.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {LoadedRevision} from '../script/load.ts'
import {operationsIdOf} from '../script/operations-id.ts'
import {MigError} from '../errors.ts'
import {messageOf} from '../util/error-info.ts'
import {downgradeSqlOf} from './downgrade-sql.ts'
import {Execution, ForeignKeysNeeded} from './execution.ts'
import type {ExecutionContext} from './execution.ts'
import {ForeignKeys} from './foreign-keys.ts'
import {callVersionHook} from './lifecycle-hooks.ts'
import type {AppliedEvent} from './lifecycle-hooks.ts'
import {LockRetry} from './lock-retry.ts'
import {NonTransactionalTables} from './non-transactional-tables.ts'
import {prepareAgain} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import type {ResumePoint} from './progress-log.ts'
import type {Run} from './run.ts'
import type {NewRow, StateChange} from './state/store.ts'
import {changeOf, rowOf, setTimeouts, transactionsOf} from './step.ts'
import {failureOfStep} from './step-failure.ts'
import type {KeptState} from './step-failure.ts'
import type {Gate} from './user-statement.ts'

/** A step whose transaction and change of the version table are known. */
export interface ReadyStep {
  readonly prepared: PreparedStep
  readonly context: ExecutionContext
  readonly timeouts: Timeouts
  readonly retry: LockRetry
  readonly change: StateChange
  readonly resume: ResumePoint | undefined
  /** The first attempt to run it. */
  readonly execution: Execution
}

/** The way to retry a step. */
type RetryMode = 'after a pause' | 'without foreign keys'

/** The outcome of one attempt to run a step. */
type Attempt =
  | {readonly kind: 'done'}
  | {readonly kind: 'failed'; readonly error: unknown}
  | {readonly kind: 'retry'; readonly error: unknown; readonly mode: RetryMode}

/**
 * Returns a step with everything that it needs to run, without sending anything.
 *
 * @param before the heads in the version table when the step begins
 * @param reset puts the session back after the step
 * @param resume where to resume a partially applied revision
 */
export async function readyStep(
  run: Run,
  prepared: PreparedStep,
  before: readonly RevisionId[],
  reset: SessionReset,
  resume?: ResumePoint,
): Promise<ReadyStep> {
  const {session, state, settings, policy, fence, caller} = run
  const {bracket, timeouts} = transactionsOf(run, prepared.loaded)
  const {onEvent, signal} = caller
  const retrySettings = {tableLockTimeout: timeouts.tableLock, retries: policy.lockRetries}
  const retry = new LockRetry(session, retrySettings, onEvent, signal)
  const isOneTransaction = settings.transaction === 'all'
  const {registry} = run.context
  const resetAfter = (): SessionReset => reset
  const tables = new NonTransactionalTables(session)
  const context = {
    session,
    tables,
    registry,
    state,
    bracket,
    isOneTransaction,
    retry,
    fence,
    onEvent,
    resetAfter,
    signal,
  }
  const row = await session.whileWaiting(async () => newRowOf(run, prepared))
  const change = changeOf(prepared.step, before, row, run.start.covered)
  return {prepared, context, timeouts, retry, change, resume, execution: new Execution(context, prepared, resume)}
}

/**
 * Runs one step, with retries after lock failures.
 *
 * @param keptOf returns the state that is left behind if the step fails
 */
export async function runStep(run: Run, ready: ReadyStep, keptOf: () => KeptState): Promise<void> {
  const {session} = run
  const {context, change, timeouts, retry, resume} = ready
  const start = session.now()
  const elapsed = (): number => Math.round(session.now() - start)
  await setTimeouts(run, timeouts)
  let {prepared, execution} = ready
  for (;;) {
    const attempt = async (keys?: ForeignKeys): Promise<Attempt> => {
      try {
        await execution.perform()
        const hook = hookOf(run, prepared)
        const checked = async (gate: Gate): Promise<void> => keys?.check().then(async () => hook?.(gate))
        await execution.finish(change, elapsed, keys === undefined ? hook : checked)
        return {kind: 'done'}
      } catch (error) {
        await execution.rollBack()
        const mode = retryModeOf(error, execution, run, retry)
        const reason = mode === undefined && !isRefusal(error) ? messageOf(error) : undefined
        // If the connection is gone, failing to record the outcome is expected.
        await execution.abandon(reason, elapsed()).catch(() => {})
        return mode === undefined ? {kind: 'failed', error} : {kind: 'retry', error, mode}
      }
    }
    const result = await (prepared.needsForeignKeysOff ? ForeignKeys.off(session, attempt) : attempt())
    switch (result.kind) {
      case 'done':
        return execution.restoreSession()
      case 'failed':
        throw failureOfStep(run, prepared, execution, result.error, keptOf())
      case 'retry':
        if (result.mode === 'after a pause') await retry.pause(result.error)
        else prepared = {...prepared, needsForeignKeysOff: true}
    }
    prepared = await prepareAgain(prepared, run)
    execution = new Execution(context, prepared, resume)
  }
}

/** Whether an error is about how to resume the revision, so that an earlier failure is still the reason of its state. */
function isRefusal(error: unknown): boolean {
  return error instanceof MigError && (error.code === 'RESUME_MISMATCH' || error.code === 'STATEMENT_IN_DOUBT')
}

/** Returns how to retry a failed step; undefined if it cannot be retried. */
function retryModeOf(error: unknown, {partial}: Execution, {caller}: Run, retry: LockRetry): RetryMode | undefined {
  if (partial !== undefined || caller.signal?.aborted) return undefined
  if (error instanceof ForeignKeysNeeded) return 'without foreign keys'
  return retry.mayRetry(error) ? 'after a pause' : undefined
}

/** Returns the hook event of a step. */
export function appliedEvent({context}: Run, {step: {direction, revision, heads}, loaded}: PreparedStep): AppliedEvent {
  const {message} = loaded.revision
  return {direction, revision, message, heads, database: context.database, tenant: context.tenant}
}

function hookOf(run: Run, prepared: PreparedStep): ((gate: Gate) => Promise<void>) | undefined {
  const {policy, session, caller} = run
  if (policy.hooks.onVersionApply === undefined) return undefined
  return async (gate) => {
    const {signal} = caller
    await session.whileWaiting(async () =>
      callVersionHook(policy.hooks, appliedEvent(run, prepared), {session, gate, signal}),
    )
  }
}

/** Returns the version table row of a step. */
async function newRowOf(
  {revisions, context, session, policy}: Run,
  {step, loaded}: {readonly step: PreparedStep['step']; readonly loaded: LoadedRevision},
): Promise<NewRow> {
  const {revision, contentId} = loaded
  if (step.direction === 'downgrade') return rowOf(revisions.graph, revision.id, {contentId})
  const operationsId = await operationsIdOf(loaded, revisions.load, context)
  const row = rowOf(revisions.graph, revision.id, {contentId, operationsId})
  if (!policy.recordDowngrade) return row
  return {...row, downgradeSql: await downgradeSqlOf(loaded, context, session.platform)}
}
