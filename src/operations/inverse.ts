import type {Operation} from './operation.ts'
import {frozenRecord} from './record.ts'
import type {OperationRegistry} from './registry.ts'

/** What undoes operations, in the order in which it is run; or the first operation from the end that stands in the way. */
export type InverseOperations =
  | {readonly operations: readonly Operation[]}
  | {readonly operation: Operation; readonly irreversible: string}

/** Returns what undoes operations: the inverse of each, last first. */
export function inverseOf(operations: readonly Operation[], registry: OperationRegistry): InverseOperations {
  const inverses: Operation[] = []
  for (const operation of operations.toReversed()) {
    const inverse = registry.definitionOf(operation).inverse(operation as never)
    if ('irreversible' in inverse) return {operation, irreversible: inverse.irreversible}
    inverses.push(...inverse.map((one) => completed(one, registry)))
  }
  return {operations: inverses}
}

/** Returns an operation as `op` would record it. */
export function completed(operation: Operation, registry: OperationRegistry): Operation {
  const {kind: _, ...values} = operation
  return frozenRecord(registry.definitionOf(operation), values) as unknown as Operation
}
