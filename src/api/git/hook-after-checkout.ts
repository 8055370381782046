import {MigError} from '../../errors.ts'
import {locateRepository, operationIn} from '../../git/locate.ts'
import type {Finding} from '../../script/finding.ts'
import {openProject, openScripts} from '../../engine/project.ts'
import {watchProject} from '../../engine/watched-files.ts'
import type {HookResult, RunHookOptions} from './hook-result.ts'
import {whereaboutsOf} from '../../engine/locate-revision.ts'

/** Reports applied revisions missing from the files after a checkout, if enabled in the policy. */
export async function afterCheckout(options: RunHookOptions): Promise<Omit<HookResult, 'ok'>> {
  const [before, after, isBranch] = options.args
  const project = await openProject(options)
  await watchProject(project)
  const {settings, root} = project
  const place = locateRepository(root)
  const isMoving = place !== undefined && operationIn(place) !== undefined
  if (!settings.gitHooks.database || isBranch !== '1' || before === after || isMoving) return {findings: []}
  try {
    return {findings: await unknownFindings({...options, literals: false})}
  } catch (error) {
    // A database that is not running is not worth reporting after a checkout.
    if (error instanceof MigError) return {findings: []}
    throw error
  }
}

async function unknownFindings(options: RunHookOptions): Promise<readonly Finding[]> {
  const project = await openScripts(options)
  const {withDatabases} = await import('../../engine/databases.ts')
  const {contextOf} = await import('../../engine/run-context.ts')
  const {unknownOf} = await import('../../engine/unknown-revisions.ts')
  const unknown = await withDatabases(contextOf(project, options), async (databases) =>
    databases.flatMap((database) => unknownOf(project.scripts.graph, database)),
  )
  const places = await whereaboutsOf(project, unknown)
  return places.map(({revision, text}, i) => ({
    code: 'UNKNOWN_APPLIED_REVISION',
    level: 'warning',
    message: `${revision} is applied to the local database, but missing from this checkout; ${text}.`,
    ...(i === places.length - 1 && {hint: 'Run `mig switch` to align the database with this checkout.'}),
    revision,
  }))
}
