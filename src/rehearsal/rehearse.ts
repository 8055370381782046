import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import {rehearseOnCopy} from './schema-copy.ts'
import {rehearseInTransaction} from './transaction.ts'

/**
 * Runs operations temporarily and calls `use` while they are in effect: in a transaction that is rolled back, or on a
 * copy of the schema if DDL commits implicitly.
 *
 * @param tableLock the timeout for table locks, in milliseconds
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
