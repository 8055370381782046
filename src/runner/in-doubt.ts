import {messageOf} from '../util/thrown.ts'
import type {Statement} from '../sql/statement.ts'
import {indexOfConcurrent} from '../sql/postgres.ts'
import type {RunSession} from './run-session.ts'

/**
 * Tells whether an error says that what a statement does is done already: for the one statement of which nobody knows
 * whether it was run.
 */
export function saysDoneBefore(error: unknown): boolean {
  return /already exists|does not exist|doesn't exist|duplicate (?:column|key|foreign key|check) |no such |can't drop|unknown table|multiple primary key/i.test(
    `${messageOf(error)} `,
  )
}

/**
 * Drops the index that a CREATE INDEX CONCURRENTLY leaves when it does not come to its end: it costs every write, helps no
 * query, and stands in the way of trying again.
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
  const found = await session.queryRegardless<{readonly index: string}>(
    `select i.indexrelid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = to_regclass(${table}) and c.relname = ${name} and not i.indisvalid`,
  )
  for (const {index: invalid} of found)
    await session.sendRegardless([{sql: `drop index concurrently if exists ${invalid}`}])
}
