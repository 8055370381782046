import {compareGraph, type Verdict} from './compare.ts'
import {readRecords} from './records.ts'

export interface Report {
  readonly agree: number
  readonly byRule: ReadonlyMap<string, number>
  readonly differences: readonly Extract<Verdict, {verdict: 'differ'}>[]
}

/** Compares every recorded graph of these files with mig. */
export function compareFiles(files: readonly string[]): Report {
  const verdicts = files.flatMap((file) => readRecords(file).flatMap((record) => [...compareGraph(record)]))
  const byRule = new Map<string, number>()
  for (const one of verdicts) if (one.verdict === 'by rule') byRule.set(one.rule, (byRule.get(one.rule) ?? 0) + 1)
  return {
    agree: verdicts.filter((one) => one.verdict === 'agree').length,
    byRule,
    differences: verdicts.filter((one) => one.verdict === 'differ'),
  }
}

/** Returns the report as text: counts, and the first differences in full. */
export function formatReport({agree, byRule, differences}: Report): string {
  const excused = [...byRule.values()].reduce((sum, count) => sum + count, 0)
  const lines = [...byRule]
    .toSorted(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${String(count).padStart(7)}  ${rule}`)
  const shown = differences.slice(0, 10).map(({graph, query, got}) => JSON.stringify({graph, query, got}))
  return [
    `${agree} agree, ${excused} differ on purpose, ${differences.length} differ`,
    ...(lines.length > 0 ? ['on purpose:', ...lines] : []),
    ...(shown.length > 0 ? ['differences:', ...shown] : []),
  ].join('\n')
}
