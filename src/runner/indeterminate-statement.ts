import {setTimeout} from 'node:timers/promises'
import {codeOf, messageOf} from '../util/error-info.ts'
import type {Statement} from '../sql/statement.ts'
import {indexOfConcurrent} from '../dialects/split/postgres.ts'
import {isAllOrNothing, rerunOf} from './rerun.ts'
import type {RunSession} from './connection/run-session.ts'

/** The interval between checks of an index, in milliseconds. */
const pause = 200

/**
 * Returns whether a statement that failed outside of a transaction has changed nothing. A table without transactions keeps the
 * rows before the one that failed.
 */
export function leavesNothing({sql, transactionality, isNeverUndone = false}: Statement): boolean {
  return !isNeverUndone && (transactionality.kind === 'inside' || isAllOrNothing(sql))
}

/**
 * Returns whether an error means that a statement with an unknown outcome was already applied. A missing prerequisite
 * means that it was not.
 */
export function saysDoneBefore({sql}: Statement, error: unknown): boolean {
  const rerun = rerunOf(sql)
  if (rerun.kind !== 'answered') return false
  const number = error instanceof Error && 'errno' in error ? String(error.errno) : ''
  const found = [codeOf(error), number]
  return rerun.codes.some((code) => found.includes(code) || (code.includes(' ') && messageOf(error).includes(code)))
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
