import type {Session} from '../connection/session.ts'
import type {TableNames} from '../state/tables.ts'
import {advisoryLock} from './advisory-lock.ts'
import {namedLock} from './named-lock.ts'
import type {RunLock} from './run-lock.ts'
import {tableLock} from './table-lock.ts'

export type LockKind = 'session' | 'table'

/**
 * Returns the lock that a run takes on a database; undefined for PGlite, whose folder is locked as long as it is open.
 *
 * @param by what others read who wait for it
 */
export function lockOf(session: Session, names: TableNames, kind: LockKind, by: string): RunLock | undefined {
  if (session.dialect === 'postgresql' && session.isEmbedded) return undefined
  // On SQLite, a transaction that writes keeps all others away from the whole database.
  if (session.isBorrowed) return session.dialect === 'postgresql' ? advisoryLock(session, names, by) : undefined
  if (session.dialect === 'sqlite' || kind === 'table' || session.isPooled) return tableLock(session, names, by)
  return session.dialect === 'postgresql' ? advisoryLock(session, names, by) : namedLock(session, names)
}
