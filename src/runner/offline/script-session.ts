import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {OfflineQueryError} from '../../operations/errors.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import {dialects} from '../../dialects/dialects.ts'
import {escapeControls} from '../../util/controls.ts'
import {guarded} from '../connection/command.ts'
import type {Command} from '../connection/command.ts'
import type {RunSession} from '../connection/run-session.ts'

/** A session that writes its commands to a script for the database's command-line client. */
export class ScriptSession implements RunSession {
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  readonly name: string
  readonly postgres = undefined
  readonly tenant = undefined
  readonly isPooled = false
  readonly isBorrowed = false
  readonly isCallers = false
  readonly isEmbedded = false
  readonly sendsAtOnce = true
  readonly #lines: string[] = []

  constructor(dialect: Dialect, platform: AbstractSqlPlatform) {
    this.dialect = dialect
    this.platform = platform
    this.name = `a script for ${dialect}`
  }

  get text(): string {
    return `${this.#lines.join('\n').trim()}\n`
  }

  /** Writes an empty line and comment lines. A control character could end the comment, and the rest would be run. */
  comment(...lines: readonly string[]): void {
    const escaped = lines.flatMap((line) => escapeControls(line).split('\n'))
    this.#lines.push('', ...escaped.map((line) => `-- ${line}`.trimEnd()))
  }

  /** Writes a command of the command-line client. */
  clientCommand(command: string): void {
    this.#lines.push(command)
  }

  now(): number {
    return 0
  }

  async send(commands: readonly Command[]): Promise<void> {
    const {checksRows} = dialects[this.dialect].script
    for (const command of commands) this.#lines.push(this.#ended(checksRows ? guarded(command) : command.sql))
  }

  async sendRegardless(commands: readonly Command[]): Promise<void> {
    await this.send(commands)
  }

  async query(): Promise<never> {
    throw new OfflineQueryError('query')
  }

  async queryRegardless(): Promise<never> {
    throw new OfflineQueryError('query')
  }

  async stopIfAborted(): Promise<void> {}

  async whileWaiting<Result>(work: () => Promise<Result>): Promise<Result> {
    return work()
  }

  async whileUsed<Result>(work: () => Promise<Result>): Promise<Result> {
    return work()
  }

  queryBuilder(): never {
    throw new OfflineQueryError('kysely')
  }

  entityManager(): never {
    throw new OfflineQueryError('entityManager')
  }

  /** Returns a terminated statement. The semicolons in a MySQL routine require a different delimiter. */
  #ended(sql: string): string {
    const text = sql.trim().replace(/;$/, '')
    // A trailing comment would swallow the semicolon.
    const end = /--[^\n]*$|#[^\n]*$/.test(text) ? '\n;' : ';'
    if (!dialects[this.dialect].script.needsDelimiter || !text.includes(';')) return `${text}${end}`
    const delimiter = ['//', '$$', ';;;', '|||'].find((candidate) => !text.includes(candidate)) ?? '//'
    return `delimiter ${delimiter}\n${text}\n${delimiter}\ndelimiter ;`
  }
}
