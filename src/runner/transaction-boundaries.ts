import type {Timeouts} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {CommandFailure} from './connection/command.ts'
import type {Command} from './connection/command.ts'
import {VersionTableChangedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import {localSearchPath} from './tenant.ts'

/** The statements that begin, commit, and roll back a transaction. */
export interface Bracket {
  readonly begin: readonly string[]
  /** The settings among the statements of `begin`, which a reset of the session removes. */
  readonly settings: readonly string[]
  readonly commit: string
  readonly rollback: string
}

/** Returns the statements that begin and end a transaction of a session. */
export function bracketOf(session: RunSession, timeouts: Timeouts): Bracket {
  if (session.isBorrowed) return runBracket
  const {transaction} = dialects[session.dialect]
  // An embedded database has a single session, which never waits.
  const limits = session.isEmbedded ? [] : transaction.timeouts(timeouts)
  const settings = [...localSearchPath(session), ...limits]
  return {
    begin: [transaction.begin, ...settings],
    settings,
    commit: 'commit',
    rollback: 'rollback',
  }
}

/** Returns the statements that set session timeouts, for dialects without transaction timeouts. */
export function sessionTimeouts({dialect}: RunSession, timeouts: Timeouts): readonly string[] {
  return dialects[dialect].transaction.sessionTimeouts?.set(timeouts) ?? []
}

/** Returns a function that restores the session timeouts that `sessionTimeouts` changes. */
export async function rememberTimeouts(session: RunSession): Promise<() => Promise<void>> {
  const timeouts = dialects[session.dialect].transaction.sessionTimeouts
  if (timeouts === undefined) return async () => {}
  const [row = {}] = await session.query<Readonly<Record<string, number | string>>>(timeouts.read)
  const commands = timeouts.restore(row).map((sql) => ({sql}))
  return async () => session.sendRegardless(commands)
}

/**
 * Does something outside of a transaction that waits for locks only for a limited time. Does not set the limit where other
 * sessions could get it, or where the caller has its own.
 *
 * @param timeout in milliseconds; undefined for the limit of the database
 */
export async function withLockTimeout<Result>(
  session: RunSession,
  timeout: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const {sessionLockTimeout} = dialects[session.dialect].transaction
  if (session.isBorrowed || session.isEmbedded) return work()
  await session.send(sessionTimeouts(session, {tableLock: timeout, statement: undefined}).map((sql) => ({sql})))
  if (sessionLockTimeout === undefined || timeout === undefined || session.isPooled) return work()
  const [row] = await session.query<{readonly former: string}>(sessionLockTimeout.set(timeout))
  try {
    return await work()
  } finally {
    // Fails if the connection is lost.
    await session.sendRegardless([{sql: sessionLockTimeout.restore(row?.former ?? '0')}]).catch(() => {})
  }
}

/** Savepoint used instead of a transaction inside the caller's transaction, which keeps its own timeouts. */
const runBracket: Bracket = {
  begin: ['savepoint mig_run'],
  settings: [],
  commit: 'release savepoint mig_run',
  rollback: 'rollback to savepoint mig_run',
}

/** Returns the savepoint used for a revision inside the transaction of the run. */
export function savepointBracket({settings}: Bracket): Bracket {
  return {
    begin: ['savepoint mig_revision'],
    settings,
    commit: 'release savepoint mig_revision',
    rollback: 'rollback to savepoint mig_revision',
  }
}

/**
 * Runs mig's own commands in one transaction.
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
