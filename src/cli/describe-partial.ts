import type {PartiallyAppliedView} from '../api/runs/repair.ts'
import {describeHolder} from '../runner/describe.ts'
import {plural} from '../util/text.ts'
import type {Paint} from './style.ts'

const marks = {done: '✓', 'in doubt': '?', 'not done': ' '} as const

/** Returns the state of a partially applied revision and the repair options. */
export function describePartial(partial: PartiallyAppliedView, paint: Paint): string[] {
  const {direction, revision, database, tenant, by, at, done, total, reason, statements, isResumable, run} = partial
  const place = tenant ?? database
  const where = place === undefined ? '' : ` on ${place}`
  const verb = done === 1 ? 'was' : 'were'
  const count = total === null ? plural(done, 'statement') : `${done} of ${plural(total, 'statement')}`
  if (run !== undefined)
    return [`The ${direction} of ${paint('id', revision)}${where} is in progress: ${describeHolder(run)}.`]
  return [
    `The ${direction} of ${paint('id', revision)}${where} is partially applied: ${count} ${verb} executed. ${by} started it at ${at}.`,
    ...(reason === null ? ['The process exited without recording a reason.'] : [`It failed with: ${reason}`]),
    ...statements.map(({sql, state}) => `  ${marks[state]} ${oneLine(sql)}`),
    ...(statements.some(({state}) => state === 'in doubt')
      ? ['The statement with the question mark may or may not have been executed.']
      : []),
    '',
    ...(isResumable ? ['mig repair --resume --reason "…"            resumes after the last executed statement'] : []),
    'mig repair --mark-applied --reason "…"      if you have completed the rest by hand',
    'mig repair --mark-not-applied --reason "…"  if you have undone the executed statements by hand',
  ]
}

function oneLine(sql: string): string {
  const text = sql.trim().replaceAll(/\s+/g, ' ')
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
