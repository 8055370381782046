import {withLockedDatabases} from '../../engine/databases.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import {openProject} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'

/** Creates the tables of mig where they are missing, and nothing else. */
export async function ensureVersion(options: WriteOptions): Promise<{readonly created: readonly string[]}> {
  const {results} = await forEachTenant(await openProject(options), options, ensureOne)
  return {created: results.flat()}
}

async function ensureOne(project: Project, options: WriteOptions): Promise<readonly string[]> {
  return withLockedDatabases(project, options, async (databases) => {
    const created: string[] = []
    for (const {store, state, tenant} of databases) {
      const names = await store.ensure(state)
      created.push(...names.map((name) => (tenant === undefined ? name : `${tenant}.${name}`)))
    }
    return created
  })
}
