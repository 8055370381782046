import {headsOf} from '../graph/applied.ts'
import type {DowngradeStep, StampStep, UpgradeStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {MigError} from '../errors.ts'
import {contentIdOf} from '../script/content-id.ts'
import type {FileTree} from '../script/file-tree.ts'
import {loadRevision} from '../script/load.ts'
import type {LoadedRevision} from '../script/load.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {listOf} from '../util/text.ts'
import {InterruptedError, RevisionFailedError} from './errors.ts'
import type {OnEvent, StepInfo} from './events.ts'
import {placeOfFailure, runRevision} from './run-revision.ts'
import type {RevisionContext} from '../operations/operations.ts'
import type {Session} from './session.ts'
import type {NewRow, VersionStore} from './version-store.ts'
import {messageOf} from '../util/thrown.ts'

type RunStep = UpgradeStep | DowngradeStep

/** What a run needs to know. */
export interface Run {
  readonly session: Session
  readonly store: VersionStore
  readonly tree: FileTree
  readonly graph: RevisionGraph<ScriptRevision>
  /** The applied set that the plan was made for. */
  readonly applied: ReadonlySet<RevisionId>
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

/**
 * Runs a plan: each revision in a transaction of its own, together with the change of the version table.
 *
 * All code is loaded before the first statement is sent, so that a file that cannot be loaded stops the run while
 * nothing has happened yet.
 *
 * @throws MigError REVISION_FAILED, REVISION_CODE_FAILED, IRREVERSIBLE, INTERRUPTED, VERSION_TABLE_CHANGED
 */
export async function runPlan(run: Run, plan: {readonly steps: readonly RunStep[]}): Promise<void> {
  const {session, store, graph, onEvent, database} = run
  if (plan.steps.length === 0) return
  let heads: readonly RevisionId[] = headsOf(graph, run.applied)
  const loaded: {readonly step: RunStep; readonly code: LoadedRevision}[] = []
  for (const step of plan.steps)
    loaded.push({step, code: await loadRevision(run.tree, graph.get(step.revision), step.direction, database)})
  await store.ensure()
  const outOfOrder = plan.steps.flatMap((step) => ('outOfOrder' in step ? step.revision : []))
  onEvent({kind: 'plan', database: session.name, steps: plan.steps.length, outOfOrder})
  for (const {step, code} of loaded) {
    refuseIfInterrupted(run, heads)
    const info: StepInfo = {
      direction: step.direction,
      revision: step.revision,
      message: graph.get(step.revision).message,
      database: database ?? session.name,
    }
    onEvent({kind: 'step-start', ...info})
    const durationMs = await applyStep(run, step, code, heads)
    heads = step.heads
    onEvent({kind: 'step-done', ...info, durationMs})
  }
}

async function applyStep(
  run: Run,
  step: RunStep,
  loaded: LoadedRevision,
  headsBefore: readonly RevisionId[],
): Promise<number> {
  const {session, store} = run
  const context: RevisionContext = {dialect: session.dialect, database: run.database, x: run.x, offline: false}
  const start = performance.now()
  const elapsed = (): number => Math.round(performance.now() - start)
  const work = async (): Promise<number> => {
    await runRevision(session, loaded, context, run.onEvent)
    refuseIfInterrupted(run, headsBefore)
    const durationMs = elapsed()
    const {direction, revision, heads: headsAfter} = step
    await store.apply({
      added: direction === 'upgrade' ? [rowOf(run.graph, revision, loaded.contentId, durationMs)] : [],
      removed: direction === 'downgrade' ? [revision] : [],
      headsBefore,
      headsAfter,
    })
    await store.log({action: direction, revision, durationMs, outcome: 'done'})
    return durationMs
  }
  try {
    return await (loaded.revision.transactional ? session.transaction(work) : work())
  } catch (error) {
    if (run.signal?.aborted) throw interrupted(headsBefore, loaded)
    if (error instanceof MigError && error.code === 'VERSION_TABLE_CHANGED') throw error
    const failure = new RevisionFailedError(
      {
        direction: step.direction,
        revision: step.revision,
        message: loaded.revision.message,
        ...placeOfFailure(error, loaded),
        state: capitalized(stateAfterFailure(headsBefore, loaded)),
        heads: headsBefore,
      },
      error,
    )
    const reason = messageOf(error)
    // The log is for later; that it cannot be written must not hide what happened.
    await store
      .log({action: step.direction, revision: step.revision, durationMs: elapsed(), outcome: 'failed', reason})
      .catch(() => {})
    throw failure
  }
}

/**
 * Sets the state of a database without running a revision, all steps in one transaction.
 *
 * @param purge whether the version table is emptied first, whatever it holds
 */
export async function runStamp(run: Run, plan: {readonly steps: readonly StampStep[]}, purge: boolean): Promise<void> {
  const {session, store, graph, tree, onEvent, database} = run
  await store.ensure()
  await session.transaction(async () => {
    let headsBefore: readonly RevisionId[] = headsOf(graph, run.applied)
    if (purge) await store.purge()
    for (const step of plan.steps) {
      const texts = await tree.read(step.added.map((id) => graph.get(id).file))
      const added = step.added.map((id, i) => rowOf(graph, id, contentIdOf(texts[i] ?? ''), 0))
      await store.apply({added, removed: step.removed, headsBefore, headsAfter: step.heads})
      await store.log({action: 'stamp', revision: step.revision, durationMs: 0, outcome: 'done'})
      headsBefore = step.heads
    }
  })
  for (const {direction, revision} of plan.steps) {
    const {message} = graph.get(revision)
    onEvent({kind: 'step-done', direction, revision, message, database: database ?? session.name, durationMs: 0})
  }
}

function rowOf(graph: RevisionGraph<ScriptRevision>, id: RevisionId, contentId: string, durationMs: number): NewRow {
  return {revision: id, downRevisions: graph.parents(id), message: graph.get(id).message, contentId, durationMs}
}

function refuseIfInterrupted({signal}: Run, heads: readonly RevisionId[]): void {
  if (signal?.aborted) throw new InterruptedError(standsOn(heads), heads)
}

function interrupted(heads: readonly RevisionId[], loaded: LoadedRevision): InterruptedError {
  return new InterruptedError(stateAfterFailure(heads, loaded), heads)
}

function stateAfterFailure(heads: readonly RevisionId[], {revision}: LoadedRevision): string {
  return revision.transactional
    ? `all of it was rolled back; ${standsOn(heads)}`
    : `it is not transactional, and what it did before is still there. In the version table, ${standsOn(heads)}`
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function standsOn(heads: readonly RevisionId[]): string {
  return `the database stands on ${heads.length === 0 ? 'the base: nothing is applied' : listOf(heads, 5)}.`
}
