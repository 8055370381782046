import type {Socket} from 'node:net'
import {setTimeout} from 'node:timers/promises'
import type {ServerSessionSql} from '../../dialects/dialect.ts'
import type {PostgresClient} from './postgres-client.ts'

/** The time without traffic after which the system probes the connection, in milliseconds. */
const keepAlive = 10_000
/** The time after an interruption for which a server is waited for that does not work on the statement, in milliseconds. */
const patience = 3000
/** The interval at which the server is asked whether it works on the statement, in milliseconds. */
const interval = 500

/** Runs a statement on another session. */
type Beside = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** The parts of a session on a server. */
interface ServerSessionParts {
  readonly sql: ServerSessionSql
  /** The id of the session on the server; undefined if a pooler hides it. */
  readonly id: number | undefined
  readonly socket: Socket | undefined
  /** The client that sends several statements in one message, where available. */
  readonly postgres: PostgresClient | undefined
  /** Runs `use` with a second session, until `over` resolves. */
  readonly beside: (use: (beside: Beside) => Promise<unknown>, over: Promise<unknown>) => Promise<void>
}

/** The connection under a session on a server: it can be cut, and its statements can be cancelled from outside. */
export class ServerSession {
  readonly #parts: ServerSessionParts
  #waiting = 0

  constructor(parts: ServerSessionParts) {
    this.#parts = parts
    parts.socket?.setKeepAlive(true, keepAlive)
  }

  get postgres(): PostgresClient | undefined {
    return this.#parts.postgres
  }

  /** Whether a pooler hides the session. */
  get isHidden(): boolean {
    return this.#parts.id === undefined
  }

  /** Waits for code of the project; meanwhile, the connection alone does not keep the process alive. */
  async whileWaiting<Result>(work: () => Promise<Result>): Promise<Result> {
    const {socket} = this.#parts
    this.#waiting++
    socket?.unref()
    try {
      return await work()
    } finally {
      if (--this.#waiting === 0) socket?.ref()
    }
  }

  /** Uses the connection for code that is waited for. */
  async whileUsed<Result>(work: () => Promise<Result>): Promise<Result> {
    const {socket} = this.#parts
    socket?.ref()
    try {
      return await work()
    } finally {
      if (this.#waiting > 0) socket?.unref()
    }
  }

  /**
   * Runs statements. On abort, they are cancelled on the server, and their outcome is awaited, because an error must mean that
   * they were not applied. If the server neither answers nor works on them, the connection is cut.
   */
  async cancellable<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    return this.#watched(work, signal, async (beside) => {
      const {sql, id} = this.#parts
      if (id !== undefined) await beside(sql.cancel(id))
    })
  }

  /** Runs statements after an abort. If the server neither answers nor works on them, the connection is cut. */
  async bounded<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#watched(work, AbortSignal.abort(), async () => {})
  }

  async #watched<Result>(
    work: () => Promise<Result>,
    signal: AbortSignal | undefined,
    first: (beside: Beside) => Promise<void>,
  ): Promise<Result> {
    const over = Promise.withResolvers<'over'>()
    let watching: Promise<unknown> | undefined
    const watch = (): void => {
      watching = this.#cutWhenSilent(over.promise, first)
    }
    if (signal?.aborted) watch()
    else signal?.addEventListener('abort', watch)
    try {
      return await work()
    } finally {
      signal?.removeEventListener('abort', watch)
      over.resolve('over')
      // A late cancellation must not hit the next statement.
      await watching
    }
  }

  async #cutWhenSilent(over: Promise<'over'>, first: (beside: Beside) => Promise<void>): Promise<void> {
    const {sql, id, socket, beside: open} = this.#parts
    let lastSign = performance.now()
    const asking = open(async (beside) => {
      await first(beside)
      if (id === undefined) return
      while ((await Promise.race([over, pause(interval)])) !== 'over') {
        const [row] = await beside(sql.active(id))
        if (Number(row?.['active']) > 0) lastSign = performance.now()
      }
    }, over).catch(() => {})
    while (performance.now() - lastSign < patience)
      // A cancellation that was sent may still be answered, but not by a silent server.
      if ((await Promise.race([over, pause(100)])) === 'over') return Promise.race([asking, pause(interval)])
    socket?.destroy(Object.assign(new Error('the server did not answer'), {code: 'ETIMEDOUT'}))
  }
}

async function pause(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds)
}
