import type {IMigrator} from '@mikro-orm/core'
import {MigError} from '../../errors.ts'

/**
 * Returns a migrator whose errors have their hints in their messages: MikroORM's commands print the message of an error,
 * and Node its stack and enumerable fields.
 */
export function withPrintedHints(migrator: IMigrator): IMigrator {
  return new Proxy(migrator, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: readonly unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, args)
        return result instanceof Promise ? printingHints(async () => result) : result
      }
    },
  })
}

/** Awaits a function, and puts the hint of its error into the message. */
export async function printingHints<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof MigError) printHint(error)
    throw error
  }
}

function printHint(error: MigError): void {
  const {message, stack = '', hint} = error
  for (const field of ['hint', 'data', 'lines'] as const)
    Object.defineProperty(error, field, {value: error[field], enumerable: false})
  if (hint === undefined || message.endsWith(hint)) return
  error.message = `${message}\n  hint: ${hint}`
  error.stack = stack.replace(message, () => error.message)
}
