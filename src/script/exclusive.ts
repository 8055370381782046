import {closeSync, openSync, rmSync, statSync} from 'node:fs'
import {setTimeout} from 'node:timers/promises'
import {codeOf} from '../util/error-info.ts'

/** The age of a lock file that a killed process has left, in milliseconds: writing a file takes a fraction of that. */
const staleAfter = 10_000
const pause = 20

/**
 * Runs work while no other process runs work with the same lock file.
 *
 * @param path the absolute path of the lock file, which exists meanwhile
 */
export async function exclusively<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  while (!take(path)) await setTimeout(pause)
  try {
    return await work()
  } finally {
    rmSync(path, {force: true})
  }
}

/** Returns whether the lock is free. */
function take(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch (error) {
    // Where no lock file can be created, the work itself fails with a better reason, or needs no lock.
    if (codeOf(error) !== 'EEXIST') return true
    const {mtimeMs} = statSync(path, {throwIfNoEntry: false}) ?? {}
    if (mtimeMs !== undefined && Date.now() - mtimeMs > staleAfter) rmSync(path, {force: true})
    return false
  }
}
