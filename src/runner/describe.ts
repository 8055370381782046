import {formatDuration} from '../util/duration.ts'
import {plural} from '../util/text.ts'
import type {Blocker, LockHolder} from './events.ts'

/** Returns how many statements of a revision were executed: `1 of 3 statements was executed`. */
export function executedOf({done, total}: {readonly done: number; readonly total: number | undefined}): string {
  const count = total === undefined ? plural(done, 'statement') : `${done} of ${plural(total, 'statement')}`
  return `${count} ${done === 1 || total === 1 ? 'was' : 'were'} executed`
}

/** Returns a statement on one line. */
export function oneLine(sql: string): string {
  return sql.trim().replaceAll(/\s+/g, ' ')
}

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
