import {eraseTypes} from '../../config/typescript/erase.ts'
import type {Dialect} from '../../operations/operation.ts'
import {readString} from '../../script/literal.ts'
import {statementsOf} from '../../script/operations-id.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {endsValue, skipToken, skipTrivia} from '../../script/scanner.ts'
import {readSqlSections} from '../../script/sql-file.ts'

/** A revision with its text. */
export interface RevisionText {
  readonly revision: ScriptRevision
  readonly text: string
}

/**
 * Returns whether the upgrades of two revisions are the same, apart from formatting, comments and types. Reads the texts without
 * running them: code of another branch must not run before the plan is confirmed.
 */
export async function haveSameUpgrade(one: RevisionText, other: RevisionText, dialect: Dialect): Promise<boolean> {
  const [mine, theirs] = [await upgradeOf(one, dialect), await upgradeOf(other, dialect)]
  return mine !== undefined && JSON.stringify(mine) === JSON.stringify(theirs)
}

async function upgradeOf({revision, text}: RevisionText, dialect: Dialect): Promise<unknown> {
  const {file, transactional} = revision
  try {
    if (!file.toLowerCase().endsWith('.sql')) return [transactional, upgradeTokens(tokensOf(withoutTypes(file, text)))]
    const statements = await statementsOf(readSqlSections(text, file).upgrade.sql, dialect)
    return statements && [transactional, statements]
  } catch {
    // A text that cannot be parsed is not known to be the same as any other.
    return undefined
  }
}

function withoutTypes(file: string, text: string): string {
  const erased = /\.[cm]?ts$/.test(file) ? eraseTypes(file, text) : text
  return typeof erased === 'string' ? erased : text
}

/** Returns the tokens of JavaScript without those that a formatter adds or removes. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  let previous = ''
  for (let at = skipTrivia(text, 0); at < text.length;) {
    const next = skipToken(text, at, !endsValue.test(previous))
    previous = text.slice(at, next)
    const string = readString(text, at)
    at = skipTrivia(text, next)
    if (/^[)\]}]$/.test(previous) && tokens.at(-1) === ',') tokens.pop()
    if (previous === '>' && tokens.at(-1) === '=') dropParentheses(tokens)
    if (previous === ';') continue
    const isKey = string !== undefined && text[at] === ':' && /^[{,]$/.test(tokens.at(-1) ?? '')
    if (isKey && /^[\p{L}$_][\p{L}\p{N}$_]*$/u.test(string.value)) tokens.push(string.value)
    else tokens.push(string === undefined ? previous : JSON.stringify(string.value))
  }
  return tokens
}

/** Removes the parentheses around the only parameter of an arrow function, of which the tokens end with `=`. */
function dropParentheses(tokens: string[]): void {
  const [open, name = '', close] = tokens.slice(-4)
  if (open === '(' && close === ')' && /^[\p{L}$_]/u.test(name)) tokens.splice(-4, 3, name)
}

/** Facts about a revision, which are compared as such or belong to its place in the graph. */
const facts =
  /^(?:revision|downRevision|branchLabels|dependsOn|replaces|replacedSquashes|transactional|baseline|irreversible|lockTimeout)$/

/** Returns tokens without the header and the downgrade: a corrected one does not change what was applied. */
function upgradeTokens(tokens: readonly string[]): readonly string[] {
  const rest: string[] = []
  for (let at = 0; at < tokens.length;) {
    const end =
      tokens[at] === 'export' ? (endOfFact(tokens, at) ?? endOfDowngrade(tokens, at)) : endOfTypeImport(tokens, at)
    if (end === undefined) rest.push(tokens[at] ?? '')
    at = end ?? at + 1
  }
  return rest
}

/** Returns the position after an import of nothing but types from this package, of which the names are erased. */
function endOfTypeImport(tokens: readonly string[], at: number): number | undefined {
  return /^import \{ \} from "mig(?:dag)?"$/.test(tokens.slice(at, at + 5).join(' ')) ? at + 5 : undefined
}

/** Returns the position after a declaration such as `export const downRevision = ['a']`. */
function endOfFact(tokens: readonly string[], at: number): number | undefined {
  const [, keyword = '', name = '', equals] = tokens.slice(at, at + 4)
  if (!/^(?:const|let|var)$/.test(keyword) || !facts.test(name) || equals !== '=') return undefined
  return tokens[at + 4] === '[' ? tokens.indexOf(']', at) + 1 : at + 5
}

/** Returns the position after the body of `export async function downgrade`. */
function endOfDowngrade(tokens: readonly string[], at: number): number | undefined {
  const start = tokens[at + 1] === 'async' ? at + 2 : at + 1
  if (tokens[start] !== 'function' || !/^downgrade(?:_\w+)?$/.test(tokens[start + 1] ?? '')) return undefined
  let depth = 0
  for (let end = start + 2; end < tokens.length; end++) {
    const token = tokens[end] ?? ''
    if (/^[([{]$/.test(token)) depth++
    if (/^[)\]}]$/.test(token) && --depth === 0 && token === '}') return end + 1
  }
  return undefined
}
