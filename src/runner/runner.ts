import {headsOf} from '../graph/applied.ts'
import type {StampStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {MigError} from '../errors.ts'
import type {RecordingContext} from '../operations/operations.ts'
import {contentIdOf} from '../script/content-id.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {LoadedRevision, LoadRevision} from '../script/load.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {capitalized, listOf} from '../util/text.ts'
import {messageOf} from '../util/error-info.ts'
import {bracketOf, savepointBracket, sessionTimeouts, transactionOf} from './transaction-boundaries.ts'
import type {Timeouts} from './transaction-boundaries.ts'
import type {Command} from './connection/command.ts'
import {isConnectionLost} from './errors.ts'
import {downgradeSqlOf} from './downgrade-sql.ts'
import type {OnEvent, StepInfo} from './events.ts'
import {Execution, ForeignKeysNeeded} from './execution.ts'
import type {ExecutionContext, ResumePoint} from './execution.ts'
import {placeOfFailure} from './failure.ts'
import {ForeignKeys} from './foreign-keys.ts'
import {callHook, HookError, HookFailure, inTransactionOf} from './hooks.ts'
import type {AppliedEvent, Hooks} from './hooks.ts'
import {Patience} from './lock-retry.ts'
import {prepare, prepareAgain} from './prepare.ts'
import type {Preparation, PreparedStep, RunStep} from './prepare.ts'
import {InterruptedError, RevisionFailedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import type {NewRow} from './state/state-sql.ts'
import type {DatabaseState, VersionStore} from './state/version-store.ts'

/** What a run needs to know. */
export interface Run {
  readonly session: RunSession
  readonly store: Pick<VersionStore, 'sql' | 'ensure'>
  /** The state that the plan was made for. */
  readonly state: DatabaseState
  readonly tree: FileTree
  readonly graph: RevisionGraph<ScriptRevision>
  /** The applied revisions that the plan was made for. */
  readonly applied: ReadonlySet<RevisionId>
  readonly context: RecordingContext
  readonly transaction: 'all' | 'each'
  readonly timeouts: Timeouts
  /** How often a revision is tried again that waited for a lock in vain. */
  readonly lockRetries: number
  /** Returns what every transaction begins with while the database stands on these heads, to make sure that it may. */
  readonly fence: (heads: readonly RevisionId[]) => readonly Command[]
  /** Whether what reverts a revision is written down with it, as SQL. */
  readonly recordDowngrade: boolean
  readonly hooks: Hooks
  /** The absolute path of the folder that is the project. */
  readonly root: string
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
  /** How code is come by, when it is for more than this run. */
  readonly load?: LoadRevision | undefined
}

/** Loads and checks the steps of a plan. Nothing is sent to the database. */
export async function prepareRun(run: Run, steps: readonly RunStep[]): Promise<readonly PreparedStep[]> {
  return prepare(steps, preparationOf(run))
}

/**
 * Runs prepared steps: each revision in a transaction together with the change of the version table, as far as the
 * database and the revision allow it.
 *
 * @throws MigError REVISION_FAILED, INTERRUPTED, VERSION_TABLE_CHANGED, CONNECTION_LOST
 */
export async function runSteps(run: Run, prepared: readonly PreparedStep[]): Promise<void> {
  const {session, store, graph, onEvent, context} = run
  if (prepared.length === 0) return
  await store.ensure(run.state)
  const outOfOrder = prepared.flatMap(({step}) => ('outOfOrder' in step ? step.revision : []))
  onEvent({kind: 'plan', database: session.name, steps: prepared.length, outOfOrder})
  const before = headsOf(graph, run.applied)
  const stopListening = session.postgres?.onNotice((text) => onEvent({kind: 'note', text}))
  const isOneTransaction = run.transaction === 'all'
  await inOneTransaction(run, async () => {
    let heads: readonly RevisionId[] = before
    for (const one of prepared) {
      if (run.signal?.aborted) throw new InterruptedError(standsOn(run.transaction === 'all' ? before : heads), heads)
      const {direction, revision} = one.step
      const {message} = one.loaded.revision
      const info: StepInfo = {direction, revision, message, database: context.database ?? session.name}
      onEvent({kind: 'step-start', ...info})
      const start = performance.now()
      await runStep(run, one, run.transaction === 'all' ? before : heads, heads)
      heads = one.step.heads
      onEvent({kind: 'step-done', ...info, durationMs: Math.round(performance.now() - start)})
      if (!isOneTransaction) await afterStep(run, one, heads)
    }
  }).finally(stopListening)
  if (isOneTransaction) for (const one of prepared) await afterStep(run, one, prepared.at(-1)?.step.heads)
}

/** Goes on with a revision that is half applied. */
export async function resumeStep(run: Run, prepared: PreparedStep, point: ResumePoint): Promise<void> {
  const heads = headsOf(run.graph, run.applied)
  await runStep(run, prepared, heads, heads, point)
}

/**
 * Runs one step, again if it fails for a lock.
 *
 * @param keptHeads what the database stands on when the step fails
 */
async function runStep(
  run: Run,
  first: PreparedStep,
  keptHeads: readonly RevisionId[],
  headsBefore: readonly RevisionId[],
  resume?: ResumePoint,
): Promise<void> {
  const start = run.session.now()
  const elapsed = (): number => Math.round(run.session.now() - start)
  const {step, loaded} = first
  const timeouts = timeoutsOf(run, loaded)
  await run.session.send(sessionTimeouts(run.session, timeouts).map((sql) => ({sql})))
  const context = executionContextOf(run, timeouts, headsBefore)
  const {direction, revision, heads: headsAfter} = step
  const change = {
    added: direction === 'upgrade' ? [await newRowOf(run, loaded)] : [],
    removed: direction === 'downgrade' ? [revision] : [],
    headsBefore,
    headsAfter,
  }
  for (let prepared = first; ; prepared = await prepareAgain(prepared, preparationOf(run))) {
    const execution = new Execution(context, prepared, resume)
    const attempt = async (keys?: ForeignKeys): Promise<Attempt> => {
      try {
        await execution.perform()
        const hook = hookOf(run, prepared)
        await execution.finish(change, elapsed, keys === undefined ? hook : async () => keys.check().then(hook))
        return {isDone: true}
      } catch (error) {
        const again = howToTryAgain(error, execution, run, context.patience)
        // What matters is why it failed. That the end cannot be written down is no news when the connection is lost.
        await execution.abandon(again === undefined ? messageOf(error) : undefined, elapsed()).catch(() => {})
        return {isDone: false, error, again}
      }
    }
    const result = await (prepared.needsForeignKeysOff ? ForeignKeys.off(run.session, attempt) : attempt())
    if (result.isDone) return
    switch (result.again) {
      case undefined:
        throw failureOfStep(run, prepared, execution, result.error, keptHeads)
      case 'later':
        await context.patience.pause(result.error)
        break
      case 'without foreign keys':
        prepared = {...prepared, needsForeignKeysOff: true}
    }
  }
}

/** How one attempt to run a step has ended. */
type Attempt =
  | {readonly isDone: true}
  | {readonly isDone: false; readonly error: unknown; readonly again: 'later' | 'without foreign keys' | undefined}

function howToTryAgain(
  error: unknown,
  execution: Execution,
  {signal}: Run,
  patience: Patience,
): 'later' | 'without foreign keys' | undefined {
  if (!execution.canStartAgain || signal?.aborted) return undefined
  if (error instanceof ForeignKeysNeeded) return 'without foreign keys'
  return patience.mayRetry(error) ? 'later' : undefined
}

/** Tells a hook of a revision that is committed. */
async function afterStep(run: Run, one: PreparedStep, heads: readonly RevisionId[] = []): Promise<void> {
  try {
    await callHook(run.hooks, 'afterEach', appliedEvent(run, one))
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error
    throw new HookError(error, run.root, `What was run stays: ${standsOn(heads)}`, heads)
  }
}

function appliedEvent({context}: Run, {step: {direction, revision, heads}, loaded}: PreparedStep): AppliedEvent {
  const {message} = loaded.revision
  return {direction, revision, message, heads, database: context.database, tenant: context.tenant}
}

function failureOfStep(
  run: Run,
  {step, loaded}: PreparedStep,
  execution: Execution,
  error: unknown,
  heads: readonly RevisionId[],
): unknown {
  const {partial} = execution
  if (error instanceof HookFailure)
    return new HookError(error, run.root, capitalized(stateAfter(partial, heads, run)), heads)
  if (error instanceof MigError && ownCodes.has(error.code)) return error
  if (run.signal?.aborted) return new InterruptedError(stateAfter(partial, heads, run), heads)
  const {direction, revision} = step
  const {message} = loaded.revision
  const hint =
    partial !== undefined || isConnectionLost(error)
      ? {hint: partial ? '`mig repair` shows what can be done.' : '`mig current` says where the database stands.'}
      : {}
  const state = isConnectionLost(error)
    ? 'The connection was lost: the database decides alone whether the end of the revision had arrived.'
    : capitalized(stateAfter(partial, heads, run))
  return new RevisionFailedError(
    {direction, revision, message, ...placeOfFailure(error, loaded), state, heads, ...hint},
    error,
  )
}

/** What says all by itself what is wrong. */
const ownCodes: ReadonlySet<string> = new Set([
  'VERSION_TABLE_CHANGED',
  'NOT_TRANSACTIONAL_STATEMENT',
  'TRANSACTION_CONTROL',
  'RESUME_MISMATCH',
  'LOCK_LOST',
  'IRREVERSIBLE',
])

/**
 * Sets the state of a database without running a revision, all steps in one transaction.
 *
 * @param purge whether the version table is emptied first, whatever it holds
 */
export async function runStamp(run: Run, steps: readonly StampStep[], purge: boolean): Promise<void> {
  const {session, store, graph, tree, onEvent, context} = run
  await store.ensure(run.state)
  let headsBefore: readonly RevisionId[] = purge ? [] : headsOf(graph, run.applied)
  const commands = [...run.fence(headsBefore), ...(purge ? [store.sql.purge()] : [])]
  for (const step of steps) {
    const texts = await tree.read(step.added.map((id) => graph.get(id).file))
    const added = step.added.map((id, i) => rowOf(graph, id, contentIdOf(texts[i] ?? '')))
    commands.push(
      ...store.sql.change({added, removed: step.removed, headsBefore, headsAfter: step.heads}, 0),
      store.sql.log({action: 'stamp', revision: step.revision, duration: 0, outcome: 'done'}),
    )
    headsBefore = step.heads
  }
  await transactionOf(session, run.timeouts, commands, store.sql.names.versionTable)
  for (const {direction, revision} of steps) {
    const {message} = graph.get(revision)
    onEvent({
      kind: 'step-done',
      direction,
      revision,
      message,
      database: context.database ?? session.name,
      durationMs: 0,
    })
  }
}

/** With `transaction: 'all'`, everything that `work` does is kept together, or not at all. */
async function inOneTransaction(run: Run, work: () => Promise<void>): Promise<void> {
  if (run.transaction === 'each') return work()
  const {begin, commit, rollback} = bracketOf(run.session, run.timeouts)
  await run.session.send(begin.map((sql) => ({sql})))
  try {
    await work()
    await run.session.send([{sql: commit}])
  } catch (error) {
    await run.session.sendRegardless([{sql: rollback}]).catch(() => {})
    throw error
  }
}

function timeoutsOf({timeouts}: Run, {revision: {lockTimeout}}: LoadedRevision): Timeouts {
  return lockTimeout === undefined ? timeouts : {...timeouts, tableLock: lockTimeout}
}

function executionContextOf(run: Run, timeouts: Timeouts, headsBefore: readonly RevisionId[]): ExecutionContext {
  const {session, store, context, onEvent, signal, lockRetries} = run
  const isOneTransaction = run.transaction === 'all'
  const settings = {tableLockTimeout: timeouts.tableLock, retries: lockRetries}
  return {
    session,
    registry: context.registry,
    state: store.sql,
    bracket: isOneTransaction ? savepointBracket : bracketOf(session, timeouts),
    isOneTransaction,
    patience: new Patience(session, settings, onEvent, signal),
    fence: run.fence(headsBefore),
    onEvent,
  }
}

function preparationOf({tree, graph, session, context, transaction, load}: Run): Preparation {
  return {tree, graph, platform: session.platform, context, isOneTransaction: transaction === 'all', load}
}

function hookOf(run: Run, prepared: PreparedStep): (() => Promise<void>) | undefined {
  const {hooks, session} = run
  if (hooks.onVersionApply === undefined) return undefined
  const event = {...appliedEvent(run, prepared), ...inTransactionOf(session)}
  return async () => callHook(hooks, 'onVersionApply', event)
}

/** Returns what is recorded of a revision that is run. */
async function newRowOf({graph, context, session, recordDowngrade}: Run, loaded: LoadedRevision): Promise<NewRow> {
  const row = rowOf(graph, loaded.revision.id, loaded.contentId)
  return recordDowngrade ? {...row, downgradeSql: await downgradeSqlOf(loaded, context, session.platform)} : row
}

/** Returns what is recorded of a revision that becomes applied. */
export function rowOf(graph: RevisionGraph<ScriptRevision>, id: RevisionId, contentId: string): NewRow {
  return {revision: id, downRevisions: graph.parents(id), message: graph.get(id).message, contentId}
}

function stateAfter(partial: Execution['partial'], heads: readonly RevisionId[], {transaction}: Run): string {
  if (partial === undefined) {
    const what = transaction === 'all' ? 'the whole run' : 'all of it'
    return `${what} was rolled back; ${standsOn(heads)}`
  }
  const of = partial.total === undefined ? '' : ` of ${partial.total}`
  const were = partial.done === 1 ? 'was run and stays' : 'were run and stay'
  const statements = partial.done === 1 && of === '' ? 'statement' : 'statements'
  return `${partial.done}${of} ${statements} ${were}; in the version table, ${standsOn(heads)}`
}

function standsOn(heads: readonly RevisionId[]): string {
  return `the database stands on ${heads.length === 0 ? 'the base: nothing is applied' : listOf(heads, 5)}.`
}
