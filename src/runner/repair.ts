import {headsOf} from '../graph/applied.ts'
import type {RevisionId} from '../graph/revision.ts'
import {transactionOf} from './transaction-boundaries.ts'
import {prepareRun, resumeStep} from './runner.ts'
import type {PreparedStep} from './prepare.ts'
import {ResumeMismatchError} from './run-errors.ts'
import type {Run} from './run.ts'
import type {PartiallyApplied, StateChange} from './state/store.ts'
import {rowOfFile} from './step.ts'

/** Prepares a partially applied revision to be resumed. */
export async function preparePartial(run: Run, partial: PartiallyApplied): Promise<PreparedStep> {
  const {action: direction, revision} = partial
  const heads = headsOf(run.revisions.graph, appliedAfter(run, partial, direction === 'upgrade'))
  const [prepared] = await prepareRun(run, [{direction, revision, heads}])
  if (prepared === undefined) throw new RangeError(`${revision} was not prepared`)
  return prepared
}

/**
 * Resumes a partially applied revision after its last executed statement.
 *
 * @throws MigError RESUME_MISMATCH, REVISION_FAILED, and as `prepareRun`
 */
export async function resume(run: Run, partial: PartiallyApplied, reason: string): Promise<void> {
  const {revision, done, digest, statement} = partial
  if (digest === undefined) throw new ResumeMismatchError(revision, undefined)
  const prepared = await preparePartial(run, partial)
  await resumeStep(run, prepared, {done, digest, isNextInDoubt: statement !== undefined})
  await record(run, partial, [], `resumed: ${reason}`)
}

/** Marks a partially applied revision as applied or not applied, without running statements. */
export async function mark(run: Run, partial: PartiallyApplied, isApplied: boolean, reason: string): Promise<void> {
  const {action, revision} = partial
  const {revisions, start, state} = run
  const {graph} = revisions
  const after = appliedAfter(run, partial, isApplied)
  const change: StateChange = {
    added: [],
    removed: [],
    headsBefore: headsOf(graph, start.applied),
    headsAfter: headsOf(graph, after),
  }
  const isDone = isApplied === (action === 'upgrade')
  const commands = isDone
    ? state.change(
        isApplied ? {...change, added: [await rowOfFile(run, revision)]} : {...change, removed: [revision]},
        0,
      )
    : []
  const outcome = isDone ? 'done' : 'failed'
  const close = state.closeLog(revision, {outcome, duration: 0})
  await record(run, partial, [...commands, close], `marked ${isApplied ? 'applied' : 'not applied'}: ${reason}`)
}

async function record(
  {session, state, settings}: Run,
  {revision}: PartiallyApplied,
  commands: Parameters<typeof transactionOf>[2],
  reason: string,
): Promise<void> {
  const entry = state.log({action: 'repair', revision, duration: 0, outcome: 'done', reason})
  await transactionOf(session, settings.timeouts, [...commands, entry], state.versionTable)
}

function appliedAfter(run: Run, {revision}: PartiallyApplied, isApplied: boolean): ReadonlySet<RevisionId> {
  const rest = [...run.start.applied].filter((id) => id !== revision)
  return new Set(isApplied ? [...rest, revision] : rest)
}
