import {headsOf} from '../graph/applied.ts'
import type {RevisionId} from '../graph/revision.ts'
import {contentIdOf} from '../script/content-id.ts'
import {transactionOf} from './transaction-boundaries.ts'
import {prepareRun, resumeStep, rowOf} from './runner.ts'
import type {PreparedStep} from './prepare.ts'
import {ResumeMismatchError} from './run-errors.ts'
import type {Run} from './runner.ts'
import type {StateChange} from './state/state-sql.ts'
import type {HalfApplied} from './state/version-store.ts'

/** Loads what a half applied revision would go on with. */
export async function prepareHalf(run: Run, half: HalfApplied): Promise<PreparedStep> {
  const {action: direction, revision} = half
  const heads = headsOf(run.graph, appliedAfter(run, half, direction === 'upgrade'))
  const [prepared] = await prepareRun(run, [{direction, revision, heads}])
  if (prepared === undefined) throw new RangeError(`${revision} was not prepared`)
  return prepared
}

/**
 * Goes on with a half applied revision behind the last statement that was run.
 *
 * @throws MigError RESUME_MISMATCH, REVISION_FAILED, and as `prepareRun`
 */
export async function resume(run: Run, half: HalfApplied, reason: string): Promise<void> {
  const {revision, done, digest, statement} = half
  if (digest === undefined) throw new ResumeMismatchError(revision, undefined)
  const prepared = await prepareHalf(run, half)
  await resumeStep(run, prepared, {done, digest, isNextInDoubt: statement !== undefined})
  await record(run, half, [], `resumed: ${reason}`)
}

/** Declares a half applied revision applied, or not applied, whatever of it is there. */
export async function mark(run: Run, half: HalfApplied, isApplied: boolean, reason: string): Promise<void> {
  const {action, revision} = half
  const {graph, store, tree} = run
  const after = appliedAfter(run, half, isApplied)
  const change: StateChange = {
    added: [],
    removed: [],
    headsBefore: headsOf(graph, run.applied),
    headsAfter: headsOf(graph, after),
  }
  const isDone = isApplied === (action === 'upgrade')
  const [text = ''] = isDone && isApplied ? await tree.read([graph.get(revision).file]) : []
  const commands = isDone
    ? store.sql.change(
        isApplied ? {...change, added: [rowOf(graph, revision, contentIdOf(text))]} : {...change, removed: [revision]},
        0,
      )
    : []
  const outcome = isDone ? 'done' : 'failed'
  const close = store.sql.closeLog(revision, {outcome, duration: 0})
  await record(run, half, [...commands, close], `marked ${isApplied ? 'applied' : 'not applied'}: ${reason}`)
}

async function record(
  {session, store, timeouts}: Run,
  {revision}: HalfApplied,
  commands: Parameters<typeof transactionOf>[2],
  reason: string,
): Promise<void> {
  const entry = store.sql.log({action: 'repair', revision, duration: 0, outcome: 'done', reason})
  await transactionOf(session, timeouts, [...commands, entry], store.sql.names.versionTable)
}

function appliedAfter(run: Run, {revision}: HalfApplied, isApplied: boolean): ReadonlySet<RevisionId> {
  const rest = [...run.applied].filter((id) => id !== revision)
  return new Set(isApplied ? [...rest, revision] : rest)
}
