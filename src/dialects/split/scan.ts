import {condense} from './condense.ts'

/** A statement in a SQLite or MySQL text. */
export interface ScannedStatement {
  readonly sql: string
  /** The offset of its start in the text. */
  readonly offset: number
  /** Its first tokens in upper case, which identify the kind of statement. */
  readonly words: readonly string[]
}

type Flavour = 'sqlite' | 'mysql'

const wordsThatMatter = 8
const word = /[\p{L}\p{N}_$]+/uy
const delimiterCommand = /[ \t]*delimiter[ \t]+(?<delimiter>\S+)[^\n]*/iy

/**
 * Splits a text into statements like the databases' command-line clients.
 *
 * In SQLite, a trigger contains semicolons and ends with `; END ;`. In MySQL, a routine contains semicolons, and a line
 * `DELIMITER x` sets the delimiter of the following statements.
 *
 * @param mode the `sql_mode` of the MySQL session; the text may set another
 * @see https://www.sqlite.org/c3ref/complete.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/stored-programs-defining.html
 */
export function scanStatements(text: string, flavour: Flavour, mode = ''): readonly ScannedStatement[] {
  const statements: ScannedStatement[] = []
  let escaping = escapingQuotes(flavour, mode)
  let delimiter = ';'
  let start = 0
  let words: string[] = []
  // The last two tokens: a trigger ends after a semicolon and END.
  let tail = ['', '']
  const end = (at: number): void => {
    const raw = text.slice(start, at)
    const sql = raw.trim()
    if (words.length > 0) statements.push({sql, offset: start + raw.indexOf(sql), words})
    const newMode = flavour === 'mysql' ? modeSetBy(sql, words, mode) : undefined
    if (newMode !== undefined) escaping = escapingQuotes(flavour, newMode)
    words = []
    tail = ['', '']
  }
  let at = 0
  while (at < text.length) {
    const isLineStart = at === 0 || text[at - 1] === '\n'
    if (flavour === 'mysql' && isLineStart && words.length === 0) {
      delimiterCommand.lastIndex = at
      const command = delimiterCommand.exec(text)
      if (command !== null) {
        delimiter = command.groups?.['delimiter'] ?? delimiter
        at += command[0].length
        start = at
        continue
      }
    }
    const afterSpace = skipSpace(text, at, flavour)
    if (afterSpace > at) {
      at = afterSpace
      continue
    }
    if (text.startsWith(delimiter, at)) {
      if (isTrigger(words) && flavour === 'sqlite' && tail.join(' ') !== '; END') {
        tail = [tail[1] ?? '', ';']
        at++
        continue
      }
      if (flavour === 'mysql' && isOpenBlock(text.slice(start, at), words, escaping)) {
        at++
        continue
      }
      end(at)
      at += delimiter.length
      start = at
      continue
    }
    word.lastIndex = at
    const token = word.exec(text)?.[0] ?? text.slice(at, skipQuoted(text, at, flavour, escaping))
    if (words.length < wordsThatMatter) words.push(token.toUpperCase())
    tail = [tail[1] ?? '', token.toUpperCase()]
    at += token.length
  }
  end(text.length)
  return statements
}

/**
 * Returns whether a MariaDB compound statement outside of a routine goes on: one that begins with BEGIN NOT ATOMIC, IF,
 * LOOP, REPEAT, WHILE or FOR.
 *
 * @see https://mariadb.com/docs/server/reference/sql-statements/programmatic-compound-statements/using-compound-statements-outside-of-stored-programs
 */
function isOpenBlock(
  text: string,
  [first = '', second = '', third = '']: readonly string[],
  escaping: string,
): boolean {
  const isBlock = first === 'BEGIN' ? second === 'NOT' && third === 'ATOMIC' : compound.has(first)
  if (!isBlock) return false
  const closes = new RegExp(`\\bend${first === 'BEGIN' ? '' : `\\s+${first}`}\\s*$`, 'i')
  return !closes.test(text.slice(-longestEnd)) || depthOf(text, first, escaping) > 0
}

/** The end of a block is looked for here, so that a long block is scanned in linear time. */
const longestEnd = 100
const compound: ReadonlySet<string> = new Set(['IF', 'LOOP', 'REPEAT', 'WHILE', 'FOR'])

