import type {Check, CheckOptions} from './check-options.ts'
import {sourcesOf} from '../../engine/databases.ts'
import {openProject, openScripts} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import {allowsUnknown} from '../../engine/unknown-revisions.ts'

/**
 * Checks that the entities match the schema that the revisions create; returns undefined for a project without entities,
 * unless the check was requested by name.
 *
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, and as `connect`
 */
export async function checkModels(options: CheckOptions): Promise<Check | undefined> {
  const isNamed = options.names?.includes('models') === true
  if (!isNamed && !(await hasEntities(await openProject(options), options))) return undefined
  const {compareProject} = await import('../../autogenerate/compare-models.ts')
  const project = await openScripts(options)
  const compared = await compareProject(project, {...options, allowUnknown: allowsUnknown(project, options)})
  const findings = compared.flatMap(({detected, omitted}) => [
    ...detected.map(({text}) => ({
      code: 'MODEL_DIFFERENCE',
      level: 'error' as const,
      message: `${text}.`,
      hint: '`mig revision --autogenerate -m "..."` generates the revision.',
    })),
    ...omitted.map((text) => ({
      code: 'NOT_EVALUATED',
      level: 'error' as const,
      message: `Left out of the comparison: ${text}.`,
      hint: 'Correct the entity, or exclude the table with `autogenerate.exclude` in the configuration.',
    })),
  ])
  return {name: 'models', ok: findings.length === 0, findings}
}

/** Returns whether a project may have entities, without a connection. */
async function hasEntities(project: Project, options: CheckOptions): Promise<boolean> {
  const sources = await sourcesOf(contextOf(project, {...options, onEvent: undefined}))
  return sources.some(({source}) => {
    if (source.kind === 'url') return false
    if (source.kind === 'em') return [...source.em.getMetadata().getAll()].length > 0
    const {entities, entitiesTs} = source.options
    return [entities, entitiesTs].some((list) => Array.isArray(list) && list.length > 0)
  })
}
