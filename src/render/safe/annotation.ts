import {escapeControls} from '../../util/controls.ts'
import {verbatim} from './text.ts'
import type {SafeText} from './text.ts'

/**
 * Returns a workflow command of GitHub Actions that annotates a file.
 *
 * @param lines the message
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotation(
  command: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): SafeText<'document'> {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`)
  return verbatim('document', `::${command} ${list.join(',')}::${data(lines.join('\n'))}`)
}

function data(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
