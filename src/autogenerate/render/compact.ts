import {isDeepStrictEqual} from 'node:util'
import {completed} from '../../operations/inverse.ts'
import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'

/**
 * Returns an operation without the values that `op` fills in: derived names, and single-column keys, which are written
 * with the column.
 */
export function compact(operation: Operation, registry: OperationRegistry): Operation {
  const {shorthand} = registry.definitionOf(operation)
  if (shorthand === undefined) return operation
  const shorter = shorthand.shorten(operation as never) as unknown as Operation
  return isDeepStrictEqual(completed(shorter, registry), completed(operation, registry)) ? shorter : operation
}
