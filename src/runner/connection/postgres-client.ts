import type {EventEmitter} from 'node:events'
import {setTimeout} from 'node:timers/promises'
import {scanPostgres} from '../../dialects/split/postgres-scan.ts'
import {codeOf} from '../../util/error-info.ts'
import {CommandFailure, guarded, rowsOfGuard} from './command.ts'
import type {Row} from '../../operations/bulk-insert.ts'
import type {Command} from './command.ts'
import type {Pool, PoolWatch} from './pool-watch.ts'

/** The part used here of the `pg` client under MikroORM's driver. */
export interface PgClient extends EventEmitter {
  readonly processID?: number | null
  /** Whether queries are sent before the previous ones are answered; undefined in older versions, which cannot. */
  pipeline?: boolean
  /** The protocol layer, which emits an event after each statement, and its socket. */
  readonly connection: EventEmitter & {readonly stream: {destroy(): void; cork(): void; uncork(): void}}
  connect(): Promise<unknown>
  query(text: string, values?: readonly unknown[]): Promise<{readonly rows: readonly Row[]}>
  end(): Promise<void>
}

interface PgPool extends Pool {
  readonly Client: new (options: unknown) => PgClient
}

/** The maximum number of characters in one message. */
const maxMessageLength = 1_000_000
const separator = '\n;\n'

