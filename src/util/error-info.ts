import {hidePasswords} from './secrets.ts'

/** Returns the message of something that was thrown, without passwords. */
export function messageOf(thrown: unknown): string {
  return hidePasswords(thrown instanceof Error ? thrown.message : String(thrown))
}

/** Returns the code of an error of the system or of a database: `ENOENT`, `28P01`; empty when it has none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
