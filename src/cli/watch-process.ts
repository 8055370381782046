import {syncBuiltinESMExports} from 'node:module'
import {ProcessExitError, projectFailure} from '../project-code.ts'

/** `process.exit` itself, which code of the project cannot reach. */
export const exit = process.exit.bind(process)

let called: ProcessExitError | undefined

/**
 * Prevents project code from exiting silently: `process.exit` throws, and uncaught exceptions are reported before the
 * process ends.
 *
 * @param report prints an error, and sets the exit status
 */
export function watchProcess(report: (error: unknown) => void): void {
  process.exit = throwExit
  // Modules may have imported it by its name.
  syncBuiltinESMExports()
  const end = (error: unknown): void => {
    report(projectFailure(error, 'Project code that is not awaited', unawaited) ?? error)
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

const unawaited = 'Await it, or catch its errors. If a run was in progress, `mig current` shows what is applied.'

/** Throws when code of the project called `process.exit`, and caught what that threw. */
export function refuseExit(): void {
  if (called !== undefined) throw called
}
