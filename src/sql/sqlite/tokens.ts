/** A token of SQLite's SQL: a word, quoted name, string, number or symbol. */
export interface Token {
  readonly text: string
  /** The unquoted word in upper case; empty for other tokens. */
  readonly word: string
  /** The offset in the text. */
  readonly at: number
}

const token =
  /(?<space>[ \t-\r]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<word>[A-Za-z_$\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\d[\w.]*|[\s\S]/uy

/**
 * Splits a text into tokens, without spaces and comments.
 *
 * @see https://www.sqlite.org/lang_keywords.html, https://www.sqlite.org/lang_comment.html
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const {space, word = ''} = match.groups ?? {}
    if (space === undefined) tokens.push({text: match[0], word: word.toUpperCase(), at: match.index})
  }
  return tokens
}

/** Returns the name that a token represents, without its quotes. */
export function nameOf({text}: Token): string {
  const [open = ''] = text
  if (open === '[') return text.slice(1, -1)
  return ['"', '`', "'"].includes(open) ? text.slice(1, -1).replaceAll(open + open, open) : text
}

/** Whether a token is this name; SQLite's names are case-insensitive. */
export function isName(candidate: Token, name: string): boolean {
  return !candidate.text.startsWith("'") && nameOf(candidate).toLowerCase() === name.toLowerCase()
}

/** Splits tokens at commas outside parentheses. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const groups: Token[][] = [[]]
  let depth = 0
  for (const item of tokens) {
    if (item.text === '(') depth++
    if (item.text === ')') depth--
    if (item.text === ',' && depth === 0) groups.push([])
    else groups.at(-1)?.push(item)
  }
  return groups
}
