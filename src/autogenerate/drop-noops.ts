import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import {targetSchema} from '../catalogue/read.ts'
import {readSnapshot} from '../catalogue/snapshot/read.ts'
import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {nameOfSubject} from '../operations/subject.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {applyOperations} from '../rehearsal/apply-operations.ts'
import {rehearse} from '../rehearsal/rehearse.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import {sqlContext} from '../sql/context.ts'
import {compareSchemas} from './compare.ts'
import type {CompareOptions, Comparison} from './compare.ts'

/**
 * Removes operations that change nothing, for a comparison without a scratch database: a definition that the database
 * spells differently from the entity appears to differ, and only a trial run shows that it is the same.
 *
 * @param tableLock the timeout for table locks, in milliseconds
 */
export async function dropNoops(
  compared: Comparison,
  session: Session,
  database: ComparedDatabase,
  options: CompareOptions,
  tableLock: number,
): Promise<Comparison> {
  const {operations} = compared
  const {registry} = options
  if (operations.length === 0) return compared
  const schemas = [...targetSchema(database, options.isForTenants ?? false).getNamespaces()]
  const read = async (): Promise<Snapshot> =>
    readSnapshot(async (sql) => session.query(sql), sqlContext(session.dialect, session.platform), schemas)
  const before = await read()
  const tried = await rehearse(session, tableLock, async () => {
    await applyOperations(session, operations, registry)
    return {again: await compareSchemas(database, {...options, answers: {renames: [], drops: []}}), after: await read()}
  }).catch(async (error: unknown) => {
    await session.stopIfAborted()
    // The rehearsal of the revision reports it.
    if (error instanceof CommandFailure) return undefined
    throw error
  })
  if (tried === undefined) return compared
  const {again, after} = tried
  const left = new Set(again.operations.map((operation) => keyOf(operation, registry)))
  const changed = new Set(
    differencesOf(before, after).flatMap(({before: one, after: other}) => {
      const {table, name = ''} = one ?? other ?? {}
      return table === undefined ? [name] : [`${table}.${name}`, name]
    }),
  )
  const isIdle = (operation: Operation): boolean => {
    const key = keyOf(operation, registry)
    return left.has(key) && !changed.has(key)
  }
  return {...compared, operations: operations.filter((operation) => !isIdle(operation))}
}

function keyOf(operation: Operation, {definitionOf}: OperationRegistry): string {
  return nameOfSubject(definitionOf(operation).subject(operation as never))
}
