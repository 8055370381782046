import {availableParallelism} from 'node:os'
import {expect} from 'chai'
import {migKilled} from '../support/crash.ts'
import type {Place} from '../support/crash.ts'
import {crashStep, sampled} from '../support/crash-step.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {Lane} from './lane.ts'
import type {Direction, Undisturbed} from './lane.ts'

/**
 * When a process is killed. On SQLite nothing happens between the end of one statement and the beginning of the next; on
 * MariaDB and MySQL the suite leaves to `npm run soak -- --crash` what differs from these only by when the server notices.
 */
const moments: readonly {readonly kind: DatabaseKind; readonly when: Place['when']}[] = [
  {kind: 'postgresql', when: 'before'},
  {kind: 'postgresql', when: 'after'},
  {kind: 'sqlite', when: 'before'},
  {kind: 'mariadb', when: 'after'},
  {kind: 'mysql', when: 'after'},
]

const commands: Readonly<Record<Direction, string>> = {upgrade: 'upgrade heads', downgrade: 'downgrade base --yes'}

for (const {kind, when} of moments)
  if (databaseKinds.includes(kind))
    describe(`a process that is killed ${when} it sends something, ${sampled}, on ${kind}`, () => {
      it('leaves what the log explains, and running again ends where an undisturbed run does', async () => {
        const lanes = await Promise.all(Array.from({length: availableParallelism()}, async () => Lane.open(kind)))
        try {
          const undisturbed = await Promise.all(lanes.map(async (lane) => lane.undisturbed()))
          const left = {upgrade: true, downgrade: true}
          const partials = new Set<string>()
          let next = 1
          await Promise.all(
            lanes.map(async (lane, i) => {
              while (left.upgrade || left.downgrade) {
                const at = next
                next += crashStep
                for (const partial of await upAndDown(lane, {at, when}, left, undisturbed[i]!)) partials.add(partial)
              }
            }),
          )
          expect(next).to.be.greaterThan(20)
          if (crashStep === 1)
            expect([...partials].toSorted()).to.include.members([
              'downgrade l',
              'downgrade r',
              'upgrade l',
              'upgrade r',
            ])
        } finally {
          await Promise.all(lanes.map(async (lane) => lane.on.end()))
        }
      }).timeout(600_000)
    })

/**
 * Goes up and down again, each time with a process that is killed.
 *
 * @param left which of the two has so many writes; is changed
 * @returns what was partially applied
 */
async function upAndDown(
  lane: Lane,
  kill: Place,
  left: Record<Direction, boolean>,
  undisturbed: Undisturbed,
): Promise<readonly string[]> {
  const partials: string[] = []
  for (const direction of ['upgrade', 'downgrade'] as const)
    try {
      const {status, stderr} = left[direction]
        ? await migKilled(commands[direction], kill, lane.on)
        : {status: 'SIGKILL', stderr: ''}
      if (status === 0) left[direction] = false
      else if (status !== 'SIGKILL') throw new Error(`it was not killed, and exited with ${status}: ${stderr}`)
      const partial = await lane.recover(direction, undisturbed)
      if (partial !== undefined) partials.push(`${direction} ${partial}`)
    } catch (error) {
      throw new Error(`${direction}, killed ${kill.when} write ${kill.at}: ${String(error)}`, {cause: error})
    }
  await lane.forget()
  return partials
}
