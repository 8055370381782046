import {nameOf, splitAtCommas, tokensOf} from './tokens.ts'
import type {Token} from './tokens.ts'

/** A table as its `create table` statement defines it. Clauses unknown to mig are kept verbatim. */
export interface TableText {
  readonly columns: readonly ColumnText[]
  readonly constraints: readonly ConstraintText[]
  /** The text after the closing parenthesis: `strict`, `without rowid`. */
  readonly options: string
}

export interface ColumnText {
  readonly name: string
  /** The name as written. */
  readonly quoted: string
  readonly type: string
  readonly clauses: readonly Clause[]
}

/** A clause of a column: `not null`, `default 1`, `references …`. */
export interface Clause {
  readonly keyword: ClauseKeyword
  readonly name: string | undefined
  readonly text: string
}

type ClauseKeyword =
  | 'PRIMARY'
  | 'NOT'
  | 'NULL'
  | 'UNIQUE'
  | 'CHECK'
  | 'DEFAULT'
  | 'COLLATE'
  | 'REFERENCES'
  | 'GENERATED'

export interface ConstraintText {
  readonly type: 'PRIMARY' | 'UNIQUE' | 'CHECK' | 'FOREIGN'
  readonly name: string | undefined
  /** The columns of the constraint; none for a check. */
  readonly columns: readonly string[]
  readonly text: string
}

const constraintWords: ReadonlySet<string> = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'])

/**
 * Parses a `create table` statement as SQLite stores it in `sqlite_schema`.
 *
 * @see https://www.sqlite.org/lang_createtable.html
 */
export function parseTable(sql: string): TableText {
  const tokens = tokensOf(sql)
  const open = tokens.findIndex((token) => token.text === '(')
  const close = matching(tokens, open)
  const items = splitAtCommas(tokens.slice(open + 1, close)).flatMap(splitConstraints)
  return {
    columns: items.filter((item) => !isConstraint(item)).map((item) => parseColumn(sql, item)),
    constraints: items.filter(isConstraint).map((item) => parseConstraint(sql, item)),
    options: sql.slice((tokens[close]?.at ?? sql.length) + 1).trim(),
  }
}

/** Splits constraints of a table, between which SQLite does not require commas. */
function splitConstraints(item: readonly Token[]): readonly (readonly Token[])[] {
  if (!isConstraint(item)) return [item]
  const starts = item.flatMap((_, i) => (startsConstraint(item, i) ? [i] : []))
  return starts.map((start, i) => item.slice(start, starts[i + 1]))
}

function startsConstraint(tokens: readonly Token[], at: number): boolean {
  if (!constraintWords.has(tokens[at]?.word ?? '') || depthAt(tokens, at) > 0) return false
  return tokens[at - 2]?.word !== 'CONSTRAINT'
}

const isConstraint = ([first]: readonly Token[]): boolean => constraintWords.has(first?.word ?? '')

/** Formats a table as a `create table` statement. */
export function formatTable(quotedName: string, {columns, constraints, options}: TableText): string {
  const items = [...columns.map(formatColumn), ...constraints.map(({text}) => text)]
  return `create table ${quotedName} (${items.join(', ')})${options === '' ? '' : ` ${options}`}`
}

/** Parses a column definition of `create table`. */
export function columnText(sql: string): ColumnText {
  return parseColumn(sql, tokensOf(sql))
}

/** Parses a constraint definition of `create table`. */
export function constraintText(sql: string): ConstraintText {
  return parseConstraint(sql, tokensOf(sql))
}

function formatColumn({quoted, type, clauses}: ColumnText): string {
  return [quoted, type, ...clauses.map(({text}) => text)].filter((part) => part !== '').join(' ')
}

function parseColumn(sql: string, tokens: readonly Token[]): ColumnText {
  const [first] = tokens
  if (first === undefined) throw new Error('a column without a name')
  const starts = tokens.flatMap((_, i) => (startsClause(tokens, i) ? [i] : []))
  const end = starts[0] ?? tokens.length
  const clauses: Clause[] = []
  let name: string | undefined
  let from: number | undefined
  for (const [i, start] of starts.entries()) {
    const token = tokens[start]
    const next = starts[i + 1] ?? tokens.length
    if (token?.word === 'CONSTRAINT') {
      name = nameOf(tokens[start + 1] as Token)
      from = start
      continue
    }
    const keyword = (token?.word === 'AS' ? 'GENERATED' : token?.word) as ClauseKeyword
    clauses.push({keyword, name, text: textOf(sql, tokens.slice(from ?? start, next))})
    name = undefined
    from = undefined
  }
  return {name: nameOf(first), quoted: first.text, type: textOf(sql, tokens.slice(1, end)), clauses}
}

const clauseWords: ReadonlySet<string> = new Set([
  ...['CONSTRAINT', 'PRIMARY', 'NOT', 'NULL', 'UNIQUE', 'CHECK', 'DEFAULT'],
  ...['COLLATE', 'REFERENCES', 'GENERATED', 'AS'],
])

/**
 * Returns whether a clause begins at a token: `not null` and `default null` begin one, but `set null` is part of
 * another.
 */
function startsClause(tokens: readonly Token[], at: number): boolean {
  const {word = ''} = tokens[at] ?? {}
  if (at === 0 || !clauseWords.has(word) || depthAt(tokens, at) > 0) return false
  const before = tokens[at - 1]?.word ?? ''
  if (before === 'CONSTRAINT') return false
  if (word === 'NULL' || word === 'DEFAULT') return !['NOT', 'DEFAULT', 'SET'].includes(before)
  if (word === 'NOT') return tokens[at + 1]?.word === 'NULL'
  return !(word === 'AS' && before === 'ALWAYS')
}

function parseConstraint(sql: string, tokens: readonly Token[]): ConstraintText {
  const isNamed = tokens[0]?.word === 'CONSTRAINT'
  const rest = tokens.slice(isNamed ? 2 : 0)
  const type = rest[0]?.word as ConstraintText['type']
  const open = rest.findIndex((token) => token.text === '(')
  const columns = splitAtCommas(rest.slice(open + 1, matching(rest, open))).flatMap(([first]) =>
    first === undefined ? [] : [nameOf(first)],
  )
  return {
    type,
    name: isNamed ? nameOf(tokens[1] as Token) : undefined,
    columns: type === 'CHECK' ? [] : columns,
    text: textOf(sql, tokens),
  }
}

/** Returns the index of the matching closing parenthesis. */
export function matching(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.text === '(') depth++
    if (tokens[i]?.text === ')' && --depth === 0) return i
  }
  return tokens.length
}

function depthAt(tokens: readonly Token[], at: number): number {
  const signs = tokens.slice(0, at).map(({text}) => text)
  return signs.filter((sign) => sign === '(').length - signs.filter((sign) => sign === ')').length
}

/** Returns the source text from the first to the last token, including spaces. */
function textOf(sql: string, tokens: readonly Token[]): string {
  const [first] = tokens
  const last = tokens.at(-1)
  return first === undefined || last === undefined ? '' : sql.slice(first.at, last.at + last.text.length)
}
