import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import {splitName} from '../../operations/names.ts'
import type {Stages} from '../produce/stages.ts'
import {UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'

/**
 * Renames the value of an enum in the schema read from a database.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function renameEnumValue(
  {text, table: name, column: value = '', to}: Rename,
  live: DatabaseSchema,
  target: DatabaseSchema,
  stages: Stages,
): void {
  const before = live.getNativeEnums()[name]
  const after = target.getNativeEnums()[name]
  const missing = (from: readonly string[], others: readonly string[]): readonly string[] =>
    from.filter((item) => !others.includes(item)).map((item) => `${name}.${item}`)
  const [old, wanted] = [before?.items ?? [], after?.items ?? []]
  if (!old.includes(value) || wanted.includes(value))
    throw new UnknownAnswerError(text, `no value ${name}.${value} was removed`, missing(old, wanted))
  if (!wanted.includes(to) || old.includes(to))
    throw new UnknownAnswerError(text, `no value ${name}.${to} was added`, missing(wanted, old))
  stages.add({kind: 'renameEnumValue', name, value, to})
  if (before !== undefined) before.items = before.items.map((item) => (item === value ? to : item))
  const renamed = (sql: string): string => renameValue(sql, name, value, to)
  for (const table of live.getTables()) renameInTable(table, {name, value, to}, renamed)
  for (const view of live.getViews()) view.definition = renamed(view.definition)
}

const escape = (text: string): string => text.replaceAll("'", "''")
const quoted = (text: string): string => `'${escape(text)}'`

/** Returns SQL as the database writes it once the value is renamed: each literal of the enum has a cast. */
export function renameValue(sql: string, name: string, value: string, to: string): string {
  const plain = splitName(name).name
  return sql.split(`${quoted(value)}::`).reduce((start, rest) => {
    const type = /^(?:[\w$]+\.)?(?:"(?<quoted>(?:[^"]|"")+)"|(?<bare>[\w$]+))/.exec(rest)?.groups ?? {}
    const isOfEnum = (type['quoted'] ?? type['bare']) === plain
    return `${start}${quoted(isOfEnum ? to : value)}::${rest}`
  })
}

/** Returns a default, without its cast, once the value is renamed: a value, or an array of values. */
export function renameDefault(text: string, value: string, to: string): string {
  if (text === quoted(value)) return quoted(to)
  const items = /^'\{(?<items>.*)\}'$/s.exec(text)?.groups?.['items']
  if (items === undefined) return text
  return `'{${items
    .split(',')
    .map((item) => (item === escape(value) ? escape(to) : item))
    .join(',')}}'`
}

function renameInTable(
  table: DatabaseTable,
  {name, value, to}: {readonly name: string; readonly value: string; readonly to: string},
  renamed: (sql: string) => string,
): void {
  for (const column of table.getColumns()) {
    if (column.generated !== undefined) column.generated = renamed(column.generated)
    if (column.default) column.default = renamed(column.default)
    if (column.nativeEnumName !== name) continue
    if (column.default) column.default = renameDefault(column.default, value, to)
    if (column.enumItems) column.enumItems = column.enumItems.map((item) => (item === value ? to : item))
  }
  for (const check of table.getChecks()) {
    if (typeof check.expression === 'string') check.expression = renamed(check.expression)
    if (check.definition !== undefined) check.definition = renamed(check.definition)
  }
  for (const index of table.getIndexes()) {
    if (index.where !== undefined) index.where = renamed(index.where)
    if (index.expression !== undefined) index.expression = renamed(index.expression)
  }
}
