import {OperationArgumentError} from './errors.ts'
import type {Dialect} from './operation.ts'

/** One text for every database, or one for each. */
export type SqlText = string | Readonly<Partial<Record<Dialect, string>>>

/** Runs SQL as it is written: one statement or several. */
export interface Execute {
  readonly kind: 'execute'
  readonly sql: SqlText
  /** The values of the `?` in the text. Without values a `?` is a `?`. */
  readonly parameters: readonly unknown[]
}

export function execute(sql: SqlText, parameters: readonly unknown[] = []): Execute {
  const isText = typeof sql === 'string' || (typeof sql === 'object' && sql !== null && !Array.isArray(sql))
  if (!isText)
    throw new OperationArgumentError('execute', 'SQL as a string, or an object with one string a dialect', sql)
  if (!Array.isArray(parameters)) throw new OperationArgumentError('execute', 'its parameters as an array', parameters)
  return Object.freeze({kind: 'execute', sql, parameters})
}
