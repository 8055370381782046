import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {dialects} from '../dialects/dialects.ts'
import type {SessionReset} from '../dialects/session/session-sql.ts'
import type {Row} from '../operations/bulk-insert.ts'
import type {AroundQuery, OperationsHost, Recorded, RevisionQuery} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {awaitProject} from '../project-promises.ts'
import {batchesOf} from '../sql/compile.ts'
import type {Catalogue} from '../sql/sqlite/rebuild.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandQueue} from './command-queue.ts'
import type {QueueContext} from './command-queue.ts'
import type {Command} from './connection/command.ts'
import {placeOf} from './failure.ts'
import {LoneStatements} from './lone-statements.ts'
import type {NonTransactionalTables} from './non-transactional-tables.ts'
import {checkStatement, compile, titleOf} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import {ProgressLog} from './progress-log.ts'
import type {PartialProgress, ResumePoint} from './progress-log.ts'
import {SessionSettings} from './session-settings.ts'
import {ResumeSessionError} from './run-errors.ts'
import {NotTransactionalStatementError, TransactionControlError} from './statement-errors.ts'
import type {Duration, StateChange, StateWriter} from './state/store.ts'
import {refuseOutsideTransaction} from './tenant.ts'
import {gateInside, userStatement} from './user-statement.ts'
import type {Gate, UserStatement} from './user-statement.ts'

/** The context that revisions run in. */
export interface ExecutionContext extends Omit<QueueContext, 'versionTable'> {
  /** Returns the statements that put the session back after a revision has run these. */
  readonly resetAfter: (statements: readonly string[]) => SessionReset
  readonly state: StateWriter
  readonly signal?: AbortSignal | undefined
  readonly registry: OperationRegistry
  /** Undefined when writing a script, which cannot know the tables. */
  readonly tables: NonTransactionalTables | undefined
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
  readonly #alone: LoneStatements
  #isStaged = false
  #isFinishing = false

