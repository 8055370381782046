import {dialects} from '../dialects/dialects.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import type {RunSession} from './connection/run-session.ts'
import type {OnEvent} from './events.ts'
import {isConnectionLost} from './errors.ts'
import {attachStatement} from './failure.ts'
import {leavesNothing} from './indeterminate-statement.ts'
import type {Retry} from './lock-retry.ts'
import {LockLostError} from './lock/errors.ts'
import {TransactionEndedError} from './statement-errors.ts'
import {VersionTableChangedError} from './run-errors.ts'
import type {Bracket} from './transaction-boundaries.ts'

/** A command with the revision statement it comes from, if any. */
interface QueuedCommand extends Command {
  readonly statement?: Statement
}

/** The context in which commands are sent. */
export interface QueueContext {
  readonly session: RunSession
  readonly bracket: Bracket
  /** Commands run first in every transaction to check that the run still holds its lock. */
  readonly fence: readonly Command[]
  readonly retry: Retry
  readonly onEvent: OnEvent
  /** The name of the version table, used in messages. */
  readonly versionTable: string
}

/** The commands of one revision, batched and sent as late as possible, and the transaction they run in. */
export class CommandQueue {
  readonly #context: QueueContext
  readonly #revision: RevisionId
  readonly #uncount: (statements: number) => void
  #commands: QueuedCommand[] = []
  /**
   * `queued` means that the commands that begin the transaction have not been sent yet, `ended` that it was rolled
   * back because a statement failed, which user code may have caught.
   */
  #transaction: 'none' | 'queued' | 'open' | 'ended' = 'none'
  #cause: unknown
  #isStaged = false
  #isCommitUnknown = false
  #isUndone = true

  /** @param uncount called with the number of statements that were not executed because one of them failed */
  constructor(context: QueueContext, revision: RevisionId, uncount: (statements: number) => void) {
    this.#context = context
    this.#revision = revision
    this.#uncount = uncount
  }

  /** Whether the connection was lost while a commit was being sent. */
  get isCommitUnknown(): boolean {
    return this.#isCommitUnknown
  }

  get isInTransaction(): boolean {
    return this.#transaction !== 'none'
  }

  /**
   * Begins a transaction unless one is open.
   *
   * @param own commands without which the fence depends on the settings of the revision
   */
  begin(own: readonly Command[]): void {
    this.#refuseEnded()
    if (this.isInTransaction) return
    const {bracket, fence} = this.#context
    this.#transaction = 'queued'
    this.add(...bracket.begin.map((sql) => ({sql})))
    if (own.length === 0 || fence.length === 0) this.add(...fence)
    // Rolling back to the savepoint puts the settings of the revision back.
    else this.add({sql: 'savepoint mig_fence'}, ...own, ...fence, {sql: 'rollback to savepoint mig_fence'})
  }

  add(...commands: readonly Command[]): void {
    this.#commands.push(...commands)
  }

  addStatement(statement: Statement): void {
    this.#commands.push({sql: statement.sql, statement})
  }

