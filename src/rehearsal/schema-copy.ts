import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import {temporaryName} from './empty-database.ts'
import {definitionsOf} from './schema-definitions.ts'

/**
 * Calls `use` on a copy of a MySQL or MariaDB schema, which cannot roll back DDL: a temporary database without rows.
 *
 * @param touched the tables and views to copy, with what they refer to and what refers to them; all when omitted
 */
export async function rehearseOnCopy<Result>(
  session: Session,
  use: () => Promise<Result>,
  touched: readonly string[] | undefined,
): Promise<Result> {
  const [row] = await session.query<{readonly name: string}>('select database() as name')
  const quote = (name: string): string => session.platform.quoteIdentifier(name)
  const own = row?.name ?? ''
  const copy = temporaryName('mig_rehearsal_')
  const {routines, tables, views, triggers} = await definitionsOf(session, own, touched)
  const send = async (...all: readonly string[]): Promise<void> => session.send(all.map((sql) => ({sql})))
  const [collation] = await session.query<{readonly charset: string; readonly collation: string}>(
    'select default_character_set_name as charset, default_collation_name as collation from information_schema.schemata where schema_name = database()',
  )
  try {
    await send(
      `create database ${quote(copy)} character set ${collation?.charset ?? 'utf8mb4'} collate ${collation?.collation ?? 'utf8mb4_general_ci'}`,
      `use ${quote(copy)}`,
      'set foreign_key_checks = 0',
    )
    const sendEach = async (all: readonly string[]): Promise<void> => {
      for (const sql of all) await send(sql).catch(async (error: unknown) => leaveOut(error, session))
    }
    await sendEach(routines)
    await send(...tables)
    await sendEach(views)
    await send(...triggers, 'set foreign_key_checks = 1')
    return await use()
  } finally {
    const end = [`use ${quote(own)}`, 'set foreign_key_checks = 1', `drop database if exists ${quote(copy)}`]
    for (const sql of end) await session.sendRegardless([{sql}])
  }
}

/**
 * A user may not be allowed to create a routine, and a view may use what is gone already; what needs them fails with words of
 * its own.
 */
async function leaveOut(error: unknown, session: Session): Promise<void> {
  await session.stopIfAborted()
  if (!(error instanceof CommandFailure)) throw error
}
