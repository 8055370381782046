import {withDatabases} from './databases.ts'
import type {DatabaseOptions} from './databases.ts'
import {openProject} from './project.ts'

/** Creates the tables of mig where they are missing, and nothing else. */
export async function ensureVersion(options: DatabaseOptions): Promise<{readonly created: readonly string[]}> {
  const project = await openProject(options)
  return withDatabases(project, options, async (databases) => {
    const created: string[] = []
    for (const {store} of databases) created.push(...(await store.ensure()))
    return {created}
  })
}
