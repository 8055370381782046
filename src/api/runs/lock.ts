import {LockInSessionError} from '../../runner/lock/errors.ts'
import {withDatabases} from '../../engine/databases.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {LockHolder} from '../events.ts'
import {openProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'

/** Lock state of a database. */
export interface LockView {
  /** URL of the database, without password. */
  readonly database: string
  /** Null if the lock is free. */
  readonly holder: LockHolder | null
}

/** Returns the lock holder of each database. */
export async function lockHolders(options: DatabaseOptions): Promise<readonly LockView[]> {
  const context = contextOf(await openProject(options), options)
  return (await forEachTenant(context, options, holdersOf, {isRead: true})).results.flat()
}

async function holdersOf(context: RunContext): Promise<readonly LockView[]> {
  return withDatabases(context, async (databases) =>
    Promise.all(
      databases.map(async ({session, lock}) => ({database: session.name, holder: (await lock?.holder()) ?? null})),
    ),
  )
}

/**
 * Breaks locks of holders that no longer exist, and returns those holders.
 *
 * @throws MigError LOCK_IN_SESSION
 */
export async function breakLock(options: BreakLockOptions): Promise<readonly LockView[]> {
  const context = contextOf(await openProject(options), options)
  const {results} = await forEachTenant(context, options, async (tenant) => breakOne(tenant, options.reason))
  return results.flat()
}

interface BreakLockOptions extends DatabaseOptions {
  /** Reason, for the log. */
  readonly reason: string
}

async function breakOne(context: RunContext, why: string): Promise<readonly LockView[]> {
  return withDatabases(context, async (databases) => {
    const views: LockView[] = []
    for (const {session, lock, store, state} of databases) {
      const holder = await lock?.holder()
      views.push({database: session.name, holder: holder ?? null})
      if (lock === undefined || holder === undefined) continue
      if (lock.break === undefined) throw new LockInSessionError(session.name, holder)
      await lock.break()
      const reason = `broke the lock of ${holder.name}: ${why}`
      await store.ensure(state)
      await session.send([store.log({action: 'lock', revision: '', duration: 0, outcome: 'done', reason})])
    }
    return views
  })
}
