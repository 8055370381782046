import {headsOf} from '../graph/applied.ts'
import {removedBy} from '../graph/plan.ts'
import type {StampStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import {lateError} from '../project-promises.ts'
import type {StepInfo} from './events.ts'
import {callHook, hookError, HookFailure} from './lifecycle-hooks.ts'
import {prepare, unawaitedFailure} from './prepare.ts'
import type {PreparedStep, RunStep} from './prepare.ts'
import type {ResumePoint} from './progress-log.ts'
import {InterruptedError} from './run-errors.ts'
import {appliedEvent, readyStep, runStep} from './run-step.ts'
import type {Run} from './run.ts'
import {headsSentence} from './step-failure.ts'
import {configuredSettings} from './session-settings.ts'
import {capitalized} from '../util/text.ts'
import {createTables, inOneTransaction, stampSteps} from './step.ts'
import type {StampSettings} from './step.ts'
import {StepsAhead} from './steps-ahead.ts'

export {withoutOperations} from './prepare.ts'

/** Loads and checks the steps of a plan without sending anything to the database. */
export async function prepareRun(run: Run, steps: readonly RunStep[]): Promise<readonly PreparedStep[]> {
  return prepare(steps, run)
}

/**
 * Runs prepared steps, each in a transaction with its version table change as far as the database and the revision
 * allow.
 *
 * @throws MigError REVISION_FAILED, INTERRUPTED, VERSION_TABLE_CHANGED, CONNECTION_LOST
 */
export async function runSteps(run: Run, prepared: readonly PreparedStep[]): Promise<void> {
  const {session, revisions, start, settings, caller} = run
  if (prepared.length === 0) return
  await createTables(run)
  const reset = await configuredSettings(session)
  const outOfOrder = prepared.flatMap(({step}) => ('outOfOrder' in step ? step.revision : []))
  caller.onEvent({kind: 'plan', database: session.name, steps: prepared.length, outOfOrder})
  const first = headsOf(revisions.graph, start.applied)
  const stopListening = session.postgres?.onNotice((text) => caller.onEvent({kind: 'note', text}))
  const isOneTransaction = settings.transaction === 'all'
  const ahead = new StepsAhead(run, prepared, reset)
  await inOneTransaction(run, first, async () => {
    let before: readonly RevisionId[] = first
    for (const [index, preparedStep] of prepared.entries()) {
      const kept = isOneTransaction ? first : before
      if (caller.signal?.aborted && !ahead.isSent(index)) throw new InterruptedError(headsSentence(kept), before)
      const {direction, revision, heads} = preparedStep.step
      const info: StepInfo = {
        direction,
        revision,
        message: preparedStep.loaded.revision.message,
        ...databaseOf(run),
      }
      caller.onEvent({kind: 'step-start', ...info})
      const begin = performance.now()
      const ready = await ahead.next(index, preparedStep, before)
      await runStep(run, ready, () => ({heads: kept, sentAfter: ahead.sentAfter(index)}))
      before = heads
      const duration = performance.now() - begin
      ahead.done(index, duration)
      if (!isOneTransaction && !ahead.isSent(index + 1)) refuseLate(prepared, heads)
      caller.onEvent({kind: 'step-done', ...info, durationMs: Math.round(duration)})
      if (!isOneTransaction) await afterStep(run, preparedStep, heads)
    }
    if (isOneTransaction) refuseLate(prepared, first)
  }).finally(async () => {
    await ahead.settle()
    stopListening?.()
  })
  refuseLate(prepared, prepared.at(-1)?.step.heads)
  if (isOneTransaction)
    for (const preparedStep of prepared) await afterStep(run, preparedStep, prepared.at(-1)?.step.heads)
}

/** Resumes a partially applied revision. */
export async function resumeStep(run: Run, prepared: PreparedStep, point: ResumePoint): Promise<void> {
  const heads = headsOf(run.revisions.graph, run.start.applied)
  const ready = await readyStep(run, prepared, heads, await configuredSettings(run.session), point)
  await runStep(run, ready, () => ({heads, sentAfter: 0}))
}

/** Sets the recorded state without running revisions, all steps in one transaction. */
export async function runStamp(run: Run, steps: readonly StampStep[], settings: StampSettings = {}): Promise<void> {
  await stampSteps(run, steps, run.fence, settings)
  for (const step of steps) {
    const {direction, revision} = step
    const {message} = run.revisions.graph.get(revision)
    const removed = removedBy(step)
    const info = {direction, revision, message, ...databaseOf(run), ...(removed && {removed})}
    run.caller.onEvent({kind: 'step-done', ...info, durationMs: 0})
  }
}

/**
 * Stops a run whose revisions used `op` too late, even if their code caught the error.
 *
 * @param heads the heads of the database
 * @throws MigError LATE_OPERATION
 */
function refuseLate(prepared: readonly PreparedStep[], heads: readonly RevisionId[] = []): void {
  // Most runs have none, and looking at each revision after each step takes quadratic time.
  if (lateError() === undefined) return
  const context = {state: capitalized(headsSentence(heads)), data: {heads}}
  for (const preparedStep of prepared) {
    const failure = unawaitedFailure(preparedStep.recorder?.late, preparedStep, context)
    if (failure !== undefined) throw failure
  }
}

/** Calls the `afterEach` hook for a committed revision. */
async function afterStep(run: Run, preparedStep: PreparedStep, heads: readonly RevisionId[] = []): Promise<void> {
  const {hooks, root} = run.policy
  const {signal} = run.caller
  if (hooks.afterEach === undefined) return
  try {
    const call = async (): Promise<void> => callHook(hooks, 'afterEach', appliedEvent(run, preparedStep), signal)
    await run.session.whileWaiting(call)
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error
    const isDowngrade = preparedStep.step.direction === 'downgrade'
    const kept = isDowngrade ? 'Reverted revisions stay reverted' : 'Committed revisions stay applied'
    const state = `${kept}: ${headsSentence(heads)}`
    throw hookError(error, root, {state, data: {heads}}, signal)
  }
}

function databaseOf({context, session}: Run): Pick<StepInfo, 'database' | 'isOneOfSeveral'> {
  return context.database === undefined ? {database: session.name} : {database: context.database, isOneOfSeveral: true}
}
