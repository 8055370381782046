import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import type {HeadsCheck} from '../../api/checks/check-heads.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {plural} from '../../util/text.ts'
import {describePairs, formatDivergence} from '../format-divergence.ts'
import type {Paint} from '../style.ts'

/** Returns checks as lines for a terminal. */
export function formatChecks(checks: readonly (Check | HeadsCheck)[], paint: Paint, now: Date): string[] {
  return checks.flatMap((check) => {
    const merges = 'merges' in check ? check.merges : undefined
    if (merges === undefined)
      return [titleOf(check, paint), ...check.findings.flatMap((one) => formatFinding(one, paint))]
    return merges.length === 1 ? merges.flatMap((merge) => formatMerge(merge, paint, now)) : formatTable(merges, paint)
  })
}

/** Returns a finding as one or two lines. */
export function formatFinding({level, message, hint}: Finding, paint: Paint): string[] {
  const title = paint(level === 'error' ? 'bad' : 'dim', `${level}:`)
  return [`${title} ${message}`, ...(hint === undefined ? [] : [`${paint('hint', 'hint:')} ${hint}`])]
}

function titleOf(check: Check | HeadsCheck, paint: Paint): string {
  const count = 'heads' in check && check.heads !== undefined ? `, ${plural(check.heads.length, 'head')}` : ''
  return `${check.name}: ${paint(check.ok ? 'head' : 'bad', outcomeOf(check))}${count}`
}

/** Returns how a check ended, in words. */
export function outcomeOf({ok, isEvaluated}: Check): string {
  return isEvaluated === false ? 'not evaluated' : ok ? 'ok' : 'not ok'
}

function formatMerge(merge: MergeCheck, paint: Paint, now: Date): string[] {
  const {ref, onto, status, heads, findings, divergence} = merge
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    `heads: ${ref} merged into ${onto}: ${paint(status === 'ok' ? 'head' : 'bad', status)}${count}`,
    ...(divergence === undefined
      ? describePairs(merge).map((line) => `  ${line}`)
      : formatDivergence(divergence, paint, now, findings)),
    ...findings.flatMap((one) => formatFinding(one, paint)),
  ]
}

/** Returns the number of heads, or what is wrong, and the verdicts on revisions that have objects in common. */
export function outcomeOfMerge(merge: MergeCheck): string {
  const {status, heads, findings, verdict} = merge
  const isFine = status === 'ok' || status === 'collision'
  const outcome = isFine ? plural(heads?.length ?? 0, 'head') : (findings[0]?.message ?? '')
  if (verdict === undefined || verdict === 'independent') return outcome
  return [outcome.replace(/[^.]$/, '$&.'), ...describePairs({pairs: merge.pairs ?? []})].join(' ')
}

function formatTable(merges: readonly MergeCheck[], paint: Paint): string[] {
  const width = Math.max(...merges.map(({ref}) => ref.length))
  const failed = merges.filter(({status}) => status !== 'ok').length
  return [
    ...merges.map((merge) => {
      const {ref, status} = merge
      return `${ref.padEnd(width)}  ${paint(status === 'ok' ? 'head' : 'bad', status.padEnd(13))}  ${outcomeOfMerge(merge)}`
    }),
    `heads: ${plural(merges.length, 'ref')} merged into ${merges[0]?.onto ?? ''}, each by itself: ${failed === 0 ? 'ok' : `${failed} not ok`}`,
  ]
}
