import {MigError} from '../errors.ts'
import type {DowngradeStep, UpgradeStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Dialect} from '../operations/operation.ts'
import {LateOperationError, OfflineQueryError} from '../operations/errors.ts'
import type {Recorded} from '../operations/operations.ts'
import type {OperationsRecorder} from '../operations/recorder.ts'
import type {LoadedRevision} from '../script/load.ts'
import {batchesOf, compileBatch, mayRebuild} from '../sql/compile.ts'
import type {Compilation} from '../sql/compile.ts'
import type {Catalogue} from '../sql/sqlite/rebuild.ts'
import {dialects} from '../dialects/dialects.ts'
import {withoutComments} from '../dialects/session/session-sql.ts'
import type {Statement} from '../sql/statement.ts'
import {awaitProject, UnsettledPromiseError} from '../project-promises.ts'
import type {FailureContext} from '../project-promises.ts'
import {placeInStack} from '../util/stack.ts'
import {hintOfOpen} from './failure-hints.ts'
import {attachStatement, placeOf, placeOfFailure} from './failure.ts'
import type {RunSession} from './connection/run-session.ts'
import {PausingRecorder} from './pausing-recorder.ts'
import type {StepContext} from './run.ts'
import {
  ClientCommandError,
  LockReleaseError,
  NotTransactionalStatementError,
  OfflineRevisionError,
  TransactionControlError,
} from './statement-errors.ts'
import {InterruptedError, RevisionFailedError} from './run-errors.ts'

export type RunStep = UpgradeStep | DowngradeStep

/** Statements that are not known before the run. */
export interface MoreStatements {
  /** `query`: the revision waits for a result of the database. `rebuild`: a table may be rebuilt as it then is. */
  readonly reason: 'query' | 'rebuild'
  /** The file, with the line of the call that waits. */
  readonly place: string
}

/** A step whose code is loaded, called, and checked. */
export interface PreparedStep {
  readonly step: RunStep
  readonly loaded: LoadedRevision
  /** The statements known before the run. */
  readonly statements: readonly Statement[]
  /** The reason and place of the statements that are only known during the run; undefined if all are known. */
  readonly more: MoreStatements | undefined
  /** The recorder of its function; undefined for SQL. */
  readonly recorder: OperationsRecorder | undefined
  /** Whether to resume the recorder when the step runs, because not all statements are known. */
  readonly isWaiting: boolean
  /** Whether the step may rebuild a SQLite table, which requires foreign keys to be off. */
  readonly needsForeignKeysOff: boolean
}

/**
 * Loads the code of every step and calls it up to the first awaited result, so that errors are found before the run
 * changes anything.
 *
 * @throws MigError REVISION_FAILED, REVISION_CODE_FAILED, IRREVERSIBLE, NOT_TRANSACTIONAL_STATEMENT,
 *   TRANSACTION_CONTROL
 */
export async function prepare(steps: readonly RunStep[], context: StepContext): Promise<readonly PreparedStep[]> {
  const {graph, load} = context.revisions
  const prepared: PreparedStep[] = []
  for (const step of steps) {
    const loaded = await context.session.whileWaiting(async () =>
      load(graph.get(step.revision), step.direction, context.context),
    )
    prepared.push(await prepareLoaded(step, loaded, context))
  }
  return prepared
}

/** Returns the revisions of which an upgrade does nothing, although they are not merge points. */
export function withoutOperations({revisions}: StepContext, steps: readonly PreparedStep[]): readonly RevisionId[] {
  return steps
    .filter(({step, statements, more}) => step.direction === 'upgrade' && statements.length === 0 && !more)
    .map(({step}) => step.revision)
    .filter((id) => revisions.graph.downRevisions(id).length < 2)
}

/** Calls the code of a step again for a retry, because a recorder can only run once. */
export async function prepareAgain(
  {step, loaded, needsForeignKeysOff}: PreparedStep,
  context: StepContext,
): Promise<PreparedStep> {
  const prepared = await prepareLoaded(step, loaded, context)
  return needsForeignKeysOff ? {...prepared, needsForeignKeysOff} : prepared
}

/**
 * Checks that a statement can run in its transaction.
 *
 * @throws MigError NOT_TRANSACTIONAL_STATEMENT, TRANSACTION_CONTROL, CLIENT_COMMAND, LOCK_RELEASE
 */
export function checkStatement(
  statement: Statement,
  loaded: LoadedRevision,
  dialect: Dialect,
  isOneTransaction: boolean,
): void {
  const {transactionality, outsideTransaction, origin} = statement
  const {id, transactional} = loaded.revision
  const place = (): string => placeOf(origin, loaded)
  if (transactionality.kind === 'client') throw new ClientCommandError(id, place(), transactionality.command)
  if (transactionality.kind === 'control')
    throw new TransactionControlError(id, place(), transactionality.command, outsideTransaction || !transactional)
  if (dialects[dialect].releasesLocks?.test(withoutComments(statement.sql)) === true)
    throw new LockReleaseError(id, place(), statement.sql)
  const commits = transactionality.kind === 'commits' && dialects[dialect].capabilities.ddlCommits
  if (isOneTransaction && (outsideTransaction || !transactional || commits))
    throw new NotTransactionalStatementError(id, place(), undefined, isOneTransaction)
  if (transactionality.kind === 'outside' && transactional && !outsideTransaction)
    throw new NotTransactionalStatementError(id, place(), transactionality.command, isOneTransaction)
}

