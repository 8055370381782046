import type {LoadedRevision} from '../script/load.ts'
import type {Origin, Statement} from '../sql/statement.ts'
import {placeInStack} from '../util/stack.ts'

/** Where a revision failed. */
export interface FailurePlace {
  /** The file, with the line where it is known. */
  readonly place: string
  /** The statement that the database refused, on one line. */
  readonly statement: string | undefined
}

/** What was being sent when an error came back. Errors are passed on as they are, so that a revision can catch them. */
const blamed = new WeakMap<object, {readonly sql: string; readonly origin: Origin; readonly offset: number}>()

/** Notes which statement an error of the database came from. */
export function attachStatement(error: unknown, {sql, origin}: Pick<Statement, 'sql' | 'origin'>, offset = 0): void {
  if (typeof error === 'object' && error !== null) blamed.set(error, {sql, origin, offset})
}

/** Returns where an error came from that a revision threw. */
export function placeOfFailure(error: unknown, loaded: LoadedRevision): FailurePlace {
  const found = typeof error === 'object' && error !== null ? blamed.get(error) : undefined
  if (found === undefined) return {place: placeInStack(error, loaded.path, loaded.revision.file), statement: undefined}
  const {sql, origin, offset} = found
  const statement = sql === '' ? undefined : excerpt(sql, offset)
  return {place: placeOf(origin, loaded, sql.slice(0, offset)), statement}
}

/** @param before the text of the statement ahead of the place that is meant */
export function placeOf(origin: Origin, {path, revision}: LoadedRevision, before = ''): string {
  return origin.kind === 'call'
    ? placeInStack(origin.site, path, revision.file)
    : `${revision.file}:${origin.line + before.split('\n').length - 1}`
}

/** Returns the line of a text that the offset is on, or its beginning, cut to a readable length. */
function excerpt(sql: string, offset = 0): string {
  const start = sql.lastIndexOf('\n', offset - 1) + 1
  const text = offset > 0 ? sql.slice(start).split('\n')[0] : sql.trim().replaceAll(/\s+/g, ' ')
  const line = (text ?? '').trim()
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
