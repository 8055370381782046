import {fork} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {cpSync, rmSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {Folder} from '../support/folder.ts'

const processes = 4
const program = new URL('take-folder-lock.ts', import.meta.url)

/** How the rounds of a soak test ended. */
export interface FolderLockCounts {
  /** Rounds in which two processes had the lock at the same time. */
  twice: number
  /** Rounds in which no process got it. */
  never: number
  /** Rounds in which a process failed for another reason than that the folder is in use. */
  failed: number
}

/**
 * Has four processes take the lock of a PGlite folder at one moment, again and again.
 *
 * @param rounds a third of them with what a crashed process has left, and a third with the file of an earlier version
 */
export async function soakFolderLock(rounds: number, say: (line: string) => void): Promise<FolderLockCounts> {
  const folder = join(new Folder().path, 'data')
  const counts = {twice: 0, never: 0, failed: 0}
  const children = await Promise.all(Array.from({length: processes}, started))
  const crashed = await crash(`${folder}-left`)
  try {
    for (let round = 1; round <= rounds; round++) {
      rmSync(`${folder}.lock`, {recursive: true, force: true})
      if (round % 3 === 1) cpSync(`${folder}-left.lock`, `${folder}.lock`, {recursive: true})
      if (round % 3 === 2) writeFileSync(`${folder}.lock`, JSON.stringify({...crashed, host: hostname()}))
      const at = Date.now() + 10
      const results = await Promise.all(children.map(async (child) => answerOf(child, {folder, at})))
      const held = results.filter((result) => typeof result !== 'string').toSorted(([a], [b]) => a - b)
      if (held.some(([from], i) => i > 0 && from < (held[i - 1]?.[1] ?? 0))) counts.twice++
      if (held.length === 0) counts.never++
      if (results.some((result) => typeof result === 'string' && !result.includes(' is in use by '))) {
        counts.failed++
        say(String(results.find((result) => typeof result === 'string' && !result.includes(' is in use by '))))
      }
      if (round % 100 === 0) say(`${round} rounds: ${JSON.stringify(counts)}`)
    }
  } finally {
    for (const child of children) child.kill()
  }
  return counts
}

type Taken = readonly [from: number, to: number] | string

async function started(): Promise<ChildProcess> {
  const child = fork(program)
  await new Promise((ready) => child.once('message', ready))
  return child
}

async function answerOf(child: ChildProcess, request: object): Promise<Taken> {
  return new Promise((answer) => {
    child.once('message', (message) => answer(message as Taken))
    child.send(request)
  })
}

/** Has a process take the lock of a folder and crash. */
async function crash(folder: string): Promise<{readonly pid: number; readonly since: string}> {
  const child = await started()
  const since = new Date().toISOString()
  await answerOf(child, {folder, stays: true})
  child.kill('SIGKILL')
  await new Promise((ended) => child.once('exit', ended))
  return {pid: child.pid ?? 0, since}
}
