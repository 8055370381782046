import {syncBuiltinESMExports} from 'node:module'
import {ProcessExitError, projectFailure} from '../project-code.ts'

/** `process.exit` itself, which code of the project cannot reach. */
export const exit = process.exit.bind(process)

let called: ProcessExitError | undefined

/**
 * Keeps code of the project from ending the process without a word: `process.exit` throws, and exceptions that nothing
 * catches are reported before they end it.
 *
 * @param report prints an error, and sets the exit status
 */
export function watchProcess(report: (error: unknown) => void): void {
  process.exit = throwExit
  // Modules may have imported it by its name.
  syncBuiltinESMExports()
  const end = (error: unknown): void => {
    report(projectFailure(error, 'Code of the project that mig does not wait for', unawaited) ?? error)
    exit()
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

function throwExit(status?: number | string | null): never {
  called ??= new ProcessExitError(status)
  Error.captureStackTrace(called, throwExit)
  throw called
}

const unawaited = 'Await it, or catch its errors. If a run was going on, `mig current` shows what is applied.'

/** Throws when code of the project called `process.exit`, and caught what that threw. */
export function refuseExit(): void {
  if (called !== undefined) throw called
}
