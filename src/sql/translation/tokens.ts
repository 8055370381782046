import type {Grammar} from './grammars.ts'

/** A part of a statement. */
export interface Token {
  /** `word` for a keyword or a name without quotes, `name` for one in quotes. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** The text without quotes; words and names in lower case, as both databases compare them. */
  readonly text: string
}

/** Returns the tokens of a statement, without comments. */
export function tokensOf(
  sql: string,
  {pattern, hasEscapes}: Pick<Grammar, 'pattern' | 'hasEscapes'>,
): readonly Token[] {
  const tokens: Token[] = []
  for (const {groups = {}} of sql.matchAll(pattern)) {
    const {word, number, string, name, symbol} = groups
    if (word !== undefined) tokens.push({kind: 'word', text: word.toLowerCase()})
    else if (number !== undefined) tokens.push({kind: 'number', text: number})
    else if (string !== undefined) tokens.push({kind: 'string', text: contentOf(string, hasEscapes)})
    else if (name !== undefined) tokens.push({kind: 'name', text: nameIn(name).toLowerCase()})
    else if (symbol !== undefined) tokens.push({kind: 'symbol', text: symbol})
  }
  return tokens
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0', Z: '\x1A'}

function contentOf(string: string, hasEscapes: boolean): string {
  const quote = string.charAt(0)
  const inner = string.slice(1, -1)
  if (!hasEscapes) return inner.replaceAll("''", "'")
  return inner.replaceAll(/\\([^])|''|""/g, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escapes[escaped] ?? escaped
    return part === quote + quote ? quote : part
  })
}

function nameIn(quoted: string): string {
  const mark = quoted.charAt(0)
  const inner = quoted.slice(1, -1)
  return mark === '[' ? inner : inner.replaceAll(mark + mark, mark)
}

/** Quotes a name for PostgreSQL's parser. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Quotes a text for PostgreSQL's parser. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
