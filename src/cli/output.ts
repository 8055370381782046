import type {Failure} from './failure.ts'
import {painter} from './style.ts'

/** Prints an error: as JSON on stdout and nothing else, or as sentences on stderr. */
export function printFailure(failure: Failure, {isJson, isDebug}: {isJson: boolean; isDebug: boolean}): void {
  const {code, message, hint, data, stack} = failure
  if (isJson) {
    const error = {code, message, hint: hint ?? null, data: data ?? null, ...(isDebug && {stack})}
    process.stdout.write(`${JSON.stringify({error}, null, 2)}\n`)
    return
  }
  const paint = painter(process.stderr)
  const lines = [
    `${paint('bad', 'error:')} ${message}`,
    ...(hint === undefined ? [] : [`${paint('hint', 'hint:')} ${hint}`]),
    ...(isDebug ? [paint('dim', `code: ${code}`), ...(stack === undefined ? [] : [paint('dim', stack)])] : []),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}
