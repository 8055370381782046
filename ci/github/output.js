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
  const text = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  process.stdout.write(`::${command} title=mig::${text}\n`)
}
