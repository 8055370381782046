import type {Grammar} from './grammars.ts'
import {alterTable} from './alter-table.ts'
import {createTable} from './create-table.ts'
import {Cursor, Untranslated} from './cursor.ts'
import {written} from './expressions.ts'
import {createIndex, createRoutine, createTrigger, createView, dropRoutine, dropTrigger} from './objects.ts'
import {insert} from './rows.ts'
import type {TranslatedStatement} from './statement.ts'
import {quoted, tokensOf} from './tokens.ts'

/** Translates SQL of SQLite, MySQL or MariaDB into statements of PostgreSQL with the same effect on a schema. */
export function translated(sql: string, grammar: Grammar): readonly TranslatedStatement[] {
  return grammar.split(sql).flatMap((statement) => statementsFor(statement.sql, grammar))
}

function statementsFor(sql: string, grammar: Grammar): readonly TranslatedStatement[] {
  const cursor = new Cursor(tokensOf(sql, grammar))
  try {
    return translate(cursor, grammar)
  } catch (error) {
    if (!(error instanceof Untranslated)) throw error
    return [{unclear: error.message}]
  }
}

/** Statements that change neither the schema nor rows. */
const idle: readonly string[] = [
  ...[
    'begin',
    'start',
    'commit',
    'end',
    'rollback',
    'savepoint',
    'release',
    'analyze',
    'vacuum',
    'optimize',
    'explain',
  ],
  ...['show', 'describe', 'unlock', 'flush', 'reindex'],
]

function translate(cursor: Cursor, grammar: Grammar): readonly TranslatedStatement[] {
  const {text: word, kind} = cursor.next()
  if (kind !== 'word') return [{unclear: 'SQL that is not understood'}]
  if (idle.includes(word)) return word === 'begin' && !isTransaction(cursor) ? [{unclear: 'a block of code'}] : []
  switch (word) {
    case 'create':
      return create(cursor, grammar)
    case 'drop':
      return drop(cursor, grammar)
    case 'alter':
      cursor.skip('ignore', 'online')
      if (cursor.take('table')) return alterTable(cursor, grammar)
      return [{unclear: `ALTER ${cursor.next().text.toUpperCase()}`}]
    case 'rename':
      return renameTables(cursor)
    case 'insert':
    case 'replace':
      return insert(cursor, word === 'replace')
    case 'update':
      return changeRows(cursor, 'update ')
    case 'delete':
      return changeRows(cursor, 'delete ')
    case 'select':
    case 'with':
      return [{sql: `${word} ${written(cursor.rest)}`}]
    case 'truncate':
      cursor.take('table')
      return [{sql: `truncate ${quoted(cursor.qualifiedName())}`}]
    case 'set':
      return /^(?:names|foreign_key_checks|sql_mode|unique_checks|time_zone|character_set_\w+|session|@)/.test(
        cursor.peek()?.text ?? '',
      )
        ? []
        : [{unclear: 'a setting'}]
    case 'lock':
      return []
    case 'pragma':
      return cursor.sees('foreign_keys') || cursor.sees('defer_foreign_keys') || cursor.sees('foreign_key_check')
        ? []
        : [{unclear: `PRAGMA ${cursor.next().text}`}]
    default:
      return [{unclear: `a statement of the kind ${word.toUpperCase()}`}]
  }
}

const isTransaction = (cursor: Cursor): boolean =>
  cursor.isAtEnd || ['transaction', 'work', 'immediate', 'deferred', 'exclusive'].some((word) => cursor.sees(word))

function create(cursor: Cursor, grammar: Grammar): readonly TranslatedStatement[] {
  const isReplacing = cursor.take('or', 'replace')
  skipOptions(cursor)
  const isTemporary = cursor.take('temporary') || cursor.take('temp')
  const isUnique = cursor.take('unique')
  const method = ['fulltext', 'spatial'].find((word) => cursor.take(word))
  const {text: kind} = cursor.next()
  switch (kind) {
    case 'table':
      return isReplacing ? [{unclear: 'CREATE OR REPLACE TABLE'}] : createTable(cursor, grammar, isTemporary)
    case 'index':
      return isReplacing ? [{unclear: 'CREATE OR REPLACE INDEX'}] : [createIndex(cursor, isUnique, method)]
    case 'view':
      return [createView(cursor, isReplacing)]
    case 'trigger':
      return isReplacing ? [{unclear: 'CREATE OR REPLACE TRIGGER'}] : createTrigger(cursor, grammar)
    case 'function':
    case 'procedure':
      return [createRoutine(cursor, kind, isReplacing)]
    case 'sequence':
      return [
        {
          sql: `create sequence ${cursor.take('if', 'not', 'exists') ? 'if not exists ' : ''}${quoted(cursor.qualifiedName())}`,
        },
      ]
    default:
      return [{unclear: `CREATE ${kind.toUpperCase()}`}]
  }
}

/** Skips the options of MySQL before the kind of an object. */
function skipOptions(cursor: Cursor): void {
  for (;;) {
    if (cursor.take('algorithm', '=')) cursor.next()
    else if (cursor.take('definer', '=')) {
      cursor.next()
      if (cursor.sees('(')) cursor.group()
      if (cursor.take('@')) cursor.next()
    } else if (cursor.take('sql', 'security')) cursor.next()
    else if (!cursor.take('aggregate')) return
  }
}

function drop(cursor: Cursor, grammar: Grammar): readonly TranslatedStatement[] {
  cursor.take('temporary')
  const {text: kind} = cursor.next()
  switch (kind) {
    case 'table':
    case 'view':
    case 'sequence': {
      const guard = cursor.take('if', 'exists') ? 'if exists ' : ''
      const names = [cursor.qualifiedName()]
      while (cursor.take(',')) names.push(cursor.qualifiedName())
      return [{sql: `drop ${kind} ${guard}${names.map(quoted).join(', ')}`}]
    }
    case 'index': {
      const guard = cursor.take('if', 'exists') ? 'if exists ' : ''
      const sql = `drop index ${guard}${quoted(cursor.qualifiedName())}`
      if (!grammar.capabilities.indexesPerTable) return [{sql}]
      cursor.expect('on')
      return [{sql, ofTable: cursor.qualifiedName()}]
    }
    case 'trigger':
      return [dropTrigger(cursor)]
    case 'function':
    case 'procedure':
      return [dropRoutine(cursor, kind)]
    default:
      return [{unclear: `DROP ${kind.toUpperCase()}`}]
  }
}

function renameTables(cursor: Cursor): readonly TranslatedStatement[] {
  if (!cursor.take('table')) cursor.expect('tables')
  cursor.take('if', 'exists')
  const statements: TranslatedStatement[] = []
  do {
    const from = quoted(cursor.qualifiedName())
    cursor.expect('to')
    statements.push({sql: `alter table ${from} rename to ${quoted(cursor.qualifiedName())}`})
  } while (cursor.take(','))
  return statements
}

function changeRows(cursor: Cursor, start: string): readonly TranslatedStatement[] {
  cursor.skip('low_priority', 'quick', 'ignore')
  if (cursor.take('or')) return [{unclear: `${start.trim().toUpperCase()} OR ${cursor.next().text.toUpperCase()}`}]
  return [{sql: start + written(cursor.rest)}]
}
