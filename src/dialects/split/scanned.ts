import type {StatementPart, Transactionality} from '../statement-part.ts'
import {scanStatements} from './scan.ts'

/** Splits a SQLite text into statements. */
export function splitSqlite(text: string): readonly StatementPart[] {
  return scanStatements(text, 'sqlite').map(({sql, offset, words}) => ({
    sql,
    offset,
    transactionality: sqliteTransactionality(words),
  }))
}

/**
 * Splits a MySQL file into statements; any other text is a single statement.
 *
 * @param mode the `sql_mode` of the session, if known
 */
export function splitMysql(text: string, isFile: boolean, mode?: string): readonly StatementPart[] {
  const scanned = scanStatements(text, 'mysql', mode)
  const [first] = scanned
  const parts = isFile || first === undefined ? scanned : [{...first, sql: withoutEnd(text.slice(first.offset))}]
  return parts.map(({sql, offset, words}) => ({sql, offset, transactionality: mysqlTransactionality(words, sql)}))
}

const withoutEnd = (sql: string): string => sql.trim().replace(/;$/, '')

const controls: ReadonlySet<string> = new Set(['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'XA', 'LOCK', 'UNLOCK'])

/** @see https://www.sqlite.org/lang_transaction.html, https://www.sqlite.org/pragma.html */
function sqliteTransactionality(words: readonly string[]): Transactionality {
  const [first = '', second = ''] = words
  if (controls.has(first) && !words.includes('TO')) return {kind: 'control', command: first}
  if (['VACUUM', 'ATTACH', 'DETACH'].includes(first)) return {kind: 'outside', command: first}
  const isSet = words.includes('=') || words.includes('(')
  if (first === 'PRAGMA' && isSet && ['FOREIGN_KEYS', 'JOURNAL_MODE', 'SYNCHRONOUS'].includes(second))
    return {kind: 'outside', command: `PRAGMA ${second.toLowerCase()}`}
  return {kind: 'inside'}
}

/** MySQL statements without an implicit commit. */
const insideMysql: ReadonlySet<string> = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'SELECT',
  'WITH',
  'SET',
  'SAVEPOINT',
  'RELEASE',
])

/** Beginnings of SET statements that commit, or that a rollback does not undo. */
const committingSets: ReadonlySet<string> = new Set([
  ...['STATEMENT', 'PASSWORD', 'DEFAULT', 'RESOURCE'],
  ...['GLOBAL', 'PERSIST', 'PERSIST_ONLY'],
])

function setCommits([, second = '', third = '', fourth = '']: readonly string[], sql: string): boolean {
  const scope = second === '@' && third === '@' ? fourth : second
  return committingSets.has(scope) || /\bautocommit\b/i.test(sql)
}

/**
 * @see https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
 * @see https://mariadb.com/docs/server/reference/sql-statements/transactions/sql-statements-that-cause-an-implicit-commit
 */
function mysqlTransactionality(words: readonly string[], sql: string): Transactionality {
  const [first = ''] = words
  const [, second] = words
  if (first === 'ROLLBACK' && words.includes('TO')) return {kind: 'inside'}
  // A MariaDB `BEGIN NOT ATOMIC` block, not a transaction.
  if (first === 'BEGIN' && second === 'NOT') return {kind: 'commits'}
  // END is the end of a block there, which is an error of syntax when it stands alone.
  if (controls.has(first) && first !== 'END') return {kind: 'control', command: first}
  if (first === 'SET' && setCommits(words, sql)) return {kind: 'commits'}
  return insideMysql.has(first) ? {kind: 'inside'} : {kind: 'commits'}
}
