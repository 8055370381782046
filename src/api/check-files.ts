import {MigError} from '../errors.ts'
import {findingOf} from '../script/finding.ts'
import type {Finding} from '../script/finding.ts'
import type {Check, CheckOptions} from './check.ts'
import {isOfFiles} from './check-heads.ts'
import {openScripts} from './project.ts'

/** Checks that every revision file can be read and that together they are a sound graph. */
export async function checkFiles(options: CheckOptions): Promise<Check> {
  const findings: Finding[] = []
  try {
    await openScripts(options)
  } catch (error) {
    if (!(error instanceof MigError) || !isOfFiles(error)) throw error
    findings.push(findingOf(error))
  }
  return {name: 'files', ok: findings.every(({level}) => level !== 'error'), findings}
}
