import type {Finding} from '../../api/checks/check-options.ts'
import type {Check} from '../../api/checks/check-options.ts'
import type {HeadsCheck} from '../../api/checks/check-heads.ts'
import type {Divergence} from '../../engine/divergence.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {cell, code, inMarkdown} from '../../render/safe/markdown.ts'
import {mermaidLabel} from '../../render/safe/mermaid.ts'
import type {SafeText} from '../../render/safe/text.ts'
import {plural} from '../../util/text.ts'
import {describeCommit, describeShared} from '../format-divergence.ts'
import {outcomeOf} from './text.ts'

type Line = SafeText<'markdown'>

/** Returns checks as a comment for a pull request, with a drawing of both sides. */
export function markdownReport(checks: readonly (Check | HeadsCheck)[], now: Date): Line[] {
  return checks.flatMap((check) => {
    const merges = 'merges' in check ? (check.merges ?? []) : []
    const [only, ...others] = merges
    return [
      inMarkdown`### mig check ${check.name}: ${outcomeOf(check)}`,
      inMarkdown``,
      ...(only === undefined ? [] : others.length > 0 ? [...table(merges), inMarkdown``] : oneMerge(only, now)),
      ...check.findings.map(item),
      ...(check.findings.length > 0 ? [inMarkdown``] : []),
    ]
  })
}

function oneMerge({ref, onto, status, heads, divergence}: MergeCheck, now: Date): Line[] {
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    inMarkdown`${code(ref)} merged into ${code(onto)}: ${status}${count}.`,
    inMarkdown``,
    ...(divergence === undefined
      ? []
      : [...drawing(divergence), ...headTable(divergence, now), ...sharedLines(divergence)]),
  ]
}

/** The two sides and where they part. Ids of nodes are numbers: revision ids may be words that Mermaid knows. */
function drawing({heads, forkPoints}: Divergence): Line[] {
  return [
    inMarkdown`\`\`\`mermaid`,
    inMarkdown`graph BT`,
    ...forkPoints.map((point, i) => drawnNode(inMarkdown`f${i}`, point)),
    ...heads.map((head, i) => drawnNode(inMarkdown`h${i}`, head)),
    ...heads.flatMap(({side}, i) => forkPoints.map((_, f) => inMarkdown`  f${f} -->|${side}| h${i}`)),
    inMarkdown`\`\`\``,
    inMarkdown``,
  ]
}

function drawnNode(node: Line, {revision, message}: {readonly revision: string; readonly message: string}): Line {
  return inMarkdown`  ${node}[${mermaidLabel(message === '' ? revision : `${revision}, ${message}`)}]`
}

function headTable({heads}: Divergence, now: Date): Line[] {
  return [
    inMarkdown`| side | head | file | commit |`,
    inMarkdown`|---|---|---|---|`,
    ...heads.map(({side, revision, message, file, commit}) => {
      const head = cell(inMarkdown`${code(revision)} ${message}`)
      const who = commit === undefined ? inMarkdown`` : inMarkdown`${describeCommit(commit, now)}`
      return inMarkdown`| ${side} | ${head} | ${cell(code(file))} | ${cell(who)} |`
    }),
    inMarkdown``,
  ]
}

function sharedLines({shared, heads}: Divergence): Line[] {
  const lines = describeShared(shared, heads.length)
  return lines.length === 0 ? [] : [inMarkdown`${lines.join(' ')}`, inMarkdown``]
}

function table(merges: readonly MergeCheck[]): Line[] {
  return [
    inMarkdown`| ref | status | |`,
    inMarkdown`|---|---|---|`,
    ...merges.map(
      ({ref, status, findings}) =>
        inMarkdown`| ${cell(code(ref))} | ${status} | ${cell(inMarkdown`${findings[0]?.message ?? ''}`)} |`,
    ),
  ]
}

function item({level, message, hint}: Finding): Line {
  return inMarkdown`- **${level}**: ${hint === undefined ? message : `${message} ${hint}`}`
}
