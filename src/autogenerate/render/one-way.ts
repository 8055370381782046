import {completed} from '../../operations/inverse.ts'
import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'

/**
 * Returns an operation of a downgrade without the fields that only its inverse reads, since a downgrade is never
 * undone.
 */
export function oneWay(operation: Operation, registry: OperationRegistry): Operation {
  const shorter = registry.definitionOf(operation).oneWay?.(operation as never)
  return shorter === undefined ? operation : completed(shorter as unknown as Operation, registry)
}
