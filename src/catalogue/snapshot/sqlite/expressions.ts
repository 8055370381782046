import {matching} from '../../../sql/sqlite/table-text.ts'
import {nameOf} from '../../../sql/sqlite/tokens.ts'
import type {Token} from '../../../sql/sqlite/tokens.ts'

/** Words that are names only in quotes, and those that mean something else without them. */
const reserved: ReadonlySet<string> = new Set(
  `add all alter and as autoincrement between case check collate commit create default deferrable delete distinct drop
   else escape except exists foreign from group having in index insert intersect into is isnull join limit not nothing
   notnull null on or order primary references returning select set table then to transaction union unique update using
   values when where current_date current_time current_timestamp true false`.split(/\s+/),
)

const operators: ReadonlySet<string> = new Set(['<=', '>=', '<>', '!=', '==', '||', '<<', '>>', '->', '->>'])

/**
 * Returns the normal form of an expression or statement: words and names in lower case, names without quotes that they
 * do not need, no outermost parentheses, and uniform spaces. Strings are kept.
 *
 * @param columns the names in lower case that the expression may refer to: another name in double quotes is a string
 */
export function normalForm(tokens: readonly Token[], columns?: ReadonlySet<string>): string {
  const bare = unwrapped(tokens)
  const parts: string[] = []
  for (const [i, token] of bare.entries()) {
    const text = spelt(token, bare[i - 1], bare[i + 1], columns)
    const joined = (parts.at(-1) ?? '') + text
    if (isOneToken(joined, bare[i - 1], token)) parts[parts.length - 1] = joined
    else parts.push(text)
  }
  return parts.reduce((sql, part, i) => sql + (isSpaced(parts, i) ? ' ' : '') + part, '')
}

/** Returns a name as SQLite compares it, which ignores the case of ASCII letters only. */
export function folded(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Returns names as a list, with quotes where they are needed. */
export function listOfNames(names: readonly string[]): string {
  return names.map(nameText).join(', ')
}

/** Returns a name in lower case, with quotes if it needs them. */
export function nameText(name: string): string {
  const text = folded(name)
  return /^[a-z_\u0080-\uffff][\w$\u0080-\uffff]*$/.test(text) && !reserved.has(text)
    ? text
    : `"${text.replaceAll('"', '""')}"`
}

/** Returns the tokens inside the parentheses that follow a word; none if there are none. */
export function parenthesised(tokens: readonly Token[], word: string): readonly Token[] {
  const at = tokens.findIndex((token) => token.word === word)
  const open = tokens.findIndex(({text}, i) => i > at && text === '(')
  return at < 0 || open < 0 ? [] : tokens.slice(open + 1, matching(tokens, open))
}

function unwrapped(tokens: readonly Token[]): readonly Token[] {
  const isWrapped = tokens[0]?.text === '(' && matching(tokens, 0) === tokens.length - 1
  return isWrapped ? unwrapped(tokens.slice(1, -1)) : tokens
}

function spelt(
  token: Token,
  before: Token | undefined,
  after: Token | undefined,
  columns: ReadonlySet<string> | undefined,
): string {
  if (token.word !== '') return folded(token.text)
  if (/^\d/.test(token.text)) return folded(token.text)
  if (!/^["`[]./s.test(token.text)) return token.text
  const name = nameOf(token)
  const isQualified = before?.text === '.' || after?.text === '.' || after?.text === '(' || before?.word === 'COLLATE'
  const isString = token.text.startsWith('"') && columns?.has(folded(name)) === false && !isQualified
  return isString ? stringText(name) : nameText(name)
}

/** Returns a string literal. */
export function stringText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** Whether a token continues the previous one: an operator of two signs, an exponent, a blob. */
function isOneToken(joined: string, before: Token | undefined, token: Token): boolean {
  if (before === undefined || before.at + before.text.length !== token.at) return false
  return operators.has(joined) || /^(?:\d[\d._]*e[+-]?\d*|\.\d\w*|x'.*')$/is.test(joined)
}

function isSpaced(parts: readonly string[], at: number): boolean {
  const part = parts[at] ?? ''
  const before = parts[at - 1]
  if (before === undefined || ['(', '.'].includes(before) || [')', ',', '.', ';'].includes(part)) return false
  if (part === '(') return !isName(before)
  return !(isSign(parts, at - 1) && !/^[+-]/.test(part))
}

/** Whether a part is a sign in front of a value, not an operator between two. */
function isSign(parts: readonly string[], at: number): boolean {
  const before = parts[at - 1]
  if (!/^[+-]$/.test(parts[at] ?? '')) return false
  return before === undefined || reserved.has(before) || /^[^\w'")\u0080-\uffff]/.test(before)
}

function isName(part: string): boolean {
  return /^["a-z_\u0080-\uffff]/.test(part) && !reserved.has(part)
}
