import {posix} from 'node:path'
import type {Check} from '../../api/checks/check-options.ts'
import {folderInRepository} from '../../engine/repository.ts'
import {json} from '../../render/safe/json.ts'
import type {Format, SafeText} from '../../render/safe/text.ts'
import type {Paint} from '../style.ts'
import type {CheckFormat} from './formats.ts'
import {githubAnnotations} from './github.ts'
import {gitlabReport} from './gitlab.ts'
import {markdownReport} from './markdown.ts'
import {sarifLog} from './sarif.ts'
import {formatChecks} from './text.ts'
import type {AnyCheck} from './text.ts'

/** Returns checks in the format that was asked for, as lines. */
export function printChecks(
  found: readonly AnyCheck[],
  format: CheckFormat,
  paint: Paint,
  now: Date,
): readonly SafeText<Format>[] {
  const checks = format === 'text' || format === 'markdown' ? found : fromTop(found)
  switch (format) {
    case 'text':
      return formatChecks(checks, paint, now)
    case 'github':
      return githubAnnotations(checks)
    case 'gitlab':
      return [json(gitlabReport(checks), 2)]
    case 'sarif':
      return [json(sarifLog(checks), 2)]
    case 'markdown':
      return markdownReport(checks, now)
  }
}

/** Code hosts know files by their paths from the top of the repository, not from where the command ran. */
function fromTop(checks: readonly Check[]): readonly Check[] {
  const folder = folderInRepository(process.cwd())
  return checks.map((check) => ({
    ...check,
    findings: check.findings.map(({file, ...finding}) => ({
      ...finding,
      ...(file !== undefined && {file: posix.join(folder, file)}),
    })),
  }))
}
