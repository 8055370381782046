import {hidePasswords} from './secrets.ts'

/** Returns the message of a thrown value, without passwords. */
export function messageOf(thrown: unknown): string {
  return hidePasswords(thrown instanceof Error ? thrown.message : String(thrown))
}

/** Returns the code of a system or database error (`ENOENT`, `28P01`), or an empty string. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
