import {randomUUID} from 'node:crypto'
import {hostname} from 'node:os'
import {isStillRunning} from '../../util/process.ts'
import {codeOf} from '../../util/error-info.ts'
import {bracketOf, sessionTimeouts} from '../transaction-boundaries.ts'
import {CommandFailure} from '../connection/command.ts'
import type {LockHolder} from '../events.ts'
import type {Session} from '../connection/session.ts'
import {createLockTable, lockTableOf} from '../state/tables.ts'
import type {TableNames} from '../state/tables.ts'
import type {RunLock} from './run-lock.ts'

/** How often the holder of a lock shows that it is there, in milliseconds. */
const heartbeat = 5000
/** Who does not show that for so long has gone, in milliseconds of the clock of whoever waits. */
const patience = 30_000
/** How long a statement on the row waits for somebody who is changing it, in milliseconds. */
const shortWait = 500

interface LockRow {
  readonly owner: string
  readonly name: string
  readonly host: string
  readonly pid: number
  readonly since: string
  readonly beats: number
}

/**
 * The lock of a run as a row of a table, where sessions cannot hold one: on SQLite, and behind a pooler.
 *
 * Whoever dies leaves the row. It is taken away when its process is gone from this host, or when the holder has shown no
 * sign of life for a while; no two clocks are compared for that. Should the holder wake up again, the first statement of
 * its next transaction finds out.
 *
 * @param by what others read who wait for it
 */
export function tableLock(session: Session, names: TableNames, by: string): RunLock {
  const {platform} = session
  const table = lockTableOf(names)
  const quoted = platform.quoteIdentifier(names.schema === undefined ? table : `${names.schema}.${table}`)
  const text = (value: unknown): string => platform.formatQuery('?', [value])
  const owner = randomUUID()
  const since = new Date().toISOString()
  let timer: NodeJS.Timeout | undefined
  let seen: {readonly owner: string; readonly beats: number; readonly at: number} | undefined

  const read = async (): Promise<LockRow | undefined> => {
    const [row] = await session.queryRegardless<LockRow>(`select * from ${quoted}`)
    return row
  }
  const beat = `update ${quoted} set beats = beats + 1 where owner = ${text(owner)}`

  /** Changes the row, unless somebody else is about to. Returns whether it was changed. */
  const change = async (sql: string): Promise<boolean> => {
    const {begin, commit, rollback} = bracketOf(session, {tableLock: shortWait, statement: undefined})
    const commands = [...begin, ...sessionTimeouts(session, {tableLock: shortWait, statement: undefined})]
    try {
      await session.send([...commands.map((one) => ({sql: one})), {sql, rows: 1}, {sql: commit}])
      return true
    } catch (error) {
      await session.sendRegardless([{sql: rollback}]).catch(() => {})
      if (error instanceof CommandFailure && (error.rows !== undefined || isHeld(session, error.cause))) return false
      throw error instanceof CommandFailure ? error.cause : error
    }
  }
  /** Tells whether nobody stands behind a row any more. */
  const isStale = (row: LockRow): boolean => {
    if (row.host === hostname()) return !isStillRunning(row.pid, row.since)
    if (seen?.owner !== row.owner || seen.beats !== row.beats)
      seen = {owner: row.owner, beats: row.beats, at: performance.now()}
    return performance.now() - seen.at > patience
  }
  return {
    tryTake: async () => {
      await session.send([{sql: createLockTable(names, platform)}]).catch(ignoreRace)
      const row = await read()
      if (row !== undefined) {
        if (!isStale(row)) return false
        const found = `owner = ${text(row.owner)} and beats = ${row.beats}`
        if (!(await change(`delete from ${quoted} where ${found}`))) return false
      }
      const values = [1, owner, by, hostname(), process.pid, since, 0].map(text).join(', ')
      const columns = 'id, owner, name, host, pid, since, beats'
      if (!(await change(`insert into ${quoted} (${columns}) values (${values})`))) return false
      timer = session.keepAlive(beat, heartbeat)
      return true
    },
    holder: async () => {
      const row = await read().catch(() => undefined)
      return row && row.owner !== owner ? holderOf(row) : undefined
    },
    give: async () => {
      clearInterval(timer)
      await session.sendRegardless([{sql: `delete from ${quoted} where owner = ${text(owner)}`}])
    },
    fence: {sql: beat, rows: 1},
    break: async () => session.sendRegardless([{sql: `delete from ${quoted}`}]),
  }
}

function holderOf({name, pid, since}: LockRow): LockHolder {
  return {name, pid, since}
}

/** Tells whether an error says that there is a row, or that somebody is about to write it. */
function isHeld(session: Session, error: unknown): boolean {
  const name = error instanceof Error ? session.platform.getExceptionConverter().convertException(error).name : ''
  const isBusy = name === 'LockWaitTimeoutException' || /^(?:SQLITE_BUSY|55P03)/.test(codeOf(error))
  return name === 'UniqueConstraintViolationException' || isBusy
}

/** Two that create the same table at once: PostgreSQL lets one of them fail, and there is a table. */
function ignoreRace(error: unknown): void {
  const cause = error instanceof CommandFailure ? error.cause : error
  if (!/duplicate key|already exists|locked/i.test(String(cause))) throw cause
}
