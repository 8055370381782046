import {describeBlocker, describeHolder} from '../api/events.ts'
import type {RunEvent} from '../api/events.ts'
import {formatDuration} from '../util/duration.ts'
import {listOf, plural} from '../util/text.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Past tense of each step. */
export const doneWords = {upgrade: 'applied', downgrade: 'reverted', stamp: 'stamped'} as const

/** Returns the database of a step as text, if there are several. */
export function placeOf({
  database,
  isOneOfSeveral,
}: {
  readonly database: string
  readonly isOneOfSeveral?: true
}): SafeText {
  return isOneOfSeveral ? text` (on ${database})` : text``
}

/** Returns the line printed for an event; undefined for events that are not printed. */
export function lineOf(event: RunEvent, paint: Paint): SafeText | undefined {
  switch (event.kind) {
    case 'note':
      return paint('dim', event.text)
    case 'plan': {
      const late = listOf(event.outOfOrder, 10)
      if (late === '') return undefined
      return text`${late} is below revisions that are already applied and is applied now, out of order.`
    }
    case 'step-done': {
      // Of many tenants, each has one line.
      if (event.tenant !== undefined) return undefined
      const message = event.message === '' ? '' : text`, ${event.message}`
      const time = event.direction === 'stamp' ? '' : paint('dim', ` (${formatDuration(event.durationMs)})`)
      const {removed} = event
      const below =
        removed === undefined || removed.length < 2 ? '' : ` and ${plural(removed.length - 1, 'revision')} below it`
      const done = removed === undefined ? doneWords[event.direction] : 'removed'
      return text`${done} ${paint('id', event.revision)}${placeOf(event)}${message}${below}${time}`
    }
    case 'lock-wait': {
      const {holder, database} = event
      const what =
        holder === undefined ? `the lock of ${database}` : `${describeHolder(holder)}, which has locked ${database}`
      const waited = event.waitedMs < 1000 ? '' : `, for ${formatDuration(event.waitedMs)} now`
      return paint('hint', `waiting for ${what}${waited}`)
    }
    case 'blocked':
      return paint('hint', `waiting for ${listOf(event.by.map(describeBlocker), 3)}`)
    case 'retry': {
      const {attempt, attempts, pauseMs, reason} = event
      return paint('hint', `${reason}: retrying in ${formatDuration(pauseMs)} (${attempt} of ${attempts})`)
    }
    case 'tenant-done': {
      const {tenant, status, steps, direction = 'upgrade', durationMs, error} = event
      if (error !== undefined) return text`${tenant}: ${paint('bad', status)}: ${error.split('\n')[0] ?? ''}`
      return status === 'done' && steps > 0
        ? text`${tenant}: ${plural(steps, 'revision')} ${doneWords[direction]}${paint('dim', ` (${formatDuration(durationMs)})`)}`
        : undefined
    }
    case 'tenants-start':
    case 'run-start':
    case 'step-start':
    case 'statement':
      return undefined
  }
}
