import {dialects} from '../dialects/dialects.ts'
import {batchesOf, compileBatch} from '../sql/compile.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import type {Statement} from '../sql/statement.ts'

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
