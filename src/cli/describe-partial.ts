import type {PartiallyAppliedView} from '../api/runs/repair.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

const marks = {done: '✓', 'in doubt': '?', 'not done': ' '} as const

/** Returns the state of a partially applied revision and the repair options. */
export function describePartial(partial: PartiallyAppliedView, paint: Paint): SafeText[] {
  const {direction, revision, database, tenant, by, at, done, total, reason, statements, isResumable} = partial
  const place = tenant ?? database
  const where = place === undefined ? '' : ` on ${place}`
  const count = total === null ? `${done} statements were executed` : `${done} of ${total} statements were executed`
  return [
    text`The ${direction} of ${paint('id', revision)}${where} is partially applied: ${count}. ${by} started it at ${at}.`,
    ...(reason === null ? [text`The process exited without recording a reason.`] : [text`It failed with: ${reason}`]),
    ...statements.map(({sql, state}) => text`  ${marks[state]} ${oneLine(sql)}`),
    ...(statements.some(({state}) => state === 'in doubt')
      ? [text`The statement with the question mark may or may not have been executed.`]
      : []),
    text``,
    ...(isResumable
      ? [text`mig repair --resume --reason "…"            resumes after the last executed statement`]
      : []),
    text`mig repair --mark-applied --reason "…"      if you have completed the rest by hand`,
    text`mig repair --mark-not-applied --reason "…"  if you have undone the executed statements by hand`,
  ]
}

function oneLine(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
