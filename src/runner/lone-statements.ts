import type {Statement} from '../sql/statement.ts'
import type {CommandQueue, QueueContext} from './command-queue.ts'
import {isConnectionLost} from './errors.ts'
import {leavesNothing, removeInvalidIndex, saysDoneBefore} from './indeterminate-statement.ts'
import type {ProgressLog} from './progress-log.ts'
import type {SessionSettings} from './session-settings.ts'
import {refuseOutsideTransaction} from './tenant.ts'

/** Runs statements of a revision that cannot be rolled back, and records each before it is sent. */
export class LoneStatements {
  readonly #context: Pick<QueueContext, 'session' | 'fence'>
  readonly #queue: CommandQueue
  readonly #log: ProgressLog
  readonly #settings: SessionSettings

  constructor(
    context: Pick<QueueContext, 'session' | 'fence'>,
    queue: CommandQueue,
    log: ProgressLog,
    settings: SessionSettings,
  ) {
    this.#context = context
    this.#queue = queue
    this.#log = log
    this.#settings = settings
  }

  /** Runs a statement of an operation, which may have been executed before. */
  async run(statement: Statement): Promise<void> {
    const {session} = this.#context
    await this.#begin(statement)
    const {nextInDoubt: doubt} = this.#log
    const mayBeDone = doubt !== undefined && doubt.wasExecuted === undefined
    if (doubt !== undefined) await removeInvalidIndex(session, statement)
    this.#queue.addStatement(statement)
    // If it fails, the queue takes it back.
    this.#log.count(statement)
    try {
      await this.#queue.send()
    } catch (error) {
      // This failure says nothing about the previous attempt.
      if (!mayBeDone) await this.#clearDoubtAfterFailure(statement, error)
      if (!mayBeDone || !saysDoneBefore(statement, error)) throw error
      this.#log.count(statement)
    }
    this.#end()
  }

  /** Runs a statement of user code, which `send` sends. */
  async runUser<Result>(statement: Statement, send: () => Promise<Result>): Promise<Result> {
    await this.#begin(statement)
    let result: Result
    try {
      result = await this.#queue.run(statement, send)
    } catch (error) {
      await this.#clearDoubtAfterFailure(statement, error)
      throw error
    }
    this.#log.count(statement)
    this.#end()
    return result
  }

  /** Commits the statements run so far, together with the log row that counts them. */
  async endTransaction(): Promise<void> {
    if (!this.#queue.isInTransaction) return
    if (!this.#log.hasNews) return this.#queue.commit()
    await this.#queue.commit(...this.#settings.own(), this.#log.record())
    this.#log.commit()
  }

  async #begin(statement: Statement): Promise<void> {
    refuseOutsideTransaction(this.#context.session)
    await this.endTransaction()
    await this.#record(statement)
    this.#log.doubt(statement)
  }

  #end(): void {
    this.#log.clearDoubt()
    this.#log.commit()
  }

  /** Records a statement that is about to be sent. */
  async #record(statement: Statement): Promise<void> {
    const {fence} = this.#context
    const own = this.#settings.own()
    if (own.length === 0) {
      this.#queue.add(...fence, this.#log.record(statement))
      return this.#queue.send()
    }
    this.#queue.begin(own)
    await this.#queue.commit(...own, this.#log.record(statement))
  }

  /** Clears the doubt if an answer of the database means that nothing of the statement was applied. */
  async #clearDoubtAfterFailure(statement: Statement, error: unknown): Promise<void> {
    if (isConnectionLost(error) || !leavesNothing(statement)) return
    try {
      await removeInvalidIndex(this.#context.session, statement)
      this.#log.clearDoubt()
    } catch {
      // The statement's own error matters more; the doubt stays recorded.
    }
  }
}
