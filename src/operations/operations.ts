import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import type {Row} from './bulk-insert.ts'
import type {ColumnOperations} from './columns/family.ts'
import type {ConstraintOperations} from './constraints/family.ts'
import type {CustomOperations} from './custom.ts'
import type {SqlText} from './execute.ts'
import type {IndexOperations} from './indexes/family.ts'
import type {Dialect, Operation} from './operation.ts'
import type {OperationRegistry} from './registry.ts'
import type {PolicyOperations} from './policies/family.ts'
import type {RoutineOperations} from './routines/family.ts'
import type {SchemaOperations} from './schemas/family.ts'
import type {BatchAlterTable} from './tables/batch-alter-table.ts'
import type {TableOperations} from './tables/family.ts'
import type {TypeOperations} from './types/family.ts'

/** The properties of a run that a revision can read. */
export interface RevisionContext {
  /** The dialect of the database that the revision runs on. */
  readonly dialect: Dialect
  /** The name of the database, if the configuration has several. */
  readonly database: string | undefined
  /** The name of the tenant, if any. */
  readonly tenant?: string | undefined
  /** The arguments passed on the command line with `-x key=value`. */
  readonly x: Readonly<Record<string, string>>
  /** Whether no database is connected and the statements are printed instead. */
  readonly offline: boolean
  /** Whether the revision runs on a temporary database, as in `mig rehearse`, and should not reach outside of it. */
  readonly rehearsing: boolean
}

/** The context in which a revision is recorded. */
export interface RecordingContext extends RevisionContext {
  /** The operations available on `op`. */
  readonly registry: OperationRegistry
}

/** The operations that `op` records, to be run when the revision is executed. */
export interface RecordedOperations
  extends
    TableOperations,
    ColumnOperations,
    IndexOperations,
    ConstraintOperations,
    TypeOperations,
    SchemaOperations,
    RoutineOperations,
    PolicyOperations,
    CustomOperations {
  /** Runs SQL: one text, or one for each dialect; `?` are placeholders for `parameters`. Reversible with `inverse`. */
  execute(sql: SqlText, parameters?: readonly unknown[], options?: {readonly inverse?: SqlText}): void
  /**
   * Makes several changes to a table at once: `op.batchAlterTable('users', (table) => table.dropColumn('age'))`. On
   * SQLite, `recreate` controls whether the table is rebuilt, and `columnOrder` rebuilds it with its columns in another
   * order.
   */
  batchAlterTable(
    table: string,
    change: (table: TableBatch) => unknown,
    options?: Pick<BatchAlterTable, 'recreate' | 'columnOrder'>,
  ): void
  /** Inserts rows. */
  bulkInsert(table: string, rows: readonly Row[]): void
}

/** The table operations of a batch, without the table argument. */
type TableBatch = Pick<IndexOperations, 'dropIndex' | 'renameIndex'> & {
  readonly [K in keyof (ColumnOperations & ConstraintOperations & Pick<IndexOperations, 'createIndex'>)]: (
    ...args: WithoutFirst<Parameters<RecordedOperations[K]>>
  ) => void
}

type WithoutFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/**
 * The `op` argument of a revision's functions. Operations are recorded and run in order. A function is called before
 * the run begins, so that its operations can be checked; if it awaits a result, it continues when its revision is
 * executed.
 */
export interface Operations extends RevisionContext, RecordedOperations {
  /** Runs the recorded operations, then a query, and returns its rows. */
  query<Result extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>
  /** Runs the recorded operations. */
  flush(): Promise<void>
  /**
   * Runs the operations recorded by `body` outside the revision's transaction, each statement separately. Previously
   * recorded operations are committed first, so the revision is no longer atomic.
   */
  autocommit<Result>(body: () => Result | Promise<Result>): Promise<Result>
  /** Returns a query builder that uses the revision's transaction. */
  kysely<Database = Record<string, Row>>(): Promise<Kysely<Database>>
  /** Returns an entity manager that uses the revision's transaction. */
  entityManager(): Promise<SqlEntityManager>
}

/** An operation with the place in the revision file that recorded it. */
export interface Recorded {
  readonly operation: Operation
  /** An error whose stack locates the call. */
  readonly site: Error
  /** Whether it was recorded in `op.autocommit`. */
  readonly outsideTransaction: boolean
}

/** A query of a revision. */
export interface RevisionQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** Whether it is called in `op.autocommit`. */
  readonly outsideTransaction: boolean
  /** An error whose stack locates the call. */
  readonly site: Error
}

/** Runs a query of user code: after the recorded operations, and tracked until it is complete. */
export type AroundQuery = <Result>(query: () => Promise<Result>) => Promise<Result>

/** The executor behind `op` while its revision is run. */
export interface OperationsHost {
  /** Uses the database for a call of the function, which the run waits for. */
  whileUsed<Result>(work: () => Promise<Result>): Promise<Result>
  /** Runs operations in order. */
  run(recorded: readonly Recorded[]): Promise<void>
  query(query: RevisionQuery): Promise<readonly Row[]>
  /** @param around must run each query */
  kysely(around: AroundQuery, outsideTransaction: boolean): Promise<Kysely<unknown>>
  /** @param around must run each query */
  entityManager(around: AroundQuery, outsideTransaction: boolean): Promise<SqlEntityManager>
}
