import {headsOf} from '../graph/applied.ts'
import type {RevisionId} from '../graph/revision.ts'
import {withRowChanges} from '../graph/row-changes.ts'
import {transactionOf} from './transaction-boundaries.ts'
import {prepareRun, resumeStep} from './runner.ts'
import type {PreparedStep, RunStep} from './prepare.ts'
import {ResumeMismatchError} from './run-errors.ts'
import type {Run} from './run.ts'
import type {PartiallyApplied, StateChange} from './state/store.ts'
import {rowOfFile} from './step.ts'

/** Prepares a partially applied revision to be resumed. */
export async function preparePartial(run: Run, partial: PartiallyApplied): Promise<PreparedStep> {
  const {action: direction, revision} = partial
  const heads = headsOf(run.revisions.graph, appliedAfter(run, partial, direction === 'upgrade'))
  const [prepared] = await prepareRun(run, [stepOf(run, {direction, revision, heads})])
  if (prepared === undefined) throw new RangeError(`${revision} was not prepared`)
  return prepared
}

/**
 * Resumes a partially applied revision after its last executed statement.
 *
 * @param wasExecuted whether a statement in doubt was executed; undefined to find out by running it again
 * @throws MigError RESUME_MISMATCH, STATEMENT_IN_DOUBT, REVISION_FAILED, and as `prepareRun`
 */
export async function resume(
  run: Run,
  partial: PartiallyApplied,
  reason: string,
  wasExecuted: boolean | undefined,
): Promise<void> {
  const {revision, done, digest, statement} = partial
  if (digest === undefined) throw new ResumeMismatchError(revision, undefined)
  const prepared = await preparePartial(run, partial)
  const inDoubt = statement === undefined ? undefined : {sql: statement, wasExecuted}
  await resumeStep(run, prepared, {done, digest, inDoubt})
  const decision = inDoubt?.wasExecuted === undefined ? '' : `, statement in doubt ${wasExecuted ? '' : 'not '}executed`
  await record(run, partial, [], `resumed${decision}: ${reason}`)
}

/** Marks a partially applied revision as applied or not applied, without running statements. */
export async function mark(run: Run, partial: PartiallyApplied, isApplied: boolean, reason: string): Promise<void> {
  const {action, revision} = partial
  const {revisions, start, state} = run
  const {graph} = revisions
  const after = appliedAfter(run, partial, isApplied)
  const {rows} = stepOf(run, {direction: action, revision, heads: headsOf(graph, after)})
  const change: StateChange = {
    added: [],
    removed: isApplied ? [] : [revision],
    headsBefore: headsOf(graph, start.applied),
    headsAfter: headsOf(graph, after),
    ...rows,
  }
  const isDone = isApplied === (action === 'upgrade')
  const commands = isDone
    ? state.change(isApplied ? {...change, added: [await rowOfFile(run, revision)]} : change, 0)
    : []
  const outcome = isDone ? 'done' : 'failed'
  const close = state.closeLog(revision, {outcome, duration: 0})
  await record(run, partial, [...commands, close], `marked ${isApplied ? 'applied' : 'not applied'}: ${reason}`)
}

async function record(
  {session, state, settings}: Run,
  {revision, reason: failed}: PartiallyApplied,
  commands: Parameters<typeof transactionOf>[2],
  reason: string,
): Promise<void> {
  const failure = failed === undefined ? '' : `; it had failed with: ${failed}`
  const entry = state.log({action: 'repair', revision, duration: 0, outcome: 'done', reason: `${reason}${failure}`})
  await transactionOf(session, settings.timeouts, [...commands, entry], state.versionTable)
}

/** Returns a step with the change of rows that belongs to it. */
function stepOf({start: {recorded}}: Run, step: RunStep): RunStep {
  return recorded === undefined ? step : (withRowChanges([step], recorded)[0] ?? step)
}

function appliedAfter(run: Run, {revision}: PartiallyApplied, isApplied: boolean): ReadonlySet<RevisionId> {
  const rest = [...run.start.applied].filter((id) => id !== revision)
  return new Set(isApplied ? [...rest, revision] : rest)
}
