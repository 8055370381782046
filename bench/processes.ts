import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'

/** How long a whole process takes, in milliseconds, and how much memory it has at its peak, in megabytes. */
export interface Measurement {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly peak: number
}

const reporter = resolve(import.meta.dirname, 'report-memory.js')

/**
 * Runs Node with these arguments several times, after one run that does not count.
 *
 * @param expected the exit statuses that are no failure
 */
export function measure(
  args: readonly string[],
  cwd: string,
  runs: number,
  expected: readonly number[] = [0],
): Measurement {
  const times = Array.from({length: runs + 1}, () => {
    const start = performance.now()
    const {status, stderr} = spawnSync(process.execPath, args, {cwd, maxBuffer: 2 ** 30})
    if (!expected.includes(status ?? -1))
      throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr.toString()}`)
    return performance.now() - start
  })
  const counted = times.slice(1).toSorted((a, b) => a - b)
  const {output} = spawnSync(process.execPath, ['--import', reporter, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  return {
    median: counted[Math.floor(counted.length / 2)] ?? 0,
    min: counted[0] ?? 0,
    max: counted.at(-1) ?? 0,
    peak: Number(String(output[3])) / 1024,
  }
}
