import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../connection/session.ts'
import type {TableNames} from '../state/tables.ts'
import {advisoryLock} from './advisory-lock.ts'
import {namedLock} from './named-lock.ts'
import type {RunLock} from './run-lock.ts'
import {tableLock} from './table-lock.ts'

export type LockKind = 'session' | 'table'

/**
 * Returns the lock that a run takes on a database; undefined where nobody else can work on it: on PGlite, whose folder is
 * locked as long as it is open, and in a transaction of somebody else that locks the whole database.
 *
 * @param by what others read who wait for it
 */
export function lockOf(session: Session, names: TableNames, kind: LockKind, by: string): RunLock | undefined {
  const {lock} = dialects[session.dialect]
  if (session.isExclusive) return undefined
  const isTable = kind === 'table' || session.isPooled
  switch (lock) {
    case 'advisory':
      return isTable && !session.isBorrowed ? tableLock(session, names, by) : advisoryLock(session, names, by)
    case 'named':
      if (session.isBorrowed) return undefined
      return isTable ? tableLock(session, names, by) : namedLock(session, names)
    case 'row':
      // A transaction that writes keeps all others away from the whole database.
      return session.isBorrowed ? undefined : tableLock(session, names, by)
  }
}
