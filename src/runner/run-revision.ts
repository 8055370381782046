import {OperationsRecorder} from '../operations/operations.ts'
import type {OperationsHost, Recorded} from '../operations/operations.ts'
import type {LoadedRevision} from '../script/load.ts'
import {compileOperation} from '../sql/compile.ts'
import {placeInStack} from '../util/stack.ts'
import type {OnEvent} from './events.ts'
import type {Session} from './session.ts'

/** What revisions may ask for besides the database. */
export interface RevisionContext {
  readonly database: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly onEvent: OnEvent
}

/** Where a revision failed. */
export interface FailurePlace {
  /** The file, with the line where it is known. */
  readonly place: string
  /** The statement that the database refused, on one line. */
  readonly statement: string | undefined
}

/** What was being sent when an error came back. Errors are passed on as they are, so that a revision can catch them. */
const sent = new WeakMap<object, {readonly sql: string; readonly site?: Error; readonly line?: number}>()

/** Runs what a loaded revision does, on a session that is in a transaction or not. */
export async function runRevision(session: Session, loaded: LoadedRevision, context: RevisionContext): Promise<void> {
  const {body} = loaded
  if (body.kind === 'sql') {
    await send(session, context, body.sql, {line: body.line})
    return
  }
  const op = new OperationsRecorder(new SessionHost(session, context))
  await body.run(op)
  await op.finish()
}

/** Returns where an error that `runRevision` passed on came from. */
export function placeOfFailure(error: unknown, loaded: LoadedRevision): FailurePlace {
  const {path, revision} = loaded
  const origin = typeof error === 'object' && error !== null ? sent.get(error) : undefined
  if (origin === undefined) return {place: placeInStack(error, path, revision.file), statement: undefined}
  const at = positionOf(error) ?? 0
  const before = origin.sql.slice(0, at)
  const place =
    origin.line === undefined
      ? placeInStack(origin.site ?? error, path, revision.file)
      : `${revision.file}:${origin.line + before.split('\n').length - 1}`
  return {place, statement: excerpt(origin.sql, at)}
}

/** What `op` does while a revision runs on a database. */
class SessionHost implements OperationsHost {
  readonly #session: Session
  readonly #context: RevisionContext

  constructor(session: Session, context: RevisionContext) {
    this.#session = session
    this.#context = context
  }

  get dialect(): Session['dialect'] {
    return this.#session.dialect
  }

  get database(): string | undefined {
    return this.#context.database
  }

  get x(): Readonly<Record<string, string>> {
    return this.#context.x
  }

  async run(recorded: readonly Recorded[]): Promise<void> {
    for (const {operation, site} of recorded)
      for (const sql of compileOperation(operation, this.#session.dialect, this.#session.platform))
        await send(this.#session, this.#context, sql, {site})
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const site = new Error('queried')
    const text = this.#session.platform.formatQuery(sql, parameters)
    this.#context.onEvent({kind: 'statement', sql: text})
    try {
      return await this.#session.query(text)
    } catch (error) {
      if (typeof error === 'object' && error !== null) sent.set(error, {sql: text, site})
      throw error
    }
  }

  kysely(flush: () => Promise<void>): ReturnType<OperationsHost['kysely']> {
    return this.#session.queryBuilder(flush)
  }

  entityManager(flush: () => Promise<void>): ReturnType<OperationsHost['entityManager']> {
    return this.#session.entityManager(flush)
  }
}

async function send(
  session: Session,
  {onEvent}: RevisionContext,
  sql: string,
  origin: {readonly site?: Error; readonly line?: number},
): Promise<void> {
  if (sql.trim() === '') return
  onEvent({kind: 'statement', sql})
  try {
    await session.run(sql)
  } catch (error) {
    if (typeof error === 'object' && error !== null) sent.set(error, {sql, ...origin})
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
