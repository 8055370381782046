import {join} from 'node:path'
import type {Dialect} from '../../dialects/dialect.ts'
import {driverOfClass} from '../../dialects/drivers.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RunContext} from '../../engine/run-context.ts'
import type {Connection} from '../../runner/connection/connect.ts'
import {migVersion} from '../../util/version.ts'
import {DatabaseTemplates} from './database-templates.ts'
import {digestOf} from './template.ts'

/** The part of a context that temporary databases depend on. */
export type ScratchContext = Pick<RunContext<ScriptProject>, 'project' | 'signal' | 'x' | 'onEvent'>

/** Returns the folder of what can be made again. */
export function cacheFolder({root}: Pick<ScriptProject, 'root'>): string {
  return join(root, '.mig/cache')
}

/** Returns a digest of all that a replayed history depends on besides its revisions and the version of the server. */
export function environmentOf(
  {project: {settings, chosen}, x}: Pick<ScratchContext, 'project' | 'x'>,
  driver: string,
): string {
  const {versionTable, logTable, versionTableSchema, transaction, recordDowngrade, operations, sharedSchemas} = settings
  const custom = operations.map((operation) => [operation, ...Object.values(operation)].map(String))
  const tables = [versionTable, logTable, versionTableSchema, recordDowngrade, sharedSchemas, transaction]
  return digestOf([migVersion(), driver, tables, chosen.environment, x, custom])
}

/** Returns the templates on a server, if it can copy databases. */
export function templatesOn(
  context: ScratchContext,
  admin: Connection,
  dialect: Dialect,
): DatabaseTemplates | undefined {
  const {root, settings} = context.project
  const driver = driverOfClass(admin.em.getDriver().constructor)
  if (driver?.snapshots !== 'database' || driver.dialect !== dialect) return undefined
  return new DatabaseTemplates(admin, root, environmentOf(context, driver.kind), settings.cache.maxSize)
}
