import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import {ForeignKeys} from '../runner/foreign-keys.ts'
import {bracketOf} from '../runner/transaction-boundaries.ts'
import {applyOperations} from './apply-operations.ts'

/** Runs operations in a transaction, calls `use` before it ends, and rolls everything back. */
export async function rehearseInTransaction<Result>(
  session: Session,
  operations: readonly Operation[],
  registry: OperationRegistry,
  tableLock: number,
  use: () => Promise<Result>,
): Promise<Result> {
  const {begin, rollback} = session.isBorrowed
    ? {begin: ['savepoint mig_rehearsal'], rollback: 'rollback to savepoint mig_rehearsal'}
    : bracketOf(session, {tableLock, statement: undefined})
  const work = async (): Promise<Result> => {
    await session.send(begin.map((sql) => ({sql})))
    try {
      await applyOperations(session, operations, registry)
      return await use()
    } finally {
      await session.sendRegardless([{sql: rollback}])
    }
  }
  return dialects[session.dialect].capabilities.rebuildsTables && !session.isBorrowed
    ? ForeignKeys.off(session, work)
    : work()
}
