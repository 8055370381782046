import {randomUUID} from 'node:crypto'
import {hostname} from 'node:os'
import {isStillRunning} from '../../util/process.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import {bracketOf, sessionTimeouts} from '../transaction-boundaries.ts'
import {CommandFailure} from '../connection/command.ts'
import type {LockHolder} from '../events.ts'
import type {Session} from '../connection/session.ts'
import {lockTableOf} from '../state/lock-table.ts'
import {createLockTable, qualifiedName} from '../state/tables.ts'
import type {TableNames} from '../state/tables.ts'
import type {RunLock} from './run-lock.ts'

/** The heartbeat interval of a lock holder, in milliseconds. */
const heartbeat = 5000
/** The time without a heartbeat after which a lock is stale, in milliseconds of the waiting process's clock. */
const patience = 30_000
/** The lock timeout for statements on the lock row, in milliseconds. */
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
 * Returns the run lock stored as a table row, for databases without session locks: SQLite, and behind a pooler.
 *
 * A crashed process leaves its row behind. The row is stale once its process is gone from this host, or once its
 * heartbeat has stopped; clocks of two hosts are never compared. If the holder was only suspended, the fence of its next
 * transaction fails.
 *
 * @param by the holder's name, shown to waiting runs
 */
export function tableLock(session: Session, names: TableNames, by: string): RunLock {
  const {platform} = session
  const quoted = qualifiedName(names, lockTableOf(names), platform)
  const text = (value: unknown): string => platform.formatQuery('?', [value])
  const owner = randomUUID()
  const since = new Date().toISOString()
  let timer: NodeJS.Timeout | undefined
  /** Why the last attempt failed, if no run holds the lock. */
  let obstacle: string | undefined
  let seen: {readonly owner: string; readonly beats: number; readonly at: number} | undefined

  const read = async (): Promise<LockRow | undefined> => {
    const [row] = await session.queryRegardless<LockRow>(`select * from ${quoted}`)
    return row
  }
  const beat = `update ${quoted} set beats = beats + 1 where owner = ${text(owner)}`

  /** Changes the row unless another session is changing it, and returns whether it was changed. */
  const change = async (sql: string): Promise<boolean> => {
    const {begin, commit, rollback} = bracketOf(session, {tableLock: shortWait, statement: undefined})
    const commands = [...begin, ...sessionTimeouts(session, {tableLock: shortWait, statement: undefined})]
    try {
      await session.send([...commands.map((command) => ({sql: command})), {sql, rows: 1}, {sql: commit}])
      return true
    } catch (error) {
      await session.sendRegardless([{sql: rollback}]).catch(() => {})
      obstacle = obstacleIn(error)
      if (error instanceof CommandFailure && (error.rows !== undefined || isHeld(session, error.cause))) return false
      throw error instanceof CommandFailure ? error.cause : error
    }
  }
  /** Returns whether the lock row is stale. */
  const isStale = (row: LockRow): boolean => {
    if (row.host === hostname()) return !isStillRunning(row.pid, row.since)
    if (seen?.owner !== row.owner || seen.beats !== row.beats)
      seen = {owner: row.owner, beats: row.beats, at: performance.now()}
    return performance.now() - seen.at > patience
  }
  return {
    tryTake: async () => {
      obstacle = undefined
      try {
        await session.send([{sql: createLockTable(names, platform)}])
      } catch (error) {
        obstacle = obstacleIn(error)
        if (obstacle !== undefined) return false
        ignoreRace(error)
      }
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
    obstacle: () => obstacle,
    give: async () => {
      clearInterval(timer)
      await session.sendRegardless([{sql: `delete from ${quoted} where owner = ${text(owner)}`}])
    },
    fence: {sql: beat, rows: 1},
    break: async () => session.sendRegardless([{sql: `delete from ${quoted}`}]),
  }
}

function holderOf({name, host, pid, since}: LockRow): LockHolder {
  const isGone = host === hostname() && !isStillRunning(pid, since)
  return {name, pid, since, ...(isGone && {isGone})}
}

/** Returns whether an error means that the lock row exists or is being written. */
function isHeld(session: Session, error: unknown): boolean {
  const name = error instanceof Error ? session.platform.getExceptionConverter().convertException(error).name : ''
  const isBusy = name === 'LockWaitTimeoutException' || /^(?:SQLITE_BUSY|55P03)/.test(codeOf(error))
  return name === 'UniqueConstraintViolationException' || isBusy
}

/** Returns why another process keeps this one from writing to the file of an embedded database. */
function obstacleIn(error: unknown): string | undefined {
  const cause = error instanceof CommandFailure ? error.cause : error
  return codeOf(cause).startsWith('SQLITE_BUSY') ? messageOf(cause) : undefined
}

/** Ignores the error that PostgreSQL reports if two sessions create the same table concurrently. */
function ignoreRace(error: unknown): void {
  const cause = error instanceof CommandFailure ? error.cause : error
  if (!/duplicate key|already exists|locked/i.test(String(cause))) throw cause
}