  /** @param resume where to resume a partially applied revision, from its open log row */
  constructor(context: ExecutionContext, prepared: PreparedStep, resume?: ResumePoint) {
    const {state} = context
    const {step, statements, isWaiting} = prepared
    const {direction, revision} = step
    const total = isWaiting ? undefined : statements.length
    this.#context = context
    this.#prepared = prepared
    this.#queue = new CommandQueue({...context, versionTable: state.versionTable}, revision, (n) =>
      this.#log.uncount(n),
    )
    this.#settings = new SessionSettings(context.session, context.resetAfter)
    this.#log = new ProgressLog(state, {direction, revision, total}, resume)
    this.#alone = new LoneStatements(context, this.#queue, this.#log, this.#settings)
  }

  /** The progress of a partially applied revision; undefined if none of it is applied. */
  get partial(): PartialProgress | undefined {
    return this.#log.partial
  }

  /** The part of the revision that may have been committed when the connection was lost, if any. */
  get commitInDoubt(): 'revision' | 'statements' | undefined {
    const {session, isOneTransaction} = this.#context
    // The end of a savepoint is no commit.
    if (!this.#queue.isCommitUnknown || isOneTransaction || session.isBorrowed) return undefined
    return this.#isFinishing ? 'revision' : 'statements'
  }

  /**
   * Queues the revision up to its commit, and returns the commands without sending them; `finish` then sends this very list.
   * All statements must be known and run in one transaction, and so must those that put the session back.
   */
  async stage(change: StateChange): Promise<readonly Command[]> {
    await this.perform()
    this.#log.refuseUnresumed()
    this.#isStaged = true
    this.#queue.begin(this.#settings.own())
    await this.#resetInside()
    this.#queueEnd(change, 'transaction')
    return this.#queue.stage()
  }

  /** Runs the revision, leaving its last transaction open. */
  async perform(): Promise<void> {
    if (this.#isStaged) return
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
   * @param beforeCommit called in the transaction, with the gate for its statements
   */
  async finish(
    change: StateChange,
    elapsed: () => number,
    beforeCommit?: (gate: Gate) => Promise<void>,
  ): Promise<void> {
    this.#isFinishing = true
    if (this.#isStaged) return this.#queue.commit()
    this.#log.refuseUnresumed()
    const {session} = this.#context
    this.#queue.begin(this.#settings.own())
    if (!session.sendsAtOnce) await this.#queue.send()
    await this.#resetInside()
    const duration = session.sendsAtOnce && this.partial === undefined ? 'transaction' : elapsed()
    this.#queueEnd(change, duration)
    if (beforeCommit !== undefined) {
      await this.#queue.send()
      await this.#settle(beforeCommit)
    }
    await this.#queue.commit()
  }

  /** Runs code in the transaction before its commit, and puts back what its statements set. */
  async #settle(beforeCommit: (gate: Gate) => Promise<void>): Promise<void> {
    const gate = gateInside(this.#queue, this.#context.session)
    let hasRun = false
    await beforeCommit(async (sql, run) => {
      this.#settings.noteUnknown()
      hasRun = true
      return gate(sql, run)
    })
    if (hasRun) await this.#resetInside()
  }

  /** Puts the settings back that a transaction cannot change, after the revision is committed. */
  async restoreSession(): Promise<void> {
    if (this.#mayResetOutside) await this.#context.session.sendRegardless(await this.#settings.after())
  }

  /** Rolls back the open transaction after a failure. */
  async rollBack(): Promise<void> {
    this.#prepared.recorder?.abandon()
    if (!(await this.#queue.rollBack())) this.#log.keepRest()
  }

  /**
   * Records the outcome after the rollback.
   *
   * @param reason why the revision failed; undefined if it is to be retried, or if an earlier failure still is the reason
   */
  async abandon(reason: string | undefined, elapsed: number): Promise<void> {
    const {session, isOneTransaction} = this.#context
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
        checkStatement(statement, this.#prepared.loaded, dialect, isOneTransaction)
        if (statement.requires === 'foreignKeysOff' && !this.#prepared.needsForeignKeysOff)
          throw new ForeignKeysNeeded()
        await this.#add(statement)
      }
    }
    await this.#queue.send()
  }

  async query({sql, parameters, outsideTransaction, site}: RevisionQuery): Promise<readonly Row[]> {
    const {session} = this.#context
    const text = session.platform.formatQuery(sql, parameters)
    const gate = this.#gate(outsideTransaction, async (query) => query(), site)
    return gate(text, async () => session.query<Row>(text))
  }

  async kysely(around: AroundQuery, outsideTransaction: boolean): Promise<Kysely<unknown>> {
    return this.#context.session.queryBuilder(this.#gate(outsideTransaction, around))
  }

  async entityManager(around: AroundQuery, outsideTransaction: boolean): Promise<SqlEntityManager> {
    return this.#context.session.entityManager(this.#gate(outsideTransaction, around))
  }

  /** Returns the gate for statements of user code, which are checked and counted like operations. */
  #gate(outsideTransaction: boolean, around: AroundQuery, call?: Error): Gate {
    const {session, isOneTransaction} = this.#context
    const {dialect} = session
    return async (sql, run) => {
      const site = call ?? new Error('queried')
      return around(async () => {
        const statement = await userStatement(sql, session, outsideTransaction, site)
        const {loaded} = this.#prepared
        checkStatement(statement, loaded, dialect, isOneTransaction)
        if (statement.savepoint !== undefined && this.#needsOwnTransaction(statement))
          throw new TransactionControlError(loaded.revision.id, placeOf(statement.origin, loaded), 'SAVEPOINT', true)
        return this.#runUser({...statement, isNeverUndone: await this.#isNeverUndone(statement)}, run)
      })
    }
  }

  async #runUser<Result>(statement: UserStatement, run: () => Promise<Result>): Promise<Result> {
    const {isRead, savepoint, outsideTransaction} = statement
    this.#settings.noteUnknown()
    // Its statement was recorded by an operation.
    if (!isRead && savepoint === undefined) {
      this.#log.refuseUnresumed()
      this.#log.loseDigest()
    }
    const commits = this.#commitsByItself(statement)
    if (commits || (!isRead && this.#needsOwnTransaction(statement))) return this.#alone.runUser(statement, run)
    await this.#makeReady(outsideTransaction)
    const result = await this.#queue.run(statement, run)
    if (savepoint !== undefined) this.#log.noteSavepoint(savepoint.action, savepoint.name)
    else if (!isRead) this.#log.count(statement)
    return result
  }

  async #add(compiled: Statement): Promise<void> {
    const statement = {...compiled, isNeverUndone: await this.#isNeverUndone(compiled)}
    if (this.#log.isBeforeResume()) {
      this.#repeatSetting(statement)
      return this.#log.count(statement)
    }
    if (this.#log.countsAsExecuted(statement)) {
      this.#repeatSetting(statement)
      return this.#log.count(statement)
    }
    this.#settings.note(statement)
    const needsOwnTransaction = this.#needsOwnTransaction(statement)
    if (this.#commitsByItself(statement)) return this.#alone.run(statement)
    if (needsOwnTransaction) await this.#alone.endTransaction()
    this.#queue.begin(this.#settings.own())
    this.#queue.addStatement(statement)
    this.#log.count(statement)
    if (needsOwnTransaction) await this.#endOwnTransaction()
  }

  #queueEnd(change: StateChange, duration: Duration): void {
    this.#queue.add(...this.#context.state.change(change, duration), this.#log.finish(duration))
  }

  /** Commits the transaction of a single statement, which user code may do without if it fails. */
  async #endOwnTransaction(): Promise<void> {
    try {
      await this.#alone.endTransaction()
    } catch (error) {
      this.#queue.drop()
      this.#log.rewind()
      throw error
    }
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

  #commitsByItself({transactionality, outsideTransaction, isNeverUndone = false}: Statement): boolean {
    const {dialect} = this.#context.session
    if (transactionality.kind === 'outside' || isNeverUndone) return true
    if (transactionality.kind !== 'commits') return false
    return outsideTransaction || !this.#isTransactional || dialects[dialect].capabilities.ddlCommits
  }

  /** Returns whether a statement changes a table without transactions. */
  async #isNeverUndone({sql, transactionality, origin}: Statement): Promise<boolean> {
    const {tables, isOneTransaction} = this.#context
    if (tables === undefined) return false
    if (transactionality.kind !== 'inside') {
      tables.forget()
      return false
    }
    if (!(await tables.areChangedBy(sql))) return false
    const {loaded} = this.#prepared
    const what = 'A change of a table without transactions'
    if (isOneTransaction)
      throw new NotTransactionalStatementError(loaded.revision.id, placeOf(origin, loaded), what, true)
    return true
  }

  #needsOwnTransaction({outsideTransaction}: Statement): boolean {
    return outsideTransaction || !this.#isTransactional
  }

  /** Begins or ends the transaction, as the next call of user code requires. */
  async #makeReady(outsideTransaction: boolean): Promise<void> {
    if (outsideTransaction || !this.#isTransactional) {
      refuseOutsideTransaction(this.#context.session)
      await this.#alone.endTransaction()
    } else this.#queue.begin(this.#settings.own())
    await this.#queue.send()
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
