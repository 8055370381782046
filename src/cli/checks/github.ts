import {escapeControls} from '../../util/controls.ts'
import type {Check} from '../../api/checks/check-options.ts'

const commands = {error: 'error', warning: 'warning', note: 'notice'} as const

/**
 * Returns checks as annotations of GitHub Actions.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubAnnotations(checks: readonly Check[]): string[] {
  return checks.flatMap(({findings}) =>
    findings.map(({level, code, message, hint, file, line}) => {
      const place = file === undefined ? [] : [`file=${property(file)}`, `line=${line ?? 1}`]
      const text = hint === undefined ? message : `${message}\n${hint}`
      return `::${commands[level]} ${[...place, `title=${property(code)}`].join(',')}::${data(text)}`
    }),
  )
}

function data(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
