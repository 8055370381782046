import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import type {CommuteCheck} from '../../api/checks/check-commute.ts'
import type {HeadsCheck} from '../../api/checks/check-heads.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {plural} from '../../util/text.ts'
import {text} from '../../render/safe/text.ts'
import type {SafeText} from '../../render/safe/text.ts'
import {describePairs, formatDivergence} from '../format-divergence.ts'
import {describeProof} from '../format-proof.ts'
import type {Paint} from '../style.ts'

export type AnyCheck = Check | HeadsCheck | CommuteCheck

/** Returns checks as lines for a terminal. */
export function formatChecks(checks: readonly AnyCheck[], paint: Paint, now: Date): SafeText[] {
  return checks.flatMap((check) => {
    if ('commuting' in check) return formatCommute(check, paint)
    const merges = 'merges' in check ? check.merges : undefined
    if (merges === undefined)
      return [titleOf(check, paint), ...check.findings.flatMap((one) => formatFinding(one, paint))]
    return merges.length === 1 ? merges.flatMap((merge) => formatMerge(merge, paint, now)) : formatTable(merges, paint)
  })
}

/** Returns a finding as one or two lines. */
export function formatFinding({level, message, hint}: Finding, paint: Paint): SafeText[] {
  const title = paint(level === 'error' ? 'bad' : 'dim', `${level}:`)
  return [text`${title} ${message}`, ...(hint === undefined ? [] : [text`${paint('hint', 'hint:')} ${hint}`])]
}

function titleOf(check: Check | HeadsCheck, paint: Paint): SafeText {
  const count = 'heads' in check && check.heads !== undefined ? `, ${plural(check.heads.length, 'head')}` : ''
  return text`${check.name}: ${paint(check.ok ? 'head' : 'bad', outcomeOf(check))}${count}`
}

/** Returns how a check ended, in words. */
export function outcomeOf({ok, isEvaluated}: Check): string {
  return isEvaluated === false ? 'not evaluated' : ok ? 'ok' : 'not ok'
}

function formatCommute(check: CommuteCheck, paint: Paint): SafeText[] {
  const {commuting, proof, pairs, findings} = check
  const title =
    proof === undefined
      ? `There is nothing to prove: ${commuting.length === 0 ? 'there are no revisions' : `${commuting[0]} is the only head`}.`
      : `${commuting.join(', ')}: ${describeProof(proof)}`
  return [
    text`${check.name}: ${paint(check.ok ? 'head' : 'bad', outcomeOf(check))}`,
    text`  ${title}`,
    ...(pairs === undefined ? [] : describePairs({pairs}).map((line) => text`  By their texts: ${line}`)),
    ...findings.flatMap((one) => formatFinding(one, paint)),
  ]
}

function formatMerge(merge: MergeCheck, paint: Paint, now: Date): SafeText[] {
  const {ref, onto, status, heads, findings, divergence} = merge
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    text`heads: ${ref} merged into ${onto}: ${paint(status === 'ok' ? 'head' : 'bad', status)}${count}`,
    ...(divergence === undefined
      ? describePairs(merge).map((line) => text`  ${line}`)
      : formatDivergence(divergence, paint, now, findings)),
    ...(merge.proof === undefined ? [] : [text`  ${describeProof(merge.proof)}`]),
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

function formatTable(merges: readonly MergeCheck[], paint: Paint): SafeText[] {
  const width = Math.max(...merges.map(({ref}) => ref.length))
  const failed = merges.filter(({status}) => status !== 'ok').length
  return [
    ...merges.map((merge) => {
      const {ref, status} = merge
      return text`${ref.padEnd(width)}  ${paint(status === 'ok' ? 'head' : 'bad', status.padEnd(13))}  ${outcomeOfMerge(merge)}`
    }),
    text`heads: ${plural(merges.length, 'ref')} merged into ${merges[0]?.onto ?? ''}, each by itself: ${failed === 0 ? 'ok' : `${failed} not ok`}`,
  ]
}
