import {randomUUID} from 'node:crypto'

/** Stands for the escape character in colours that mig adds. No other text contains it. */
const ownEscape = `\u{FDD0}${randomUUID()}\u{FDD0}`

// Control characters, and those that reorder or hide text: https://trojansource.codes
// oxlint-disable-next-line no-control-regex
const unsafe =
  /[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{61C}\u{200B}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{2069}\u{FEFF}]/gu

/** What CI services take for a command where a line starts with it. */
const workflowCommand = /^(?<indent>\s*)(?=::|##\[|##vso\[)/gm

/** Returns a text with its control characters written out, such as `\x1b`. Tabs and line ends stay. */
export function escapeControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unsafe, escaped)
}

/** As `escapeControls`, for a text that belongs on one line. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll('\n', String.raw`\n`)
}

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

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
