import {plainText} from '../plain-text.js'

/** Fails the job, and says why. */
export function failed(error) {
  process.exitCode = 1
  annotate('error', error.message)
}

/** Prints a warning that does not fail the job. */
export function warn(message) {
  annotate('warning', message)
}

function annotate(command, message) {
  process.stdout.write(`::${command} title=mig::${plainText(message).replaceAll('%', '%25')}\n`)
}
