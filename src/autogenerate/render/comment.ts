import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'

/**
 * Returns the comment above an operation: the data that it loses, or the existing rows that it cannot be run with.
 *
 * @param all the operations of the revision: a table that they create has no rows
 */
export function commentOf(
  operation: Operation,
  all: readonly Operation[],
  {definitionOf}: OperationRegistry,
): string | undefined {
  const {losesData, requiresValue, failsOn} = definitionOf(operation)
  const lost = [losesData?.(operation as never) ?? []].flat()
  if (lost.length > 0) return `loses data: ${lost.join(', ')}`
  if (requiresValue?.(operation as never))
    return 'requires a value for existing rows: add a default, or fill the column first'
  const rows = failsOn?.(operation as never)
  return rows === undefined || isHarmless(operation, all) ? undefined : `fails if existing rows ${rows}`
}

/** Whether no existing row can violate a constraint: its table is new, or a column of it, which is null everywhere. */
function isHarmless(operation: Operation, all: readonly Operation[]): boolean {
  if (!('table' in operation)) return false
  const {table} = operation
  const columns: readonly unknown[] =
    'columns' in operation && Array.isArray(operation.columns) ? operation.columns : []
  return all.some((other) => {
    if (other.kind === 'createTable') return other.table === table
    if (other.kind !== 'addColumn' || other.table !== table || !columns.includes(other.column)) return false
    const {nullable, default: value, generated} = other.definition
    return nullable && value === undefined && generated === undefined
  })
}
