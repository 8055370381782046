import type {LockHolder} from '../events.ts'
import type {Session} from '../connection/session.ts'
import type {TableNames} from '../state/tables.ts'
import type {RunLock} from './run-lock.ts'

/**
 * Returns the run lock on PostgreSQL, an advisory lock that ends with its session.
 *
 * @param by the holder's name, shown to waiting runs
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export function advisoryLock(session: Session, {versionTable, schema}: TableNames, by: string): RunLock {
  const text = (value: string): string => session.platform.formatQuery('?', [value])
  const home = schema === undefined ? 'current_schema()' : text(schema)
  const key = `hashtextextended('mig:' || ${home} || '.' || ${text(versionTable)}, 0)`
  // In the caller's transaction, other runs must wait until it has ended.
  const take = session.isBorrowed ? 'pg_try_advisory_xact_lock' : 'pg_try_advisory_lock'
  const name = `mig ${by}`.slice(0, 60)
  let former = ''
  return {
    tryTake: async () => {
      const [row] = await session.query<{readonly former: string; readonly taken: boolean}>(
        `select current_setting('application_name') as former, ${take}(${key}) as taken`,
      )
      if (row?.taken !== true) return false
      former = row.former
      await session.query(`select set_config('application_name', ${text(name)}, false)`)
      return true
    },
    holder: async () => {
      const [row] = await session.queryRegardless<{session: number; name: string; since: Date | string}>(
        `select a.pid as session, coalesce(nullif(a.application_name, ''), a.usename) as name, a.backend_start as since
         from pg_locks l join pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and a.datname = current_database()
           and l.classid = (${key} >> 32 & 4294967295)::oid and l.objid = (${key} & 4294967295)::oid
           and a.pid <> pg_backend_pid()`,
      )
      return row && holderOf(row)
    },
    give: async () => {
      const unlock = session.isBorrowed ? 'null' : `pg_advisory_unlock(${key})`
      await session.queryRegardless(`select ${unlock}, set_config('application_name', ${text(former)}, false)`)
    },
    fence: undefined,
    break: undefined,
  }
}

function holderOf({session, name, since}: {session: number; name: string; since: Date | string}): LockHolder {
  return {session, name, since: new Date(since).toISOString()}
}
