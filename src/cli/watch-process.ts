import {syncBuiltinESMExports} from 'node:module'
import {MigError} from '../errors.ts'
import {ProcessExitError, projectFailure} from '../project-code.ts'
import {endLastWait, lateError, UnsettledPromiseError} from '../project-promises.ts'

import {text} from '../render/safe/text.ts'
import {flushed, printNote} from './stdout.ts'

/** `process.exit` itself, which code of the project cannot reach. */
export const exit = process.exit.bind(process)

/** The time that the project has to close what it has opened after a command is done, in milliseconds. */
const patience = 10_000

let called: ProcessExitError | undefined

/**
 * Prevents project code from ending a command without a word: `process.exit` throws, errors that nobody handles fail the
 * code that runs, and so does a promise that nothing can settle any more.
 *
 * @param report prints an error, and sets the exit status
 */
export function watchProcess(report: (error: unknown) => void): void {
  process.exit = throwExit
  // Modules may have imported it by its name.
  syncBuiltinESMExports()
  const end = (error: unknown): void => {
    // A call that comes too late is reported with the state of the database.
    if (error instanceof MigError && error.code === 'LATE_OPERATION') return
    if (endLastWait(() => error)) return
    report(projectFailure(error, 'Project code that is not awaited', unawaited) ?? error)
    exit()
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
  process.on('beforeExit', () => {
    if (endLastWait((code) => new UnsettledPromiseError(code))) return
    report(new UnsettledPromiseError('The command'))
    exit()
  })
}

function throwExit(status?: number | string | null): never {
  called ??= new ProcessExitError(status)
  Error.captureStackTrace(called, throwExit)
  throw called
}

const unawaited = 'Await it, or catch its errors. If a run was in progress, `mig current` shows what is applied.'

/** Throws when code of the project called `process.exit` or used `op` too late, and caught what that threw. */
export function refuseCaught(): void {
  const error = called ?? lateError()
  if (error !== undefined) throw error
}

/**
 * Ends the process when a command is done: at once if it failed, or else when the project has closed what it opened, for
 * which it has ten seconds.
 *
 * @param report prints an error, and sets the exit status
 */
export function endProcess(report: (error: unknown) => void): void {
  process.removeAllListeners('beforeExit')
  const end = (): void => {
    try {
      if (!process.exitCode) refuseCaught()
    } catch (error) {
      report(error)
    }
    void flushed().then(() => exit())
  }
  if (process.exitCode) return end()
  process.once('beforeExit', end)
  setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ') || 'a worker'
    printNote(text`The command is done, but the project keeps the process alive (${open}); it was ended.`)
    end()
  }, patience).unref()
}