/**
 * The `pg` client of a session, which sends several statements in one message and round trip.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export class PostgresClient {
  readonly pid: number
  readonly #client: PgClient
  readonly #pool: PgPool
  #ended: Error | undefined
  readonly #onError = (error: Error): void => {
    this.#ended ??= error
  }
  /** The answers to commands that were sent ahead and are not waited for yet, in order. */
  readonly #ahead = new Map<readonly Command[], Promise<void>>()
  /** The numbers of completed statements of the messages that are not answered, in order. */
  readonly #unanswered: {completed: number}[] = []
  readonly #onCommandComplete = (): void => {
    const [first] = this.#unanswered
    if (first !== undefined) first.completed++
  }
  readonly #onReady = (): void => {
    this.#unanswered.shift()
    if (this.#unanswered.length === 0) this.#stopCounting()
  }

  private constructor(client: PgClient, pool: PgPool, pid: number) {
    this.#client = client
    this.#pool = pool
    this.pid = pid
    // An error event of an idle connection would otherwise end the process.
    client.on('error', this.#onError)
  }

  /** The reason for which the server ended the session between two statements, if it did. */
  get ended(): Error | undefined {
    return this.#ended
  }

  /** Returns the client to its pool. */
  release(): void {
    this.#client.off('error', this.#onError)
    this.#stopCounting()
  }

  /** Returns the client with a server process id among those of a pool; undefined if a pooler hides it. */
  static find(watch: PoolWatch, pid: number): PostgresClient | undefined {
    const {pool} = watch
    const client = watch.find(pid)
    return client !== undefined && isPostgresPool(pool) ? new PostgresClient(client as PgClient, pool, pid) : undefined
  }

  /**
   * Sends commands, as many as possible in one message, until one fails.
   *
   * @throws CommandFailure
   */
  async send(commands: readonly Command[]): Promise<void> {
    const answer = this.#ahead.get(commands)
    if (answer !== undefined) return this.#answered(commands, answer)
    let from = 0
    for (const texts of messages(commands.map(guarded))) {
      await this.#sendMessage(texts, from)
      from += texts.length
    }
  }

  /** Whether messages can be sent before the previous ones are answered. */
  get sendsAhead(): boolean {
    return this.#client.pipeline !== undefined
  }

  /**
   * Sends a message for each list of commands, without waiting for the answers to the previous messages. A `send` of the same
   * list waits for its answer.
   */
  sendAhead(lists: readonly (readonly Command[])[]): void {
    const {stream} = this.#client.connection
    this.#client.pipeline = true
    // One call of the system for all of them.
    stream.cork()
    for (const commands of lists) {
      const answer = this.#sendMessage(commands.map(guarded), 0)
      // Handled by `send`, or because of the failure of a previous message.
      answer.catch(ignore)
      this.#ahead.set(commands, answer)
    }
    stream.uncork()
  }

  /** Whether commands were sent ahead, and `send` has not waited for their answer yet. */
  isSent(commands: readonly Command[]): boolean {
    return this.#ahead.has(commands)
  }

  /** Waits for the answers to all messages that were sent ahead, and rolls back if one of them failed. */
  async settle(): Promise<void> {
    if (this.#ahead.size > 0 && (await this.#drain()).some(({status}) => status === 'rejected'))
      await this.#sendMessage(['rollback'], 0).catch(ignore)
  }

  /**
   * Runs `use` on a second connection, to inspect or cancel a statement. This is best-effort: failures are ignored, and
   * an unresponsive server is not waited for.
   *
   * @param over closes the second connection when it resolves
   */
  async beside(use: (client: PgClient) => Promise<unknown>, over: Promise<unknown>): Promise<void> {
    const client = new this.#pool.Client(this.#pool.options)
    client.on('error', ignore)
    let isConnected = false
    const work = async (): Promise<void> => {
      await client.connect()
      isConnected = true
      await use(client)
    }
    // A query already sent may still be answered.
    const end = over.then(async () => isConnected && lastAnswer())
    await Promise.race([end, work()]).catch(ignore)
    if (isConnected) await Promise.race([client.end(), lastAnswer()]).catch(ignore)
    client.connection.stream.destroy()
  }

  /** Forwards notices of the database to `listener`, and returns a function that stops it. */
  onNotice(listener: (text: string) => void): () => void {
    const hear = (notice: {readonly code?: string; readonly message?: string; readonly severity?: string}): void => {
      // The text of mig's own statements is no news.
      if (notice.code === noTransaction || notice.message?.includes(separator) === true) return
      try {
        listener(`${(notice.severity ?? 'notice').toLowerCase()} of the database: ${notice.message ?? ''}`)
      } catch {
        // An exception in the socket's event handler would end the process.
      }
    }
    this.#client.on('notice', hear)
    return () => void this.#client.off('notice', hear)
  }

  /** Waits for the answer to a message that was sent ahead. After a failure, the messages sent after it fail as well. */
  async #answered(commands: readonly Command[], answer: Promise<void>): Promise<void> {
    try {
      await answer
      this.#ahead.delete(commands)
      if (this.#ahead.size === 0) this.#client.pipeline = false
    } catch (error) {
      await this.#drain()
      throw error
    }
  }

  async #drain(): Promise<readonly PromiseSettledResult<void>[]> {
    const results = await Promise.allSettled(this.#ahead.values())
    this.#ahead.clear()
    this.#client.pipeline = false
    return results
  }

  async #sendMessage(texts: readonly string[], from: number): Promise<void> {
    const message = this.#countedMessage()
    try {
      await this.#client.query(texts.join(separator))
    } catch (error) {
      // The server read mig's own statements as parts of a quote, and executed nothing.
      const open = codeOf(error) === '42601' && message.completed === 0 ? texts.findIndex(endsOpen) : -1
      if (open !== -1) throw new CommandFailure({index: from + open}, new StatementEndError(endsWithin))
      const at = placeInMessage(texts, positionOf(error)) ?? {index: message.completed, offset: undefined}
      const rows = rowsOfGuard(error)
      const cause = at.isAtEnd === true && codeOf(error) === '42601' ? new StatementEndError(endsEarly) : error
      throw new CommandFailure({index: from + at.index, offset: at.offset, ...(rows !== undefined && {rows})}, cause)
    }
  }

  /** Returns the number of completed statements of the next message, which increases until the server has answered. */
  #countedMessage(): {readonly completed: number} {
    const {connection} = this.#client
    const message = {completed: 0}
    if (this.#unanswered.push(message) === 1) {
      connection.on('commandComplete', this.#onCommandComplete)
      connection.on('readyForQuery', this.#onReady)
    }
    return message
  }

  #stopCounting(): void {
    const {connection} = this.#client
    connection.off('commandComplete', this.#onCommandComplete)
    connection.off('readyForQuery', this.#onReady)
  }
}

/** A syntax error that the server finds behind the statement, where mig's own text begins. */
class StatementEndError extends Error {
  readonly code = '42601'
}

const endsWithin = 'the statement ends within a quoted string, a quoted name or a comment'
const endsEarly = 'syntax error at the end of the statement'

function endsOpen(text: string): boolean {
  return scanPostgres(text).at(-1)?.isOpen === true
}

/** The warning about a rollback after a message that the server could not parse. */
const noTransaction = '25P01'

/** Waits for the last answer on a second connection to arrive. */
async function lastAnswer(): Promise<void> {
  await setTimeout(500, undefined, {ref: false})
}

/** Handles error events of second connections, which would otherwise end the process. */
function ignore(): void {}

function isPostgresPool(pool: Pool): pool is PgPool {
  return 'Client' in pool && 'options' in pool
}

function messages(texts: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = []
  let length = Infinity
  for (const text of texts) {
    if (length + text.length > maxMessageLength) {
      all.push([])
      length = 0
    }
    all.at(-1)?.push(text)
    length += text.length
  }
  return all
}

/** Returns the UTF-16 offset of an error in the sent text. PostgreSQL counts characters from 1. */
function positionOf(error: unknown): ((text: string) => number) | undefined {
  const position = error instanceof Error && 'position' in error ? Number(error.position) : 0
  if (!(position > 0)) return undefined
  return (text) =>
    Array.from(text.slice(0, position * 2))
      .slice(0, position - 1)
      .join('').length
}

function placeInMessage(
  texts: readonly string[],
  positionIn: ((text: string) => number) | undefined,
): {readonly index: number; readonly offset: number | undefined; readonly isAtEnd?: true} | undefined {
  if (positionIn === undefined) return undefined
  let offset = positionIn(texts.join(separator))
  for (const [index, text] of texts.entries()) {
    if (offset < text.length) return {index, offset}
    if (offset < text.length + separator.length) return {index, offset: undefined, isAtEnd: true}
    offset -= text.length + separator.length
  }
  return undefined
}
