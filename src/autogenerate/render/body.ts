import type {RenderItem} from '../../config/autogenerate.ts'
import type {Operation} from '../../operations/operation.ts'
import {sourceOf} from '../../operations/record.ts'
import {definitionOf} from '../../operations/registry.ts'
import {compact} from './compact.ts'

/**
 * Returns what stands between the braces of a function of a revision file; nothing for no operations.
 *
 * @param renderItem what may write an operation otherwise
 */
export function renderBody(operations: readonly Operation[], renderItem: RenderItem = () => undefined): string {
  if (operations.length === 0) return ''
  return `\n${operations.map((operation) => `${commentOf(operation)}${callOf(operation, renderItem)}\n`).join('')}`
}

function callOf(operation: Operation, renderItem: RenderItem): string {
  const own = renderItem(operation)
  if (own !== undefined) return own.replaceAll(/^(?=.)/gm, '  ')
  const call = (indent: number): string => sourceOf(definitionOf(operation), compact(operation) as never, indent)
  // What cannot be in a transaction.
  const isAlone = 'concurrently' in operation && operation.concurrently
  return isAlone ? `  await op.autocommit(() => {\n    ${call(4)}\n  })` : `  ${call(2)}`
}

function commentOf(operation: Operation): string {
  const lost = [definitionOf(operation).losesData?.(operation as never) ?? []].flat()
  if (lost.length > 0) return `  // loses data: ${lost.join(', ')}\n`
  return needsValue(operation) ? '  // rows that are there need a value: give it a default, or fill it first\n' : ''
}

function needsValue(operation: Operation): boolean {
  if (operation.kind === 'alterColumn') return operation.set.nullable === false
  if (operation.kind !== 'addColumn') return false
  const {nullable, default: value, generated, identity, autoincrement} = operation.definition
  return !nullable && value === undefined && generated === undefined && identity === undefined && !autoincrement
}
