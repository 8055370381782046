import {expect} from 'chai'
import {migKilled} from '../support/crash.ts'
import {crashStep, sampled} from '../support/crash-step.ts'
import {serverKinds} from '../support/databases.ts'
import {Lane} from './lane.ts'

for (const kind of serverKinds)
  describe(`a process that gets SIGTERM before it sends something, ${sampled}, on ${kind}`, () => {
    it('says that it was interrupted, and running again ends where an undisturbed run does', async () => {
      const lane = await Lane.open(kind)
      try {
        const undisturbed = await lane.undisturbed()
        let interrupted = 0
        for (let at = 1, isOver = false; !isOver; at += crashStep) {
          const {status, stderr} = await migKilled('upgrade heads', {at, when: 'before'}, lane.on, 'SIGTERM')
          if (status !== 0) {
            expect(`${at}: ${status} ${stderr}`).to.match(/^\d+: 143 (?:.|\n)*error: Interrupted: /)
            interrupted++
          }
          isOver = status === 0 && interrupted > 0
          await lane.recover('upgrade', undisturbed).catch((cause: unknown) => {
            throw new Error(`interrupted before write ${at}: ${String(cause)}`, {cause})
          })
          await lane.go('downgrade')
          await lane.forget()
        }
        expect(interrupted).to.be.greaterThan(15 / crashStep)
      } finally {
        await lane.on.end()
      }
    }).timeout(300_000)
  })
