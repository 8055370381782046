import {MigError} from '../../errors.ts'
import type {Finding} from '../../script/finding.ts'
import {isOfFiles} from './check-heads.ts'
import type {Check, CheckOptions} from './check-options.ts'
import {sourcesOf} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'

/**
 * Checks that the entities describe what the history of revisions makes. Not every project has entities: there is no such
 * check where there are none, and a note where they cannot be compared, unless it was asked for by its name.
 *
 * @throws MigError DATABASE_NOT_AT_HEADS, NO_ENTITIES, and as `connect`, when it was asked for by its name
 */
export async function checkModels(options: CheckOptions): Promise<Check | undefined> {
  const isNamed = options.names?.includes('models') === true
  try {
    const project = await openScripts(options)
    if (!isNamed && !(await hasEntities(project, options))) return undefined
    const {compareProject} = await import('../../autogenerate/compare-models.ts')
    const compared = await compareProject(project, options)
    return checked(
      compared.flatMap(({detected}) =>
        detected.map(({text}) => ({
          code: 'MODEL_DIFFERENCE',
          level: 'error',
          message: `${text}.`,
          hint: '`mig revision --autogenerate -m "..."` writes the revision.',
        })),
      ),
    )
  } catch (error) {
    if (!(error instanceof MigError) || isNamed) throw error
    // What is wrong with files is the other checks' to say.
    if (isOfFiles(error)) return undefined
    const message = `The entities were not compared: ${error.message}`
    return checked([{code: error.code, level: 'note', message}])
  }
}

function checked(findings: readonly Finding[]): Check {
  return {name: 'models', ok: findings.every(({level}) => level !== 'error'), findings}
}

/** Tells whether there may be entities, without a connection. */
async function hasEntities(project: ScriptProject, options: CheckOptions): Promise<boolean> {
  const sources = await sourcesOf(contextOf(project, {...options, onEvent: undefined}))
  return sources.some(({source}) => {
    if (source.kind === 'url') return false
    if (source.kind === 'em') return [...source.em.getMetadata().getAll()].length > 0
    const {entities, entitiesTs} = source.options
    return [entities, entitiesTs].some((list) => Array.isArray(list) && list.length > 0)
  })
}
