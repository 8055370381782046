import {inspect} from 'node:util'
import {hidePasswords} from './secrets.ts'

/** Returns the message of a thrown value, without passwords; that of an `AggregateError` has those of its errors. */
export function messageOf(thrown: unknown): string {
  return hidePasswords(textOf(readableError(thrown)))
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const parts = thrown instanceof AggregateError ? thrown.errors.slice(0, 5).map(messageOf) : []
  const text = parts.filter((part) => part !== '').join('; ')
  return [thrown.message, text].filter((part) => part !== '').join(': ')
}

/**
 * Returns a thrown value that can be looked at: itself, or an error in its place if it has no text or if reading its
 * properties throws.
 */
export function readableError(thrown: unknown): unknown {
  try {
    if (!(thrown instanceof Error)) return String(thrown) && thrown
    const {message, stack = '', name} = thrown
    void thrown.cause
    void ('code' in thrown && String(thrown.code))
    if ([message, stack, name].every((text) => typeof text === 'string')) return thrown
  } catch {
    // Whatever it is, it was thrown.
  }
  return new Error(unreadable(thrown))
}

function unreadable(thrown: unknown): string {
  try {
    return inspect(thrown, {depth: 0, customInspect: false}).split('\n', 1).join('')
  } catch {
    return 'an unreadable error was thrown'
  }
}

/** Returns the code of a system or database error (`ENOENT`, `28P01`), or an empty string. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
