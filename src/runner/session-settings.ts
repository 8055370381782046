import {dialects} from '../dialects/dialects.ts'
import {quotingOf} from '../dialects/quoting.ts'
import {noReset} from '../dialects/session/session-sql.ts'
import type {SessionReset, SessionRow} from '../dialects/session/session-sql.ts'
import type {Statement} from '../sql/statement.ts'
import type {Command} from './connection/command.ts'
import type {RunSession} from './connection/run-session.ts'

/** Reads the settings of a session as they are configured, to be put back after each revision. */
export async function configuredSettings(session: RunSession): Promise<SessionReset> {
  const {read, reset} = dialects[session.dialect].session
  const [row] = await session.query<SessionRow>(read)
  return row === undefined ? noReset : reset(row, session, quotingOf(session.platform))
}

/** The settings that one revision may have changed in its session. */
export class SessionSettings {
  readonly #session: RunSession
  readonly #resetAfter: (statements: readonly string[]) => SessionReset
  /** The statements with an effect; several effects of unknown code count as one. */
  #changes: string[] = []

  /** @param resetAfter returns the reset after these statements, which have an effect */
  constructor(session: RunSession, resetAfter: (statements: readonly string[]) => SessionReset) {
    this.#session = session
    this.#resetAfter = resetAfter
  }

  /** Notes a statement that is about to be sent. */
  note({sql}: Pick<Statement, 'sql'>): void {
    if (dialects[this.#session.dialect].session.effectOf(sql) !== 'none') this.#changes.push(sql)
  }

  /** Notes that unknown statements may run. */
  noteUnknown(): void {
    this.#changes.push('')
  }

  /** Returns the commands that make mig's own statements in the current transaction independent of the settings. */
  own(): readonly Command[] {
    return commandsOf(this.#reset.own)
  }

  /** Returns the commands that put settings back before the end of the revision is recorded. */
  async inside(): Promise<readonly Command[]> {
    const {inside, leftovers} = this.#reset
    return [...commandsOf(inside), ...(await this.#found(leftovers.inside))]
  }

  /** Returns the commands that put settings back outside of a transaction. */
  async after(): Promise<readonly Command[]> {
    const {after, leftovers} = this.#reset
    return [...commandsOf(after), ...(await this.#found(leftovers.after))]
  }

  get #reset(): SessionReset {
    return this.#changes.length === 0 ? noReset : this.#resetAfter(this.#changes)
  }

  async #found(query: string | undefined): Promise<readonly Command[]> {
    return query === undefined ? [] : this.#session.queryRegardless<Command>(query)
  }
}

const commandsOf = (texts: readonly string[]): readonly Command[] => texts.map((sql) => ({sql}))
