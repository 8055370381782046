import {codeOf} from './error-info.ts'

/**
 * Tells whether a process that was there at some time still is. That another one has its id by now can be told when it is
 * this one, which is what happens in a container that is started again.
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
    // It is there, and somebody else's.
    return codeOf(error) === 'EPERM'
  }
}
