/** The lexical rules of a dialect; each function returns the same position if there is nothing to skip. */
export interface LexicalRules {
  /** Returns the position after white space or one comment. */
  readonly skipBlank: (text: string, at: number) => number
  /** Returns the position after a quoted text. */
  readonly skipQuoted: (text: string, at: number) => number
}

const word = /[\p{L}\p{N}_$]+/uy
/** Comments that are code or hints for the planner. */
const meaningful = /^\/\*(?:M?!|\+)/
/** White space next to these has no meaning; before a parenthesis, it has on MySQL. */
const separators = new Set([',', ')'])

/** Returns a statement without comments, and with one space or none where it has white space outside of quotes. */
export function condense(sql: string, {skipBlank, skipQuoted}: LexicalRules): string {
  let condensed = ''
  let blank = ''
  for (let at = 0; at < sql.length;) {
    const afterBlank = skipBlank(sql, at)
    const isComment = afterBlank > at && meaningful.test(sql.slice(at, at + 4))
    if (afterBlank > at && !isComment) {
      blank += sql.slice(at, afterBlank)
      at = afterBlank
      continue
    }
    const end = isComment ? afterBlank : endOfToken(sql, at, skipQuoted)
    const token = sql.slice(at, end)
    condensed += spaceBetween(condensed.at(-1), blank, token) + token
    blank = ''
    at = end
  }
  return condensed
}

function endOfToken(sql: string, at: number, skipQuoted: LexicalRules['skipQuoted']): number {
  const afterQuoted = skipQuoted(sql, at)
  if (afterQuoted > at) return Math.min(afterQuoted, sql.length)
  word.lastIndex = at
  return at + (word.exec(sql)?.[0].length ?? 1)
}

function spaceBetween(previous: string | undefined, blank: string, next: string): '' | ' ' | '\n' {
  if (blank === '' || previous === undefined || previous === '(') return ''
  if (separators.has(previous) || separators.has(next)) return ''
  // On PostgreSQL, strings on two lines are one.
  return previous === "'" && next.startsWith("'") && blank.includes('\n') ? '\n' : ' '
}
