import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import type {Operation} from '../operations/operation.ts'
import {builtInKinds} from '../operations/registry.ts'
import {rehearse} from '../rehearsal/rehearse.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import type {OnEvent} from '../runner/events.ts'
import {sqlContext} from '../sql/context.ts'
import {messageOf} from '../util/error-info.ts'
import {compareSchemas} from './compare.ts'
import type {CompareOptions, Comparison} from './compare.ts'
import {definitionIn, subjectOf} from './subject.ts'

/** What came of operations when they were tried. */
export interface Settled {
  readonly operations: readonly Operation[]
  /** What was left out: it changes nothing, and would be found again and again. */
  readonly unstable: readonly string[]
  /** What still differs after the operations, though they did change something. */
  readonly unsettled: readonly string[]
}

/** What operations are tried with. */
export interface Trial {
  readonly session: Session
  readonly database: ComparedDatabase
  readonly compare: CompareOptions
  /** How long the operations wait for locks on tables, in milliseconds. */
  readonly tableLockTimeout: number
  readonly onEvent: OnEvent | undefined
}

/** Tries the operations that a comparison gave, and leaves out what does nothing. */
export async function dropNoops(before: Comparison, trial: Trial): Promise<Settled> {
  const {operations} = before
  const {session, database, compare, tableLockTimeout, onEvent} = trial
  const untried: Settled = {operations, unstable: [], unsettled: []}
  if (!mayBeIdle(operations)) return untried
  const compareAgain = async (): Promise<Settled> => {
    const after = await compareSchemas(database, {...compare, tables: tablesOf(operations)})
    return withoutNoops(before, after, sqlContext(database.dialect, database.platform))
  }
  try {
    return await rehearse(session, operations, tableLockTimeout, compareAgain)
  } catch (error) {
    const reason = messageOf(error instanceof CommandFailure ? error.cause : error)
    onEvent?.({kind: 'note', text: `The operations were not tried: ${reason}`})
    return untried
  }
}

/** Returns the names, without schemas, of the tables that operations are about. */
function tablesOf(operations: readonly Operation[]): readonly string[] {
  const names = operations.flatMap((one) => {
    if (!('table' in one) || one.table === undefined) return []
    return [splitName(one.table).name, ...(one.kind === 'renameTable' ? [one.to] : [])]
  })
  return [...new Set(names)]
}

/** What changes something that stays. Anything else is new afterwards, or gone. */
const changing: ReadonlySet<string> = new Set([
  ...['alterColumn', 'setTableComment', 'setRowLevelSecurity', 'replaceEnum', 'execute'],
])

/** Tells whether trying operations can show that some do nothing: they change something, or drop it and make it anew. */
function mayBeIdle(operations: readonly Operation[]): boolean {
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
function withoutNoops(before: Comparison, after: Comparison, context: SqlContext): Settled {
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
