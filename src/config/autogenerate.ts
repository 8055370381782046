import type {DatabaseSchema, SchemaDifference} from '@mikro-orm/sql'
import type {ColumnDefinition} from '../operations/columns/column.ts'
import type {Dialect, Operation} from '../operations/operation.ts'

/** A schema object that can be excluded from the comparison. */
export interface ComparedObject {
  readonly kind: 'table' | 'column' | 'index' | 'check' | 'foreignKey' | 'trigger' | 'view' | 'routine'
  /** With its schema where that is not the default one. */
  readonly name: string
  /** The table that it is a part of. */
  readonly table: string | undefined
  readonly isIn: 'database' | 'entities'
  /** Whether the other side has an object of this kind and name. */
  readonly hasCounterpart: boolean
}

/** Filters for the comparison. */
export interface Filters {
  /** Patterns of tables and views, in which `*` matches anything; default: all. */
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Returns whether an object is compared, by its name. */
  readonly includeName?:
    | ((name: string, kind: ComparedObject['kind'], table: string | undefined) => boolean)
    | undefined
  readonly includeObject?: ((object: ComparedObject) => boolean) | undefined
}

/** A column on both sides, for a custom comparison. */
export interface ColumnComparison {
  readonly table: string
  readonly column: string
  readonly dialect: Dialect
  readonly inDatabase: ColumnDefinition
  readonly inEntities: ColumnDefinition
}

/** True for different, false for the same; undefined leaves it to mig. */
export type CompareColumn = (comparison: ColumnComparison) => boolean | undefined

/** Operations of a new revision on one database. */
export interface Directive {
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly upgrade: readonly Operation[]
  /** Operations of the downgrade. If only `upgrade` is changed, its inverse replaces them. */
  readonly downgrade: readonly Operation[]
}

/** Changes the operations of a new revision; an empty list writes none. */
export type ProcessDirectives = (
  directives: readonly Directive[],
) => readonly Directive[] | undefined | void | Promise<readonly Directive[] | undefined | void>

/** Finds custom kinds of differences. */
export type CustomComparator = (input: {
  readonly live: DatabaseSchema
  readonly target: DatabaseSchema
  /** Differences found by MikroORM. */
  readonly difference: SchemaDifference
  readonly dialect: Dialect
  query<Row>(sql: string): Promise<readonly Row[]>
}) => readonly Operation[] | Promise<readonly Operation[]>

/** Returns the TypeScript of an operation, or undefined for the default rendering. */
export type RenderItem = (operation: Operation) => string | undefined
