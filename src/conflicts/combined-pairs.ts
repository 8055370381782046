import {verdicts} from './commute.ts'
import type {JudgedPairs, RevisionPair} from './pairs.ts'

/** Returns one verdict for each two revisions: the worst of those for several databases. */
export function combinedPairs(pairs: readonly RevisionPair[]): readonly RevisionPair[] {
  const worst = new Map<string, RevisionPair>()
  for (const pair of pairs) {
    const key = `${pair.ours} ${pair.theirs}`
    const known = worst.get(key)
    if (known === undefined || verdicts.indexOf(pair.verdict) < verdicts.indexOf(known.verdict)) worst.set(key, pair)
  }
  return [...worst.values()]
}

/** As `combinedPairs`, with the revisions that are unclear for any of the databases. */
export function combinedJudgements(all: readonly JudgedPairs[]): Omit<JudgedPairs, 'verdict'> {
  return {
    pairs: combinedPairs(all.flatMap(({pairs}) => pairs)),
    unclear: [...new Set(all.flatMap(({unclear}) => unclear))],
  }
}
