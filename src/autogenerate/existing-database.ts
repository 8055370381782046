import {readSnapshot} from '../catalogue/snapshot/read.ts'
import type {ScriptProject} from '../engine/project.ts'
import {splitName} from '../operations/names.ts'
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
  const {isOwn} = comparisonSettings(project)
  for (const {
    database: {session},
  } of databases) {
    const context = sqlContext(session.dialect, session.platform)
    const objects = await readSnapshot(async (sql) => session.query(sql), context, [])
    const isExisting = [...objects.values()].some(({kind, name}) => {
      const {schema, name: own} = splitName(name)
      return kind === 'table' && !isOwn(own, schema ?? session.platform.getDefaultSchemaName())
    })
    if (isExisting)
      onEvent({
        kind: 'note',
        text: `${session.name} has tables, and there is no revision: \`mig baseline -m "…"\` makes it the first revision; the differences to the entities are the next one.`,
      })
  }
}
