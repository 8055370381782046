import * as fc from 'fast-check'
import type {DatabaseKind} from '../support/databases.ts'
import {programs, SaidState} from '../support/said-state.ts'

/** Runs random revisions until the time given, and returns how often each outcome was seen. */
export async function soakState(kind: DatabaseKind, seed: number, until: number): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>()
  const said = await SaidState.on(kind)
  try {
    for (let round = seed; performance.now() < until; round++) {
      const property = fc.asyncProperty(programs, async (program) => {
        const outcome = await said.check(program)
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      })
      await fc.assert(property, {seed: round, numRuns: 20})
    }
  } finally {
    await said.end()
  }
  return seen
}
