import {readSnapshot} from '../catalogue/snapshot/read.ts'
import type {ScriptProject} from '../engine/project.ts'
import {splitName} from '../operations/names.ts'
import type {RunSession} from '../runner/connection/run-session.ts'
import type {OnEvent} from '../runner/events.ts'
import {sqlContext} from '../sql/context.ts'
import {comparisonSettings} from './comparison-settings.ts'
import type {ComparedProjectDatabase} from './compare-models.ts'

/** Says how a database with tables becomes the first revision, if the history has none. */
export async function noteExisting(
  project: ScriptProject,
  {onEvent}: {readonly onEvent?: OnEvent | undefined},
  databases: readonly ComparedProjectDatabase[],
): Promise<void> {
  if (onEvent === undefined || project.scripts.graph.topological.length > 0 || project.settings.tenants !== undefined)
    return
  for (const {
    database: {session},
  } of databases)
    if (await hasTables(project, session))
      onEvent({
        kind: 'note',
        text: `${noteOfTables(session)}; the differences to the entities are the next one.`,
      })
}

/** Returns how a database with tables becomes the first revision. */
export function noteOfTables({name}: Pick<RunSession, 'name'>): string {
  return `${name} has tables, and there is no revision: \`mig baseline -m "…"\` makes it the first revision`
}

/** Returns whether a database has tables other than those of mig. */
export async function hasTables(project: ScriptProject, session: RunSession): Promise<boolean> {
  const {isOwn} = comparisonSettings(project)
  const context = sqlContext(session.dialect, session.platform)
  const objects = await readSnapshot(async (sql) => session.query(sql), context, [])
  return [...objects.values()].some(({kind, name}) => {
    const {schema, name: own} = splitName(name)
    return kind === 'table' && !isOwn(own, schema ?? session.platform.getDefaultSchemaName())
  })
}
