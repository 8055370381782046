import type {PartiallyAppliedView} from '../api/runs/repair.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {describeHolder, executedOf, oneLine} from '../api/events.ts'
import type {Paint} from './style.ts'

const marks = {done: '✓', 'in doubt': '?', 'not done': ' '} as const

/** Returns the state of a partially applied revision and the repair options. */
export function describePartial(partial: PartiallyAppliedView, paint: Paint): SafeText[] {
  const {direction, revision, database, tenant, by, at, reason, statements, isResumable, needsDecision, run} = partial
  const place = tenant ?? database
  const where = place === undefined ? '' : ` on ${place}`
  const total = partial.total ?? undefined
  if (run !== undefined)
    return [text`The ${direction} of ${paint('id', revision)}${where} is in progress: ${describeHolder(run)}.`]
  return [
    text`The ${direction} of ${paint('id', revision)}${where} is partially applied: ${executedOf({done: partial.done, total})}. ${by} started it at ${at}.`,
    ...(reason === null ? [text`The process exited without recording a reason.`] : [text`It failed with: ${reason}`]),
    ...statements.map(({sql, state}) => text`  ${marks[state]} ${shortened(sql)}`),
    ...(statements.some(({state}) => state === 'in doubt')
      ? [text`The statement with the question mark may or may not have been executed.`]
      : []),
    text``,
    ...(isResumable ? (needsDecision ? decisions : [resume]) : []),
    text`mig repair --mark-applied --reason "…"      if you have completed the rest by hand`,
    text`mig repair --mark-not-applied --reason "…"  if you have undone the executed statements by hand`,
  ]
}

const resume = text`mig repair --resume --reason "…"            resumes after the last executed statement`
const decisions = [
  text`mig repair --resume --in-doubt executed --reason "…"      if all of the statement with the question mark was executed`,
  text`mig repair --resume --in-doubt not-executed --reason "…"  if none of it was; runs it again`,
]

function shortened(sql: string): string {
  const line = oneLine(sql)
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
