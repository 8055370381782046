import {listOf} from '../util/text.ts'
import type {OpenDatabase} from './databases.ts'
import type {MigrateResult} from './results.ts'
import type {Project} from './project.ts'

/**
 * Runs `work` between the `beforeRun` and `afterRun` hooks.
 *
 * @param result the result of the run if it succeeds
 * @throws MigError HOOK_FAILED; errors of `work`
 */
export async function withRunHooks(
  {settings, tenant, root}: Project,
  databases: readonly OpenDatabase[],
  result: MigrateResult,
  work: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const {callHook, hookError, HookFailure} = await import('../runner/lifecycle-hooks.ts')
  const run = {databases: databases.map(({session}) => session.name), tenant: tenant?.name}
  const whileWaiting = async (hook: () => Promise<void>): Promise<void> =>
    databases.reduce(
      (inner, {session}) =>
        async () =>
          session.whileWaiting(inner),
      hook,
    )()
  const call = async (state: string, hook: () => Promise<void>): Promise<void> => {
    try {
      await whileWaiting(hook)
    } catch (error) {
      throw error instanceof HookFailure ? hookError(error, root, {state}, signal) : error
    }
  }
  const before = {...run, plan: result.steps}
  if (result.steps.length > 0)
    await call('Nothing was executed.', async () => callHook(settings, 'beforeRun', before, signal))
  try {
    await work()
  } catch (error) {
    // The error of the run matters more than a failure of the hook.
    const failed = {...run, result: undefined, error}
    await whileWaiting(async () => callHook(settings, 'afterRun', failed, signal)).catch(() => {})
    throw error
  }
  const done = `The run is complete; the database is at ${listOf(result.heads, 5) || 'base'}.`
  await call(done, async () => callHook(settings, 'afterRun', {...run, result, error: undefined}, signal))
}
