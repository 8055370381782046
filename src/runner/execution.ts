import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {dialects} from '../dialects/dialects.ts'
import type {Row} from '../operations/bulk-insert.ts'
import type {OperationsHost, Recorded} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {batchesOf} from '../sql/compile.ts'
import type {Catalogue} from '../sql/sqlite/rebuild.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandQueue} from './command-queue.ts'
import type {QueueContext} from './command-queue.ts'
import {isConnectionLost} from './errors.ts'
import {attachStatement} from './failure.ts'
import {removeInvalidIndex, saysDoneBefore} from './indeterminate-statement.ts'
import {checkStatement, compile} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import {ProgressLog} from './progress-log.ts'
import type {PartialProgress, ResumePoint} from './progress-log.ts'
import type {StateChange, StateWriter} from './state/store.ts'
import {refuseOutsideTransaction} from './tenant.ts'

/** What revisions are run with. */
export interface ExecutionContext extends Omit<QueueContext, 'versionTable'> {
  readonly state: StateWriter
  readonly registry: OperationRegistry
  /** Whether all revisions are in one transaction. */
  readonly isOneTransaction: boolean
}

/** A revision turns out to rebuild a table of SQLite: it is to be run again with foreign keys off. */
export class ForeignKeysNeeded extends Error {}

/**
 * Runs one revision.
 *
 * As long as nothing forbids it, the revision is one transaction together with the change of the version table, and is
 * all or nothing. From the first statement on that commits by itself, a row of the log says how far the revision is: what
 * can be undone is in one transaction with the row that counts it, and what cannot is named there before it is sent.
 */
export class Execution implements OperationsHost {
  readonly #context: ExecutionContext
  readonly #prepared: PreparedStep
  readonly #queue: CommandQueue
  readonly #log: ProgressLog

  /** @param resume where to resume, when the revision is partially applied: its row in the log is open */
  constructor(context: ExecutionContext, prepared: PreparedStep, resume?: ResumePoint) {
    const {state} = context
    const {step, statements, waiting} = prepared
    const {direction, revision} = step
    const total = waiting === undefined ? statements.length : undefined
    this.#context = context
    this.#prepared = prepared
    this.#queue = new CommandQueue({...context, versionTable: state.versionTable}, revision)
    this.#log = new ProgressLog(state, {direction, revision, total}, resume)
  }

  /** How far the revision is, when it is not all or nothing; undefined when nothing of it is there. */
  get partial(): PartialProgress | undefined {
    return this.#log.partial
  }

  /** Runs what the revision does, but for the end of the last transaction. */
  async perform(): Promise<void> {
    const {statements, waiting} = this.#prepared
    if (waiting !== undefined) await waiting.proceed(this)
    else for (const statement of statements) await this.#add(statement)
  }

  /**
   * Changes the version table and the log with what the revision did, and commits.
   *
   * @param elapsed returns for how many milliseconds the revision has been running
   * @param beforeCommit is called in the transaction
   */
  async finish(change: StateChange, elapsed: () => number, beforeCommit?: () => Promise<void>): Promise<void> {
    const {session, state} = this.#context
    this.#queue.begin()
    if (!session.sendsAtOnce) await this.#queue.send()
    const duration = session.sendsAtOnce && this.partial === undefined ? 'transaction' : elapsed()
    this.#queue.add(...state.change(change, duration), this.#log.finish(duration))
    if (beforeCommit !== undefined) {
      await this.#queue.send()
      await beforeCommit()
    }
    await this.#queue.commit()
  }

