import {createHash} from 'node:crypto'
import type {Session} from '../connection/session.ts'
import type {TableNames} from '../state/tables.ts'
import type {RunLock} from './run-lock.ts'

/**
 * Returns the run lock on MySQL and MariaDB, a named lock that ends with its session.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function namedLock(session: Session, {versionTable, schema}: TableNames): RunLock {
  const text = (value: string): string => session.platform.formatQuery('?', [value])
  const home = schema === undefined ? 'database()' : text(schema)
  // Lock names are server-wide, and limited to 64 characters. MySQL 9 has no sha1().
  const table = createHash('sha1').update(versionTable).digest('hex').slice(0, 8)
  const name = `concat('mig_', left(sha2(${home}, 256), 40), '_${table}')`
  return {
    tryTake: async () => {
      const [row] = await session.query<{readonly taken: number | bigint}>(`select get_lock(${name}, 0) as taken`)
      return Number(row?.taken) === 1
    },
    holder: async () => {
      const [row] = await session.queryRegardless<{session: number | bigint; name: string; age: number | bigint}>(
        `select id as session, concat(user, '@', host) as name, time as age from information_schema.processlist
         where id = is_used_lock(${name}) and id <> connection_id()`,
      )
      return row && {session: Number(row.session), name: row.name, since: undefined}
    },
    give: async () => void (await session.queryRegardless(`select release_lock(${name})`)),
    fence: undefined,
    break: undefined,
  }
}
