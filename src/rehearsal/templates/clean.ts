import {dialects} from '../../dialects/dialects.ts'
import {driverOfUrl, drivers} from '../../dialects/drivers.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {connectToServer, scratchSourcesOf} from '../scratch-database.ts'
import {driverKindOf} from '../scratch.ts'
import {FileTemplates} from './file-templates.ts'
import {cacheFolder, templatesOn} from './project-templates.ts'

/** Removes the templates of a project, in its folder and on the servers of its databases; returns their number. */
export async function cleanTemplates(context: RunContext<ScriptProject>): Promise<number> {
  const {project} = context
  const {root, settings} = project
  let count = FileTemplates.clean(cacheFolder(project))
  for (const {source, dialect} of await scratchSourcesOf(context)) {
    const place = dialects[dialect].scratch
    const other = settings.scratch === undefined ? undefined : driverOfUrl(settings.scratch)
    const isElsewhere = other?.dialect === dialect
    const kind = isElsewhere ? other.kind : driverKindOf(source, dialect)
    if (place.kind === 'memory' || drivers.find((driver) => driver.kind === kind)?.snapshots !== 'database') continue
    const admin = await connectToServer(
      isElsewhere ? {...source, url: settings.scratch} : source,
      place.server,
      root,
      settings.connectTimeout,
    )
    count +=
      (await templatesOn(context, admin, dialect)
        ?.clean()
        .finally(async () => admin.close())) ?? 0
  }
  return count
}
