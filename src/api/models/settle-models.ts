import {compareSchemas} from '../../autogenerate/compare.ts'
import type {CompareOptions, Comparison} from '../../autogenerate/compare.ts'
import type {ComparedDatabase} from '../../catalogue/mikro.ts'
import {mayBeIdle, settle} from '../../autogenerate/drop-noops.ts'
import type {Settled} from '../../autogenerate/drop-noops.ts'
import {splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {CommandFailure} from '../../runner/connection/command.ts'
import type {OnEvent} from '../../runner/events.ts'
import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import {messageOf} from '../../util/error-info.ts'
import {rehearseInTransaction} from '../../rehearsal/rehearse.ts'
import {rehearseOnCopy} from '../../rehearsal/schema-copy.ts'

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
export async function settleModels(before: Comparison, trial: Trial): Promise<Settled> {
  const {operations} = before
  const {session, database, compare, tableLockTimeout, onEvent} = trial
  const {registry} = compare
  const untried: Settled = {operations, unstable: [], unsettled: []}
  if (!mayBeIdle(operations, registry)) return untried
  const use = async (rehearsed: ComparedDatabase): Promise<Settled> => {
    const after = await compareSchemas(rehearsed, {...compare, tables: tablesOf(operations, registry)})
    return settle(before, after, sqlContext(database.dialect, database.platform), registry)
  }
  try {
    return session.dialect === 'mysql' || session.dialect === 'mariadb'
      ? await rehearseOnCopy(session, database, operations, registry, use)
      : await rehearseInTransaction(session, database, operations, registry, tableLockTimeout, use)
  } catch (error) {
    const reason = messageOf(error instanceof CommandFailure ? error.cause : error)
    onEvent?.({kind: 'note', text: `The operations were not tried: ${reason}`})
    return untried
  }
}

/** Returns the names, without schemas, of the tables that operations are about. */
function tablesOf(operations: readonly Operation[], {definitionOf}: OperationRegistry): readonly string[] {
  const names = operations.flatMap((operation) => {
    if (!('table' in operation) || operation.table === undefined) return []
    const {change, subject} = definitionOf(operation)
    const isRenamed = change === 'renames' && subject(operation as never).type === 'table'
    return [splitName(operation.table).name, ...(isRenamed && 'to' in operation ? [String(operation.to)] : [])]
  })
  return [...new Set(names)]
}
