import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import type {HeadsCheck} from '../../api/checks/check-heads.ts'
import type {Divergence} from '../../engine/divergence.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {plural} from '../../util/text.ts'
import {describeCommit, describeShared} from '../format-divergence.ts'
import {outcomeOf} from './text.ts'

/** Returns checks as a comment for a pull request, with a drawing of both sides. */
export function markdownReport(checks: readonly (Check | HeadsCheck)[], now: Date): string[] {
  return checks.flatMap((check) => {
    const merges = 'merges' in check ? (check.merges ?? []) : []
    const [only, ...others] = merges
    return [
      `### mig check ${check.name}: ${outcomeOf(check)}`,
      '',
      ...(only === undefined ? [] : others.length > 0 ? [...table(merges), ''] : oneMerge(only, now)),
      ...check.findings.map(item),
      ...(check.findings.length > 0 ? [''] : []),
    ]
  })
}

function oneMerge({ref, onto, status, heads, divergence}: MergeCheck, now: Date): string[] {
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    `\`${ref}\` merged into \`${onto}\`: ${status}${count}.`,
    '',
    ...(divergence === undefined
      ? []
      : [...drawing(divergence), ...headTable(divergence, now), ...sharedLines(divergence)]),
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

function sharedLines({shared, heads}: Divergence): string[] {
  const lines = describeShared(shared, heads.length)
  return lines.length === 0 ? [] : [lines.join(' '), '']
}

function table(merges: readonly MergeCheck[]): string[] {
  return [
    '| ref | status | |',
    '|---|---|---|',
    ...merges.map(({ref, status, findings}) => `| ${cell(ref)} | ${status} | ${cell(findings[0]?.message ?? '')} |`),
  ]
}

function item({level, message, hint}: Finding): string {
  return `- **${level}**: ${message}${hint === undefined ? '' : ` ${hint}`}`
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
}
