import {mig} from '../support/cli.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'

const processes = 8

/**
 * Starts eight runs at once on an empty database.
 *
 * @throws Error when one of them fails, or a revision is not applied exactly once
 */
export async function soakLock(kind: DatabaseKind): Promise<void> {
  const on = new Bench(kind, await createDatabase(kind))
  try {
    on.use('a <- b <- l1 <- l2; b <- r1')
    const runs = await Promise.all(Array.from({length: processes}, async () => mig('upgrade heads', {cwd: on.cwd})))
    for (const {status, stderr} of runs) if (status !== 0) throw new Error(`exit ${status}: ${stderr}`)
    const log = (await on.log()).join(', ')
    if (log !== 'upgrade a done, upgrade b done, upgrade l1 done, upgrade l2 done, upgrade r1 done')
      throw new Error(`the log says: ${log}`)
  } finally {
    await on.end()
  }
}
