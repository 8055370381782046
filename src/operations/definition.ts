import type {AbstractSqlPlatform, DatabaseTable, SchemaHelper} from '@mikro-orm/sql'
import type {Capabilities} from '../dialects/capabilities.ts'
import type {ColumnDefinition} from './columns/column.ts'
import type {Field, OptionalField} from './fields.ts'
import {splitName} from './names.ts'
import type {Dialect, Operation} from './operation.ts'
import type {Stage} from './stage.ts'
import type {Subject} from './subject.ts'
import type {TableChange} from './table-change.ts'

/** What every operation is: frozen data with a kind. */
export interface OperationRecord {
  readonly kind: string
}

/** What mig must know of one kind of operation. Everything else is derived from it. */
export type OperationDefinition<Op extends OperationRecord> = CommonDefinition<Op> &
  (PlainDefinition<Op> | RebuildDefinition<Op> | BatchDefinition<Op>) &
  ('was' extends keyof Op ? OneWayDefinition<Op> : unknown)

/** What a definition says of every kind alike. */
export interface CommonDefinition<Op extends OperationRecord> {
  readonly kind: Op['kind']
  /** The fields that `op.kind(…)` takes as arguments, in order; the others are options. */
  readonly parameters: readonly (keyof Fields<Op> & string)[]
  readonly fields: Fields<Op>
  /** What can be left out because it follows from the rest, such as the name of an index. */
  readonly shorthand?: Shorthand<Op>
  /** Returns the operations that undo it, or why there are none. */
  inverse(record: Op): Inverse
  /** Returns what it reads and writes. */
  effects(record: Op): Effects
  /** Returns SQL that was written by hand, whose effects are found by reading it; undefined for none. */
  readonly text?: (record: Op, dialect: Dialect) => string | undefined
  /** Returns what is lost when it is run, if anything can be. */
  readonly losesData?: (record: Op) => string | undefined
  /** Returns the tables whose rows are all written anew, which takes time and keeps others out. */
  readonly rewrites?: (record: Op) => readonly string[]
  /** Whether existing rows need a value that it does not give them. */
  readonly requiresValue?: (record: Op) => boolean
  readonly change: Change
  /** When it is run, among the operations of a revision. */
  readonly stage: Stage | ((record: Op) => Stage)
  /** Returns the object that it is about. */
  readonly subject: (record: Op) => Subject
  /** Describes the difference that it resolves, as in `added column`; the name of its subject follows. */
  readonly describe: string | ((record: Op) => readonly Description[])
  /** What the arguments of its call name, so that a revision can be read without running it. */
  readonly written: WrittenCall
}

/** How a kind changes the schema; `rows` for one that changes rows only. */
export type Change = 'adds' | 'removes' | 'renames' | 'alters' | 'rows'

/** A line for a person: `added column 'users.age'`. */
export interface Description {
  readonly what: string
  readonly name: string
  /** What follows the name. */
  readonly more?: string
}

/** The arguments of a written call, in order; a text of SQL; or nothing that is known. */
type WrittenCall = readonly WrittenArgument[] | 'sql' | 'unknown'

/**
 * An object that is changed; a new name for the first argument (`beside`) or a new schema (`within`); a table that is
 * only read; a query; or nothing of these.
 */
export type WrittenArgument = Exclude<ObjectKind, 'unknown'> | 'beside' | 'within' | 'reads' | 'text' | 'other'

/** Fills in what was left out, and leaves out again what would be filled in. */
interface Shorthand<Op> {
  expand(record: Op): Op
  shorten(record: Op): Op
}

interface PlainDefinition<Op> {
  /** Returns the statements for a database, or why there are none. */
  sql(record: Op, context: SqlContext): StatementsResult
  readonly rebuild?: undefined
  readonly batch?: undefined
}

interface RebuildDefinition<Op> {
  sql(record: Op, context: SqlContext): SqlResult
  /** How a table is rebuilt for it. */
  readonly rebuild: TableRebuild<Op>
  readonly batch?: undefined
}

interface BatchDefinition<Op> {
  sql(record: Op, context: SqlContext): SqlResult
  readonly rebuild?: undefined
  /** Returns the operations that it consists of. */
  readonly batch: (record: Op) => OperationBatch
}

interface OneWayDefinition<Op> {
  /** Returns the record for a downgrade, which nothing undoes: without what only its inverse reads. */
  oneWay(record: Op): Op
}

/** How SQLite makes a change for which it has no statement. */
interface TableRebuild<Op> {
  /** Returns the table that is rebuilt; undefined when the record is never a part of a rebuild. */
  table(record: Op): string | undefined
  change(record: Op, context: SqlContext): TableChange | Unsupported
  /** Returns the column that a plain statement drops only if nothing else mentions it. */
  readonly droppedColumn?: (record: Op) => string
}

/** Operations on one table that are run together. */
export interface OperationBatch {
  readonly table: string
  readonly operations: readonly Operation[]
  readonly recreate?: 'always' | 'never'
  readonly columnOrder?: readonly string[]
}

/** A definition whose kind is not known: what is looked up by a name. */
// The methods take the records that the definition made itself.
export type AnyDefinition = CommonDefinition<AnyRecord> &
  (PlainDefinition<AnyRecord> | RebuildDefinition<AnyRecord> | BatchDefinition<AnyRecord>) &
  Partial<OneWayDefinition<AnyRecord>>

type AnyRecord = OperationRecord & Readonly<Record<string, unknown>>

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

/** Statements, or why there are none. */
export type StatementsResult =
  | readonly SqlPart[]
  | Unsupported
  /** A text of the user's, which is divided into its statements. */
  | {readonly text: string}

export type SqlResult =
  | StatementsResult
  /** Only by rebuilding the table from its definition, which is found in the database. */
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
  const known = expressions.filter((expression) => expression !== undefined)
  const {schema, name} = splitName(table)
  const parts = schema === undefined ? [name] : [schema, name]
  const quoted = parts.map((part) => `"${part.replaceAll('"', '""')}"`)
  const list = known.map((expression) => `(${expression})`).join(', ')
  return known.length === 0 ? [] : [`select ${list} from ${quoted.join('.')}`]
}

/** Writes down columns of a table. */
export function columnsOf(table: string, columns: readonly string[]): readonly SchemaObject[] {
  return columns.map((column) => ({kind: 'column', name: `${table}.${column}`}))
}
