import {OperationsRecorder} from '../operations/operations.ts'
import type {OperationsHost, Recorded, RevisionContext} from '../operations/operations.ts'
import type {LoadedRevision} from '../script/load.ts'
import {compileRecorded} from '../sql/compile.ts'
import {splitStatements} from '../sql/split.ts'
import type {Origin} from '../sql/statement.ts'
import {placeInStack} from '../util/stack.ts'
import type {OnEvent} from './events.ts'
import type {Session} from './session.ts'

/** Where a revision failed. */
export interface FailurePlace {
  /** The file, with the line where it is known. */
  readonly place: string
  /** The statement that the database refused, on one line. */
  readonly statement: string | undefined
}

/** What was being sent when an error came back. Errors are passed on as they are, so that a revision can catch them. */
const sent = new WeakMap<object, {readonly sql: string; readonly origin: Origin}>()

/** Runs what a loaded revision does, on a session that is in a transaction or not. */
export async function runRevision(
  session: Session,
  loaded: LoadedRevision,
  context: RevisionContext,
  onEvent: OnEvent,
): Promise<void> {
  const {body} = loaded
  if (body.kind === 'sql') {
    for (const {sql, offset} of await splitStatements(body.sql, context.dialect, true)) {
      const line = body.line + body.sql.slice(0, offset).split('\n').length - 1
      await send(session, onEvent, sql, {kind: 'line', line})
    }
    return
  }
  const op = new OperationsRecorder(context)
  await op.start(body.run)
  await op.proceed(new SessionHost(session, onEvent))
}

/** Returns where an error that `runRevision` passed on came from. */
export function placeOfFailure(error: unknown, loaded: LoadedRevision): FailurePlace {
  const {path, revision} = loaded
  const failed = typeof error === 'object' && error !== null ? sent.get(error) : undefined
  if (failed === undefined) return {place: placeInStack(error, path, revision.file), statement: undefined}
  const at = positionOf(error) ?? 0
  const {sql, origin} = failed
  const place =
    origin.kind === 'call'
      ? placeInStack(origin.site, path, revision.file)
      : `${revision.file}:${origin.line + sql.slice(0, at).split('\n').length - 1}`
  return {place, statement: excerpt(sql, at)}
}

/** What `op` does while a revision runs on a database. */
class SessionHost implements OperationsHost {
  readonly #session: Session
  readonly #onEvent: OnEvent

  constructor(session: Session, onEvent: OnEvent) {
    this.#session = session
    this.#onEvent = onEvent
  }

  async run(recorded: readonly Recorded[]): Promise<void> {
    for (const one of recorded)
      for (const {sql, origin} of await compileRecorded(one, this.#session.dialect, this.#session.platform))
        await send(this.#session, this.#onEvent, sql, origin)
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const site = new Error('queried')
    const text = this.#session.platform.formatQuery(sql, parameters)
    this.#onEvent({kind: 'statement', sql: text})
    try {
      return await this.#session.query(text)
    } catch (error) {
      if (typeof error === 'object' && error !== null) sent.set(error, {sql: text, origin: {kind: 'call', site}})
      throw error
    }
  }

  async kysely(flush: () => Promise<void>): ReturnType<OperationsHost['kysely']> {
    return this.#session.queryBuilder(flush)
  }

  async entityManager(flush: () => Promise<void>): ReturnType<OperationsHost['entityManager']> {
    return this.#session.entityManager(flush)
  }
}

async function send(session: Session, onEvent: OnEvent, sql: string, origin: Origin): Promise<void> {
  onEvent({kind: 'statement', sql})
  try {
    await session.run(sql)
  } catch (error) {
    if (typeof error === 'object' && error !== null) sent.set(error, {sql, origin})
    throw error
  }
}

/** Returns the offset in the text at which PostgreSQL saw an error. */
function positionOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('position' in error)) return undefined
  const position = Number(error.position)
  return Number.isInteger(position) && position > 0 ? position - 1 : undefined
}

/** Returns the line of a text that the offset is on, or its beginning, cut to a readable length. */
function excerpt(sql: string, at: number): string {
  const start = sql.lastIndexOf('\n', at - 1) + 1
  const text = at > 0 ? sql.slice(start).split('\n')[0] : sql.trim().replaceAll(/\s+/g, ' ')
  const line = (text ?? '').trim()
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
