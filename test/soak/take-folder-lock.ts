/**
 * Takes the lock of a PGlite folder at a given moment, holds it for a moment, and prints when it had it, for the soak test of
 * this lock.
 */
import {lockPgliteFolder} from '../../src/runner/connection/pglite-lock.ts'

process.on('message', (message) => {
  const {folder, at, stays} = message as {readonly folder: string; readonly at: number; readonly stays?: boolean}
  if (stays === true) return void lockPgliteFolder(folder).then(() => process.send?.([0, 0]))
  void take(folder, at).then((taken) => process.send?.(taken))
})
process.send?.('ready')

async function take(folder: string, at: number): Promise<readonly [from: number, to: number] | string> {
  while (Date.now() < at) await new Promise(setImmediate)
  try {
    const unlock = await lockPgliteFolder(folder)
    const from = now()
    await new Promise((done) => setTimeout(done, 5))
    const to = now()
    unlock()
    return [from, to]
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Returns the milliseconds of the machine's monotonic clock: the wall clock may be set between the starts of two processes. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
