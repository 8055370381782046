import type {Finding} from '../../api/checks/check-options.ts'
import type {Divergence} from '../../engine/divergence.ts'
import type {MergeCheck} from '../../api/checks/merge-check.ts'
import {cell, code, inMarkdown} from '../../render/safe/markdown.ts'
import {mermaidLabel} from '../../render/safe/mermaid.ts'
import {joined} from '../../render/safe/text.ts'
import type {SafeText} from '../../render/safe/text.ts'
import {listOf, plural} from '../../util/text.ts'
import {describeCommit} from '../format-divergence.ts'
import {proofTable} from '../format-proof.ts'
import {outcomeOf, outcomeOfMerge} from './text.ts'
import type {AnyCheck} from './text.ts'

/** The order of the table, and its length. */
const verdicts = ['collide', 'unknown', 'together', 'independent'] as const
const mostPairs = 30

type Line = SafeText<'markdown'>

/** Returns checks as a comment for a pull request, with a drawing of both sides. */
export function markdownReport(checks: readonly AnyCheck[], now: Date): Line[] {
  return checks.flatMap((check) => {
    const merges = 'merges' in check ? (check.merges ?? []) : []
    const [only, ...others] = merges
    const listed = check.findings.filter((found) => found.level === 'error' || !found.code.startsWith('REVISIONS_'))
    return [
      inMarkdown`### mig check ${check.name}: ${outcomeOf(check)}`,
      inMarkdown``,
      ...(only === undefined ? [] : others.length > 0 ? [...table(merges), inMarkdown``] : oneMerge(only, now)),
      ...('proof' in check && check.proof !== undefined ? [...proofTable(check.proof), ...pairTable(check)] : []),
      ...listed.map(item),
      ...(listed.length > 0 ? [inMarkdown``] : []),
    ]
  })
}

function oneMerge(merge: MergeCheck, now: Date): Line[] {
  const {ref, onto, status, heads, divergence} = merge
  const count = heads === null ? '' : `, ${plural(heads.length, 'head')}`
  return [
    inMarkdown`${code(ref)} merged into ${code(onto)}: ${status}${count}.`,
    inMarkdown``,
    ...(divergence === undefined ? [] : [...drawing(divergence), ...headTable(divergence, now)]),
    ...(merge.proof === undefined ? [] : proofTable(merge.proof)),
    ...pairTable(merge),
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

/** The pairs of revisions that are not independent, and as many others as fit. */
function pairTable({pairs = []}: Pick<MergeCheck, 'pairs'>): Line[] {
  const worst = verdicts.flatMap((verdict) => pairs.filter((pair) => pair.verdict === verdict))
  const shown = worst.slice(0, mostPairs)
  if (shown.length === 0) return []
  return [
    inMarkdown`| ours | theirs | verdict | objects | |`,
    inMarkdown`|---|---|---|---|---|`,
    ...shown.map(({ours, theirs, verdict, objects, reason}) => {
      const names = listOf(
        objects.map(({kind, name}) => `${kind} ${name}`),
        5,
      )
      const cells = [code(ours), code(theirs), inMarkdown`${verdict}`, inMarkdown`${names}`, inMarkdown`${reason}`]
      return inMarkdown`| ${joined(cells.map(cell), ' | ')} |`
    }),
    ...(worst.length > shown.length
      ? [inMarkdown``, inMarkdown`${plural(worst.length - shown.length, 'more pair')} of revisions.`]
      : []),
    inMarkdown``,
  ]
}

function table(merges: readonly MergeCheck[]): Line[] {
  return [
    inMarkdown`| ref | status | revisions | |`,
    inMarkdown`|---|---|---|---|`,
    ...merges.map((merge) => {
      const {ref, status, verdict = ''} = merge
      return inMarkdown`| ${cell(code(ref))} | ${status} | ${verdict} | ${cell(inMarkdown`${outcomeOfMerge(merge)}`)} |`
    }),
  ]
}

function item({level, message, hint}: Finding): Line {
  return inMarkdown`- **${level}**: ${hint === undefined ? message : `${message} ${hint}`}`
}
