import {createHash} from 'node:crypto'
import type {Hash} from 'node:crypto'
import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Row} from '../operations/bulk-insert.ts'
import type {OperationsHost, Recorded} from '../operations/operations.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {batchesOf} from '../sql/compile.ts'
import type {Catalogue} from '../sql/sqlite/rebuild.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import type {OnEvent} from './events.ts'
import {attachStatement} from './failure.ts'
import {checkStatement, compile} from './prepare.ts'
import type {PreparedStep} from './prepare.ts'
import type {Patience} from './lock-retry.ts'
import {isConnectionLost} from './errors.ts'
import {LockLostError, ResumeMismatchError, VersionTableChangedError} from './run-errors.ts'
import {removeInvalidIndex, saysDoneBefore} from './indeterminate-statement.ts'
import type {RunSession} from './connection/run-session.ts'
import type {Progress, StateChange, StateSql} from './state/state-sql.ts'
import {refuseOutsideTransaction} from './tenant.ts'

/** What begins, keeps and undoes what a revision does. */
export interface Bracket {
  readonly begin: readonly string[]
  readonly commit: string
  readonly rollback: string
}

/** What revisions are run with. */
export interface ExecutionContext {
  readonly session: RunSession
  readonly registry: OperationRegistry
  readonly state: StateSql
  readonly bracket: Bracket
  /** Whether all revisions are in one transaction. */
  readonly isOneTransaction: boolean
  readonly patience: Patience
  /** What every transaction begins with, to make sure that it may. */
  readonly fence: readonly Command[]
  readonly onEvent: OnEvent
}

/** Where a half applied revision goes on. */
export interface ResumePoint {
  readonly done: number
  /** Identifies the statements that were run already. */
  readonly digest: string
  /** Whether the next statement may have been run. */
  readonly isNextInDoubt: boolean
}

/** A command with the statement of the revision that it comes from, if it comes from one. */
interface Piece extends Command {
  readonly from?: Statement
}

/** A revision turns out to make a table of SQLite anew: it is to be run again with foreign keys off. */
export class ForeignKeysNeeded extends Error {}