/** Returns how many blocks of this kind are open at the end of a text. */
function depthOf(text: string, first: string, escaping: string): number {
  const quoted = [`'`, '"'].map((quote) =>
    escaping.includes(quote)
      ? String.raw`${quote}(?:[^${quote}\\]|\\[^]|${quote}${quote})*${quote}`
      : `${quote}[^${quote}]*${quote}`,
  )
  const unread = new RegExp(
    [...quoted, String.raw`\`[^\`]*\``, String.raw`--\s[^\n]*|#[^\n]*|\/\*[^]*?\*\/`].join('|'),
    'g',
  )
  const plain = text.replaceAll(unread, ' ')
  const words =
    plain
      .toUpperCase()
      .match(
        /\bEND\s+(?:IF|LOOP|REPEAT|WHILE|FOR|CASE)\b|\b(?:BEGIN|CASE|END|IF(?!\s*\(|\s+(?:NOT\s+)?EXISTS)|LOOP|REPEAT(?!\s*\()|WHILE|FOR)\b/g,
      ) ?? []
  let depth = 0
  for (const found of words) {
    if (first === 'BEGIN')
      depth += found === 'BEGIN' || found === 'CASE' ? 1 : found === 'END' || /^END\s+CASE$/.test(found) ? -1 : 0
    else if (new RegExp(`^END\\s+${first}$`).test(found)) depth--
    else if (found === first) depth++
  }
  return depth
}

/** Returns the quotes in which a backslash escapes the next character. */
function escapingQuotes(flavour: Flavour, mode: string): string {
  if (flavour !== 'mysql' || /NO_BACKSLASH_ESCAPES/i.test(mode)) return ''
  return /ANSI/i.test(mode) ? `'` : `'"`
}

/**
 * Returns the `sql_mode` after a statement, if it sets it: as dumps do, also within a comment that MySQL executes.
 *
 * @param mode the mode at the beginning, to which variables put it back
 */
function modeSetBy(sql: string, [first = '']: readonly string[], mode: string): string | undefined {
  if (first !== 'SET' && !first.startsWith('/*!')) return undefined
  const value = /\bset\b[^;]*\bsql_mode\s*:?=\s*(?<value>[^;]*)/is.exec(sql)?.groups?.['value']
  if (value === undefined) return undefined
  const [, literal] = /^'([^']*)'/.exec(value) ?? []
  if (literal !== undefined) return literal
  return /^concat\b/i.test(value) ? `${mode},${value}` : mode
}

function isTrigger(words: readonly string[]): boolean {
  const [first, second, third] = words[0] === 'EXPLAIN' ? words.slice(1) : words
  return first === 'CREATE' && (second === 'TRIGGER' || (/^TEMP(?:ORARY)?$/.test(second ?? '') && third === 'TRIGGER'))
}

/** Returns a statement without comments and needless white space. */
export function condenseScanned(sql: string, flavour: Flavour): string {
  // Whether a backslash escapes a quote depends on MySQL's `sql_mode`.
  if (flavour === 'mysql' && sql.includes('\\')) return sql
  return condense(sql, {
    skipBlank: (text, at) => skipSpace(text, at, flavour),
    skipQuoted: (text, at) => (startsQuoted(text, at, flavour) ? skipQuoted(text, at, flavour, '') : at),
  })
}

function startsQuoted(text: string, at: number, flavour: Flavour): boolean {
  const char = text[at] ?? ''
  return ['"', "'", '`', ...(flavour === 'sqlite' ? ['['] : [])].includes(char) || text.startsWith('/*!', at)
}

/** Returns the offset after a space or a comment. */
function skipSpace(text: string, start: number, flavour: Flavour): number {
  const char = text[start] ?? ''
  if (/\s/.test(char)) return start + 1
  // MySQL executes the content of /*! … */ comments.
  if (text.startsWith('/*', start) && !(flavour === 'mysql' && text[start + 2] === '!'))
    return endOf(text, '*/', start + 2)
  const isDashes = text.startsWith('--', start) && (flavour === 'sqlite' || /\s|^$/.test(text[start + 2] ?? ''))
  return isDashes || (flavour === 'mysql' && char === '#') ? endOf(text, '\n', start) : start
}

/** Returns the offset after a quoted text, or of the next character if there is none. */
function skipQuoted(text: string, start: number, flavour: Flavour, escaping: string): number {
  const open = text[start] ?? ''
  if (text.startsWith('/*!', start)) return endOf(text, '*/', start + 3)
  if (open === '[' && flavour === 'sqlite') return endOf(text, ']', start + 1)
  if (!['"', "'", '`'].includes(open)) return start + 1
  const hasBackslash = escaping.includes(open)
  let at = start + 1
  while (at < text.length) {
    if (hasBackslash && text[at] === '\\') at++
    else if (text[at] === open) {
      // A doubled quote is an escaped quote.
      if (text[at + 1] !== open) return at + 1
      at++
    }
    at++
  }
  return text.length
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? text.length : at + mark.length
}
