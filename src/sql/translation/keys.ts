import type {Cursor} from './cursor.ts'
import {namesIn, referencesAt} from './columns.ts'
import {written} from './expressions.ts'
import type {Grammar} from './grammars.ts'
import {literal, quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** The name of the primary key of a table of MySQL. */
export const primaryKey = 'primary'

/** A key of a table: a constraint of PostgreSQL, or an index. */
export type KeyText = {readonly constraint: string} | {readonly index: string}

/**
 * Reads a constraint or index in CREATE TABLE, or after ADD.
 *
 * @param table the quoted table
 * @returns undefined if a column follows
 */
export function readKey(cursor: Cursor, table: string, grammar: Grammar): KeyText | undefined {
  const {indexesPerTable} = grammar.capabilities
  const named = cursor.take('constraint')
  const name =
    named && !['primary', 'unique', 'foreign', 'check'].some((word) => cursor.sees(word)) ? cursor.name() : undefined
  const prefix = name === undefined ? '' : `constraint ${quoted(name)} `
  if (cursor.take('primary', 'key')) {
    skipMethod(cursor)
    const columns = namesIn(cursor.list())
    return {constraint: `${!indexesPerTable ? prefix : `constraint ${quoted(primaryKey)} `}primary key (${columns})`}
  }
  if (cursor.take('foreign', 'key')) {
    if (cursor.take('if')) cursor.expect('not', 'exists')
    const own = cursor.sees('(') ? undefined : cursor.name()
    const columns = namesIn(cursor.list())
    cursor.expect('references')
    const key = prefix === '' && own !== undefined ? `constraint ${quoted(own)} ` : prefix
    return {constraint: `${key}foreign key (${columns}) ${referencesAt(cursor)}`}
  }
  if (cursor.sees('check') && (named || cursor.peek(1)?.text === '(')) {
    cursor.next()
    const check = written(cursor.group())
    cursor.take('not', 'enforced')
    cursor.take('enforced')
    return {constraint: `${prefix}check (${check})`}
  }
  if (!indexesPerTable) {
    if (!cursor.sees('unique')) return undefined
    cursor.next()
    return {constraint: `${prefix}unique (${namesIn(cursor.list())})`}
  }
  return readIndex(cursor, table, name)
}

function readIndex(cursor: Cursor, table: string, constraint: string | undefined): KeyText | undefined {
  const isUnique = cursor.sees('unique')
  const method = ['fulltext', 'spatial'].find((word) => cursor.sees(word) && isIndexWord(cursor.peek(1)))
  if (!isUnique && method === undefined && !isIndexWord(cursor.peek())) return undefined
  if (isUnique || method !== undefined) cursor.next()
  if (!cursor.take('key')) cursor.take('index')
  const guard = cursor.take('if', 'not', 'exists') ? 'if not exists ' : ''
  skipMethod(cursor)
  const own = cursor.sees('(') ? constraint : cursor.name()
  skipMethod(cursor)
  const name = own === undefined ? '' : `${guard}${quoted(own)} `
  const index = `create ${isUnique ? 'unique ' : ''}index ${name}on ${table} ${elementsAt(cursor, method)}`
  while (!cursor.isAtEnd) cursor.next()
  return {index}
}

const isIndexWord = (token: Token | undefined): boolean =>
  token?.kind === 'word' && (token.text === 'key' || token.text === 'index')

function skipMethod(cursor: Cursor): void {
  if (cursor.take('using')) cursor.next()
}

/** Reads the elements of an index, the beginning of a column as an expression. */
export function elementsAt(cursor: Cursor, method: string | undefined): string {
  const elements = cursor.list().map(elementSql)
  return `(${elements.join(', ')})${method === undefined ? '' : ` with (method = ${method})`}`
}

function elementSql(tokens: readonly Token[]): string {
  const [first, ...others] = tokens
  if (first === undefined || first.kind === 'symbol') return expressionElement(tokens)
  const [second, length, end] = others
  if (second?.text === '(' && length?.kind === 'number' && end?.text === ')')
    return `(pg_catalog.left(${quoted(first.text)}, ${length.text}))${orderOf(others.slice(3))}`
  if (second?.text === '(' || (second?.kind === 'symbol' && second.text !== ')')) return expressionElement(tokens)
  const collation = second?.text === 'collate' ? ` collate ${quoted(length?.text ?? '')}` : ''
  return `${quoted(first.text)}${collation}${orderOf(others)}`
}

function orderOf(tokens: readonly Token[]): string {
  return tokens.some(({text}) => text === 'desc') ? ' desc' : ''
}

function expressionElement(tokens: readonly Token[]): string {
  const last = tokens.at(-1)
  const isOrdered = last?.kind === 'word' && (last.text === 'desc' || last.text === 'asc')
  const expression = isOrdered ? tokens.slice(0, -1) : tokens
  return `(${written(expression)})${isOrdered && last.text === 'desc' ? ' desc' : ''}`
}

/** Writes a comment of a table that keeps options of which PostgreSQL has none. */
export const commentOn = (table: string, options: string): string => `comment on table ${table} is ${literal(options)}`