const nothing = {done: 0, digest: createHash('sha1').digest('hex')}

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
  readonly #digest: Hash = createHash('sha1')
  readonly #resume: ResumePoint | undefined
  /** What was not sent yet. */
  #pieces: Piece[] = []
  #transaction: 'none' | 'to begin' | 'begun' = 'none'
  /** Whether all statements went through here, so that the digest tells them. */
  #isComplete = true
  /** How many statements were run, those of the present transaction included, and which. */
  #reached = nothing
  #committed = nothing
  #isLogOpen: boolean
  /** Whether the open row of the log is still as it was when a half applied revision began to go on. */
  #isLogAsFound: boolean
  /** The statement that may or may not have been run, when the last thing that is heard is an error. */
  #inDoubt: Statement | undefined

  /** @param resume where to go on, when the revision is half applied: its row in the log is open */
  constructor(context: ExecutionContext, prepared: PreparedStep, resume?: ResumePoint) {
    this.#context = context
    this.#prepared = prepared
    this.#resume = resume
    if (resume !== undefined) this.#committed = {done: resume.done, digest: resume.digest}
    this.#isLogOpen = resume !== undefined
    this.#isLogAsFound = resume !== undefined
  }

  /** How far the revision is, when it is not all or nothing; undefined when nothing of it is there. */
  get partial(): {readonly done: number; readonly total: number | undefined} | undefined {
    return this.#isLogOpen ? {done: this.#committed.done, total: this.#total} : undefined
  }

  /** Whether it can be tried again from its beginning: nothing of it is there. */
  get canStartAgain(): boolean {
    return !this.#isLogOpen
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
  async finish(
    change: StateChange,
    elapsed: () => number,
    beforeCommit: (() => Promise<void>) | undefined,
  ): Promise<void> {
    const {session, state, bracket} = this.#context
    const {direction, revision} = this.#prepared.step
    this.#begin()
    if (!session.sendsAtOnce) await this.#flush()
    const duration = session.sendsAtOnce && !this.#isLogOpen ? 'transaction' : elapsed()
    this.#pieces.push(
      ...state.change(change, duration),
      this.#isLogOpen
        ? state.closeLog(revision, {outcome: 'done', duration})
        : state.log({action: direction, revision, duration, outcome: 'done'}),
    )
    if (beforeCommit !== undefined) {
      await this.#flush()
      await beforeCommit()
    }
    this.#pieces.push({sql: bracket.commit})
    await this.#flush()
    this.#transaction = 'none'
  }

  /**
   * Undoes what can be undone, and writes down how it ended.
   *
   * @param reason why the revision failed; undefined when it is to be tried again
   */
  async abandon(reason: string | undefined, elapsed: number): Promise<void> {
    const {session, state, isOneTransaction} = this.#context
    const {direction, revision} = this.#prepared.step
    this.#pieces = []
    const undo = this.#transaction === 'none' ? [] : [{sql: this.#context.bracket.rollback}]
    this.#transaction = 'none'
    this.#reached = this.#committed
    if (this.#isLogAsFound) {
      // What it says of statements is true; that this time it came to none of them says nothing about those.
      await session.sendRegardless([...undo, state.remark(revision, reason ?? '')])
      return
    }
    if (this.#isLogOpen && this.#committed.done === 0 && this.#inDoubt === undefined) {
      await session.sendRegardless([...undo, state.closeLog(revision, {outcome: 'failed', reason, duration: elapsed})])
      this.#isLogOpen = false
      return
    }
    const entry = {action: direction, revision, duration: elapsed, outcome: 'failed', reason} as const
    const note = this.#isLogOpen
      ? [state.progress(revision, this.#progress(this.#inDoubt), reason)]
      : reason === undefined || isOneTransaction
        ? []
        : [state.log(entry)]
    await session.sendRegardless([...undo, ...note])
  }

  async run(recorded: readonly Recorded[]): Promise<void> {
    const {session, registry, isOneTransaction} = this.#context
    const {dialect, platform} = session
    const compilation = {dialect, platform, registry}
    const catalogue: Catalogue = async (sql) => session.query(sql)
    for (const batch of batchesOf(recorded, compilation)) {
      // How a table is made anew depends on what it is now.
      if (dialect === 'sqlite') await this.#flush()
      for (const statement of await compile(batch, compilation, catalogue)) {
        checkStatement(statement, this.#prepared.loaded, isOneTransaction)
        if (statement.requires === 'foreignKeysOff' && !this.#prepared.needsForeignKeysOff)
          throw new ForeignKeysNeeded()
        await this.#add(statement)
      }
    }
    await this.#flush()
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
    this.#isComplete = false
    await this.#makeReady(outsideTransaction)
    return this.#context.session.queryBuilder(flush)
  }

  async entityManager(flush: () => Promise<void>, outsideTransaction: boolean): Promise<SqlEntityManager> {
    this.#isComplete = false
    await this.#makeReady(outsideTransaction)
    return this.#context.session.entityManager(flush)
  }

  async #add(statement: Statement): Promise<void> {
    if (this.#isBefore(this.#resume)) {
      this.#count(statement)
      return
    }
    const isByItself = statement.outsideTransaction || !this.#isTransactional
    if (this.#commitsByItself(statement)) return this.#runByItself(statement)
    if (isByItself) await this.#endTransaction()
    this.#begin()
    this.#pieces.push({sql: statement.sql, from: statement})
    this.#count(statement)
    if (isByItself) await this.#endTransaction()
  }

  #count(statement: Statement): void {
    this.#digest.update(statement.sql).update('\0')
    this.#reached = {done: this.#reached.done + 1, digest: this.#digest.copy().digest('hex')}
  }

  /** Tells whether a half applied revision has not come to where it goes on, and checks that it is the same there. */
  #isBefore(point: ResumePoint | undefined): boolean {
    const {done, digest} = this.#reached
    if (point === undefined || done > point.done) return false
    if (done < point.done) return true
    if (digest !== point.digest) throw new ResumeMismatchError(this.#prepared.step.revision, point.done)
    return false
  }

  #commitsByItself({transactionality, outsideTransaction}: Statement): boolean {
    const {dialect} = this.#context.session
    if (transactionality.kind === 'outside') return true
    if (transactionality.kind !== 'commits') return false
    return outsideTransaction || !this.#isTransactional || dialect === 'mysql' || dialect === 'mariadb'
  }

  /** Sends a statement that cannot be undone, and says so in the log before. */
  async #runByItself(statement: Statement): Promise<void> {
    refuseOutsideTransaction(this.#context.session)
    await this.#endTransaction()
    const {fence} = this.#context
    this.#pieces.push(...fence, this.#logProgress(statement))
    await this.#flush()
    this.#isLogOpen = true
    this.#isLogAsFound = false
    this.#inDoubt = statement
    const mayBeDone = this.#resume?.isNextInDoubt === true && this.#reached.done === this.#resume.done
    if (mayBeDone) await removeInvalidIndex(this.#context.session, statement)
    this.#pieces.push({sql: statement.sql, from: statement})
    try {
      await this.#flush()
    } catch (error) {
      // That it was not run this time says nothing about the time before.
      if (!mayBeDone) await this.#seeWhatIsLeft(statement, error)
      if (!mayBeDone || !saysDoneBefore(statement, error)) throw error
    }
    this.#inDoubt = undefined
    this.#count(statement)
    this.#committed = this.#reached
  }

  /** An error that the database gives says that the statement was not run, unless there is no database any more. */
  async #seeWhatIsLeft(statement: Statement, error: unknown): Promise<void> {
    if (isConnectionLost(error)) return
    try {
      await removeInvalidIndex(this.#context.session, statement)
      this.#inDoubt = undefined
    } catch {
      // What matters is why the statement failed; that it is in doubt stays written down.
    }
  }

  /** Makes sure that what user code asks for now is in the transaction, or is not. */
  async #makeReady(outsideTransaction: boolean): Promise<void> {
    if (outsideTransaction || !this.#isTransactional) {
      refuseOutsideTransaction(this.#context.session)
      await this.#endTransaction()
    } else this.#begin()
    await this.#flush()
  }

  #begin(): void {
    if (this.#transaction !== 'none') return
    this.#transaction = 'to begin'
    const {bracket, fence} = this.#context
    this.#pieces.push(...bracket.begin.map((sql) => ({sql})), ...fence)
  }

  /** Commits what was run until now, together with the row that counts it. */
  async #endTransaction(): Promise<void> {
    if (this.#transaction === 'none') return
    const isNew = !this.#isLogAsFound || this.#reached.done > this.#committed.done
    this.#pieces.push(...(isNew ? [this.#logProgress(undefined)] : []), {sql: this.#context.bracket.commit})
    await this.#flush()
    this.#transaction = 'none'
    if (!isNew) return
    this.#isLogOpen = true
    this.#isLogAsFound = false
    this.#committed = this.#reached
  }

  #logProgress(next: Statement | undefined): Piece {
    const {state} = this.#context
    const {direction, revision} = this.#prepared.step
    const progress = this.#progress(next)
    return this.#isLogOpen ? state.progress(revision, progress) : state.openLog(direction, revision, progress)
  }

  #progress(next: Statement | undefined): Progress {
    const {done, digest} = this.#reached
    return {done, total: this.#total, statement: next?.sql, digest: this.#isComplete ? digest : undefined}
  }

  get #total(): number | undefined {
    return this.#prepared.waiting === undefined ? this.#prepared.statements.length : undefined
  }

  get #isTransactional(): boolean {
    return this.#prepared.loaded.revision.transactional
  }

  /** Sends what is there. What fails for a lock is tried again, when it begins where a transaction does. */
  async #flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    if (pieces.length === 0) return
    const {session, bracket, patience, onEvent} = this.#context
    for (const {from} of pieces) if (from !== undefined) onEvent({kind: 'statement', sql: from.sql})
    const isWhole = this.#transaction !== 'begun'
    const undo = this.#transaction === 'none' ? [] : [{sql: bracket.rollback}]
    try {
      await patience.with(
        async () => session.send(pieces),
        async () => isWhole && (await session.sendRegardless(undo), true),
      )
      if (this.#transaction === 'to begin') this.#transaction = 'begun'
    } catch (error) {
      throw error instanceof CommandFailure ? this.#reasonOf(error, pieces) : error
    }
  }

  /** Returns what made a command fail, as user code may expect it. */
  #reasonOf({index, offset, rows, cause}: CommandFailure, pieces: readonly Piece[]): unknown {
    const piece = index === undefined ? undefined : pieces[index]
    const {revision} = this.#prepared.step
    if (rows !== undefined && piece !== undefined && this.#context.fence.includes(piece))
      return new LockLostError(revision)
    if (rows !== undefined && piece?.rows !== undefined)
      return new VersionTableChangedError(this.#context.state.names.versionTable, revision, piece.rows, rows)
    if (piece?.from !== undefined) attachStatement(cause, piece.from, offset)
    return cause
  }
}
