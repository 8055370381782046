import type {Operation} from './operation.ts'
import {frozenRecord} from './record.ts'
import type {OperationRegistry} from './registry.ts'

/** The operations that undo others, in order; or the last operation that cannot be undone. */
export type InverseOperations =
  | {readonly operations: readonly Operation[]}
  | {readonly operation: Operation; readonly irreversible: string}

/** Returns the inverse of each operation, in reverse order. */
export function inverseOf(operations: readonly Operation[], registry: OperationRegistry): InverseOperations {
  const inverses: Operation[] = []
  for (const operation of operations.toReversed()) {
    const inverse = registry.definitionOf(operation).inverse(operation as never)
    if ('irreversible' in inverse) return {operation, irreversible: inverse.irreversible}
    inverses.push(...inverse.map((step) => completed(step, registry)))
  }
  return {operations: inverses}
}

/** Returns an operation as `op` would record it. */
export function completed(operation: Operation, registry: OperationRegistry): Operation {
  const {kind: _, ...values} = operation
  return frozenRecord(registry.definitionOf(operation), values) as unknown as Operation
}
