import {dialects} from '../dialects/dialects.ts'
import type {Session} from '../runner/connection/session.ts'
import {ForeignKeys} from '../runner/foreign-keys.ts'
import {bracketOf} from '../runner/transaction-boundaries.ts'

/** The number of rehearsals in each session, one within the other. */
const depths = new WeakMap<Session, number>()

/** Calls `use` in a transaction, or a savepoint within one, and rolls everything back. */
export async function rehearseInTransaction<Result>(
  session: Session,
  tableLock: number,
  use: () => Promise<Result>,
): Promise<Result> {
  const depth = depths.get(session) ?? 0
  const isNested = session.isBorrowed || depth > 0
  const savepoint = `mig_rehearsal_${depth}`
  const {begin, rollback} = isNested
    ? {begin: [`savepoint ${savepoint}`], rollback: `rollback to savepoint ${savepoint}`}
    : bracketOf(session, {tableLock, statement: undefined})
  const work = async (): Promise<Result> => {
    await session.send(begin.map((sql) => ({sql})))
    depths.set(session, depth + 1)
    try {
      return await use()
    } finally {
      depths.set(session, depth)
      await session.sendRegardless([{sql: rollback}])
    }
  }
  return dialects[session.dialect].capabilities.rebuildsTables && !isNested ? ForeignKeys.off(session, work) : work()
}