  /**
   * Undoes what can be undone, and records how it ended.
   *
   * @param reason why the revision failed; undefined when it is to be tried again
   */
  async abandon(reason: string | undefined, elapsed: number): Promise<void> {
    const {session, isOneTransaction} = this.#context
    const undo = this.#queue.drop()
    await session.sendRegardless([...undo, ...this.#log.abandon(reason, elapsed, !isOneTransaction)])
    this.#log.abandoned()
  }

  async run(recorded: readonly Recorded[]): Promise<void> {
    const {session, registry, isOneTransaction} = this.#context
    const {dialect, platform} = session
    const compilation = {dialect, platform, registry}
    const catalogue: Catalogue = async (sql) => session.query(sql)
    for (const batch of batchesOf(recorded, compilation)) {
      // How a table is rebuilt depends on what it is now.
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
    onEvent({kind: 'statement', sql: text})
    try {
      return await session.query<Row>(text)
    } catch (error) {
      attachStatement(error, {sql: text, origin: {kind: 'call', site}})
      throw error
    }
  }

  async kysely(flush: () => Promise<void>, outsideTransaction: boolean): Promise<Kysely<unknown>> {
    this.#log.loseCount()
    await this.#makeReady(outsideTransaction)
    return this.#context.session.queryBuilder(flush)
  }

  async entityManager(flush: () => Promise<void>, outsideTransaction: boolean): Promise<SqlEntityManager> {
    this.#log.loseCount()
    await this.#makeReady(outsideTransaction)
    return this.#context.session.entityManager(flush)
  }

  async #add(statement: Statement): Promise<void> {
    if (this.#log.isBeforeResume()) return this.#log.count(statement)
    const isByItself = statement.outsideTransaction || !this.#isTransactional
    if (this.#commitsByItself(statement)) return this.#runByItself(statement)
    if (isByItself) await this.#endTransaction()
    this.#queue.begin()
    this.#queue.addStatement(statement)
    this.#log.count(statement)
    if (isByItself) await this.#endTransaction()
  }

  #commitsByItself({transactionality, outsideTransaction}: Statement): boolean {
    const {dialect} = this.#context.session
    if (transactionality.kind === 'outside') return true
    if (transactionality.kind !== 'commits') return false
    return outsideTransaction || !this.#isTransactional || dialects[dialect].capabilities.ddlCommits
  }

  /** Sends a statement that cannot be undone, and records that before. */
  async #runByItself(statement: Statement): Promise<void> {
    const {session, fence} = this.#context
    refuseOutsideTransaction(session)
    await this.#endTransaction()
    this.#queue.add(...fence, this.#log.record(statement))
    await this.#queue.send()
    this.#log.doubt(statement)
    const mayBeDone = this.#log.isAtDoubt
    if (mayBeDone) await removeInvalidIndex(session, statement)
    this.#queue.addStatement(statement)
    try {
      await this.#queue.send()
    } catch (error) {
      // That it was not run this time says nothing about the time before.
      if (!mayBeDone) await this.#seeWhatIsLeft(statement, error)
      if (!mayBeDone || !saysDoneBefore(statement, error)) throw error
    }
    this.#log.clearDoubt()
    this.#log.count(statement)
    this.#log.commit()
  }

  /** An error that the database gives says that the statement was not run, unless there is no database any more. */
  async #seeWhatIsLeft(statement: Statement, error: unknown): Promise<void> {
    if (isConnectionLost(error)) return
    try {
      await removeInvalidIndex(this.#context.session, statement)
      this.#log.clearDoubt()
    } catch {
      // The failure of the statement matters more; that it is in doubt stays recorded.
    }
  }

  /** Makes sure that what user code asks for now is in the transaction, or is not. */
  async #makeReady(outsideTransaction: boolean): Promise<void> {
    if (outsideTransaction || !this.#isTransactional) {
      refuseOutsideTransaction(this.#context.session)
      await this.#endTransaction()
    } else this.#queue.begin()
    await this.#queue.send()
  }

  /** Commits what was run until now, together with the row that counts it. */
  async #endTransaction(): Promise<void> {
    if (!this.#queue.isInTransaction) return
    if (!this.#log.hasNews) return this.#queue.commit()
    await this.#queue.commit(this.#log.record())
    this.#log.commit()
  }

  get #isTransactional(): boolean {
    return this.#prepared.loaded.revision.transactional
  }
}
