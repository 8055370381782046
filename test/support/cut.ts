import type {Socket} from 'node:net'
import {setTimeout} from 'node:timers/promises'
import {connect} from '../../src/runner/connection/connect.ts'
import {withSession} from './session.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {portOf} from './crash.ts'
import type {Place} from './crash.ts'
import {serverOf} from './databases.ts'
import type {ServerKind} from './databases.ts'
import {watchSockets} from './writes.ts'

/** Has the server end sessions of this process, at the n-th thing that they send. */
export class Cutter {
  readonly #session: Session
  #place: Place | undefined
  #written = 0
  /** The ports of this process whose sessions are not to be counted. */
  readonly #own = new Set<number | undefined>()

  private constructor(session: Session) {
    this.#session = session
  }

  /** Works with a cutter that has a session of its own. */
  static async with<Result>(kind: ServerKind, use: (cutter: Cutter) => Promise<Result>): Promise<Result> {
    const url = await serverOf(kind)
    const connection = await connect({kind: 'url', url}, process.cwd())
    try {
      return await withSession(connection, undefined, async (session) => {
        const cutter = new Cutter(session)
        watchSockets(portOf(kind, url) ?? 0, (send, from) => cutter.#onWrite(send, from))
        await cutter.#learnOwn()
        return use(cutter)
      })
    } finally {
      await connection.close()
    }
  }

  /** Cuts what `work` sends at one place. Returns whether it came so far, and what it threw. */
  async during(
    place: Place,
    work: () => Promise<unknown>,
  ): Promise<{readonly isCut: boolean; readonly error: unknown}> {
    this.#written = 0
    this.#place = place
    try {
      await work()
      return {isCut: this.#written >= place.at, error: undefined}
    } catch (error) {
      return {isCut: this.#written >= place.at, error}
    } finally {
      this.#place = undefined
    }
  }

  /** The first thing that is sent when nothing is counted yet is the cutter's own. */
  async #learnOwn(): Promise<void> {
    this.#place = {at: 0, when: 'before'}
    await this.#session.query('select 1')
    this.#place = undefined
  }

  #onWrite(send: () => unknown, from: Socket | undefined): unknown {
    const place = this.#place
    if (place?.at === 0) this.#own.add(from?.localPort)
    if (place === undefined || this.#own.has(from?.localPort)) return send()
    if (++this.#written !== place.at) return send()
    if (place.when === 'after') {
      const sent = send()
      void this.#cut(from?.localPort)
      return sent
    }
    return void this.#cut(from?.localPort).then(send)
  }

  /** Ends the session at the other end of a port, and waits until it is gone. */
  async #cut(port: number | undefined): Promise<void> {
    const isPostgres = this.#session.dialect === 'postgresql'
    const find = isPostgres
      ? `pg_stat_activity where client_port = ${port}`
      : `information_schema.processlist where host like '%:${port}'`
    const column = isPostgres ? 'pid' : 'id'
    const end = (id: unknown): string =>
      isPostgres ? `select pg_terminate_backend(${String(id)})` : `kill ${String(id)}`
    const found = await this.#session.query<{readonly id: unknown}>(`select ${column} as id from ${find}`)
    // It may be gone already.
    for (const {id} of found) await this.#session.query(end(id)).catch(() => {})
    while ((await this.#session.query(`select 1 from ${find}`)).length > 0) await setTimeout(5)
  }
}
