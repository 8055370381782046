import type {RenderItem} from '../../config/autogenerate.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {sourceOf} from '../../operations/record.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {commentsOf} from './comment.ts'
import type {Marks} from './comment.ts'
import {compact} from './compact.ts'

/**
 * Returns the body of a function of a revision file; empty without operations.
 *
 * @param dialect the database whose losses are marked; any if undefined
 * @param renderItem can override how an operation is rendered
 * @param marks what a rehearsal says of operations
 */
export function renderBody(
  operations: readonly Operation[],
  registry: OperationRegistry,
  dialect: Dialect | undefined,
  renderItem: RenderItem = () => undefined,
  marks: Marks = new Map(),
): string {
  if (operations.length === 0) return ''
  const calls = operations.map((operation, i) => {
    const lines = commentsOf(operation, operations, registry, {dialect, marks: marks.get(i)}).map(
      (comment) => `  // ${comment}\n`,
    )
    return `${lines.join('')}${callOf(operation, registry, renderItem)}\n`
  })
  return `\n${calls.join('')}`
}

function callOf(operation: Operation, registry: OperationRegistry, renderItem: RenderItem): string {
  const own = renderItem(operation)
  if (own !== undefined) return own.replaceAll(/^(?=.)/gm, '  ')
  const definition = registry.definitionOf(operation)
  const call = (indent: number): string => sourceOf(definition, compact(operation, registry) as never, indent)
  const outsideTransaction = 'concurrently' in operation && operation.concurrently
  return outsideTransaction ? `  await op.autocommit(() => {\n    ${call(4)}\n  })` : `  ${call(2)}`
}
