import {columnSql, readColumn} from './columns.ts'
import type {Grammar} from './grammars.ts'
import type {ColumnText} from './columns.ts'
import {Cursor} from './cursor.ts'
import {written} from './expressions.ts'
import {commentOn, primaryKey, readKey} from './keys.ts'
import type {TranslatedStatement} from './statement.ts'
import {quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** Translates CREATE TABLE after the word TABLE. */
export function createTable(cursor: Cursor, grammar: Grammar, isTemporary: boolean): readonly TranslatedStatement[] {
  const guard = cursor.take('if', 'not', 'exists') ? 'if not exists ' : ''
  const table = quoted(cursor.qualifiedName())
  const start = `create ${isTemporary ? 'temporary ' : ''}table ${guard}${table}`
  if (cursor.take('like')) return [{sql: `${start} (like ${quoted(cursor.qualifiedName())} including all)`}]
  if (cursor.sees('as') || cursor.sees('select')) return [{sql: `${start} ${queryAt(cursor)}`}]
  if (cursor.sees('(', 'like')) {
    const inner = new Cursor(cursor.group())
    inner.expect('like')
    return [{sql: `${start} (like ${quoted(inner.qualifiedName())} including all)`}]
  }
  const elements: string[] = []
  const indexes: string[] = []
  for (const tokens of cursor.list()) {
    const part = elementsOf(new Cursor(tokens), table, grammar)
    elements.push(...part.elements)
    indexes.push(...part.indexes)
  }
  const options = cursor.rest
  const isFilled = options.some(({kind, text}) => kind === 'word' && text === 'select')
  if (isFilled) return [{unclear: 'a table that is created from a query'}]
  const comment = commentOf(options)
  const sql = `${start} (${elements.join(', ')})`
  return [
    indexes.length === 0 ? {sql} : {sql, indexes},
    ...(comment === '' || guard !== '' ? [] : [{sql: commentOn(table, comment)}]),
  ]
}

function queryAt(cursor: Cursor): string {
  cursor.take('as')
  return `as ${written(cursor.rest)}`
}

function elementsOf(
  cursor: Cursor,
  table: string,
  grammar: Grammar,
): {readonly elements: readonly string[]; readonly indexes: readonly string[]} {
  const key = readKey(cursor, table, grammar)
  if (key !== undefined)
    return 'index' in key ? {elements: [], indexes: [key.index]} : {elements: [key.constraint], indexes: []}
  const column = readColumn(cursor, grammar)
  const {constraints, indexes} = keysOfColumn(column, table, grammar)
  return {elements: [columnSql(column), ...constraints], indexes}
}

/** Returns the keys that are written with a column. */
export function keysOfColumn(
  {name, isPrimaryKey, isUnique}: ColumnText,
  table: string,
  grammar: Grammar,
): {readonly constraints: readonly string[]; readonly indexes: readonly string[]} {
  const own = quoted(name)
  const named = !grammar.capabilities.indexesPerTable ? '' : `constraint ${quoted(primaryKey)} `
  const constraints = isPrimaryKey ? [`${named}primary key (${own})`] : []
  if (!isUnique) return {constraints, indexes: []}
  return !grammar.capabilities.indexesPerTable
    ? {constraints: [...constraints, `unique (${own})`], indexes: []}
    : {constraints, indexes: [`create unique index on ${table} (${own})`]}
}

/** Options that tell tables apart. */
const kept: ReadonlySet<string> = new Set(['comment', 'collate', 'charset', 'set', 'strict', 'rowid', 'engine'])

/** Returns the options of a table that are part of its definition, as text. */
export function commentOf(options: readonly Token[]): string {
  const found: string[] = []
  for (const [i, {kind, text}] of options.entries()) {
    if (kind !== 'word' || !kept.has(text)) continue
    const value = options[i + 1]?.text === '=' ? options[i + 2] : options[i + 1]
    if (text === 'engine' && value?.text.toLowerCase() === 'innodb') continue
    found.push(`${text} ${text === 'strict' || text === 'rowid' ? '' : (value?.text ?? '')}`)
  }
  return found.toSorted().join(', ')
}
