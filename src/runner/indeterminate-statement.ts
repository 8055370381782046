import {setTimeout} from 'node:timers/promises'
import {messageOf} from '../util/error-info.ts'
import type {Statement} from '../sql/statement.ts'
import {indexOfConcurrent} from '../dialects/split/postgres.ts'
import type {RunSession} from './connection/run-session.ts'

/** The interval between checks of an index, in milliseconds. */
const pause = 200

/**
 * Patterns of errors that mean that a statement was already applied, by the kind of statement.
 *
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * @see https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
 */
const doneBefore: readonly {readonly does: RegExp; readonly says: RegExp}[] = [
  {
    does: /\b(?:create|add)\b/i,
    says: /already exists|database exists|duplicate (?:column|key|foreign key|check) |multiple primary key/i,
  },
  // "Table … doesn't exist" is left out: nothing was dropped from a missing table.
  {does: /\bdrop\b/i, says: /can't drop|unknown (?:table|view|sequence|event)|does not exist|no such |is not found/i},
  {does: /\b(?:rename|change)\b/i, says: /already exists|doesn't exist|does not exist|unknown column|no such /i},
]

/**
 * Returns whether an error means that a statement with an unknown outcome was already applied. A missing prerequisite
 * means that it was not.
 */
export function saysDoneBefore({sql}: Statement, error: unknown): boolean {
  const message = `${messageOf(error)} `
  return doneBefore.some(({does, says}) => does.test(sql) && says.test(message))
}

/**
 * Drops the invalid index that a failed CREATE INDEX CONCURRENTLY leaves behind: it slows down writes, and its name
 * blocks a retry.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function removeInvalidIndex(session: RunSession, statement: Statement): Promise<void> {
  const {transactionality, sql} = statement
  if (transactionality.kind !== 'outside' || transactionality.command !== 'CREATE INDEX CONCURRENTLY') return
  const index = await indexOfConcurrent(sql)
  if (index === undefined) return
  const {platform} = session
  const table = platform.formatQuery('?', [index.table])
  const name = platform.formatQuery('?', [index.name])
  const findInvalid = async (): Promise<readonly InvalidIndex[]> =>
    session.queryRegardless<InvalidIndex>(
      `select i.indexrelid::regclass::text as index,
         exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as "isBeingBuilt"
       from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = to_regclass(${table}) and c.relname = ${name} and not i.indisvalid`,
    )
  let found = await findInvalid()
  // The server may still build it after its client is gone, and dropping it then would deadlock.
  while (found.some(({isBeingBuilt}) => isBeingBuilt)) {
    await setTimeout(pause)
    await session.stopIfAborted()
    found = await findInvalid()
  }
  for (const {index: invalid} of found)
    await session.sendRegardless([{sql: `drop index concurrently if exists ${invalid}`}])
}

interface InvalidIndex {
  readonly index: string
  readonly isBeingBuilt: boolean
}
