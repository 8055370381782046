import type {ComparedDatabase} from '../catalogue/mikro.ts'
import {batchesOf, compileBatch} from '../sql/compile.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {bracketOf} from '../runner/transaction-boundaries.ts'
import {ForeignKeys} from '../runner/foreign-keys.ts'
import type {Session} from '../runner/connection/session.ts'
import type {Statement} from '../sql/statement.ts'

/** Runs operations on a session, without a trace in the tables of mig. */
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
    // How a table of SQLite is made anew depends on what it is by then.
    if (dialect === 'sqlite') await session.send(compiled.map(({sql}) => ({sql})))
    else statements.push(...compiled)
  }
  if (statements.length > 0) await session.send(statements.map(({sql}) => ({sql})))
}

/**
 * Runs operations in a transaction, passes on the database as it is then, and rolls everything back.
 */
export async function rehearseInTransaction<Result>(
  session: Session,
  database: ComparedDatabase,
  operations: readonly Operation[],
  registry: OperationRegistry,
  tableLock: number,
  use: (database: ComparedDatabase) => Promise<Result>,
): Promise<Result> {
  const {begin, rollback} = session.isBorrowed
    ? {begin: ['savepoint mig_rehearsal'], rollback: 'rollback to savepoint mig_rehearsal'}
    : bracketOf(session, {tableLock, statement: undefined})
  const work = async (): Promise<Result> => {
    await session.send(begin.map((sql) => ({sql})))
    try {
      await applyOperations(session, operations, registry)
      return await use(database)
    } finally {
      await session.sendRegardless([{sql: rollback}])
    }
  }
  return session.dialect === 'sqlite' && !session.isBorrowed ? ForeignKeys.off(session, work) : work()
}
