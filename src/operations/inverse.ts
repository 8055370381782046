import {irreversible} from './definition.ts'
import type {Inverse} from './definition.ts'
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
    const inverse = inverseOfOne(operation, registry)
    if ('irreversible' in inverse) return {operation, irreversible: inverse.irreversible}
    inverses.push(...inverse.map((step) => completed(step, registry)))
  }
  return {operations: inverses}
}

/** Returns the operations that undo one operation, or why it cannot be undone. */
export function inverseOfOne(operation: Operation, registry: OperationRegistry): Inverse {
  // Whether the operation did anything is unknown, so its inverse could remove or create what was never changed.
  if ('ifNotExists' in operation && operation.ifNotExists)
    return irreversible('with `ifNotExists`, it may have existed before')
  if ('ifExists' in operation && operation.ifExists)
    return irreversible('with `ifExists`, it may not have existed before')
  return registry.definitionOf(operation).inverse(operation as never)
}

/** Returns an operation as `op` would record it. */
export function completed(operation: Operation, registry: OperationRegistry): Operation {
  const {kind: _, ...values} = operation
  return frozenRecord(registry.definitionOf(operation), values) as unknown as Operation
}
