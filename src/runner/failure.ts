import type {LoadedRevision} from '../script/load.ts'
import type {Origin, Statement} from '../sql/statement.ts'
import {placeInStack} from '../util/stack.ts'

/** The location of a failure in a revision. */
export interface FailurePlace {
  /** The file, with the line if known. */
  readonly place: string
  /** The failed statement, on one line. */
  readonly statement: string | undefined
}

/** The statement behind each error, kept outside of the error because revisions may catch it. */
const statements = new WeakMap<object, {readonly sql: string; readonly origin: Origin; readonly offset: number}>()

/** Records the statement that caused a database error. */
export function attachStatement(error: unknown, {sql, origin}: Pick<Statement, 'sql' | 'origin'>, offset = 0): void {
  if (typeof error === 'object' && error !== null) statements.set(error, {sql, origin, offset})
}

/** Returns the statement that caused an error, on one line, with an error whose stack locates its call. */
export function statementOfFailure(error: unknown): {readonly statement: string; readonly site: Error} | undefined {
  const found = typeof error === 'object' && error !== null ? statements.get(error) : undefined
  if (found?.origin.kind !== 'call' || found.sql === '') return undefined
  return {statement: excerpt(found.sql), site: found.origin.site}
}

/** Returns the location of an error thrown by a revision. */
export function placeOfFailure(error: unknown, loaded: LoadedRevision): FailurePlace {
  const found = typeof error === 'object' && error !== null ? statements.get(error) : undefined
  if (found === undefined) return {place: placeInStack(error, loaded.path, loaded.revision.file), statement: undefined}
  const {sql, origin, offset} = found
  const statement = sql === '' ? undefined : excerpt(sql, offset)
  return {place: placeOf(origin, loaded, sql.slice(0, offset)), statement}
}

/**
 * Returns the file and line of a statement.
 *
 * @param before the statement's text ahead of the location
 */
export function placeOf(origin: Origin, {path, revision}: LoadedRevision, before = ''): string {
  return origin.kind === 'call'
    ? placeInStack(origin.site, path, revision.file)
    : `${revision.file}:${origin.line + before.split('\n').length - 1}`
}

/** Returns the line at the offset, or the start of the text, cut to a readable length. */
function excerpt(sql: string, offset = 0): string {
  const start = sql.lastIndexOf('\n', offset - 1) + 1
  const text = offset > 0 ? sql.slice(start).split('\n')[0] : sql.trim().replaceAll(/\s+/g, ' ')
  const line = (text ?? '').trim()
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
