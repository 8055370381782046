import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import {rehearseOnCopy} from './schema-copy.ts'
import {rehearseInTransaction} from './transaction.ts'

/**
 * Runs operations where they leave nothing behind, and calls `use` while they are in effect: in a transaction that is
 * rolled back, or on a copy of the schema where DDL commits.
 *
 * @param tableLock how long operations wait for locks on tables, in milliseconds
 */
export async function rehearse<Result>(
  session: Session,
  operations: readonly Operation[],
  registry: OperationRegistry,
  tableLock: number,
  use: () => Promise<Result>,
): Promise<Result> {
  return dialects[session.dialect].capabilities.ddlCommits
    ? rehearseOnCopy(session, operations, registry, use)
    : rehearseInTransaction(session, operations, registry, tableLock, use)
}
