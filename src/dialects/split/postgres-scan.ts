import {condense} from './condense.ts'

/** A statement in a PostgreSQL text. */
export interface PostgresText {
  readonly sql: string
  /** The offset of its start in the text. */
  readonly offset: number
  /** Its first word, in lower case. */
  readonly command: string
  /** Whether the text ends within a quote or a comment of the statement. */
  readonly isOpen: boolean
}

const token =
  /[ \t\n\r\f\v]+|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+(?:[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)?|--|\/\*|[^]/iy
const blank = /^[ \t\n\r\f\v]/
const wordStart = /^[a-z_\u0080-\uffff]/i
const dollarQuote = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy
/** A string continues after a line break. */
const continuation = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r][ \t\n\r\f\v]*'/y
const routine = /^create (?:or replace )?(?:function|procedure)\b/

/**
 * Splits a text into statements by the rules of PostgreSQL's lexer, in linear time. A semicolon in parentheses or in the
 * body of a routine does not end a statement.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function scanPostgres(text: string): readonly PostgresText[] {
  const statements: PostgresText[] = []
  let start: number | undefined
  let words: string[] = []
  let parentheses = 0
  let blocks = 0
  let previous = ''
  const end = (at: number): void => {
    if (start !== undefined)
      statements.push({
        sql: text.slice(start, at).trimEnd(),
        offset: start,
        command: words[0] ?? '',
        isOpen: at === Infinity,
      })
    start = undefined
    words = []
    parentheses = 0
    blocks = 0
    previous = ''
  }
  let at = 0
  while (at < text.length) {
    const from = at
    token.lastIndex = at
    const found = token.exec(text)?.[0] ?? ''
    at += found.length
    if (blank.test(found)) continue
    if (found === '--') {
      at = Math.min(after(text, '\n', at), text.length)
      continue
    }
    if (found === '/*') {
      at = afterComment(text, at)
      continue
    }
    if (found === ';' && parentheses === 0 && blocks === 0) {
      end(from)
      continue
    }
    start ??= from
    if (found === '(') parentheses++
    else if (found === ')') parentheses = Math.max(0, parentheses - 1)
    else if (found === "'" || found === '"') at = after(text, found, at)
    else if (found === '$') at = afterDollarQuote(text, from)
    else if (wordStart.test(found)) {
      const word = found.toLowerCase()
      if (word === 'e' && text[at] === "'") at = afterEscapeString(text, at + 1)
      if (words.length < 4) words.push(word)
      blocks += blockChange(word, previous, blocks, words)
      previous = word
      continue
    }
    previous = found
  }
  end(at)
  return statements
}

/** Returns a statement without comments and needless white space. */
export function condensePostgres(sql: string): string {
  return condense(sql, {skipBlank, skipQuoted})
}

function skipBlank(text: string, at: number): number {
  if (blank.test(text[at] ?? '')) return at + 1
  if (text.startsWith('--', at)) return Math.min(after(text, '\n', at), text.length)
  return text.startsWith('/*', at) ? Math.min(afterComment(text, at + 2), text.length) : at
}

function skipQuoted(text: string, at: number): number {
  const char = text[at] ?? ''
  if (char === "'" || char === '"') return after(text, char, at + 1)
  if (char === '$') {
    const end = afterDollarQuote(text, at)
    return end === at + 1 ? at : end
  }
  return (char === 'e' || char === 'E') && text[at + 1] === "'" ? afterEscapeString(text, at + 2) : at
}

/** Returns the change in the number of blocks, BEGIN ATOMIC and the CASEs in it, that have no END yet. */
function blockChange(word: string, previous: string, blocks: number, words: readonly string[]): number {
  if (blocks === 0) return word === 'atomic' && previous === 'begin' && routine.test(words.join(' ')) ? 1 : 0
  // Any word may be a label after a dot or AS.
  if (previous === '.' || previous === 'as') return 0
  if (word === 'case') return 1
  return word === 'end' ? -1 : 0
}

/** Returns the offset behind the mark, or Infinity without any. */
function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? Infinity : at + mark.length
}

/** Comments are nested. */
function afterComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  for (let depth = 1; depth > 0;) {
    const found = mark.exec(text)
    if (found === null) return Infinity
    depth += found[0] === '/*' ? 1 : -1
  }
  return mark.lastIndex
}

function afterDollarQuote(text: string, from: number): number {
  dollarQuote.lastIndex = from
  const quote = dollarQuote.exec(text)?.[0]
  return quote === undefined ? from + 1 : after(text, quote, from + quote.length)
}

function afterEscapeString(text: string, from: number): number {
  const mark = /\\[^]|'/g
  mark.lastIndex = from
  for (;;) {
    const found = mark.exec(text)
    if (found === null) return Infinity
    if (found[0] !== "'") continue
    continuation.lastIndex = mark.lastIndex
    if (text[mark.lastIndex] === "'") mark.lastIndex++
    else if (continuation.test(text)) mark.lastIndex = continuation.lastIndex
    else return mark.lastIndex
  }
}
