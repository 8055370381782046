import type {MigError} from '../errors.ts'

/** A finding of a check. */
export interface Finding {
  /** Stable: an error code, or a code listed in docs/ci.md. */
  readonly code: string
  /** Only an error makes a check fail. */
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly hint?: string
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  readonly revision?: string
}

/** Returns an error as a finding, located by its data or the given path. */
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
