import type {Check} from '../../api/checks/check-options.ts'
import {annotation} from '../../render/safe/annotation.ts'
import type {SafeText} from '../../render/safe/text.ts'

const commands = {error: 'error', warning: 'warning', note: 'notice'} as const

/** Returns checks as annotations of GitHub Actions. */
export function githubAnnotations(checks: readonly Check[]): SafeText<'document'>[] {
  return checks.flatMap(({findings}) =>
    findings.map(({level, code, message, hint, file, line}) => {
      const place = file === undefined ? {} : {file, line: line ?? 1}
      return annotation(commands[level], {...place, title: code}, hint === undefined ? [message] : [message, hint])
    }),
  )
}
