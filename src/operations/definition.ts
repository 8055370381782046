import type {AbstractSqlPlatform, DatabaseTable, SchemaHelper} from '@mikro-orm/sql'
import type {Capabilities} from '../dialects/capabilities.ts'
import type {ColumnDefinition} from './columns/column.ts'
import type {Field, OptionalField} from './fields.ts'
import {splitName} from './names.ts'
import type {Dialect, Operation} from './operation.ts'
import type {Stage} from './stage.ts'
import type {Subject} from './subject.ts'
import type {TableChange} from './table-change.ts'

/** The base of all operations: frozen data with a kind. */
export interface OperationRecord {
  readonly kind: string
}

/** The definition of one kind of operation. Everything else is derived from it. */
export type OperationDefinition<Op extends OperationRecord> = CommonDefinition<Op> &
  (PlainDefinition<Op> | RebuildDefinition<Op> | BatchDefinition<Op>) &
  ('was' extends keyof Op ? OneWayDefinition<Op> : unknown)

/** The properties common to all definitions. */
export interface CommonDefinition<Op extends OperationRecord> {
  readonly kind: Op['kind']
  /** The fields that `op.kind(…)` takes as positional arguments, in order; the others are options. */
  readonly parameters: readonly (keyof Fields<Op> & string)[]
  readonly fields: Fields<Op>
  /** Values that can be omitted because they are derived, such as the name of an index. */
  readonly shorthand?: Shorthand<Op>
  /** Returns the operations that undo it, or why it cannot be undone. */
  inverse(record: Op): Inverse
  /** Returns the objects that it reads and writes. */
  effects(record: Op): Effects
  /** Returns hand-written SQL, whose effects are found by parsing it; undefined for none. */
  readonly text?: (record: Op, dialect: Dialect) => string | undefined
  /** Returns a description of the data lost when it is run, if any; on any database if the dialect is undefined. */
  readonly losesData?: (record: Op, dialect: Dialect | undefined) => string | undefined
  /** Returns the tables that are fully rewritten, which takes time and blocks other sessions. */
  readonly rewrites?: (record: Op) => readonly string[]
  /** Whether it requires a value for existing rows without providing one. */
  readonly requiresValue?: (record: Op) => boolean
  /** Returns a description of the existing rows that make it fail, as the end of a sentence. */
  readonly failsOn?: (record: Op) => string | undefined
  readonly change: Change
  /** The stage of a revision at which it runs. */
  readonly stage: Stage | ((record: Op) => Stage)
  /** Returns the object that it changes. */
  readonly subject: (record: Op) => Subject
  /** Describes the difference that it resolves, as in `added column`; the name of its subject follows. */
  readonly describe: string | ((record: Op) => readonly Description[])
  /** The objects named by the arguments of its call, so that a revision can be analysed without running it. */
  readonly written: WrittenCall
}

/** The type of schema change; `rows` for a kind that only changes rows. */
export type Change = 'adds' | 'removes' | 'renames' | 'alters' | 'rows'

/** A human-readable description: `added column 'users.age'`. */
export interface Description {
  readonly what: string
  readonly name: string
  /** Text after the name. */
  readonly more?: string
}

/** The arguments of a call in source, in order; a SQL text; or unknown. */
type WrittenCall = readonly WrittenArgument[] | 'sql' | 'unknown'

/**
 * An object that is changed; a new name for the first argument (`beside`) or a new schema (`within`); a table that is
 * only read; a query; or none of these.
 */
type WrittenArgument = Exclude<ObjectKind, 'unknown'> | 'beside' | 'within' | 'reads' | 'text' | 'other'

/** Fills in omitted values, and removes values that would be filled in. */
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
  /** The rebuild of the table that it requires on SQLite. */
  readonly rebuild: TableRebuild<Op>
  readonly batch?: undefined
}

interface BatchDefinition<Op> {
  sql(record: Op, context: SqlContext): SqlResult
  readonly rebuild?: undefined
  /** Returns the operations of the batch. */
  readonly batch: (record: Op) => OperationBatch
}

interface OneWayDefinition<Op> {
  /** Returns the record for a downgrade, without the fields that only its inverse reads. */
  oneWay(record: Op): Op
}

