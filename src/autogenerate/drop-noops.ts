import type {SqlContext} from '../operations/definition.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Subject} from '../operations/subject.ts'
import type {Comparison} from './compare.ts'
import {definitionIn, keyOfSubject} from './subject.ts'

/** What came of operations when they were tried. */
export interface Settled {
  readonly operations: readonly Operation[]
  /** What was left out: it changes nothing, and would be found again and again. */
  readonly unstable: readonly string[]
  /** What still differs after the operations, though they did change something. */
  readonly unsettled: readonly string[]
}

/** Returns whether trying operations can show that some do nothing: they alter something, or drop it and create it again. */
export function mayBeIdle(operations: readonly Operation[], registry: OperationRegistry): boolean {
  const keys = operations.map((operation) => keyOf(operation, registry))
  return (
    operations.some((operation) => registry.definitionOf(operation).change === 'alters') ||
    new Set(keys).size < keys.length
  )
}

/**
 * Returns the operations that do something. What the database writes otherwise than an entity does, and so looks
 * different although it is the same, is found by trying.
 *
 * @param before the comparison that gave the operations
 * @param after the same comparison, after they were run
 */
export function settle(
  before: Comparison,
  after: Comparison,
  context: SqlContext,
  registry: OperationRegistry,
): Settled {
  const keyed = ({operations}: Comparison): readonly Keyed[] =>
    operations.map((operation) => {
      const subject = registry.definitionOf(operation).subject(operation as never)
      return {operation, subject, key: keyOfSubject(subject)}
    })
  const left = new Set(keyed(after).flatMap(({subject, key}) => (subject.type === 'schema' ? [] : [key])))
  const isIdle = ({subject, key}: Keyed): boolean =>
    left.has(key) && definitionIn(before.live, subject, context) === definitionIn(after.live, subject, context)
  const found = keyed(before)
  const idle = new Set(found.filter(isIdle).map(({key}) => key))
  return {
    operations: found.filter(({key}) => !idle.has(key)).map(({operation}) => operation),
    unstable: [...idle],
    unsettled: [...left].filter((key) => !idle.has(key)),
  }
}

interface Keyed {
  readonly operation: Operation
  readonly subject: Subject
  readonly key: string
}

function keyOf(operation: Operation, {definitionOf}: OperationRegistry): string {
  return keyOfSubject(definitionOf(operation).subject(operation as never))
}
