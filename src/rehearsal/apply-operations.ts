import {dialects} from '../dialects/dialects.ts'
import {batchesOf, compileBatch} from '../sql/compile.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import type {Statement} from '../sql/statement.ts'
import {reasonOf} from './reason.ts'

/** Runs operations on a session without recording them in mig's tables. */
export async function applyOperations(
  session: Session,
  operations: readonly Operation[],
  registry: OperationRegistry,
): Promise<void> {
  const {dialect, platform} = session
  const compilation = {dialect, platform, registry}
  const site = new Error('rehearsed')
  const recorded = operations.map((operation) => ({operation, site, outsideTransaction: false}))
  const catalogue = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => session.query(sql)
  const statements: Statement[] = []
  for (const batch of batchesOf(recorded, compilation)) {
    const compiled = await compileBatch(batch, compilation, catalogue)
    // A SQLite table rebuild depends on the table's current definition.
    if (dialects[dialect].capabilities.rebuildsTables) await session.send(compiled.map(({sql}) => ({sql})))
    else statements.push(...compiled)
  }
  if (statements.length > 0) await session.send(statements.map(({sql}) => ({sql})))
}

/** Runs an operation; returns the words of the server if it refuses, after which the session is as before. */
export async function reasonToRefuse(
  session: Session,
  operation: Operation,
  registry: OperationRegistry,
): Promise<string | undefined> {
  const {ddlCommits} = dialects[session.dialect].capabilities
  const savepoint = async (sql: string): Promise<void> => {
    if (!ddlCommits) await session.sendRegardless([{sql}])
  }
  await savepoint('savepoint mig_operation')
  try {
    await applyOperations(session, [operation], registry)
    await savepoint('release savepoint mig_operation')
    return undefined
  } catch (error) {
    await savepoint('rollback to savepoint mig_operation')
    return reasonOf(error)
  }
}
