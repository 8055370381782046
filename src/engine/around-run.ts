import {listOf} from '../util/text.ts'
import type {OpenDatabase} from './databases.ts'
import type {MigrateResult} from './results.ts'
import type {Project} from './project.ts'

/**
 * Does `work` between the hooks of a run, if there is anything to do.
 *
 * @param result what the run will have done, if it does not fail
 * @throws MigError HOOK_FAILED; what `work` throws
 */
export async function withRunHooks(
  {settings, tenant: of, root}: Project,
  databases: readonly OpenDatabase[],
  result: MigrateResult,
  work: () => Promise<void>,
): Promise<void> {
  const {callHook, HookError, HookFailure} = await import('../runner/lifecycle-hooks.ts')
  const run = {databases: databases.map(({session}) => session.name), tenant: of?.name}
  const call = async (state: string, hook: () => Promise<void>): Promise<void> => {
    try {
      await hook()
    } catch (error) {
      throw error instanceof HookFailure ? new HookError(error, root, state) : error
    }
  }
  const before = {...run, plan: result.steps}
  if (result.steps.length > 0) await call('Nothing was done.', async () => callHook(settings, 'beforeRun', before))
  try {
    await work()
  } catch (error) {
    // Why the run failed matters more than what a hook makes of it.
    await callHook(settings, 'afterRun', {...run, result: undefined, error}).catch(() => {})
    throw error
  }
  const done = `The run is complete: the database stands on ${listOf(result.heads, 5) || 'the base'}.`
  await call(done, async () => callHook(settings, 'afterRun', {...run, result, error: undefined}))
}