/** A change for which SQLite has no statement and rebuilds the table. */
interface TableRebuild<Op> {
  /** Returns the table to rebuild; undefined when the record is never part of a rebuild. */
  table(record: Op): string | undefined
  change(record: Op, context: SqlContext): TableChange | Unsupported
  /** Returns the column that a plain statement can drop only if nothing else mentions it. */
  readonly droppedColumn?: (record: Op) => string
}

/** Operations on one table that are run together. */
export interface OperationBatch {
  readonly table: string
  readonly operations: readonly Operation[]
  readonly recreate?: 'always' | 'never'
  readonly columnOrder?: readonly string[]
}

/** A definition whose kind is not statically known. */
// Method syntax is bivariant: each method only receives records that its own definition created.
export type AnyDefinition = CommonDefinition<AnyRecord> &
  (PlainDefinition<AnyRecord> | RebuildDefinition<AnyRecord> | BatchDefinition<AnyRecord>) &
  Partial<OneWayDefinition<AnyRecord>>

type AnyRecord = OperationRecord & Readonly<Record<string, unknown>>

/** The field that reads each property of a record. */
type Fields<Op extends OperationRecord> = {
  readonly [K in Exclude<keyof Op, 'kind'>]-?: object extends Pick<Op, K>
    ? OptionalField<Exclude<Op[K], undefined>>
    : Field<Op[K]>
}

/** Helpers for writing SQL in a dialect. */
export interface SqlContext {
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  readonly platform: AbstractSqlPlatform
  readonly helper: SchemaHelper
  /** Quotes a name, which may be qualified by a schema. */
  readonly quote: (name: string) => string
  /** Quotes unqualified names, separated by commas. */
  readonly list: (names: readonly string[]) => string
  /** Writes a literal value. */
  readonly literal: (value: unknown) => string
  /** Writes a type as the database names it. */
  readonly type: (type: string) => string
  /** Writes a column of `create table`, and its primary key if that is `inline`; a column with a key is `keyed`. */
  readonly column: (name: string, definition: ColumnDefinition, key?: 'inline' | 'keyed') => string
  /** Writes the value of a DEFAULT clause. */
  readonly default: (value: NonNullable<ColumnDefinition['default']>) => string
  /** Returns the table object that MikroORM's helpers expect. */
  readonly table: (name: string) => DatabaseTable
}

/** A statement; one that cannot run in a transaction includes the name of its command. */
export type SqlPart = string | {readonly sql: string; readonly outside: string}

/** Statements, or why there are none. */
export type StatementsResult =
  | readonly SqlPart[]
  | Unsupported
  /** User-provided SQL, which is split into statements. */
  | {readonly text: string}

export type SqlResult =
  | StatementsResult
  /** Requires rebuilding the table from its definition in the database. */
  | {readonly rebuilds: string}

/** Why an operation is not supported on a database, as the end of a sentence. */
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
  /** Unknown effects; the name gives the reason. */
  | 'unknown'

/** An object of a schema. */
export interface SchemaObject {
  readonly kind: ObjectKind
  /** The name, qualified if its schema is written. A part of a table is prefixed with the table's name and a dot. */
  readonly name: string
}

export interface Effects {
  readonly reads: readonly SchemaObject[]
  readonly writes: readonly SchemaObject[]
  /** The tables that a single operation or statement writes together with their columns: those that are created. */
  readonly created?: readonly string[]
  /** SQL within the operation, whose reads also count. */
  readonly texts?: readonly string[]
}

/** Returns schema objects of one kind. */
export function objects(kind: ObjectKind, ...names: readonly string[]): readonly SchemaObject[] {
  return names.map((name) => ({kind, name}))
}

/** Returns a query that evaluates expressions on a table, from which their columns are determined. */
export function expressionsOn(table: string, ...expressions: readonly (string | undefined)[]): readonly string[] {
  const known = expressions.filter((expression) => expression !== undefined)
  const {schema, name} = splitName(table)
  const parts = schema === undefined ? [name] : [schema, name]
  const quoted = parts.map((part) => `"${part.replaceAll('"', '""')}"`)
  const list = known.map((expression) => `(${expression})`).join(', ')
  return known.length === 0 ? [] : [`select ${list} from ${quoted.join('.')}`]
}

/** Returns schema objects for columns of a table. */
export function columnsOf(table: string, columns: readonly string[]): readonly SchemaObject[] {
  return columns.map((column) => ({kind: 'column', name: `${table}.${column}`}))
}
