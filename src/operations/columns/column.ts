import {UnfitValue} from '../errors.ts'
import {
  boolean,
  field,
  flag,
  integer,
  object,
  oneOf,
  optional,
  plainObject,
  readShape,
  sqlText,
  text,
} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'
import {ColumnBuilder, columnTypes} from './column-builder.ts'
import type {ColumnTypes} from './column-builder.ts'
import {columnSource} from './column-source.ts'

/** A column as data. As in SQL, it is nullable by default. */
export interface ColumnDefinition {
  /** The type as SQL: `varchar(255)`. */
  readonly type: string
  readonly nullable: boolean
  readonly default?: DefaultValue
  /** An automatically incremented number: `serial`, `auto_increment`. */
  readonly autoincrement?: true
  readonly identity?: Identity
  readonly generated?: GeneratedColumn
  /** MySQL: an unsigned number. */
  readonly unsigned?: true
  readonly collation?: string
  readonly comment?: string
  /** MySQL: the value assigned when the row is updated, as SQL. */
  readonly onUpdate?: string
  /** MariaDB: a check that is part of the column, and named like it. */
  readonly check?: string
  readonly primaryKey?: true
  readonly unique?: true
}

/** A literal value, or an expression. */
export type DefaultValue = string | number | boolean | {readonly sql: string}

export interface GeneratedColumn {
  /** The expression, as SQL. */
  readonly as: string
  /** Whether it is computed on write and stored, or on each read. */
  readonly stored: boolean
}

/** The options of an identity column. */
export interface Identity {
  /** Whether an explicit value is allowed, or the value always comes from the sequence. */
  readonly generated: 'always' | 'by default'
  readonly start?: number
  readonly increment?: number
}

/** Describes a column with a builder: `(t) => t.varchar(255).notNull()`. */
export type ColumnCallback = (t: ColumnTypes) => ColumnBuilder

export const defaultField: Field<DefaultValue> = field(
  "a value, or {sql: '…'}",
  (value) =>
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (typeof value === 'object' && value !== null && 'sql' in value && typeof value.sql === 'string'),
)

export const generatedField: Field<GeneratedColumn> = object('a generated column', {as: sqlText, stored: boolean})

export const identityField: Field<Identity> = object('an identity', {
  generated: oneOf('always', 'by default'),
  start: optional(integer),
  increment: optional(integer),
})

const shape: Shape<ColumnDefinition> = {
  type: text('a type'),
  nullable: boolean,
  default: optional(defaultField),
  autoincrement: flag,
  identity: optional(identityField),
  generated: optional(generatedField),
  unsigned: flag,
  collation: optional(text('a collation')),
  comment: optional(field<string>('a comment', (value) => typeof value === 'string')),
  onUpdate: optional(sqlText),
  check: optional(sqlText),
  primaryKey: flag,
  unique: flag,
}

const expects = 'a column, as in (t) => t.varchar(255).notNull()'

/** A column, given as a callback, a builder or data. */
export const columnField: Field<ColumnDefinition> = {
  expects,
  read: (value) => {
    const built = typeof value === 'function' ? (value as ColumnCallback)(columnTypes) : value
    const data: unknown = built instanceof ColumnBuilder ? built.definition : built
    return readShape(shape, plainObject(data, expects))
  },
  print: (definition) => `(t) => ${columnSource(definition)}`,
}

/** A column of `op.addColumn`, without keys: those are separate operations, since they have names of their own. */
export const plainColumnField: Field<ColumnDefinition> = {
  ...columnField,
  read: (value) => {
    const definition = columnField.read(value)
    if (definition.unique || definition.primaryKey)
      throw new UnfitValue('a column without .primaryKey() and .unique(), which are separate operations', value)
    return definition
  },
}
