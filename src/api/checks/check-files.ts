import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {defaultDatabase} from '../../dialects/dialect.ts'
import {MigError} from '../../errors.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import type {ScriptDirectory} from '../../script/script-directory.ts'
import type {Check, CheckOptions} from './check-options.ts'
import {isOfFiles} from './check-heads.ts'
import {checkHeadsFile} from '../../engine/heads-file.ts'
import {openScripts} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'

/**
 * Checks that every revision file can be read, that the files form a valid graph and, if a database is configured, that
 * applied revisions have not been edited.
 */
export async function checkFiles(options: CheckOptions): Promise<Check> {
  const findings: Finding[] = []
  try {
    const project = await openScripts(options)
    findings.push(...checkHeadsFile(project, project.scripts.graph))
    if (hasDatabase(project, options)) findings.push(...(await editedFindings(project, options)))
  } catch (error) {
    if (!(error instanceof MigError) || !isOfFiles(error)) throw error
    findings.push(findingOf(error))
  }
  return {name: 'files', ok: findings.every(({level}) => level !== 'error'), findings}
}

/** The default embedded database is skipped where it does not exist, as in CI. */
function hasDatabase({settings, root}: Project, {orm}: CheckOptions): boolean {
  if (existsSync(resolve(root, defaultDatabase.replace(/^pglite:/, '')))) return true
  return [orm, settings.orm, settings.databases, process.env['MIG_DATABASE_URL'] || undefined].some(
    (setting) => setting !== undefined,
  )
}

async function editedFindings(
  project: Project & {readonly scripts: ScriptDirectory},
  options: CheckOptions,
): Promise<readonly Finding[]> {
  const {statesOf} = await import('../../engine/recorded-states.ts')
  const {contextOf} = await import('../../engine/run-context.ts')
  const {changedFiles} = await import('../../engine/edited.ts')
  const {editHint, editTitle} = await import('../../engine/edit-advice.ts')
  try {
    const context = contextOf(project, options)
    const {edited} = await changedFiles(context, await statesOf(context))
    return edited.map((one) => ({
      code: 'APPLIED_EDITED',
      level: 'warning',
      message: `Revision ${editTitle(one)}: ${one.file}.`,
      hint: editHint(one),
      file: one.file,
      revision: one.revision,
    }))
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    const message = `The files were not compared with the applied revisions: ${error.message}`
    // Same level as the finding that may have been missed.
    return [{code: error.code, level: 'warning', message}]
  }
}
