import type {RevisionId} from '../graph/revision.ts'
import type {Statement} from '../sql/statement.ts'
import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import type {RunSession} from './connection/run-session.ts'
import type {OnEvent} from './events.ts'
import {attachStatement} from './failure.ts'
import type {Retry} from './lock-retry.ts'
import {LockLostError, VersionTableChangedError} from './run-errors.ts'
import type {Bracket} from './transaction-boundaries.ts'

/** A command with the statement of the revision that it comes from, if any. */
interface QueuedCommand extends Command {
  readonly statement?: Statement
}

/** Where and how commands are sent. */
export interface QueueContext {
  readonly session: RunSession
  readonly bracket: Bracket
  /** Commands that every transaction begins with, to check that it may. */
  readonly fence: readonly Command[]
  readonly retry: Retry
  readonly onEvent: OnEvent
  /** The name of the version table, for messages. */
  readonly versionTable: string
}

/** Commands of one revision, sent together as late as possible, and the transaction that they are in. */
export class CommandQueue {
  readonly #context: QueueContext
  readonly #revision: RevisionId
  #commands: QueuedCommand[] = []
  /** In `queued`, the commands that begin the transaction have not been sent. */
  #transaction: 'none' | 'queued' | 'open' = 'none'

  constructor(context: QueueContext, revision: RevisionId) {
    this.#context = context
    this.#revision = revision
  }

  get isInTransaction(): boolean {
    return this.#transaction !== 'none'
  }

  /** Begins a transaction unless there is one. */
  begin(): void {
    if (this.isInTransaction) return
    this.#transaction = 'queued'
    this.add(...this.#context.bracket.begin.map((sql) => ({sql})), ...this.#context.fence)
  }

  add(...commands: readonly Command[]): void {
    this.#commands.push(...commands)
  }

  addStatement(statement: Statement): void {
    this.#commands.push({sql: statement.sql, statement})
  }

  /** Sends all commands. What fails for a lock is tried again, when it begins where a transaction does. */
  async send(): Promise<void> {
    const commands = this.#commands
    this.#commands = []
    if (commands.length === 0) return
    const {session, retry, onEvent} = this.#context
    for (const {statement} of commands) if (statement !== undefined) onEvent({kind: 'statement', sql: statement.sql})
    const isWhole = this.#transaction !== 'open'
    const undo = this.#rollback()
    try {
      await retry.with(
        async () => session.send(commands),
        async () => isWhole && (await session.sendRegardless(undo), true),
      )
      if (this.#transaction === 'queued') this.#transaction = 'open'
    } catch (error) {
      throw error instanceof CommandFailure ? this.#reasonOf(error, commands) : error
    }
  }

  /** Sends all commands, these last, and commits. */
  async commit(...last: readonly Command[]): Promise<void> {
    this.add(...last, {sql: this.#context.bracket.commit})
    await this.send()
    this.#transaction = 'none'
  }

  /** Drops what was not sent. Returns what rolls back the transaction, if there is one. */
  drop(): readonly Command[] {
    const undo = this.#rollback()
    this.#commands = []
    this.#transaction = 'none'
    return undo
  }

  #rollback(): readonly Command[] {
    return this.isInTransaction ? [{sql: this.#context.bracket.rollback}] : []
  }

  /** Returns the reason why a command failed, as user code may expect it. */
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
