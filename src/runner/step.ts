import {headsOf} from '../graph/applied.ts'
import type {StampStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {contentIdOf} from '../script/content-id.ts'
import type {LoadedRevision} from '../script/load.ts'
import {operationsIdOf} from '../script/operations-id.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import {isConnectionLost} from './errors.ts'
import type {RunStep} from './prepare.ts'
import type {StepContext} from './run.ts'
import {CommitFailedError} from './run-errors.ts'
import type {NewRow, StateChange} from './state/store.ts'
import {headsSentence} from './step-failure.ts'
import {bracketOf, savepointBracket, sessionTimeouts, transactionOf} from './transaction-boundaries.ts'
import type {Timeouts} from '../dialects/dialect.ts'
import type {Bracket} from './transaction-boundaries.ts'

/** The transactions of one step. */
export interface StepTransactions {
  readonly bracket: Bracket
  readonly timeouts: Timeouts
}

/** Creates mig's missing tables. */
export async function createTables({session, state, start}: StepContext): Promise<void> {
  if (start.missing.length > 0) await session.send(state.createTables(start.missing))
}

/**
 * Runs `work` in one transaction if the setting is `transaction: 'all'`.
 *
 * @param heads the heads of the database before
 * @throws MigError DATABASE_FAILED if the commit fails, as with a deferred constraint; any error of `work`
 */
export async function inOneTransaction(
  {session, settings}: StepContext,
  heads: readonly RevisionId[],
  work: () => Promise<void>,
): Promise<void> {
  if (settings.transaction === 'each') return work()
  const {begin, commit, rollback} = bracketOf(session, settings.timeouts)
  await session.send(begin.map((sql) => ({sql})))
  try {
    await work()
    await session.send([{sql: commit}]).catch((error: unknown) => {
      const cause = error instanceof CommandFailure ? error.cause : error
      throw isConnectionLost(cause) ? error : new CommitFailedError(session.name, headsSentence(heads), cause)
    })
  } catch (error) {
    await session.sendRegardless([{sql: rollback}]).catch(() => {})
    throw error
  }
}

/** Sets the timeouts of a step, for dialects without transaction timeouts. */
export async function setTimeouts({session}: StepContext, timeouts: Timeouts): Promise<void> {
  const commands = sessionTimeouts(session, timeouts).map((sql) => ({sql}))
  if (commands.length > 0) await session.send(commands)
}

/** Returns the transaction statements and the timeouts of a step. */
export function transactionsOf(
  {session, settings}: StepContext,
  {revision: {lockTimeout}}: LoadedRevision,
): StepTransactions {
  const timeouts = lockTimeout === undefined ? settings.timeouts : {...settings.timeouts, tableLock: lockTimeout}
  return settings.transaction === 'all'
    ? {timeouts, bracket: savepointBracket(bracketOf(session, settings.timeouts))}
    : {timeouts, bracket: bracketOf(session, timeouts)}
}

/** Returns the change that a step makes to the version table. */
export function changeOf(
  {direction, revision, heads, rows}: RunStep,
  headsBefore: readonly RevisionId[],
  row: NewRow,
  covered: ReadonlySet<RevisionId> = new Set(),
): StateChange {
  const uncovered = (ids: readonly RevisionId[]): readonly RevisionId[] => ids.filter((id) => !covered.has(id))
  return {
    added: direction === 'upgrade' ? [row] : [],
    removed: rows?.removed ?? (direction === 'downgrade' ? [revision] : []),
    headsBefore: uncovered(rows?.headsBefore ?? headsBefore),
    headsAfter: uncovered(rows?.headsAfter ?? heads),
  }
}

/** Returns the version table row of a revision that is recorded as applied without being run. */
export async function rowOfFile({session, revisions, context}: StepContext, id: RevisionId): Promise<NewRow> {
  const {graph, tree, load} = revisions
  const revision = graph.get(id)
  const [text = ''] = await tree.read([revision.file])
  const contentId = contentIdOf(text)
  const operationsId = context.offline
    ? undefined
    : await session.whileWaiting(async () => {
        // Code that cannot be loaded is no obstacle: it is not run.
        const loaded = await load(revision, 'upgrade', context).catch(() => undefined)
        return loaded?.contentId === contentId ? operationsIdOf(loaded, load, context) : undefined
      })
  return rowOf(graph, id, {contentId, operationsId})
}

/** Returns the version table row of an applied revision. */
export function rowOf(
  graph: RevisionGraph<ScriptRevision>,
  id: RevisionId,
  content: Pick<NewRow, 'contentId' | 'operationsId'>,
): NewRow {
  const {message, replaces} = graph.get(id)
  return {revision: id, downRevisions: graph.parents(id), message, ...(replaces.length > 0 && {replaces}), ...content}
}

/** Returns the revisions that squashes replace. */
export function replacedBy({aliases}: RevisionGraph, squashes: ReadonlySet<RevisionId>): readonly RevisionId[] {
  return [...aliases].flatMap(([id, squash]) => (squashes.has(squash) ? id : []))
}

/** Settings of a stamp. */
export interface StampSettings {
  /** Whether to empty the version table first. */
  readonly purge?: boolean
  /** The revisions whose text is not recorded, because it is not what was applied. */
  readonly withoutText?: ReadonlySet<RevisionId>
}

/**
 * Sets the recorded state without running revisions, all steps in one transaction.
 *
 * @param fence commands run first in the transaction
 */
export async function stampSteps(
  context: StepContext,
  steps: readonly StampStep[],
  fence: readonly Command[],
  {purge = false, withoutText = new Set()}: StampSettings,
): Promise<void> {
  const {session, state, revisions, start, settings} = context
  const {graph} = revisions
  await createTables(context)
  let headsBefore: readonly RevisionId[] = purge ? [] : headsOf(graph, start.applied)
  const commands = [...fence, ...(purge ? [state.purge()] : [])]
  for (const step of steps) {
    const added: NewRow[] = []
    for (const id of step.added)
      added.push(withoutText.has(id) ? rowOf(graph, id, {contentId: ''}) : await rowOfFile(context, id))
    const removedIfThere = step.rows === undefined ? replacedBy(graph, new Set(step.removed)) : []
    const change = {added, removed: step.removed, removedIfThere, headsBefore, headsAfter: step.heads}
    commands.push(
      ...state.change({...change, ...step.rows}, 0),
      state.log({action: 'stamp', revision: step.revision, duration: 0, outcome: 'done'}),
    )
    headsBefore = step.heads
  }
  await transactionOf(session, settings.timeouts, commands, state.versionTable)
}
