import {Untranslated} from './cursor.ts'
import type {Grammar} from './grammars.ts'
import type {Cursor} from './cursor.ts'
import {written} from './expressions.ts'
import {elementsAt} from './keys.ts'
import {namesColumn} from './statement.ts'
import type {TranslatedStatement} from './statement.ts'
import {literal, quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** Translates CREATE INDEX after the words UNIQUE and INDEX. */
export function createIndex(cursor: Cursor, isUnique: boolean, method: string | undefined): TranslatedStatement {
  const guard = cursor.take('if', 'not', 'exists') ? 'if not exists ' : ''
  const name = quoted(cursor.qualifiedName())
  if (cursor.take('using')) cursor.next()
  cursor.expect('on')
  const table = quoted(cursor.qualifiedName())
  const elements = elementsAt(cursor, method)
  const where = cursor.take('where') ? ` where ${written(cursor.rest)}` : ''
  return {sql: `create ${isUnique ? 'unique ' : ''}index ${guard}${name} on ${table} ${elements}${where}`}
}

/** Translates CREATE VIEW after the word VIEW. */
export function createView(cursor: Cursor, isReplacing: boolean): TranslatedStatement {
  const guard = cursor.take('if', 'not', 'exists')
  if (guard) throw new Untranslated('CREATE VIEW IF NOT EXISTS')
  const name = quoted(cursor.qualifiedName())
  const columns = cursor.sees('(') ? ` (${written(cursor.group())})` : ''
  cursor.expect('as')
  return {sql: `create ${isReplacing ? 'or replace ' : ''}view ${name}${columns} as ${written(cursor.rest)}`}
}

/** The function that stands for the body of a trigger, whose name is unique in the database as that of the trigger is. */
const bodyOf = (trigger: string): string => quoted(`trigger ${trigger}`)

/** Translates CREATE TRIGGER after the word TRIGGER. */
export function createTrigger(cursor: Cursor, grammar: Grammar): readonly TranslatedStatement[] {
  if (cursor.take('if', 'not', 'exists')) throw new Untranslated('CREATE TRIGGER IF NOT EXISTS')
  const name = cursor.qualifiedName()
  const timing = cursor.take('instead', 'of') ? 'instead of' : cursor.take('before') ? 'before' : 'after'
  cursor.take('after')
  const event = cursor.next().text
  const columns = cursor.take('of') ? namesUntilOn(cursor) : []
  cursor.expect('on')
  const table = cursor.qualifiedName()
  cursor.take('for', 'each', 'row')
  if (cursor.take('follows') || cursor.take('precedes')) cursor.name()
  const body = bodyTokens(cursor, grammar)
  const used = grammar.checksTriggers ? columnsIn(body) : []
  const of = columns.length === 0 ? '' : ` of ${columns.map(quoted).join(', ')}`
  return [
    ...used.map((column) => namesColumn(table, column)),
    {sql: `create function ${bodyOf(name)}() returns trigger language plpgsql as ${literal(textOf(body))}`},
    {
      sql: `create trigger ${quoted(name)} ${timing} ${event}${of} on ${quoted(table)} for each row execute function ${bodyOf(name)}()`,
      isOwner: true,
    },
  ]
}

/** Returns the columns of the row that the body of a trigger names. */
function columnsIn(body: readonly Token[]): readonly string[] {
  const found = body.flatMap(({kind, text}, at) => {
    const [dot, column] = [body[at + 1], body[at + 2]]
    const isRow = kind === 'word' && (text === 'new' || text === 'old') && dot?.text === '.'
    return isRow && column !== undefined ? [column.text] : []
  })
  return [...new Set(found)]
}

function namesUntilOn(cursor: Cursor): readonly string[] {
  const names: string[] = [cursor.name()]
  while (cursor.take(',')) names.push(cursor.name())
  return names
}

function bodyTokens(cursor: Cursor, grammar: Grammar): readonly Token[] {
  if (!grammar.checksTriggers && !cursor.rest.some(({text}) => text === 'begin'))
    throw new Untranslated('a trigger without a body')
  return cursor.rest
}

/** The body of code as text, in which PostgreSQL only looks for names. */
const textOf = (tokens: readonly Token[]): string =>
  tokens.map(({text, kind}) => (kind === 'string' ? literal(text) : text)).join(' ')

/** Translates DROP TRIGGER after the word TRIGGER. */
export function dropTrigger(cursor: Cursor): TranslatedStatement {
  const guard = cursor.take('if', 'exists') ? 'if exists ' : ''
  return {sql: `drop function ${guard}${bodyOf(cursor.qualifiedName())}() cascade`}
}

/** Translates CREATE FUNCTION and PROCEDURE after that word: all that is known of them is the name and the text. */
export function createRoutine(cursor: Cursor, kind: string, isReplacing: boolean): TranslatedStatement {
  if (cursor.take('if', 'not', 'exists')) throw new Untranslated(`CREATE ${kind.toUpperCase()} IF NOT EXISTS`)
  const name = quoted(`${kind} ${cursor.qualifiedName()}`)
  const body = literal(textOf(cursor.rest))
  return {
    sql: `create ${isReplacing ? 'or replace ' : ''}function ${name}() returns void language plpgsql as ${body}`,
  }
}

/** Translates DROP FUNCTION and PROCEDURE after that word. */
export function dropRoutine(cursor: Cursor, kind: string): TranslatedStatement {
  const guard = cursor.take('if', 'exists') ? 'if exists ' : ''
  return {sql: `drop function ${guard}${quoted(`${kind} ${cursor.qualifiedName()}`)}()`}
}
