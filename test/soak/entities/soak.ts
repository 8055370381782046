import * as fc from 'fast-check'
import {ChangeFault} from '../../support/changes/fault.ts'
import {InvalidEntitiesError} from '../../support/changes/reference.ts'
import {Workbench} from '../../support/changes/workbench.ts'
import type {DatabaseKind} from '../../support/databases.ts'
import {cases} from './arbitrary.ts'
import type {Case} from './arbitrary.ts'
import {changeOf} from './case-change.ts'
import {reportOf} from './report.ts'
import {signatureOf} from './signature.ts'

/** The longest that one fault is made smaller. */
const shrinkTime = 60_000

/** How often each outcome was seen. */
export type Counts = Record<'passed' | 'invalid' | 'blocked by rows' | 'rows refused' | 'known faults', number>

/** Makes random changes of random entities until a time, and says each new kind of fault as a small case. */
export async function soakEntities(
  kind: DatabaseKind,
  firstSeed: number,
  until: number,
  say: (line: string) => void,
): Promise<{readonly faults: number; readonly counts: Counts}> {
  const workbench = await Workbench.open(kind, {needsReference: true})
  const counts: Counts = {passed: 0, invalid: 0, 'blocked by rows': 0, 'rows refused': 0, 'known faults': 0}
  const known = new Set<string>()
  try {
    for (let seed = firstSeed; performance.now() < until; seed++) {
      const found = await search(workbench, seed, until, known, counts)
      if (found === undefined) continue
      known.add(signatureOf(found.fault))
      say(reportOf(kind, seed, changeOf(found.example, kind), found.fault))
    }
    return {faults: known.size, counts}
  } finally {
    await workbench.close()
  }
}

interface Found {
  readonly example: Case
  readonly fault: ChangeFault
}

/** Looks for a fault of a new kind, and makes its case small. */
async function search(
  workbench: Workbench,
  seed: number,
  until: number,
  known: ReadonlySet<string>,
  counts: Counts,
): Promise<Found | undefined> {
  let found: Found | undefined
  let deadline = until
  const property = fc.asyncProperty(cases, async (example) => {
    if (performance.now() >= deadline) return
    const fault = await faultOf(workbench, example, counts)
    if (fault === undefined) return
    if (known.has(signatureOf(fault))) {
      counts['known faults']++
      return
    }
    if (found === undefined) deadline = performance.now() + shrinkTime
    found = {example, fault}
    throw fault
  })
  await fc.check(property, {seed, numRuns: 50})
  return found
}

async function faultOf(workbench: Workbench, example: Case, counts: Counts): Promise<ChangeFault | undefined> {
  try {
    const {refusedRows, isBlocked} = await workbench.try(changeOf(example, workbench.kind))
    counts[isBlocked ? 'blocked by rows' : refusedRows.length > 0 ? 'rows refused' : 'passed']++
    return undefined
  } catch (error) {
    if (error instanceof ChangeFault) return error
    if (!(error instanceof InvalidEntitiesError)) throw error
    counts.invalid++
    return undefined
  }
}
