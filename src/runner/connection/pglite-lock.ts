import {mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname, resolve} from 'node:path'
import {codeOf, messageOf} from '../../util/error-info.ts'
import {DatabaseUnreadableError} from './connection-errors.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {PgliteInUseError} from '../errors.ts'
import {isStillRunning} from '../../util/process.ts'

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/**
 * Locks a PGlite folder for this process: PGlite itself would let two processes corrupt it.
 *
 * @returns a function that releases the lock
 * @throws MigError PGLITE_IN_USE, DATABASE_UNREADABLE
 */
export function lockPgliteFolder(folder: string): () => void {
  const file = `${folder}.lock`
  makeRoom(folder)
  const holder: Holder = {pid: process.pid, host: hostname(), since: new Date().toISOString()}
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(holder), {flag: 'wx'})
      return () => rmSync(file, {force: true})
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw unreadable(folder, error)
      const other = holderOf(file)
      if (attempt > 3 || (other !== undefined && isAlive(other))) throw new PgliteInUseError(folder, other ?? holder)
      // The process that wrote the lock file has exited.
      rmSync(file, {force: true})
    }
  }
}

/** Creates the parent folder and checks that no file has the name of the folder. */
function makeRoom(folder: string): void {
  try {
    mkdirSync(dirname(folder), {recursive: true})
  } catch (error) {
    throw unreadable(folder, error)
  }
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() === false)
    throw new DatabaseUnreadableError(`pglite:${folder}`, 'it is not a folder', undefined)
}

function unreadable(folder: string, cause: unknown): DatabaseUnreadableError {
  return new DatabaseUnreadableError(`pglite:${folder}`, messageOf(cause), cause)
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isAlive({pid, host, since}: Holder): boolean {
  // Processes on another machine cannot be checked.
  return host !== hostname() || isStillRunning(pid, since)
}

/** Returns the absolute path of PGlite's data folder, if it uses one. */
export function pgliteFolder({driver, dbName, driverOptions}: OrmOptions): string | undefined {
  if (driverOfClass(driver)?.isExclusive !== true) return undefined
  const dataDir =
    typeof driverOptions === 'object' && driverOptions !== null && 'dataDir' in driverOptions
      ? driverOptions.dataDir
      : dbName
  if (typeof dataDir !== 'string' || dataDir.startsWith('memory:')) return undefined
  return resolve(dataDir.replace(/^file:\/\//, ''))
}
