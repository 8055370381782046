import type {AbstractSqlPlatform, DatabaseTable, SchemaHelper} from '@mikro-orm/sql'
import type {Capabilities} from '../dialects/capabilities.ts'
import type {ColumnDefinition} from './columns/column.ts'
import type {Field, OptionalField} from './fields.ts'
import type {Dialect, Operation} from './operation.ts'

/** What every operation is: frozen data with a kind. */
export interface OperationRecord {
  readonly kind: string
}

/** What mig must know of one kind of operation. Everything else is derived from it. */
export interface OperationDefinition<Op extends OperationRecord> {
  readonly kind: Op['kind']
  /** The fields that `op.kind(…)` takes as arguments, in order; the others are options. */
  readonly parameters: readonly (keyof Fields<Op> & string)[]
  readonly fields: Fields<Op>
  /** Fills in what was left out and follows from the rest, such as the name of an index. */
  readonly complete?: (record: Op) => Op
  /** Returns the statements for a database, or why there are none. */
  sql(record: Op, context: SqlContext): SqlResult
  /** Returns the operations that undo it, or why there are none. */
  inverse(record: Op): Inverse
  /** Returns what it reads and writes. */
  effects(record: Op): Effects
  /** Returns what is lost when it is run, if anything can be. */
  readonly losesData?: (record: Op) => string | undefined
  /** Returns the tables whose rows are all written anew, which takes time and keeps others out. */
  readonly rewrites?: (record: Op) => readonly string[]
}

/** A definition whose kind is not known: what is looked up by a name. */
// The methods take the records that the definition made itself.
export type AnyDefinition = OperationDefinition<OperationRecord & Readonly<Record<string, unknown>>>

/** What reads each field of a record. */
type Fields<Op extends OperationRecord> = {
  readonly [K in Exclude<keyof Op, 'kind'>]-?: object extends Pick<Op, K>
    ? OptionalField<Exclude<Op[K], undefined>>
    : Field<Op[K]>
}

/** What SQL is written with. */
export interface SqlContext {
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  readonly platform: AbstractSqlPlatform
  readonly helper: SchemaHelper
  /** Quotes a name, with its schema before a dot where it has one. */
  readonly quote: (name: string) => string
  /** Quotes names without schema, divided by commas. */
  readonly list: (names: readonly string[]) => string
  /** Writes a value. */
  readonly literal: (value: unknown) => string
  /** Writes a type as the database knows it. */
  readonly type: (type: string) => string
  /** Writes a column of `create table`. */
  readonly column: (name: string, definition: ColumnDefinition, isPrimaryKey?: boolean) => string
  /** Writes the value of a DEFAULT. */
  readonly default: (value: NonNullable<ColumnDefinition['default']>) => string
  /** Returns what MikroORM's helpers take for a table. */
  readonly table: (name: string) => DatabaseTable
}

/** A statement; one that cannot be in a transaction says what the database calls it. */
export type SqlPart = string | {readonly sql: string; readonly outside: string}

export type SqlResult =
  | readonly SqlPart[]
  | Unsupported
  /** A text of the user's, which is divided into its statements. */
  | {readonly text: string}
  /** Only by making the table anew from its definition, which is found in the database. */
  | {readonly rebuilds: string}

/** Why an operation has no form for a database, as the end of a sentence. */
export interface Unsupported {
  readonly unsupported: string
}

export const unsupported = (reason: string): Unsupported => ({unsupported: reason})

export type Inverse = readonly Operation[] | Irreversible

/** Why an operation cannot be undone, as the end of a sentence. */
export interface Irreversible {
  readonly irreversible: string
}

export const irreversible = (reason: string): Irreversible => ({irreversible: reason})

/** Why what may have been there before cannot be undone by dropping it. */
export const perhapsThere = irreversible('with `ifNotExists` it is not known whether it was there before')

export type ObjectKind =
  | 'schema'
  | 'table'
  | 'column'
  | 'index'
  | 'constraint'
  | 'type'
  | 'view'
  | 'sequence'
  | 'function'
  | 'trigger'
  | 'policy'
  | 'extension'
  /** It cannot be told what; the name says why. */
  | 'unknown'

/** A part of a schema. */
export interface SchemaObject {
  readonly kind: ObjectKind
  /** With its schema where that was written. A part of a table has the name of the table before a dot. */
  readonly name: string
}

export interface Effects {
  readonly reads: readonly SchemaObject[]
  readonly writes: readonly SchemaObject[]
  /** SQL within the operation, whose own reads belong to it. */
  readonly texts?: readonly string[]
}

/** Writes down objects of one kind. */
export function objects(kind: ObjectKind, ...names: readonly string[]): readonly SchemaObject[] {
  return names.map((name) => ({kind, name}))
}

/** Returns a query that reads what expressions on a table do, to find out which columns those are. */
export function expressionsOn(table: string, ...expressions: readonly (string | undefined)[]): readonly string[] {
  const there = expressions.filter((one) => one !== undefined)
  const quoted = table.split('.').map((part) => `"${part.replaceAll('"', '""')}"`)
  return there.length === 0 ? [] : [`select ${there.map((one) => `(${one})`).join(', ')} from ${quoted.join('.')}`]
}

/** Writes down columns of a table. */
export function columnsOf(table: string, columns: readonly string[]): readonly SchemaObject[] {
  return columns.map((column) => ({kind: 'column', name: `${table}.${column}`}))
}
