import {hidePasswordsIn} from '../util/secrets.ts'
import type {Failure} from './failure.ts'
import type {ErrorOutput, JsonLine, OutputLine} from './json-output.ts'
import {json} from '../render/safe/json.ts'
import {joined, linesOf, text} from '../render/safe/text.ts'
import {print, printNote} from './stdout.ts'
import {painter} from './style.ts'

/** Options for printing an error. */
export interface FailureFormat {
  readonly isJson: boolean
  /** Whether stdout is lines of JSON, one an event. */
  readonly isJsonLines: boolean
  readonly isDebug: boolean
}

/**
 * Prints an error: as JSON on stdout and nothing else, or as sentences on stderr, after which a last line of JSON goes
 * to stdout where that is lines of JSON.
 */
export function printFailure(failure: Failure, {isJson, isJsonLines, isDebug}: FailureFormat): void {
  const {code, message, lines, hint, data, stack} = failure
  const error = {code, message, hint: hint ?? null, data: data ?? null, ...(isDebug && {stack})}
  if (isJson) {
    print(json({error} satisfies ErrorOutput, 2))
    return
  }
  if (isJsonLines) printJsonLine({kind: 'error', ...error})
  const paint = painter(process.stderr)
  const debugging = isDebug ? [text`code: ${code}`, ...(stack === undefined ? [] : linesOf(stack))] : []
  const printed = [
    ...lines.map((line, i) => (i === 0 ? text`${paint('bad', 'error:')} ${line}` : text`  ${line}`)),
    ...(hint === undefined ? [] : [text`${paint('hint', 'hint:')} ${hint}`]),
    ...debugging.map((line) => paint('dim', line)),
  ]
  printNote(joined(printed, '\n'))
}

/** Prints a line of JSON. */
export function printJsonLine(line: OutputLine): void {
  const printed: JsonLine = {time: new Date().toISOString(), ...line}
  print(json(hidePasswordsIn(printed)))
}
