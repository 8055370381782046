import {dialects} from '../dialects/dialects.ts'
import type {Session} from '../runner/connection/session.ts'
import {rehearseOnCopy} from './schema-copy.ts'
import {rehearseInTransaction} from './transaction.ts'

/**
 * Calls `use` where everything it does to the schema leaves no trace: in a transaction that is rolled back, or on a copy
 * of the schema if DDL commits implicitly.
 *
 * @param tableLock the timeout for table locks, in milliseconds
 * @param touched the tables and views that `use` touches, which are enough for a copy; all when omitted
 */
export async function rehearse<Result>(
  session: Session,
  tableLock: number,
  use: () => Promise<Result>,
  touched?: readonly string[],
): Promise<Result> {
  return dialects[session.dialect].capabilities.ddlCommits
    ? rehearseOnCopy(session, use, touched)
    : rehearseInTransaction(session, tableLock, use)
}
