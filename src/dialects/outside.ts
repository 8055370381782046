/** Returns what a statement would change or read outside of its database; undefined if nothing shows. */
export type FindOutside = (sql: string, otherDatabases: readonly string[]) => string | undefined

const comments = /\/\*(?!!).*?\*\/|(?:--\s|#)[^\n]*/gs
const strings = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs
const command = (sql: string): string => sql.trim().split(/\s+/).slice(0, 3).join(' ').toLowerCase()

/** Roles, databases and settings of a whole server, in PostgreSQL's words. */
export const outsidePostgres: FindOutside = (sql) => {
  const text = sql.replaceAll(comments, ' ').trimStart()
  const isOutside =
    /^(?:(?:create|alter|drop)\s+(?:role|user(?!\s+mapping)|group|database|tablespace)\b|alter\s+system\b|(?:reassign|drop)\s+owned\b|comment\s+on\s+(?:role|database|tablespace)\b)/i
  return isOutside.test(text) ? `\`${command(text)} …\`` : undefined
}

/** Users, other databases and settings of a whole server, in the words of MySQL and MariaDB. */
export const outsideMysql: FindOutside = (sql, otherDatabases) => {
  const text = sql.replaceAll(comments, ' ').replaceAll(strings, "''").trimStart()
  const isOutside =
    /^(?:(?:create|alter|drop|rename)\s+(?:user|role|database|schema|server|tablespace)\b|(?:grant|revoke|flush|shutdown|install|uninstall)\b|set\s+(?:global|persist|@@global)\b)/i
  if (isOutside.test(text)) return `\`${command(text)} …\``
  return otherDatabases.find((name) => {
    const escaped = name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
    const quoted = `(?<![\\w$.\`])(?:\`${escaped}\`|${escaped})`
    const isUsed = new RegExp(`^use\\s+(?:\`${escaped}\`|${escaped})(?![\\w$])`, 'i').test(text)
    // A table or an alias may have the name, too.
    const isAlsoUnqualified = new RegExp(`${quoted}(?![\\w$])(?!\\s*\\.)`, 'i').test(text)
    return isUsed || (!isAlsoUnqualified && new RegExp(`${quoted}\\s*\\.`, 'i').test(text))
  })
}

/** Other files, in the words of SQLite. */
export const outsideSqlite: FindOutside = (sql) =>
  /^(?:attach\b|vacuum\s+into\b)/i.test(sql.replaceAll(comments, ' ').trimStart()) ? `\`${command(sql)} …\`` : undefined
