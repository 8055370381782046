import * as fc from 'fast-check'
import {repair} from '../../src/api/runs/repair.ts'
import {MigError} from '../../src/errors.ts'
import {Lane} from '../faults/lane.ts'
import type {Direction} from '../faults/lane.ts'
import {explainedState, migKilled} from '../support/crash.ts'
import type {Place} from '../support/crash.ts'
import {Cutter} from '../support/cut.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {bodyOf, working} from './history.ts'
import type {History} from './history.ts'

interface Fault extends Place {
  readonly kind: 'kill' | 'terminate' | 'cut'
}

/** A history, and what goes wrong on its way up and down; one thing after another, before it is left in peace. */
interface Disaster {
  readonly history: History
  readonly faults: Readonly<Record<Direction, readonly Fault[]>>
}

/** How often each thing was seen. */
export type Seen = Map<string, number>

/** @param perRevision about how many writes a revision takes */
function disasters(kinds: readonly Fault['kind'][], perRevision: number): fc.Arbitrary<Disaster> {
  return working.chain((history) => {
    const fault = fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.integer({min: 3, max: 10 + history.revisions.length * perRevision}),
      when: fc.constantFrom('before' as const, 'after' as const),
    })
    const faults = fc.array(fault, {minLength: 1, maxLength: 3})
    return fc.record({history: fc.constant(history), faults: fc.record({upgrade: faults, downgrade: faults})})
  })
}

const commands: Readonly<Record<Direction, string>> = {upgrade: 'upgrade heads', downgrade: 'downgrade base --yes'}
const reason = 'it was disturbed'

/**
 * Lets things go wrong at random on one kind of database, until the time is over.
 *
 * @param until in milliseconds of `performance.now()`
 * @throws Error that names the seed of the disaster that did not end well
 */
export async function soakCrash(kind: DatabaseKind, firstSeed: number, until: number): Promise<Seen> {
  const seen: Seen = new Map()
  const live = async (cutter: Cutter | undefined): Promise<void> => {
    const kinds: readonly Fault['kind'][] = cutter
      ? ['kill', 'kill', 'terminate', 'cut']
      : ['kill', 'kill', 'terminate']
    const arbitrary = disasters(kinds, kind === 'postgresql' ? 4 : 12)
    for (let seed = firstSeed; performance.now() < until; seed++) {
      const [disaster] = fc.sample(arbitrary, {seed, numRuns: 1})
      if (disaster === undefined) continue
      count(seen, 'histories')
      try {
        await survive(kind, disaster, cutter, seen)
      } catch (error) {
        throw new Error(`seed ${seed} on ${kind}: ${JSON.stringify(disaster)}`, {cause: error})
      }
    }
  }
  await (kind === 'pglite' || kind === 'sqlite' ? live(undefined) : Cutter.with(kind, live))
  return seen
}

async function survive(
  kind: DatabaseKind,
  {history, faults}: Disaster,
  cutter: Cutter | undefined,
  seen: Seen,
): Promise<void> {
  const lane = await Lane.open(kind, (on) => on.useRevisions(history.revisions, (one) => bodyOf(history, one, kind)))
  try {
    const undisturbed = await lane.undisturbed()
    for (const direction of ['upgrade', 'downgrade'] as const) {
      for (const fault of faults[direction]) {
        count(seen, await happen(lane, direction, fault, cutter))
        if ((await explainedState(lane.on)) !== undefined) count(seen, 'partially applied')
      }
      await lane.recover(direction, undisturbed)
    }
  } finally {
    await lane.on.end()
  }
}

/** Starts what is to be done next, and lets it go wrong. Returns what came of it. */
async function happen(lane: Lane, direction: Direction, fault: Fault, cutter: Cutter | undefined): Promise<string> {
  const {on} = lane
  const isPartial = (await explainedState(on)) !== undefined
  if (fault.kind === 'cut') {
    const work = async (): Promise<unknown> =>
      isPartial ? repair({cwd: on.cwd, action: 'resume', reason}) : lane.go(direction)
    const {isCut, error} = (await cutter?.during(fault, work)) ?? {isCut: false, error: undefined}
    if (error !== undefined && (!isCut || !(error instanceof MigError))) throw error
    return isCut ? 'cut' : 'undisturbed'
  }
  const command = isPartial ? ['repair', '--resume', '--reason', reason] : commands[direction].split(' ')
  const signal = fault.kind === 'kill' ? 'SIGKILL' : 'SIGTERM'
  const {status, stderr} = await migKilled(command, fault, on, signal)
  if (status === 0) return 'undisturbed'
  if (status === 'SIGKILL') return 'killed'
  if (status === 'SIGTERM' || status === 143) return 'terminated'
  throw new Error(`mig ${command.join(' ')} exited with ${status}: ${stderr}`)
}

function count(seen: Seen, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
