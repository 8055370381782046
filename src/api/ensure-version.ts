import {withLockedDatabases} from './databases.ts'
import type {WriteOptions} from './databases.ts'
import {openProject} from './project.ts'

/** Creates the tables of mig where they are missing, and nothing else. */
export async function ensureVersion(options: WriteOptions): Promise<{readonly created: readonly string[]}> {
  const project = await openProject(options)
  return withLockedDatabases(project, options, async (databases) => {
    const created: string[] = []
    for (const {store, state} of databases) created.push(...(await store.ensure(state)))
    return {created}
  })
}
