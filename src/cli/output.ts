import {hidePasswordsIn} from '../util/secrets.ts'
import type {Failure} from './failure.ts'
import {print} from './stdout.ts'
import {painter} from './style.ts'
import {printable} from './untrusted.ts'

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
  const {code, message, hint, data, stack} = failure
  const error = {code, message, hint: hint ?? null, data: data ?? null, ...(isDebug && {stack})}
  if (isJson) {
    print(`${JSON.stringify({error}, null, 2)}\n`)
    return
  }
  if (isJsonLines) printJsonLine({kind: 'error', ...error})
  const paint = painter(process.stderr)
  const lines = [
    `${paint('bad', 'error:')} ${message}`,
    ...(hint === undefined ? [] : [`${paint('hint', 'hint:')} ${hint}`]),
    ...(isDebug ? [paint('dim', `code: ${code}`), ...(stack === undefined ? [] : [paint('dim', stack)])] : []),
  ]
  process.stderr.write(`${printable(lines.join('\n'))}\n`)
}

/** Prints an event as a line of JSON. */
export function printJsonLine(event: {readonly kind: string}): void {
  print(`${JSON.stringify(hidePasswordsIn({time: new Date().toISOString(), ...event}))}\n`)
}
