import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {dialects} from '../dialects/dialects.ts'
import type {SessionReset} from '../dialects/session/session-sql.ts'
import type {Row} from '../operations/bulk-insert.ts'
import type {AroundQuery, OperationsHost, Recorded} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {awaitProject} from '../project-promises.ts'
import {batchesOf} from '../sql/compile.ts'
import type {Catalogue} from '../sql/sqlite/rebuild.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandQueue} from './command-queue.ts'
import type {QueueContext} from './command-queue.ts'
import type {Command} from './connection/command.ts'
import {isConnectionLost} from './errors.ts'
import {attachStatement, placeOf} from './failure.ts'
import {removeInvalidIndex, saysDoneBefore} from './indeterminate-statement.ts'
import {checkStatement, compile, titleOf} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import {ProgressLog} from './progress-log.ts'
import type {PartialProgress, ResumePoint} from './progress-log.ts'
import {SessionSettings} from './session-settings.ts'
import {ResumeSessionError} from './run-errors.ts'
import type {StateChange, StateWriter} from './state/store.ts'
import {refuseOutsideTransaction} from './tenant.ts'

/** The context that revisions run in. */
export interface ExecutionContext extends Omit<QueueContext, 'versionTable'> {
  /** Returns the statements that put the session back after a revision has run these. */
  readonly resetAfter: (statements: readonly string[]) => SessionReset
  readonly state: StateWriter
  readonly signal?: AbortSignal | undefined
  readonly registry: OperationRegistry
  /** Whether all revisions run in one transaction. */
  readonly isOneTransaction: boolean
}

/** Signals that a revision rebuilds a SQLite table and must be rerun with foreign keys off. */
export class ForeignKeysNeeded extends Error {}

/**
 * Runs one revision.
 *
 * If possible, the revision and its change of the version table are one transaction. From the first statement that
 * commits implicitly, a log row records the progress of the revision: reversible statements share a transaction with
 * the row that counts them, and irreversible statements are recorded before they are sent.
 */
export class Execution implements OperationsHost {
  readonly #context: ExecutionContext
  readonly #prepared: PreparedStep
  readonly #queue: CommandQueue
  readonly #log: ProgressLog
  readonly #settings: SessionSettings

  /** @param resume where to resume a partially applied revision, from its open log row */
  constructor(context: ExecutionContext, prepared: PreparedStep, resume?: ResumePoint) {
    const {state} = context
    const {step, statements, isWaiting} = prepared
    const {direction, revision} = step
    const total = isWaiting ? undefined : statements.length
    this.#context = context
    this.#prepared = prepared
    this.#queue = new CommandQueue({...context, versionTable: state.versionTable}, revision)
    this.#settings = new SessionSettings(context.session, context.resetAfter)
    this.#log = new ProgressLog(state, {direction, revision, total}, resume)
  }

  /** The progress of a partially applied revision; undefined if none of it is applied. */
  get partial(): PartialProgress | undefined {
    return this.#log.partial
  }

  /** Runs the revision, leaving its last transaction open. */
  async perform(): Promise<void> {
    const {statements, recorder, isWaiting, step, loaded} = this.#prepared
    if (recorder === undefined || !isWaiting) for (const statement of statements) await this.#add(statement)
    else {
      const {signal, session} = this.#context
      const idle = async (): Promise<void> => recorder.idle()
      const proceed = async (): Promise<void> => recorder.proceed(this)
      await session.whileWaiting(async () => awaitProject(titleOf(step, loaded), proceed, {signal, idle}))
    }
  }

