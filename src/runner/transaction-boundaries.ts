import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import type {Bracket} from './execution.ts'
import {VersionTableChangedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import {localSearchPath} from './tenant.ts'

/** How long statements may take, in milliseconds; undefined for what the database says. */
export interface Timeouts {
  /** How long they wait for a lock on a table or a row. */
  readonly tableLock: number | undefined
  readonly statement: number | undefined
}

/** Returns what begins and ends a transaction of a session. */
export function bracketOf(session: RunSession, {tableLock, statement}: Timeouts): Bracket {
  if (session.isBorrowed) return runBracket
  switch (session.dialect) {
    case 'postgresql': {
      // PGlite has one session, which waits for nobody.
      const set = (name: string, value: number | undefined): string[] =>
        value === undefined || session.isEmbedded ? [] : [`set local ${name} = ${value}`]
      return {
        begin: [
          'begin',
          ...localSearchPath(session),
          ...set('lock_timeout', tableLock),
          ...set('statement_timeout', statement),
        ],
        commit: 'commit',
        rollback: 'rollback',
      }
    }
    case 'sqlite':
      return {begin: ['begin immediate'], commit: 'commit', rollback: 'rollback'}
    case 'mysql':
    case 'mariadb':
      return {begin: ['start transaction'], commit: 'commit', rollback: 'rollback'}
  }
}

/** Returns what sets timeouts for a session, where transactions have none of their own. */
export function sessionTimeouts(session: RunSession, {tableLock, statement}: Timeouts): readonly string[] {
  if (session.dialect !== 'mysql' && session.dialect !== 'mariadb') return []
  const lock = tableLock === undefined ? 'default' : Math.max(1, Math.ceil(tableLock / 1000))
  return [
    `set session lock_wait_timeout = ${lock}`,
    `set session innodb_lock_wait_timeout = ${lock}`,
    ...(session.dialect === 'mariadb'
      ? [`set session max_statement_time = ${statement === undefined ? 'default' : statement / 1000}`]
      : []),
  ]
}

/** Returns what sets the timeouts of a session back to what they are now, where `sessionTimeouts` sets any. */
export async function rememberTimeouts(session: RunSession): Promise<() => Promise<void>> {
  const names = sessionTimeouts(session, {tableLock: undefined, statement: undefined}).map(
    (sql) => /^set session (?<name>\w+)/.exec(sql)?.groups?.['name'] ?? '',
  )
  if (names.length === 0) return async () => {}
  const [row = {}] = await session.query<Readonly<Record<string, number | string>>>(
    `select ${names.map((name) => `@@session.${name} as ${name}`).join(', ')}`,
  )
  const sets = names.map((name) => ({sql: `set session ${name} = ${row[name]}`}))
  return async () => session.sendRegardless(sets)
}

/** What stands for the transaction of a run within that of somebody else, who has set the timeouts of it. */
const runBracket: Bracket = {
  begin: ['savepoint mig_run'],
  commit: 'release savepoint mig_run',
  rollback: 'rollback to savepoint mig_run',
}

/** What stands for a transaction within one. */
export const savepointBracket: Bracket = {
  begin: ['savepoint mig_revision'],
  commit: 'release savepoint mig_revision',
  rollback: 'rollback to savepoint mig_revision',
}

/**
 * Runs commands of mig's own in one transaction.
 *
 * @throws MigError VERSION_TABLE_CHANGED
 */
export async function transactionOf(
  session: RunSession,
  timeouts: Timeouts,
  commands: readonly Command[],
  table: string,
): Promise<void> {
  const {begin, commit, rollback} = bracketOf(session, timeouts)
  const all: readonly Command[] = [...begin.map((sql) => ({sql})), ...commands, {sql: commit}]
  try {
    await session.send(all)
  } catch (error) {
    await session.sendRegardless([{sql: rollback}]).catch(() => {})
    if (!(error instanceof CommandFailure)) throw error
    const expected = error.index === undefined ? undefined : all[error.index]?.rows
    if (error.rows !== undefined && expected !== undefined)
      throw new VersionTableChangedError(table, 'mig', expected, error.rows)
    throw error.cause
  }
}
