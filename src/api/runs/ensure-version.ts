import type {BundleOptions} from '../../engine/bundle/bundle.ts'
import {withLockedDatabases} from '../../engine/databases.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import {openProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'

/** Creates missing tables of mig. */
export async function ensureVersion(
  options: WriteOptions & BundleOptions,
): Promise<{readonly created: readonly string[]}> {
  const {results} = await forEachTenant(contextOf(await openProject(options), options), options, ensureOne)
  return {created: results.flat()}
}

async function ensureOne(context: RunContext): Promise<readonly string[]> {
  return withLockedDatabases(context, async (databases) => {
    const created: string[] = []
    for (const {store, state, tenant} of databases) {
      const names = await store.ensure(state)
      created.push(...names.map((name) => (tenant === undefined ? name : `${tenant}.${name}`)))
    }
    return created
  })
}
