import type {AbstractSqlPlatform} from '@mikro-orm/sql'

/**
 * Quotes the strings of a MikroORM platform so that they mean the same with every `sql_mode`.
 *
 * A doubled quote does so, unlike one with a backslash before it. A backslash is doubled, unless the session has
 * `NO_BACKSLASH_ESCAPES`; there, and where the session is not known, the string is written in hexadecimal.
 *
 * @param mode the `sql_mode` of the session, if known
 */
export function quoteForMode(platform: AbstractSqlPlatform, mode: string | undefined): void {
  const isDoubled = mode !== undefined && !keepsBackslashes(mode)
  const original = Object.getPrototypeOf(platform) as {escape(value: unknown): string}
  const escape = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(escape).join(', ')
    if (typeof value !== 'string') return original.escape.call(platform, value)
    if (!value.includes('\\') && !hasControls(value)) return quoted(value)
    return isDoubled && !hasControls(value) ? quoted(doubled(value)) : hexadecimal(value)
  }
  Object.assign(platform, {escape})
  modes.set(platform, mode)
}

/** Returns the `sql_mode` of the session of a platform, if known. */
export function modeOf(platform: AbstractSqlPlatform): string | undefined {
  return modes.get(platform)
}

/** Returns a statement with its comments as plain strings: no other form is accepted there. */
export function withPlainComments(sql: string, platform: AbstractSqlPlatform): string {
  const mode = modes.get(platform)
  if (!sql.includes(introducer)) return sql
  return sql.replaceAll(comment, (_, word: string, hex: string) => {
    const text = Buffer.from(hex, 'hex').toString()
    return word + quoted(mode !== undefined && keepsBackslashes(mode) ? text : doubled(text))
  })
}

const modes = new WeakMap<AbstractSqlPlatform, string | undefined>()
const introducer = "_utf8mb4 x'"
const comment = /(\bcomment\s*=?\s*)_utf8mb4 x'([\da-f]+)'/g

/** Whether a text contains characters that clients of the database do not read from scripts. */
const hasControls = (text: string): boolean => text.includes('\0') || text.includes('\u001A')
const keepsBackslashes = (mode: string): boolean => mode.split(',').includes('NO_BACKSLASH_ESCAPES')
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const doubled = (text: string): string => text.replaceAll('\\', '\\\\')

/** Returns a string literal that has the same meaning with every `sql_mode`. */
function hexadecimal(text: string): string {
  return `${introducer}${Buffer.from(text).toString('hex')}'`
}