async function prepareLoaded(
  step: RunStep,
  loaded: LoadedRevision,
  {context, session, settings, caller}: StepContext,
): Promise<PreparedStep> {
  const {platform} = session
  const signal = caller?.signal
  const isOneTransaction = settings.transaction === 'all'
  const {body} = loaded
  if (body.kind === 'sql') {
    const statements = await statementsOf(body, session)
    for (const statement of statements) checkStatement(statement, loaded, context.dialect, isOneTransaction)
    const known = {more: undefined, recorder: undefined, isWaiting: false, needsForeignKeysOff: false}
    return {step, loaded, statements, ...known}
  }
  const recorder = new PausingRecorder(context)
  const statements: Statement[] = []
  try {
    const reached = await session.whileWaiting(async () =>
      awaitProject(titleOf(step, loaded), async () => recorder.start(body.run), {signal}),
    )
    const {known} = recorder
    // A rebuild depends on the table's definition when the step runs.
    const needsForeignKeysOff = !context.offline && (await mayRebuild(known, {...context, platform}))
    if (needsForeignKeysOff) {
      const more = {reason: 'rebuild', place: loaded.revision.file} as const
      return {step, loaded, statements, more, recorder, isWaiting: true, needsForeignKeysOff}
    }
    for (const batch of batchesOf(known, context))
      for (const statement of await compile(batch, {...context, platform})) statements.push(statement)
    for (const statement of statements) checkStatement(statement, loaded, context.dialect, isOneTransaction)
    if (reached === 'waiting') {
      const place = placeInStack(recorder.pause, loaded.path, loaded.revision.file)
      return {step, loaded, statements, more: {reason: 'query', place}, recorder, isWaiting: true, needsForeignKeysOff}
    }
    recorder.close()
    return {step, loaded, statements, more: undefined, recorder, isWaiting: false, needsForeignKeysOff}
  } catch (error) {
    recorder.abandon()
    if (error instanceof MigError && isAboutStatement(error)) throw error
    if (signal?.aborted) throw new InterruptedError('nothing was executed.', undefined)
    const {direction, revision} = step
    const failure = placeOfFailure(error, loaded)
    if (error instanceof OfflineQueryError) throw new OfflineRevisionError(revision, failure.place, error)
    const state = 'The error occurred before the run; nothing was executed.'
    const unawaited = unawaitedFailure(error, {step, loaded}, {state})
    if (unawaited !== undefined) throw unawaited
    const {message} = loaded.revision
    const hint = direction === 'upgrade' ? hintOfOpen(loaded.revision, error) : undefined
    throw new RevisionFailedError({direction, revision, message, ...failure, state, hint}, error)
  }
}

/** Returns the function of a step as the beginning of a sentence. */
export function titleOf({direction, revision}: RunStep, {revision: {message}}: LoadedRevision): string {
  return `The ${direction} of revision ${revision}${message === '' ? '' : ` (${message})`}`
}

/** Returns the error for a function that waits in vain, or that used `op` too late; undefined for other failures. */
export function unawaitedFailure(
  error: unknown,
  {step: {revision}, loaded}: Pick<PreparedStep, 'step' | 'loaded'>,
  context: FailureContext,
): MigError | undefined {
  const {file} = loaded.revision
  if (error instanceof UnsettledPromiseError)
    return new UnsettledPromiseError(error.waiting, {...context, data: {revision, file, ...context.data}})
  if (error instanceof LateOperationError) {
    const place = placeInStack(error, loaded.path, file)
    return new LateOperationError(error.operation, {revision, place, ...context})
  }
  return undefined
}

/** Compiles operations; errors are attributed to the call that recorded the first one. */
export async function compile(
  batch: readonly Recorded[],
  compilation: Compilation,
  catalogue?: Catalogue,
): Promise<readonly Statement[]> {
  try {
    return await compileBatch(batch, compilation, catalogue)
  } catch (error) {
    const [first] = batch
    if (first !== undefined) attachStatement(error, {sql: '', origin: {kind: 'call', site: first.site}})
    throw error
  }
}

function isAboutStatement({code}: MigError): boolean {
  return (
    code === 'NOT_TRANSACTIONAL_STATEMENT' ||
    code === 'TRANSACTION_CONTROL' ||
    code === 'CLIENT_COMMAND' ||
    code === 'LOCK_RELEASE' ||
    code === 'IRREVERSIBLE'
  )
}

async function statementsOf(
  {sql: text, line}: {readonly sql: string; readonly line: number},
  {dialect, platform}: Pick<RunSession, 'dialect' | 'platform'>,
): Promise<readonly Statement[]> {
  const parts = await dialects[dialect].split(text, true, platform)
  const statements: Statement[] = []
  let reached = {offset: 0, line}
  for (const {sql, offset, transactionality} of parts) {
    reached = {offset, line: reached.line + lineBreaks(text, reached.offset, offset)}
    statements.push({sql, outsideTransaction: false, origin: {kind: 'line', line: reached.line}, transactionality})
  }
  return statements
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