  /**
   * Updates the version table and the log, and commits.
   *
   * @param elapsed returns the running time of the revision in milliseconds
   * @param beforeCommit called in the transaction
   */
  async finish(change: StateChange, elapsed: () => number, beforeCommit?: () => Promise<void>): Promise<void> {
    const {session, state} = this.#context
    this.#queue.begin(this.#settings.own())
    if (!session.sendsAtOnce) await this.#queue.send()
    await this.#resetInside()
    const duration = session.sendsAtOnce && this.partial === undefined ? 'transaction' : elapsed()
    this.#queue.add(...state.change(change, duration), this.#log.finish(duration))
    if (beforeCommit !== undefined) {
      await this.#queue.send()
      await beforeCommit()
    }
    await this.#queue.commit()
  }

  /** Puts the settings back that a transaction cannot change, after the revision is committed. */
  async restoreSession(): Promise<void> {
    if (this.#mayResetOutside) await this.#context.session.sendRegardless(await this.#settings.after())
  }

  /**
   * Rolls back the open transaction and records the outcome.
   *
   * @param reason why the revision failed; undefined if it is to be retried
   */
  async abandon(reason: string | undefined, elapsed: number): Promise<void> {
    this.#prepared.recorder?.abandon()
    const {session, isOneTransaction} = this.#context
    await session.sendRegardless(this.#queue.drop())
    const reset = [...(await this.#settings.inside()), ...(this.#mayResetOutside ? await this.#settings.after() : [])]
    const settings = isOneTransaction && reset.length > 0 ? this.#transactionSettings : []
    await session.sendRegardless([...reset, ...settings, ...this.#log.abandon(reason, elapsed, !isOneTransaction)])
    this.#log.abandoned()
  }

  async whileUsed<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#context.session.whileUsed(work)
  }

  async run(recorded: readonly Recorded[]): Promise<void> {
    const {session, registry, isOneTransaction} = this.#context
    const {dialect, platform} = session
    const compilation = {dialect, platform, registry}
    const catalogue: Catalogue = async (sql) => session.query(sql)
    for (const batch of batchesOf(recorded, compilation)) {
      // A rebuild depends on the current definition of the table.
      if (dialects[dialect].capabilities.rebuildsTables) await this.#queue.send()
      for (const statement of await compile(batch, compilation, catalogue)) {
        checkStatement(statement, this.#prepared.loaded, isOneTransaction)
        if (statement.requires === 'foreignKeysOff' && !this.#prepared.needsForeignKeysOff)
          throw new ForeignKeysNeeded()
        await this.#add(statement)
      }
    }
    await this.#queue.send()
  }

  async query(sql: string, parameters: readonly unknown[], outsideTransaction: boolean): Promise<readonly Row[]> {
    const {session, onEvent} = this.#context
    const site = new Error('queried')
    const text = session.platform.formatQuery(sql, parameters)
    await this.#makeReady(outsideTransaction)
    this.#settings.noteUnknown()
    onEvent({kind: 'statement', sql: text})
    try {
      return await session.query<Row>(text)
    } catch (error) {
      attachStatement(error, {sql: text, origin: {kind: 'call', site}})
      throw error
    }
  }

  async kysely(around: AroundQuery, outsideTransaction: boolean): Promise<Kysely<unknown>> {
    this.#log.loseCount()
    this.#settings.noteUnknown()
    await this.#makeReady(outsideTransaction)
    return this.#context.session.queryBuilder(around)
  }

  async entityManager(around: AroundQuery, outsideTransaction: boolean): Promise<SqlEntityManager> {
    this.#log.loseCount()
    this.#settings.noteUnknown()
    await this.#makeReady(outsideTransaction)
    return this.#context.session.entityManager(around)
  }

  async #add(statement: Statement): Promise<void> {
    if (this.#log.isBeforeResume()) {
      this.#repeatSetting(statement)
      return this.#log.count(statement)
    }
    this.#settings.note(statement)
    const needsOwnTransaction = statement.outsideTransaction || !this.#isTransactional
    if (this.#commitsByItself(statement)) return this.#runByItself(statement)
    if (needsOwnTransaction) await this.#endTransaction()
    this.#queue.begin(this.#settings.own())
    this.#queue.addStatement(statement)
    this.#log.count(statement)
    if (needsOwnTransaction) await this.#endTransaction()
  }

  /** Sets again what an executed statement has set, because its session has ended. */
  #repeatSetting(statement: Statement): void {
    const {session} = this.#context
    switch (dialects[session.dialect].session.effectOf(statement.sql)) {
      case 'setting':
        this.#settings.note(statement)
        return this.#queue.addStatement(statement)
      case 'object':
        throw new ResumeSessionError(this.#prepared.step.revision, placeOf(statement.origin, this.#prepared.loaded))
      case 'none':
      case 'code':
      case 'local':
    }
  }

  #commitsByItself({transactionality, outsideTransaction}: Statement): boolean {
    const {dialect} = this.#context.session
    if (transactionality.kind === 'outside') return true
    if (transactionality.kind !== 'commits') return false
    return outsideTransaction || !this.#isTransactional || dialects[dialect].capabilities.ddlCommits
  }

  /** Records a statement that cannot be rolled back, then sends it. */
  async #runByItself(statement: Statement): Promise<void> {
    const {session} = this.#context
    refuseOutsideTransaction(session)
    await this.#endTransaction()
    await this.#recordByItself(statement)
    this.#log.doubt(statement)
    const mayBeDone = this.#log.isAtDoubt
    if (mayBeDone) await removeInvalidIndex(session, statement)
    this.#queue.addStatement(statement)
    try {
      await this.#queue.send()
    } catch (error) {
      // This failure says nothing about the previous attempt.
      if (!mayBeDone) await this.#clearDoubtAfterFailure(statement, error)
      if (!mayBeDone || !saysDoneBefore(statement, error)) throw error
    }
    this.#log.clearDoubt()
    this.#log.count(statement)
    this.#log.commit()
  }

  /** Records a statement that is about to be sent. */
  async #recordByItself(statement: Statement): Promise<void> {
    const {fence} = this.#context
    const own = this.#settings.own()
    if (own.length === 0) {
      this.#queue.add(...fence, this.#log.record(statement))
      return this.#queue.send()
    }
    this.#queue.begin(this.#settings.own())
    await this.#queue.commit(...own, this.#log.record(statement))
  }

  /** Clears the doubt unless the connection is lost: a database error means that the statement was not applied. */
  async #clearDoubtAfterFailure(statement: Statement, error: unknown): Promise<void> {
    if (isConnectionLost(error)) return
    try {
      await removeInvalidIndex(this.#context.session, statement)
      this.#log.clearDoubt()
    } catch {
      // The statement's own error matters more; the doubt stays recorded.
    }
  }

  /** Begins or ends the transaction, as the next call of user code requires. */
  async #makeReady(outsideTransaction: boolean): Promise<void> {
    if (outsideTransaction || !this.#isTransactional) {
      refuseOutsideTransaction(this.#context.session)
      await this.#endTransaction()
    } else this.#queue.begin(this.#settings.own())
    await this.#queue.send()
  }

  /** Commits the statements run so far, together with the log row that counts them. */
  async #endTransaction(): Promise<void> {
    if (!this.#queue.isInTransaction) return
    if (!this.#log.hasNews) return this.#queue.commit()
    await this.#queue.commit(...this.#settings.own(), this.#log.record())
    this.#log.commit()
  }

  async #resetInside(): Promise<void> {
    const reset = await this.#settings.inside()
    if (reset.length > 0) this.#queue.add(...reset, ...this.#transactionSettings)
  }

  /** The settings of the current transaction, which a reset of the session removes. */
  get #transactionSettings(): readonly Command[] {
    return this.#context.bracket.settings.map((sql) => ({sql}))
  }

  get #mayResetOutside(): boolean {
    return !this.#context.isOneTransaction && !this.#context.session.isBorrowed
  }

  get #isTransactional(): boolean {
    return this.#prepared.loaded.revision.transactional
  }
}
