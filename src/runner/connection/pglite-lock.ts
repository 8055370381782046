import {randomBytes} from 'node:crypto'
import {mkdirSync, readdirSync, rmdirSync, rmSync, statSync, unlinkSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {driverOfClass} from '../../dialects/drivers.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {MigError} from '../../errors.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import {isStillRunning} from '../../util/process.ts'
import {readRegularFile} from '../../util/regular-file.ts'
import {PgliteInUseError} from '../errors.ts'
import {DatabaseUnreadableError} from './connection-errors.ts'

/** A process that has a lock, or tries to take it. */
interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** The number of attempts while other processes try to take the lock at the same moment. */
const attempts = 50
/** The longest pause between two attempts, in milliseconds. */
const longestPause = 40
/** The end of the name of a second file, by which a process says that it has the lock. */
const held = '.held'

/**
 * Locks a PGlite folder for this process: PGlite itself would let two processes corrupt it.
 *
 * Each process puts a file of its own into a folder, and has the lock if it then sees no file of another live process there.
 * Of two processes, the one that looks last sees the other, so they never both have the lock; if both see each other, they
 * withdraw and try again. A name is never used twice, so the file of a crashed process can be removed at any time.
 *
 * @returns a function that releases the lock
 * @throws MigError PGLITE_IN_USE, DATABASE_UNREADABLE
 */
export async function lockPgliteFolder(folder: string): Promise<() => void> {
  const lock = `${folder}.lock`
  makeRoom(folder)
  for (let attempt = 1; ; attempt++) {
    const claim = nameOf({pid: process.pid, host: hostname(), since: new Date().toISOString()})
    const release = (): void => withdraw(lock, claim)
    try {
      if (put(lock, claim, attempt < attempts)) {
        const other = otherThan(lock, claim)
        if (other === undefined) {
          writeFileSync(join(lock, claim + held), '')
          return release
        }
        if (other.isHeld || attempt === attempts) throw new PgliteInUseError(folder, other.holder)
      }
    } catch (error) {
      release()
      throw error instanceof MigError ? error : unreadable(folder, error)
    }
    release()
    await setTimeout(Math.random() * longestPause)
  }
}

/**
 * Puts a file into the folder of a lock.
 *
 * @param mayFail whether to return false if another process has removed or created the folder meanwhile
 */
function put(lock: string, name: string, mayFail: boolean): boolean {
  try {
    removeFormer(lock)
    mkdirSync(lock, {recursive: true})
    writeFileSync(join(lock, name), '', {flag: 'wx'})
    return true
  } catch (error) {
    if (mayFail && ['ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM'].includes(codeOf(error))) return false
    throw error
  }
}

/** Removes the files of this process, and the folder if it is empty. */
function withdraw(lock: string, name: string): void {
  try {
    for (const file of [name + held, name]) rmSync(join(lock, file), {force: true})
    rmdirSync(lock)
  } catch {
    // Another process has put its file there, or there is no folder.
  }
}

/** Returns another live process with a file in the folder of a lock, one that has the lock first. */
function otherThan(lock: string, own: string): {readonly holder: Holder; readonly isHeld: boolean} | undefined {
  const names = readdirSync(lock)
  const others = names.flatMap((name) => {
    const holder = name === own ? undefined : holderOf(name)
    if (holder === undefined) return []
    if (isAlive(holder)) return {holder, isHeld: names.includes(name + held)}
    for (const file of [name + held, name]) rmSync(join(lock, file), {force: true})
    return []
  })
  return others.find(({isHeld}) => isHeld) ?? others[0]
}

/** Removes a lock that is a file, as earlier versions wrote it, if its process has ended. */
function removeFormer(lock: string): void {
  if (statSync(lock, {throwIfNoEntry: false})?.isDirectory() !== false) return
  const holder = holderIn(readRegularFile(lock))
  if (holder !== undefined && isAlive(holder)) throw new PgliteInUseError(lock.slice(0, -'.lock'.length), holder)
  unlinkSync(lock)
}

function holderIn(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

/** Returns a name for a file of a process that is never used again. */
function nameOf({pid, host, since}: Holder): string {
  return [String(pid), host, since, randomBytes(6).toString('hex')].map(encodeURIComponent).join('@')
}

/** Returns the process of a file; undefined for other files. */
function holderOf(name: string): Holder | undefined {
  const [pid = '', host, since, id, ...more] = name.split('@')
  if (host === undefined || since === undefined || !/^[0-9a-f]{12}$/.test(id ?? '') || more.length > 0) return undefined
  return {pid: Number(pid), host: decodeURIComponent(host), since: decodeURIComponent(since)}
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

function isAlive({pid, host, since}: Holder): boolean {
  // Processes on another machine cannot be checked.
  return host !== hostname() || isStillRunning(pid, since)
}

/** Returns the absolute path of PGlite's data folder; undefined in memory, and for an instance of the user's own. */
export function pgliteFolder({driver, dbName, driverOptions}: OrmOptions): string | undefined {
  if (driverOfClass(driver)?.isExclusive !== true) return undefined
  const options: object = typeof driverOptions === 'object' && driverOptions !== null ? driverOptions : {}
  if ('pglite' in options) return undefined
  const dataDir = 'dataDir' in options ? options.dataDir : dbName
  if (typeof dataDir !== 'string' || dataDir.startsWith('memory:')) return undefined
  return resolve(dataDir.replace(/^file:\/\//, ''))
}
