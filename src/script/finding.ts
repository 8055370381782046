import type {MigError} from '../errors.ts'

/** What a check found, for people and for programs. */
export interface Finding {
  /** Stable: the code of an error, or one that docs/ci.md lists. */
  readonly code: string
  /** Only an error makes a check fail. */
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly hint?: string
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  readonly revision?: string
}

/** Returns an error as a finding: its place is what its data says, or the path that is given. */
export function findingOf(error: MigError, path?: string): Finding {
  const {code, message, hint} = error
  const data = (error.data ?? {}) as {
    readonly file?: string
    readonly files?: readonly string[]
    readonly line?: number
  }
  const file = path ?? data.file ?? data.files?.at(-1)
  return {
    code,
    level: 'error',
    message,
    ...(hint !== undefined && {hint}),
    ...(file !== undefined && {file}),
    ...(data.line !== undefined && {line: data.line}),
  }
}
