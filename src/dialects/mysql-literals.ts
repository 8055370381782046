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

/** Whether the driver writes strings that end early: it escapes with backslashes, whatever the mode is. */
export function driverIsWrong(platform: AbstractSqlPlatform): boolean {
  const mode = modes.get(platform)
  return mode !== undefined && keepsBackslashes(mode)
}

/**
 * Returns a statement with its comments as plain strings: no other form is accepted there. If the mode is not known, it is
 * set around comments that depend on it.
 */
export function withPlainComments(sql: string, platform: AbstractSqlPlatform): readonly string[] {
  if (!sql.includes(introducer)) return [sql]
  const mode = modes.get(platform)
  const comments = [...sql.matchAll(comment)].map(([, , hex = '']) => Buffer.from(hex, 'hex').toString())
  const setsMode = mode === undefined && comments.some((text) => text.includes('\\'))
  const isKept = mode !== undefined && keepsBackslashes(mode)
  const plain = sql.replaceAll(comment, (_, word: string, hex: string) => {
    const text = Buffer.from(hex, 'hex').toString()
    return word + quoted(isKept ? text : doubled(text))
  })
  return setsMode ? [escapeByBackslash, plain, restoreMode] : [plain]
}

// The default, for which the rest of the statement was probably written.
const escapeByBackslash =
  "set @mig_sql_mode = @@session.sql_mode, session sql_mode = replace(@@session.sql_mode, 'NO_BACKSLASH_ESCAPES', '')"
const restoreMode = 'set session sql_mode = @mig_sql_mode'

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
