import {setTimeout} from 'node:timers/promises'
import {MigError} from './errors.ts'
import {readableError} from './util/error-info.ts'

/** State and hint that a run adds to an error of the project's code. */
export interface FailureContext {
  /** Sentences about the current state of the database. */
  readonly state?: string | undefined
  readonly hint?: string | undefined
  readonly data?: object | undefined
}

/** Thrown when code of the project waits for something that can no longer happen. */
export class UnsettledPromiseError extends MigError {
  /** The code that waits, as the beginning of a sentence. */
  readonly waiting: string

  /**
   * @param waiting the code that waits, as the beginning of a sentence
   * @param context sentences about the current state of the database, the hint that follows from it, and more data
   */
  constructor(waiting: string, {state, hint, data}: FailureContext = {}) {
    super('UNSETTLED_PROMISE', `${waiting} waits for a promise that never settles.`, {
      details: state === undefined ? [] : [state],
      hint:
        hint ??
        'Check that each `new Promise` calls its `resolve` or `reject`, and that what it waits for was started.',
      data: {waiting, ...data},
    })
    this.waiting = waiting
  }
}

/** A promise of the project's code that is being awaited. */
interface Wait {
  readonly code: string
  readonly hasSignal: boolean
  readonly end: (reason: unknown) => void
}

/** The time that code of the project has to notice an interruption, in milliseconds. */
const grace = 1000
/** The same for code that is called after an interruption, such as the hook at the end of a run. */
const graceAtEnd = 3000

const waits = new Set<Wait>()

let late: MigError | undefined

/** Remembers an error that code of the project may catch, for the end of the command. */
export function reportLate(error: MigError): void {
  late ??= error
}

/** Returns the first error that code of the project caused when nobody waited for it any more. */
export function lateError(): MigError | undefined {
  return late
}

/** Conditions that end a wait for code of the project. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  /** Resolves when nothing that the code has started is still being done. */
  readonly idle?: () => Promise<unknown>
}

/**
 * Runs code of the project and waits for its result. The wait also ends, with a rejection, when nothing is left that could
 * settle the promise, and shortly after an interruption.
 *
 * @param code the code, as the beginning of a sentence
 * @throws MigError UNSETTLED_PROMISE; the abort reason of the signal; any error of the code
 */
export async function awaitProject<Result>(
  code: string,
  run: () => Result,
  {signal, idle = async () => {}}: WaitOptions = {},
): Promise<Awaited<Result>> {
  const {promise: ended, reject: end} = Promise.withResolvers<never>()
  ended.catch(() => {})
  const wait: Wait = {code, hasSignal: signal !== undefined, end}
  // Created on demand: aborting one is slow, and interruptions are rare.
  let over = undefined as AbortController | undefined
  const endAfter = async (milliseconds: number): Promise<void> => {
    over = new AbortController()
    await setTimeout(milliseconds, undefined, {signal: over.signal})
    await idle()
    end(signal?.reason)
  }
  const listen = (): void => void endAfter(grace).catch(end)
  if (signal?.aborted) void endAfter(graceAtEnd).catch(end)
  else signal?.addEventListener('abort', listen)
  waits.add(wait)
  try {
    return await Promise.race([run(), ended])
  } catch (error) {
    throw readableError(error)
  } finally {
    waits.delete(wait)
    over?.abort()
    signal?.removeEventListener('abort', listen)
  }
}

/**
 * Ends the last wait that began with an error, which its caller handles as if the code had thrown it. Returns whether there
 * was a wait.
 *
 * @param reasonOf returns the error, given the code that is waited for
 */
export function endLastWait(reasonOf: (code: string) => unknown): boolean {
  const last = [...waits].at(-1)
  if (last === undefined) return false
  waits.delete(last)
  last.end(reasonOf(last.code))
  return true
}

/** Ends the waits that know no signal, if they last longer than code needs to notice an interruption. */
export async function interruptWaits(): Promise<void> {
  await setTimeout(grace)
  for (const {code, hasSignal, end} of waits)
    if (!hasSignal)
      end(
        new MigError('INTERRUPTED', `Interrupted: ${code} did not return.`, {
          hint: 'Run the command again to continue.',
        }),
      )
}
