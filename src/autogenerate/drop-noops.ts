import type {SqlContext} from '../operations/definition.ts'
import type {Operation} from '../operations/operation.ts'
import {builtInKinds} from '../operations/registry.ts'
import type {Comparison} from './compare.ts'
import {definitionIn, subjectOf} from './subject.ts'

/** What came of operations when they were tried. */
export interface Settled {
  readonly operations: readonly Operation[]
  /** What was left out: it changes nothing, and would be found again and again. */
  readonly unstable: readonly string[]
  /** What still differs after the operations, though they did change something. */
  readonly unsettled: readonly string[]
}

/** What changes something that stays. Anything else is new afterwards, or gone. */
const changing: ReadonlySet<string> = new Set([
  ...['alterColumn', 'setTableComment', 'setRowLevelSecurity', 'replaceEnum', 'execute'],
])

/** Tells whether trying operations can show that some do nothing: they change something, or drop it and make it anew. */
export function mayBeIdle(operations: readonly Operation[]): boolean {
  const subjects = operations.map(subjectOf)
  return (
    operations.some(({kind}) => changing.has(kind) || !builtInKinds.includes(kind)) ||
    new Set(subjects).size < subjects.length
  )
}

/**
 * Returns the operations that do something. What the database writes otherwise than an entity does, and so looks
 * different although it is the same, is found by trying.
 *
 * @param before the comparison that gave the operations
 * @param after the same comparison, after they were run
 */
export function settle(before: Comparison, after: Comparison, context: SqlContext): Settled {
  const left = new Map(
    after.operations.filter(({kind}) => !kind.endsWith('Schema')).map((one) => [subjectOf(one), one]),
  )
  const isIdle = (operation: Operation): boolean =>
    left.has(subjectOf(operation)) &&
    definitionIn(before.live, operation, context) === definitionIn(after.live, operation, context)
  const idle = before.operations.filter(isIdle)
  const names = new Set(idle.map(subjectOf))
  return {
    operations: before.operations.filter((operation) => !names.has(subjectOf(operation))),
    unstable: [...names],
    unsettled: [...left.keys()].filter((subject) => !names.has(subject)),
  }
}
