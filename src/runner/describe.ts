import {formatDuration} from '../util/duration.ts'
import type {Blocker, LockHolder} from './events.ts'

/** Returns a description of a lock holder. */
export function describeHolder({name, pid, since}: LockHolder): string {
  return `${name} (process ${pid}${since === undefined ? '' : `, since ${since}`})`
}

/** Returns a description of a blocking session. */
export function describeBlocker({pid, name, ageMs, query}: Blocker): string {
  const text = query.trim().replaceAll(/\s+/g, ' ')
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return `process ${pid} (${name}, for ${formatDuration(ageMs)}: ${shown})`
}
