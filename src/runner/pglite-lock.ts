import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname} from 'node:path'
import {PgliteInUseError} from './errors.ts'
import {codeOf} from '../util/thrown.ts'

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/**
 * Takes a PGlite folder for this process: PGlite itself would let two processes write to it at once, and break it.
 *
 * @returns what gives it back
 * @throws MigError PGLITE_IN_USE
 */
export function lockPgliteFolder(folder: string): () => void {
  const file = `${folder}.lock`
  mkdirSync(dirname(file), {recursive: true})
  const holder: Holder = {pid: process.pid, host: hostname(), since: new Date().toISOString()}
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(holder), {flag: 'wx'})
      return () => rmSync(file, {force: true})
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      const other = holderOf(file)
      if (attempt > 3 || (other !== undefined && isAlive(other))) throw new PgliteInUseError(folder, other ?? holder)
      // The process that wrote it is gone.
      rmSync(file, {force: true})
    }
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isAlive({pid, host}: Holder): boolean {
  // What another machine does with a shared folder cannot be seen from here.
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
