import {MigError} from './errors.ts'
import {awaitProject} from './project-promises.ts'
import {messageOf} from './util/error-info.ts'
import {placeOutside} from './util/stack.ts'

/** Thrown in place of ending the process, when code of the project calls `process.exit`. */
export class ProcessExitError extends Error {
  constructor(status: number | string | null | undefined) {
    super(`process.exit(${status ?? ''}) was called; throw an error instead`)
  }
}

/** Code of the project failed, which mig had called. */
export class ProjectCodeError extends MigError {
  /**
   * @param code what failed, as the beginning of a sentence
   * @param place the file with its line, where they are known
   */
  constructor(code: string, place: string | undefined, cause: unknown, hint = '`--debug` shows the whole stack.') {
    super('PROJECT_CODE_FAILED', `${code} failed${place === undefined ? '' : ` at ${place}`}: ${messageOf(cause)}`, {
      hint,
      data: {place: place ?? null},
      cause,
    })
  }
}

/**
 * Returns a function of the project for mig to call: what it throws, or rejects with, says which function it was, in which
 * file and line.
 *
 * @param name what messages call the function, as the beginning of a sentence
 */
export function projectFunction<Args extends readonly unknown[], Result>(
  name: string,
  run: (...args: Args) => Result,
): (...args: Args) => Result {
  const explained = (thrown: unknown): unknown =>
    thrown instanceof MigError ? thrown : new ProjectCodeError(name, placeOutside(thrown), thrown)
  return (...args) => {
    try {
      const result = run(...args)
      if (typeof result !== 'object' || result === null || !('then' in result)) return result
      return awaitProject(name, () => result).catch((error: unknown) => {
        throw explained(error)
      }) as Result
    } catch (error) {
      throw explained(error)
    }
  }
}

/**
 * Returns what an error means that was thrown by code of the project, wherever that was called; undefined for others.
 *
 * @param code what failed, as the beginning of a sentence
 */
export function projectFailure(
  error: unknown,
  code = 'Code of the project',
  hint?: string,
): ProjectCodeError | undefined {
  const place = placeOutside(error)
  const isOurs = place === undefined && !(error instanceof ProcessExitError)
  return isOurs || error instanceof MigError ? undefined : new ProjectCodeError(code, place, error, hint)
}
