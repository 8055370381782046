import {expect} from 'chai'
import {MigError} from '../../src/errors.ts'
import {Cutter} from '../support/cut.ts'
import {crashStep, sampled} from '../support/crash-step.ts'
import {serverKinds} from '../support/databases.ts'
import {Lane} from './lane.ts'

for (const kind of serverKinds)
  for (const when of ['before', 'after'] as const)
    describe(`a session that the server ends ${when} something is sent, ${sampled}, on ${kind}`, () => {
      it('is said to be lost, and running again ends where an undisturbed run does', async () => {
        const lane = await Lane.open(kind)
        try {
          const undisturbed = await lane.undisturbed()
          await Cutter.with(kind, async (cutter) => {
            const left = {upgrade: true, downgrade: true}
            const codes = new Set<string>()
            for (let at = 1; left.upgrade || left.downgrade; at += crashStep) {
              for (const direction of ['upgrade', 'downgrade'] as const) {
                if (!left[direction]) {
                  await lane.go(direction)
                  continue
                }
                const {isCut, error} = await cutter.during({at, when}, async () => lane.go(direction))
                left[direction] = isCut
                const place = `${direction}, cut ${when} write ${at}`
                if (error !== undefined && !(error instanceof MigError)) throw new Error(place, {cause: error})
                if (error instanceof MigError) codes.add(error.code)
                await lane.recover(direction, undisturbed).catch((cause: unknown) => {
                  throw new Error(`${place}: ${String(cause)}`, {cause})
                })
              }
              await lane.forget()
            }
            expect(['CONNECTION_LOST', 'DATABASE_UNREACHABLE', 'REVISION_FAILED']).to.include.members([...codes])
            expect([...codes]).to.not.deep.equal([])
            if (crashStep === 1) expect([...codes]).to.include('REVISION_FAILED')
          })
        } finally {
          await lane.on.end()
        }
      }).timeout(600_000)
    })
