import {plainText} from '../plain-text.js'

/** Fails the job, and says why. */
export function failed(error) {
  process.exitCode = 1
  process.stdout.write(`error: ${plainText(error.message)}\n`)
}
