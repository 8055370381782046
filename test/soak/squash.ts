import {SquashWorld, dice} from '../support/squash-world.ts'

/** The number of transitions of one history. */
const length = 40

/**
 * Runs random transitions on random histories with squashes.
 *
 * @throws Error that names the seed, when a change is lost or made twice
 */
export function squashSoak(transitions: number, seed: number): ReadonlyMap<string, number> {
  const tally = new Map<string, number>()
  for (let done = 0; done < transitions; done += length) {
    const own = seed + done / length
    const world = new SquashWorld(dice(own))
    try {
      for (let i = 0; i < length; i++) world.step()
    } catch (error) {
      throw new Error(`seed ${own}: ${(error as Error).message}`, {cause: error})
    }
    for (const [what, times] of world.tally) tally.set(what, (tally.get(what) ?? 0) + times)
  }
  return tally
}
