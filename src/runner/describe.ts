import {formatDuration} from '../util/duration.ts'
import type {Blocker, LockHolder} from './events.ts'

/** Returns a description of a lock holder. */
export function describeHolder(holder: LockHolder): string {
  const {name, since, isGone} = holder
  const which = 'session' in holder ? `session ${holder.session}` : `process ${holder.pid}`
  return `${name} (${which}${since === undefined ? '' : `, since ${since}`})${isGone ? ', which has ended; the next run removes the lock' : ''}`
}

/** Returns a description of a blocking session. */
export function describeBlocker({session, name, ageMs, query}: Blocker): string {
  const text = query.trim().replaceAll(/\s+/g, ' ')
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return `session ${session} (${name}, for ${formatDuration(ageMs)}: ${shown})`
}
