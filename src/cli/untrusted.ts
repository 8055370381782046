import {randomUUID} from 'node:crypto'
import {escapeControls} from '../util/controls.ts'

/** Stands for the escape character in colours that mig adds. No other text contains it. */
const ownEscape = `\u{FDD0}${randomUUID()}\u{FDD0}`

/** Line prefixes that CI services interpret as commands. */
const workflowCommand = /^(?<indent>\s*)(?=::|##\[|##vso\[)/gm

/** Marks the colours in a text as mig's own, so that `printable` keeps them. */
export function ownColors(text: string): string {
  return text.replaceAll('\u{1B}', ownEscape)
}

/**
 * Returns output as it may be written to a terminal or to the log of a CI service, whatever revisions, git and databases
 * have put into it: only colours of mig's own are left, and no line is a command of the service.
 */
export function printable(text: string): string {
  return escapeControls(text).replaceAll(workflowCommand, '$<indent>\\').replaceAll(ownEscape, '\u{1B}')
}
