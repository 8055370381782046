import type {CheckDef, Column, DatabaseTable} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {ColumnDefinition, GeneratedColumn} from '../../operations/columns/column.ts'
import {columnTypes} from '../../operations/columns/column-builder.ts'
import type {Dialect} from '../../operations/operation.ts'
import {defaultOf} from './defaults.ts'
import {unwrapped} from './expressions.ts'
import {spellType} from './types.ts'

/** The exact types of database columns, as the database writes them. */
export const exactTypes = new WeakMap<Column, string>()

/** The checks that are part of columns, on MariaDB, by column. */
export const columnChecks = new WeakMap<Column, string>()

/** Returns whether a check of a table is part of a column. */
export function isOfColumn({name}: CheckDef, table: DatabaseTable): boolean {
  const column = table.getColumn(name)
  return column !== undefined && columnChecks.has(column)
}

/** The sequences used as column defaults, by column. */
export const sequences = new WeakMap<Column, string>()

/** An existing sequence with the name that a column would give its own, although the column does not count with it. */
export interface DetachedSequence {
  readonly type: 'smallint' | 'integer' | 'bigint'
  /** Whether the column owns it. */
  readonly isOwned: boolean
}

/** The detached sequences, by column. */
export const detachedSequences = new WeakMap<Column, DetachedSequence>()

const defaultSchemas: ReadonlySet<string | undefined> = new Set([undefined, 'public', ''])

/** Converts a MikroORM column, of an entity or a database, to a column definition of operations. */
export function columnOf(column: Column, table: DatabaseTable, dialect: Dialect): ColumnDefinition {
  const {autoincrement, nullable = false, unsigned, collation, comment, extra} = column
  const {identityColumns, unsignedNumbers, onUpdateValues} = dialects[dialect].capabilities
  const generated = generatedOf(column.generated)
  const identity = identityColumns ? identityOf(column.generated) : undefined
  const counts = autoincrement === true && identity === undefined
  const value = counts || generated !== undefined ? undefined : defaultOf(column.default)
  const check = columnChecks.get(column)
  const onUpdate = /^on update (?<sql>.+)$/i.exec(extra ?? '')?.groups?.['sql']
  return {
    type: typeOf(column, table, dialect),
    nullable: !counts && identity === undefined && nullable,
    ...(value !== undefined && {default: value}),
    ...(counts && {autoincrement: true}),
    ...(identity && {identity}),
    ...(generated && {generated}),
    ...(unsigned && unsignedNumbers && {unsigned: true}),
    ...(collation && {collation}),
    ...(comment && {comment}),
    ...(onUpdate !== undefined && onUpdateValues && {onUpdate}),
    ...(check !== undefined && {check}),
  }
}

function typeOf(column: Column, {schema}: DatabaseTable, dialect: Dialect): string {
  const {type, nativeEnumName, autoincrement} = column
  const {capabilities, counterType} = dialects[dialect]
  if (nativeEnumName !== undefined && capabilities.enumTypes) {
    const arrays = /(?:\[\])*$/.exec(type)?.[0] ?? ''
    const plain = type.slice(0, type.length - arrays.length).replaceAll('"', '')
    const own = plain.replace(/^\*\./, '')
    const isNamed = plain.includes('.') && !plain.startsWith('*.')
    const name = isNamed || defaultSchemas.has(schema) ? own : `${schema}.${own}`
    return columnTypes.type(name.replace(/^public\./, '')).definition.type + arrays
  }
  const spelt = exactTypes.get(column) ?? spellType(type, dialect)
  return autoincrement === true ? counterType(spelt) : spelt
}

function identityOf(generated: string | undefined): ColumnDefinition['identity'] {
  if (generated === 'identity') return {generated: 'always'}
  return generated === 'by default as identity' ? {generated: 'by default'} : undefined
}

function generatedOf(text: string | undefined): GeneratedColumn | undefined {
  if (text === undefined || /(?:^| )identity$/.test(text)) return undefined
  const {expression = text, how = 'stored'} = /^(?<expression>.+?)\s+(?<how>stored|virtual)$/is.exec(text)?.groups ?? {}
  return {as: unwrapped(expression), stored: how.toLowerCase() === 'stored'}
}
