import {ParametersError} from './errors.ts'

/** A placeholder, as MikroORM reads it: `?` for a value, `??` for a name, `\?` for a question mark. */
const placeholder = /\\\?|\?\??/g

/**
 * Replaces the placeholders of a text with its parameters; without parameters, a `?` has no special meaning.
 *
 * @throws MigError INVALID_OPERATION if their numbers differ or a parameter is undefined
 */
export function withParameters(
  operation: string,
  platform: {formatQuery(sql: string, parameters: readonly unknown[]): string},
  sql: string,
  parameters: readonly unknown[],
): string {
  checkParameters(operation, sql, parameters)
  return platform.formatQuery(sql, parameters)
}

/** @throws MigError INVALID_OPERATION */
export function checkParameters(operation: string, sql: string, parameters: readonly unknown[]): void {
  if (parameters.length === 0) return
  const count = [...sql.matchAll(placeholder)].filter(([text]) => text !== '\\?').length
  if (count !== parameters.length) throw new ParametersError(operation, {count, given: parameters.length})
  const index = parameters.findIndex((value) => value === undefined)
  if (index !== -1) throw new ParametersError(operation, {undefinedAt: index + 1})
}
