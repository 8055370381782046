import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import type {HeadsCheck} from '../../api/checks/check-heads.ts'
import type {Divergence} from '../../engine/divergence.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {listOf, plural} from '../../util/text.ts'
import {describeCommit} from '../format-divergence.ts'
import {outcomeOf, outcomeOfMerge} from './text.ts'

/** The order of the table, and its length. */
const verdicts = ['collide', 'unknown', 'together', 'independent'] as const
const mostPairs = 30

/** Returns checks as a comment for a pull request, with a drawing of both sides. */
export function markdownReport(checks: readonly (Check | HeadsCheck)[], now: Date): string[] {
  return checks.flatMap((check) => {
    const merges = 'merges' in check ? (check.merges ?? []) : []
    const [only, ...others] = merges
    const listed = check.findings.filter(({code, level}) => level === 'error' || !code.startsWith('REVISIONS_'))
    return [
      `### mig check ${check.name}: ${outcomeOf(check)}`,
      '',
      ...(only === undefined ? [] : others.length > 0 ? [...table(merges), ''] : oneMerge(only, now)),
      ...listed.map(item),
      ...(listed.length > 0 ? [''] : []),
    ]
  })
}

function oneMerge(merge: MergeCheck, now: Date): string[] {
  const {ref, onto, status, heads, divergence} = merge
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    `\`${ref}\` merged into \`${onto}\`: ${status}${count}.`,
    '',
    ...(divergence === undefined ? [] : [...drawing(divergence), ...headTable(divergence, now)]),
    ...pairTable(merge),
  ]
}

/** The two sides and where they part. Ids of nodes are numbers: revision ids may be words that Mermaid knows. */
function drawing({heads, forkPoints}: Divergence): string[] {
  return [
    '```mermaid',
    'graph BT',
    ...forkPoints.map((point, i) => drawnNode(`f${i}`, point)),
    ...heads.map((head, i) => drawnNode(`h${i}`, head)),
    ...heads.flatMap(({side}, i) => forkPoints.map((_, f) => `  f${f} -->|${side}| h${i}`)),
    '```',
    '',
  ]
}

function drawnNode(node: string, {revision, message}: {readonly revision: string; readonly message: string}): string {
  const title = message === '' ? revision : `${revision}, ${message}`
  return `  ${node}["${title.replaceAll('"', '#quot;')}"]`
}

function headTable({heads}: Divergence, now: Date): string[] {
  return [
    '| side | head | file | commit |',
    '|---|---|---|---|',
    ...heads.map(({side, revision, message, file, commit}) => {
      const who = commit === undefined ? '' : describeCommit(commit, now)
      return `| ${side} | ${cell(`${revision} ${message}`)} | ${cell(file)} | ${cell(who)} |`
    }),
    '',
  ]
}

/** The pairs of revisions that are not independent, and as many others as fit. */
function pairTable({pairs = []}: MergeCheck): string[] {
  const worst = verdicts.flatMap((verdict) => pairs.filter((pair) => pair.verdict === verdict))
  const shown = worst.slice(0, mostPairs)
  if (shown.length === 0) return []
  return [
    '| ours | theirs | verdict | objects | |',
    '|---|---|---|---|---|',
    ...shown.map(({ours, theirs, verdict, objects, reason}) => {
      const names = listOf(
        objects.map(({kind, name}) => `${kind} ${name}`),
        5,
      )
      return `| ${cell(ours)} | ${cell(theirs)} | ${verdict} | ${cell(names)} | ${cell(reason)} |`
    }),
    ...(worst.length > shown.length ? ['', `${plural(worst.length - shown.length, 'more pair')} of revisions.`] : []),
    '',
  ]
}

function table(merges: readonly MergeCheck[]): string[] {
  return [
    '| ref | status | revisions | |',
    '|---|---|---|---|',
    ...merges.map((merge) => {
      const {ref, status, verdict = ''} = merge
      return `| ${cell(ref)} | ${status} | ${verdict} | ${cell(outcomeOfMerge(merge))} |`
    }),
  ]
}

function item({level, message, hint}: Finding): string {
  return `- **${level}**: ${message}${hint === undefined ? '' : ` ${hint}`}`
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
}
