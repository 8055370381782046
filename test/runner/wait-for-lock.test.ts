import {setTimeout} from 'node:timers/promises'
import {expect} from 'chai'
import {waitFor} from '../../src/runner/lock/run-lock.ts'
import {rejectionOf} from '../support/errors.ts'

describe('waiting for a lock', () => {
  it('begins after the first attempt, and says for whom, however long that took', async () => {
    const holder = {name: 'process 7', session: 7, since: undefined}
    const told: unknown[] = []
    await rejectionOf('LOCK_TIMEOUT', async () =>
      waitFor(
        async () => setTimeout(60).then(() => undefined),
        async () => holder,
        {database: 'pglite:here', timeout: 50, onEvent: (event) => told.push(event), signal: undefined},
      ),
    )
    expect(told).to.deep.equal([{kind: 'lock-wait', database: 'pglite:here', holder, waitedMs: 0}])
  })
})
