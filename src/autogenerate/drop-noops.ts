import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Subject} from '../operations/subject.ts'
import {rehearse} from '../rehearsal/rehearse.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import type {OnEvent} from '../runner/events.ts'
import {sqlContext} from '../sql/context.ts'
import {messageOf} from '../util/error-info.ts'
import {compareSchemas} from './compare.ts'
import type {CompareOptions, Comparison} from './compare.ts'
import {definitionIn, keyOfSubject} from './subject.ts'

/** The outcome of a trial run. */
export interface Settled {
  readonly operations: readonly Operation[]
  /** Operations that were left out: they change nothing and would be found every time. */
  readonly unstable: readonly string[]
  /** Differences that remain although the operations changed something. */
  readonly unsettled: readonly string[]
}

/** The context of a trial run. */
export interface Trial {
  readonly session: Session
  readonly database: ComparedDatabase
  readonly compare: CompareOptions
  /** The time the operations wait for table locks, in milliseconds. */
  readonly tableLockTimeout: number
  readonly onEvent: OnEvent | undefined
}

/** Tries the operations of a comparison and removes those that have no effect. */
export async function dropNoops(before: Comparison, trial: Trial): Promise<Settled> {
  const {operations} = before
  const {session, database, compare, tableLockTimeout, onEvent} = trial
  const {registry} = compare
  const untried: Settled = {operations, unstable: [], unsettled: []}
  if (!mayBeIdle(operations, registry)) return untried
  const compareAgain = async (): Promise<Settled> => {
    const after = await compareSchemas(database, {...compare, tables: tablesOf(operations, registry)})
    return withoutNoops(before, after, sqlContext(database.dialect, database.platform), registry)
  }
  try {
    return await rehearse(session, operations, registry, tableLockTimeout, compareAgain)
  } catch (error) {
    const reason = messageOf(error instanceof CommandFailure ? error.cause : error)
    onEvent?.({kind: 'note', text: `The trial run of the operations failed: ${reason}`})
    return untried
  }
}

/** Returns the unqualified names of the tables that operations change. */
function tablesOf(operations: readonly Operation[], {definitionOf}: OperationRegistry): readonly string[] {
  const names = operations.flatMap((operation) => {
    if (!('table' in operation) || operation.table === undefined) return []
    const {change, subject} = definitionOf(operation)
    const isRenamed = change === 'renames' && subject(operation as never).type === 'table'
    return [splitName(operation.table).name, ...(isRenamed && 'to' in operation ? [String(operation.to)] : [])]
  })
  return [...new Set(names)]
}

/** Returns whether a trial run can detect no-ops: the operations alter an object, or drop and recreate it. */
function mayBeIdle(operations: readonly Operation[], registry: OperationRegistry): boolean {
  const keys = operations.map((operation) => keyOf(operation, registry))
  return (
    operations.some((operation) => registry.definitionOf(operation).change === 'alters') ||
    new Set(keys).size < keys.length
  )
}

/**
 * Returns the operations that have an effect. A definition that the database spells differently from the entity appears
 * to differ; only a trial run shows that it is the same.
 *
 * @param before the comparison that gave the operations
 * @param after the same comparison, after they were run
 */
function withoutNoops(
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
