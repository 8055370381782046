import type {PartiallyAppliedView} from '../api/runs/repair.ts'
import type {Paint} from './style.ts'

const marks = {done: '✓', 'in doubt': '?', 'not done': ' '} as const

/** Returns what is known of a partially applied revision, and what can be done. */
export function describePartial(partial: PartiallyAppliedView, paint: Paint): string[] {
  const {direction, revision, database, tenant, by, at, done, total, reason, statements, isResumable} = partial
  const place = tenant ?? database
  const where = place === undefined ? '' : ` on ${place}`
  const count = total === null ? `${done} statements were run` : `${done} of ${total} statements were run`
  return [
    `The ${direction} of ${paint('id', revision)}${where} is partially applied: ${count}. ${by} began it at ${at}.`,
    ...(reason === null ? ['Nobody was left to say why it ended.'] : [`It ended with: ${reason}`]),
    ...statements.map(({sql, state}) => `  ${marks[state]} ${oneLine(sql)}`),
    ...(statements.some(({state}) => state === 'in doubt')
      ? ['The statement with the question mark may or may not have been run.']
      : []),
    '',
    ...(isResumable
      ? ['mig repair --resume --reason "…"            goes on behind the last statement that was run']
      : []),
    'mig repair --mark-applied --reason "…"      when you have done the rest by hand',
    'mig repair --mark-not-applied --reason "…"  when you have undone by hand what was run',
  ]
}

function oneLine(sql: string): string {
  const text = sql.trim().replaceAll(/\s+/g, ' ')
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