  /** Sends all commands. A batch that starts its transaction is retried after a lock failure. */
  async send(): Promise<void> {
    this.#refuseEnded()
    const commands = this.#commands
    this.#commands = []
    if (commands.length === 0) return
    const {session, retry, onEvent} = this.#context
    for (const {statement} of commands) if (statement !== undefined) onEvent({kind: 'statement', sql: statement.sql})
    const isWhole =
      this.#transaction === 'queued' ||
      (this.#transaction === 'none' && commands.every(({statement}) => !statement || leavesNothing(statement)))
    const wasEnded = session.ended !== undefined
    const undo = this.#rollback()
    try {
      await retry.with(
        async () => session.send(commands),
        async () => isWhole && this.#undo(undo),
      )
      if (this.#transaction === 'queued') this.#transaction = 'open'
    } catch (error) {
      const index = error instanceof CommandFailure ? error.index : undefined
      const isLost = isConnectionLost(error instanceof CommandFailure ? error.cause : error)
      const isCommit = commands.at(-1)?.sql === this.#context.bracket.commit
      // Without an index, or if all of them were sent, the server may have received the last command.
      const isLastSent = session.sendsAtOnce || index === undefined || index === commands.length - 1
      this.#isCommitUnknown = isLost && isCommit && isLastSent && !wasEnded
      this.#uncount(commands.slice(index).filter(({statement}) => statement !== undefined).length)
      // The first command begins the transaction.
      if (this.#transaction === 'queued') this.#transaction = index === 0 ? 'none' : 'open'
      await this.#noteEnd(error)
      throw error instanceof CommandFailure ? this.#reasonOf(error, commands) : error
    }
  }

  /** Sends all commands, then runs a statement of user code. */
  async run<Result>(statement: Statement, work: () => Promise<Result>): Promise<Result> {
    await this.send()
    const {session, onEvent} = this.#context
    await session.stopIfAborted()
    onEvent({kind: 'statement', sql: statement.sql})
    try {
      return await work()
    } catch (error) {
      await this.#noteEnd(error)
      attachStatement(error, statement)
      throw error
    }
  }

  /** Appends the commit, and returns all commands without sending them; `commit` then sends this very list. */
  stage(): readonly Command[] {
    this.#isStaged = true
    this.add({sql: this.#context.bracket.commit})
    return this.#commands
  }

  /** Appends the given commands, sends all of them, and commits. */
  async commit(...last: readonly Command[]): Promise<void> {
    if (!this.#isStaged) this.add(...last, {sql: this.#context.bracket.commit})
    this.#isStaged = false
    const undo = this.#rollback()
    try {
      await this.send()
    } catch (error) {
      await this.#undo(undo)
      this.#end(error)
      throw error
    }
    this.#transaction = 'none'
  }

  /** Discards unsent commands and returns the commands that roll back the transaction, if any. */
  drop(): readonly Command[] {
    const undo = this.#rollback()
    this.#commands = []
    this.#transaction = 'none'
    return undo
  }

  /** Discards unsent commands and rolls back the transaction, if any. Returns whether that undid all of it. */
  async rollBack(): Promise<boolean> {
    return (await this.#undo(this.drop())) && this.#isUndone
  }

  /** Rolls back, and returns whether no change of a table without transactions is left. */
  async #undo(rollback: readonly Command[]): Promise<boolean> {
    const {session} = this.#context
    const {nonTransactional} = dialects[session.dialect].transaction
    try {
      await session.sendRegardless(rollback)
      if (rollback.length === 0 || nonTransactional === undefined) return true
      const {query, code} = nonTransactional.warnings
      const warnings = await session.queryRegardless<{readonly Code: number}>(query)
      if (warnings.some(({Code}) => Code === code)) this.#isUndone = false
    } catch {
      // A lost connection ends the transaction.
    }
    return this.#isUndone
  }

  #rollback(): readonly Command[] {
    return this.isInTransaction && this.#transaction !== 'ended' ? [{sql: this.#context.bracket.rollback}] : []
  }

  /** Notes whether the database has rolled the transaction back because of an error. */
  async #noteEnd(cause: unknown): Promise<void> {
    const {session} = this.#context
    const {probe} = dialects[session.dialect].transaction
    if (probe === undefined || !this.isInTransaction || this.#transaction === 'ended') return
    try {
      await session.sendRegardless([{sql: probe.sql}])
    } catch {
      // It cannot run in a transaction.
      return
    }
    await session.sendRegardless(probe.undo.map((sql) => ({sql})))
    this.#end(cause)
  }

  #end(cause: unknown): void {
    this.#transaction = 'ended'
    this.#cause = cause instanceof CommandFailure ? cause.cause : cause
  }

  #refuseEnded(): void {
    if (this.#transaction === 'ended') throw new TransactionEndedError(this.#revision, this.#cause)
  }

  /** Returns the error that user code sees for a failed command. */
  #reasonOf({index, offset, rows, cause}: CommandFailure, commands: readonly QueuedCommand[]): unknown {
    const {fence, versionTable} = this.#context
    const command = index === undefined ? undefined : commands[index]
    if (rows !== undefined && command !== undefined && fence.includes(command)) return new LockLostError(this.#revision)
    if (rows !== undefined && command?.rows !== undefined)
      return new VersionTableChangedError(versionTable, this.#revision, command.rows, rows)
    if (command?.statement !== undefined) attachStatement(cause, command.statement, offset)
    return cause
  }
}
