import type {DatabaseSchema, SchemaDifference} from '@mikro-orm/sql'
import type {ColumnDefinition} from '../operations/columns/column.ts'
import type {Dialect, Operation} from '../operations/operation.ts'

/** A part of a schema that may be left out of the comparison. */
export interface ComparedObject {
  readonly kind: 'table' | 'column' | 'index' | 'check' | 'foreignKey' | 'trigger' | 'view' | 'routine'
  /** With its schema where that is not the default one. */
  readonly name: string
  /** The table that it is a part of. */
  readonly table: string | undefined
  readonly isIn: 'database' | 'entities'
  /** Whether the other side has something of the kind and name. */
  readonly hasCounterpart: boolean
}

/** What is compared. */
export interface Filters {
  /** Patterns of tables and views, in which `*` is anything; all when left out. */
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Tells by its name whether something is compared. */
  readonly includeName?:
    | ((name: string, kind: ComparedObject['kind'], table: string | undefined) => boolean)
    | undefined
  readonly includeObject?: ((object: ComparedObject) => boolean) | undefined
}

/** A column on both sides, for who knows better whether it differs. */
export interface ColumnComparison {
  readonly table: string
  readonly column: string
  readonly dialect: Dialect
  readonly inDatabase: ColumnDefinition
  readonly inEntities: ColumnDefinition
}

/** True for different, false for the same; undefined leaves it to mig. */
export type CompareColumn = (comparison: ColumnComparison) => boolean | undefined

/** What a revision is to do on one database, before it is written. */
export interface Directive {
  /** The name of the database, where the configuration has several. */
  readonly database: string | undefined
  readonly dialect: Dialect
  readonly upgrade: readonly Operation[]
  /** What undoes it. When only `upgrade` is changed, its inverse takes the place of this. */
  readonly downgrade: readonly Operation[]
}

/** Changes what a revision is to do; an empty list writes none. */
export type ProcessDirectives = (
  directives: readonly Directive[],
) => readonly Directive[] | undefined | void | Promise<readonly Directive[] | undefined | void>

/** Finds differences of a kind of the project's own. */
export type CustomComparator = (input: {
  readonly live: DatabaseSchema
  readonly target: DatabaseSchema
  /** What MikroORM has found. */
  readonly difference: SchemaDifference
  readonly dialect: Dialect
  query<Row>(sql: string): Promise<readonly Row[]>
}) => readonly Operation[] | Promise<readonly Operation[]>

/** Returns the TypeScript of an operation, or undefined for what mig itself writes. */
export type RenderItem = (operation: Operation) => string | undefined
