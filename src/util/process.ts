import {codeOf} from './error-info.ts'

/**
 * Returns whether a process that existed at some time still does. A reused id is only detected if it is that of this
 * process, as in a restarted container.
 *
 * @param since a time in ISO 8601; what is none is no time that this process was not there at
 */
export function isStillRunning(pid: number, since: string): boolean {
  const start = Date.now() - process.uptime() * 1000
  // Two clocks are compared, and one of them is rounded.
  if (pid === process.pid && Date.parse(since) < start - 50) return false
  return isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process exists but belongs to another user.
    return codeOf(error) === 'EPERM'
  }
}
