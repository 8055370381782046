import {dialects} from '../../dialects/dialects.ts'
import type {Session} from '../connection/session.ts'
import type {TableNames} from '../state/tables.ts'
import {advisoryLock} from './advisory-lock.ts'
import {namedLock} from './named-lock.ts'
import type {RunLock} from './run-lock.ts'
import {tableLock} from './table-lock.ts'

export type LockKind = 'session' | 'table'

/**
 * Returns the run lock of a database; undefined where none is needed: on PGlite, whose folder is locked while it is
 * open, and in a caller's transaction that locks the whole database.
 *
 * @param by the holder's name, shown to waiting runs
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
      // A write transaction locks the whole database.
      return session.isBorrowed ? undefined : tableLock(session, names, by)
  }
}
