import {dialects} from '../../dialects/dialects.ts'
import {CommandFailure} from '../../runner/connection/command.ts'
import type {Command} from '../../runner/connection/command.ts'
import type {Session} from '../../runner/connection/session.ts'

/** Runs commands so that their failure changes nothing, inside a transaction or outside. */
export class Attempts {
  readonly #session: Session
  /** Whether several commands succeed or fail together. */
  readonly areAtomic: boolean

  private constructor(session: Session, areAtomic: boolean) {
    this.#session = session
    this.areAtomic = areAtomic
  }

  static async begin(session: Session): Promise<Attempts> {
    return new Attempts(session, !dialects[session.dialect].capabilities.ddlCommits && (await canSave(session)))
  }

  /** Runs commands and returns their failure, if any. */
  async try(commands: readonly Command[]): Promise<CommandFailure | undefined> {
    if (commands.length === 0) return undefined
    try {
      await this.guard(async () => this.#session.send(commands))
      return undefined
    } catch (error) {
      if (error instanceof CommandFailure) return error
      throw error
    }
  }

  /** Runs `work`; after a failure, the transaction is as it was. */
  async guard<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.areAtomic) return work()
    await this.#session.sendRegardless([save])
    let result: Result
    try {
      result = await work()
    } catch (error) {
      await this.#session.sendRegardless([rollback, release])
      throw error
    }
    await this.#session.sendRegardless([release])
    return result
  }
}

const save: Command = {sql: 'savepoint mig_rows'}
const rollback: Command = {sql: 'rollback to savepoint mig_rows'}
const release: Command = {sql: 'release savepoint mig_rows'}

/** PostgreSQL has no function that tells whether the session is in a transaction. */
const noTransaction = '25P01'

async function canSave(session: Session): Promise<boolean> {
  try {
    await session.sendRegardless([save, release])
    return true
  } catch (error) {
    const cause = error instanceof CommandFailure ? error.cause : error
    if (cause instanceof Error && 'code' in cause && cause.code === noTransaction) return false
    throw cause
  }
}
